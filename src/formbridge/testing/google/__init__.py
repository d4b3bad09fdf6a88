"""A Google Sheets and Drive that anybody can test against; start it or use it in process.

``python -m formbridge.testing.google`` starts it, ``serve()`` runs it inside a test, the fixtures
in ``plugin`` do so for pytest, and ``Google(clock=…).handle(request)`` needs no socket.

Read in this order: ``messages`` (an HTTP request and its answer, as values), ``google`` (one
request, from its token to its answer), ``routes`` (which call leads where), then the rooms:

* ``schema``: what bodies and parameters may look like, from Google's discovery documents.
* ``grid``: a spreadsheet as it stands: tabs, rows, cells, ranges. Pure.
* ``texts``: what cells and ranges look like as text, and what typed text becomes.
* ``formulas``: what cells with formulas show.
* ``moves``: rows and columns that come, go and change places, and what follows them.
* ``answers``: a spreadsheet as the API shows it, and field masks.
* ``batch``: the kinds of ``batchUpdate`` requests, a file for each family.
* ``spreadsheets`` and ``values``: the methods of the Sheets API.
* ``files``: what Drive keeps, and who may do what. ``drive``: its methods.
* ``accounts``: identities, keys and tokens.
* ``trouble``: faults on command, quotas, latency, lag. ``person``: somebody who edits.
* ``wire``: sockets, TLS and the proxy. ``page``: what a browser shows at ``/``.

Around them: ``serving`` (a running service), ``seeds`` (what it begins with), ``store`` (what it
holds, in a file), ``starting`` and ``options`` (the command), ``catalogue`` (what is marked).
"""

from formbridge.testing.google.google import Google
from formbridge.testing.google.messages import Answer, Request
from formbridge.testing.google.serving import Served, serve
from formbridge.testing.google.trouble.faults import Fault
from formbridge.testing.google.trouble.troubles import Cut

__all__ = ["Answer", "Cut", "Fault", "Google", "Request", "Served", "serve"]
