"""What a browser shows at ``/``: files, a spreadsheet as a person sees it, calls, and faults.

``serving`` answers the browser; ``state`` is what it asks for once a second, made of ``listing``
(files) and ``window`` (the part of a tab that is in sight). ``axis`` knows which rows and columns
those are, ``looks`` how a cell looks. The page itself is ``page.html``, ``page.css`` and
``page.js``: no build, no other host.
"""
