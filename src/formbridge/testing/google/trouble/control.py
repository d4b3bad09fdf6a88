"""The control API: trouble, time and people over HTTP, in JSON, under ``/_emulator/``.

No token is needed, and no trouble befalls these calls. What is wrong is refused with 400 or 404 in
Google's own shape of errors.

======================================  ==========================================================
``GET    /_emulator``                   everything that is set, and the time
``GET    /_emulator/faults``            the faults that may still strike
``POST   /_emulator/faults``            arm one: the fields of ``faults.Fault``, as
                                        ``{"kind": "cut-after", "use": "write", "nth": 3}``
``DELETE /_emulator/faults``            disarm all (``/faults/ID``: one)
``GET    /_emulator/quotas``            what is set, and what is used in this minute
``PATCH  /_emulator/quotas``            ``on``, ``user``, ``project``, ``drive_user``,
                                        ``drive_project``
``PATCH  /_emulator/latency``           ``on``, ``median``, ``p95``, ``per_megabyte``, ``create``
``PATCH  /_emulator/lag``               ``seconds``, ``names_only``
``GET    /_emulator/appends``           whether ``values.append`` overlooks hidden rows
``PATCH  /_emulator/appends``           ``hostile``: it does, and writes over them
``GET    /_emulator/apis``              which APIs are enabled
``PATCH  /_emulator/apis``              ``sheets``, ``drive``: false is refused as SERVICE_DISABLED
``GET    /_emulator/clock``             ``now`` in microseconds since 1970, and ``skew``
``PATCH  /_emulator/clock``             ``advance`` (seconds), ``now`` or ``skew`` (seconds)
``GET    /_emulator/calls?since=N``     the log of calls after number N
``GET    /_emulator/calls/counters``    how many, by method, use, status, fault and caller
``PATCH  /_emulator/calls``             ``keep_requests``: whether bodies of requests are kept
``DELETE /_emulator/calls``             forget them
``GET    /_emulator/person``            what a person can do
``POST   /_emulator/person``            one edit: ``{"spreadsheetId": …, "edit": "sort", "args":
                                        {"tab": "Sheet1", "by": "B"}, "account": …}``; without an
                                        ``account``, the owner does it
``POST   /_emulator/person/random``     edits at random: ``spreadsheetId``, ``seed``, ``times``,
                                        ``only``, ``never``, ``tab``, ``account``
``POST   /_emulator/person/between``    the same before each call: ``chance`` instead of ``times``
``DELETE /_emulator/person/between``    no more of it
``POST   /_emulator/reset``             end all trouble; with ``{"data": true}``, files go too
======================================  ==========================================================
"""

import json
import re
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from formbridge.testing.google.errors import ApiError, sheets_answer
from formbridge.testing.google.messages import Answer, Body, Request
from formbridge.testing.google.trouble import commands, people
from formbridge.testing.google.trouble.commands import Controlled

Command = Callable[[Controlled, Body], Body]

COMMANDS: Mapping[tuple[str, str], Command] = {
    ("GET", ""): commands.overview,
    ("GET", "faults"): commands.faults,
    ("POST", "faults"): commands.add_fault,
    ("DELETE", "faults"): commands.clear_faults,
    ("GET", "quotas"): commands.quotas,
    ("PATCH", "quotas"): commands.set_quotas,
    ("GET", "latency"): commands.latency,
    ("PATCH", "latency"): commands.set_latency,
    ("GET", "lag"): commands.lag,
    ("PATCH", "lag"): commands.set_lag,
    ("GET", "appends"): commands.appends,
    ("PATCH", "appends"): commands.set_appends,
    ("GET", "apis"): commands.apis,
    ("PATCH", "apis"): commands.set_apis,
    ("GET", "clock"): commands.clock,
    ("PATCH", "clock"): commands.set_clock,
    ("GET", "calls"): commands.calls,
    ("GET", "calls/counters"): commands.counters,
    ("PATCH", "calls"): commands.set_calls,
    ("DELETE", "calls"): commands.clear_calls,
    ("GET", "person"): people.edits,
    ("POST", "person"): people.edit,
    ("POST", "person/random"): people.edit_at_random,
    ("POST", "person/between"): people.edit_between,
    ("DELETE", "person/between"): people.edit_no_more,
    ("POST", "reset"): commands.reset,
}
FAULT = re.compile(r"faults/(\d+)")


def control(google: Controlled, request: Request) -> Answer:
    """Answer a request to the emulator itself."""
    try:
        _same_origin(request)
        return Answer.json(_command(request)(google, _said(request)))
    except ApiError as error:
        return sheets_answer(error)


def _command(request: Request) -> Command:
    path = request.path.removeprefix("/_emulator").strip("/")
    if request.method == "DELETE" and (one := FAULT.fullmatch(path)):
        return lambda google, _: commands.clear_fault(google, int(one[1]))
    verb = "PATCH" if request.method == "PUT" else request.method
    if command := COMMANDS.get((verb, path)):
        return command
    if any(known == path for _, known in COMMANDS):
        raise ApiError(405, f"{request.method} is not done at /_emulator/{path}.")
    raise ApiError(404, f"There is no /_emulator/{path}.")


def _said(request: Request) -> Body:
    """Return the JSON body; a request without one says what its parameters say."""
    if request.method == "GET" or not request.body.strip():
        return dict(request.query)
    try:
        said = json.loads(request.body)
    except ValueError as error:
        raise ApiError(400, f"The body is not JSON: {error}") from error
    if not isinstance(said, dict):
        raise ApiError(400, "The body is no JSON object.")
    return said


def _same_origin(request: Request) -> None:
    """Refuse what a page of another host sends, whichever a developer has open."""
    origin = request.headers.get("origin")
    host = request.headers.get("host", request.host)
    if origin and urlsplit(origin).netloc != host:
        raise ApiError(403, "Only the emulator's own page may send this.")
