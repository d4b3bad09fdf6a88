"""What a browser gets: the page, its two files, and the state as JSON."""

from importlib.resources import files

from formbridge.testing.google.errors import ApiError, sheets_answer
from formbridge.testing.google.messages import Answer, Request
from formbridge.testing.google.page.state import state
from formbridge.testing.google.trouble.commands import Controlled
from formbridge.testing.google.trouble.control import control

FILES = {
    "/": ("page.html", "text/html; charset=UTF-8"),
    "/_emulator/page/page.css": ("page.css", "text/css; charset=UTF-8"),
    "/_emulator/page/page.js": ("page.js", "text/javascript; charset=UTF-8"),
}
PREFIX = "/_emulator/page/"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The browser asks no other host for anything, and runs no script but the page's own."""


def own(google: Controlled, request: Request) -> Answer:
    """Answer what is for the emulator itself: its page, or its control API."""
    if request.path == "/" or request.path.startswith(PREFIX):
        return serve(google, request)
    return control(google, request)


def serve(google: Controlled, request: Request) -> Answer:
    """Answer a browser."""
    if request.method not in {"GET", "HEAD"}:
        return sheets_answer(ApiError(405, "The page is only read."))
    if request.path == PREFIX + "state":
        return Answer.json(state(google, request), pretty=False)
    if request.path not in FILES:
        return sheets_answer(ApiError(404, f"There is no {request.path}."))
    name, kind = FILES[request.path]
    return Answer(
        body=files("formbridge.testing.google.page").joinpath(name).read_bytes(),
        headers={
            "content-type": kind,
            "content-security-policy": POLICY,
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
        },
    )
