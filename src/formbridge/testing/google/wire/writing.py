"""An answer, as it goes over a connection."""

import zlib
from email.utils import formatdate
from http import HTTPStatus

from formbridge.testing.google.behaviour import DOCUMENTED, behaves
from formbridge.testing.google.errors import ApiError, sheets_answer
from formbridge.testing.google.messages import Answer, Request

PACKED_FROM = 4096
"""Bytes from which an answer is packed, where the client understands it."""

PAGE = """<!DOCTYPE html>
<html lang=en>
  <meta charset=utf-8>
  <title>Error {code} ({reason})!!1</title>
  <p><b>{code}.</b> <ins>That\u2019s an error.</ins>
  <p>Your client has issued a malformed or illegal request.  <ins>That\u2019s all we know.</ins>
"""


def reason_of(code: int) -> str:
    """Return the words that go with a status."""
    try:
        return HTTPStatus(code).phrase
    except ValueError:
        return "Unknown"


@behaves("answers are packed with gzip for clients that understand it", DOCUMENTED)
def wire_form(answer: Answer, request: Request) -> tuple[list[tuple[str, str]], bytes]:
    """Return headers and body as they are sent: packed where the client can unpack them."""
    headers = {name.lower(): value for name, value in answer.headers.items()}
    body = answer.body
    headers.setdefault("content-type", "text/html; charset=UTF-8")
    headers["vary"] = "Origin, X-Origin, Referer"
    if len(body) >= PACKED_FROM and _takes_gzip(request) and "content-encoding" not in headers:
        packing = zlib.compressobj(1, wbits=zlib.MAX_WBITS | 16)
        body = packing.compress(body) + packing.flush()
        headers["content-encoding"] = "gzip"
    if answer.status not in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}:
        headers["content-length"] = str(len(body))
    else:
        body = b""
    headers.setdefault("date", formatdate(usegmt=True))
    headers["server"] = "ESF"
    return list(headers.items()), b"" if request.method == "HEAD" else body


def unreadable_answer(code: int) -> Answer:
    """Return what Google's front end says to what is no good HTTP: a page."""
    page = PAGE.format(code=code, reason=reason_of(code))
    return Answer(
        status=code, body=page.encode(), headers={"content-type": "text/html; charset=UTF-8"}
    )


def broken_answer() -> Answer:
    """Return what a client is told when the emulator itself has a defect."""
    return sheets_answer(ApiError(500, "Internal error encountered."))


def _takes_gzip(request: Request) -> bool:
    for offer in request.headers.get("accept-encoding", "").lower().split(","):
        name, _, weight = offer.partition(";")
        if name.strip() == "gzip":
            return weight.replace(" ", "") not in {"q=0", "q=0.0"}
    return False
