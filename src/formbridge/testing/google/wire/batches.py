"""Many calls in one request: the ``/batch`` endpoints, for as long as Google keeps them.

The body is ``multipart/mixed``; each part holds one call as it would go over a connection.
"""

from collections.abc import Callable
from email.message import Message

import attrs

from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, behaves
from formbridge.testing.google.errors import ApiError, drive_answer
from formbridge.testing.google.messages import Answer, Request
from formbridge.testing.google.wire.reading import Unreadable, request_of
from formbridge.testing.google.wire.writing import reason_of

BOUNDARY = "batch_formbridge"
MOST = 100
"""Calls in one request."""

Answering = Callable[[Request], Answer]


@attrs.frozen(kw_only=True)
class Part:
    """One call of a batch: what its ``Content-ID`` is, and the call (None where it is no HTTP)."""

    id: str
    request: Request | None


def batched(request: Request, answering: Answering) -> Answer | None:
    """Answer a batch by its calls, in their order; None for a request that is none."""
    if request.path.rstrip("/") != "/batch" and not request.path.startswith("/batch/"):
        return None
    try:
        parts = parts_of(request)
    except ApiError as error:
        return drive_answer(error)
    sent = [_printed(part, _answer(part, answering)) for part in parts]
    body = b"".join(sent) + f"--{BOUNDARY}--\r\n".encode()
    return Answer(body=body, headers={"content-type": f"multipart/mixed; boundary={BOUNDARY}"})


@behaves("calls of a batch may have a token of their own, else they have the batch's", DOCUMENTED)
@behaves("a batch of no calls, or of more than 100, is refused", ASSUMED)
def parts_of(request: Request) -> list[Part]:
    """Return the calls of a batch. Raises ``ApiError`` where they are none, or too many."""
    kind = Message()
    kind["content-type"] = request.headers.get("content-type", "")
    boundary = kind.get_boundary("")
    if request.method != "POST" or not boundary or kind.get_content_maintype() != "multipart":
        raise ApiError(400, "Failed to parse batch request.", reason="badRequest")
    # The boundary stands at the beginning of a line; the first one may be that of the body.
    pieces = (b"\r\n" + request.body.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")).split(
        b"\r\n--" + boundary.encode("latin-1", "replace")
    )[1:]
    parts = [_part(piece, request) for piece in pieces if not piece.startswith(b"--")]
    if not parts:
        raise ApiError(400, "Failed to parse batch request, error: 0 items.", reason="badRequest")
    if len(parts) > MOST:
        text = f"The batch request contains too many calls: {len(parts)}, the limit is {MOST}."
        raise ApiError(400, text, reason="badRequest")
    return parts


def _part(piece: bytes, outer: Request) -> Part:
    head, _, call = piece.partition(b"\r\n\r\n")
    return Part(id=_headers(head).get("content-id", ""), request=_call(call, outer))


def _call(text: bytes, outer: Request) -> Request | None:
    head, _, body = text.partition(b"\r\n\r\n")
    line, _, rest = head.lstrip(b"\r\n").partition(b"\r\n")
    words = line.decode("latin-1").split()
    if len(words) < 2:
        return None
    headers = _headers(rest)
    for name in ("authorization", "host"):
        if name in outer.headers:
            headers.setdefault(name, outer.headers[name])
    try:
        return request_of(words[0], words[1], headers.items(), body.strip(), host=outer.host)
    except Unreadable:
        return None


def _headers(text: bytes) -> dict[str, str]:
    unfolded = text.decode("latin-1").replace("\r\n ", " ").replace("\r\n\t", " ")
    named = (line.partition(":") for line in unfolded.split("\r\n") if ":" in line)
    return {name.strip().lower(): value.strip() for name, _, value in named}


def _answer(part: Part, answering: Answering) -> Answer:
    if part.request is None or part.request.path.startswith("/batch"):
        return drive_answer(ApiError(400, "Bad Request", reason="badRequest"))
    return answering(part.request)


def _printed(part: Part, answer: Answer) -> bytes:
    """Return an answer as a part: ``<x + 1>`` comes back as ``<response-x + 1>``."""
    lines = [f"--{BOUNDARY}", "Content-Type: application/http"]
    if part.id:
        lines.append(f"Content-ID: <response-{part.id.removeprefix('<').removesuffix('>')}>")
    lines += ["", f"HTTP/1.1 {answer.status} {reason_of(answer.status)}"]
    lines += [f"{name.title()}: {value}" for name, value in answer.headers.items()]
    lines += [f"Content-Length: {len(answer.body)}", "", ""]
    return "\r\n".join(lines).encode("utf-8", "replace") + answer.body + b"\r\n"
