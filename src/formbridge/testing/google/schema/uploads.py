"""Uploads: which part of a request describes a file, and which part is the file."""

from re import DOTALL, IGNORECASE, MULTILINE
from re import compile as pattern

import attrs

from formbridge.testing.google.behaviour import DOCUMENTED, behaves
from formbridge.testing.google.errors import ApiError
from formbridge.testing.google.messages import Request

BOUNDARY = pattern(r'boundary=(?:"([^"]+)"|([^;\s]+))', IGNORECASE)
PART = pattern(rb"[ \t]*\r?\n(?P<head>(?:[^\r\n]+\r?\n)*)\r?\n(?P<content>.*?)\r?\n?", DOTALL)
TYPE = pattern(rb"^content-type:[ \t]*([^\r\n]+)", IGNORECASE | MULTILINE)
ENOUGH = 3
"""A body of two parts is cut into what precedes them, and each of them."""


@attrs.frozen(kw_only=True)
class Upload:
    """A file in a request.

    ``kind`` is ``media`` (the body is the file), ``multipart`` (it is the second part), or
    ``resumable`` (it comes in later requests, or this is one of those: then ``session`` names the
    upload). ``description`` is the JSON that belongs to it.
    """

    kind: str
    description: bytes = b""
    content: bytes = b""
    content_type: str = ""
    session: str = ""


@behaves("a file comes alone, with its description, or in a session of its own", DOCUMENTED)
def uploaded(request: Request) -> Upload:
    """Return the upload that a request to an address for uploads is."""
    kind = request.value("uploadType") or request.value("upload_protocol") or "media"
    content_type = request.headers.get("content-type", "")
    session = request.value("upload_id")
    if session:
        return Upload(
            kind="resumable", session=session, content=request.body, content_type=content_type
        )
    if kind == "resumable":
        described = request.headers.get("x-upload-content-type", "")
        return Upload(kind=kind, description=request.body, content_type=described)
    if kind in {"multipart", "related"} or content_type.startswith("multipart/related"):
        return _parts(request.body, content_type)
    return Upload(kind="media", content=request.body, content_type=content_type)


def _parts(body: bytes, content_type: str) -> Upload:
    """Read ``multipart/related``: the description, then the file."""
    named = BOUNDARY.search(content_type)
    boundary = "--" + ((named[1] or named[2]) if named else "")
    pieces = body.split(boundary.encode("utf-8", "replace"))
    found = [PART.fullmatch(piece) for piece in pieces[1:ENOUGH]]
    if named is None or len(found) < ENOUGH - 1 or found[0] is None or found[1] is None:
        raise ApiError(400, "Malformed multipart body.", reason="badRequest")
    kind = TYPE.search(found[1]["head"])
    return Upload(
        kind="multipart",
        description=found[0]["content"],
        content=found[1]["content"],
        content_type=kind[1].decode("latin-1").strip() if kind else "",
    )
