"""What came over a connection, as a ``Request``."""

import zlib
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlsplit

import attrs

from formbridge.testing.google.behaviour import DOCUMENTED, behaves
from formbridge.testing.google.messages import Request

FORM = "application/x-www-form-urlencoded"


class Unreadable(Exception):
    """A request that is no good HTTP; ``code`` is the status to answer."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


@attrs.frozen(kw_only=True)
class Limits:
    """How much of a client is borne: bytes of a head and of a body, seconds for each request.

    ``idle`` seconds may pass between two requests of one connection.
    """

    head: int = 64 * 1024
    body: int = 64 * 1024 * 1024
    seconds: float = 60.0
    idle: float = 240.0


def request_of(
    method: str,
    target: str,
    headers: Iterable[tuple[str, str]],
    body: bytes,
    *,
    host: str = "",
    limits: Limits | None = None,
) -> Request:
    """Return a request; ``host`` is the tunnel's, where there is one. Raise ``Unreadable``."""
    named: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        named[key] = f"{named[key]}, {value}" if key in named else value
    path, query, netloc = _parts(target)
    plain = _plain(body, named.pop("content-encoding", ""), (limits or Limits()).body)
    request = Request(
        method=method.upper(),
        path=path or "/",
        query=tuple(parse_qsl(query, keep_blank_values=True)),
        headers=named,
        body=plain,
        host=host or netloc or named.get("host", ""),
    )
    return overridden(request)


@behaves("X-HTTP-Method-Override says the method; of a GET, the form is the query", DOCUMENTED)
def overridden(request: Request) -> Request:
    """Return the request that a POST stands for, sent because its address would be too long."""
    method = request.headers.get("x-http-method-override", "").upper()
    if request.method != "POST" or not method:
        return request
    headers = {k: v for k, v in request.headers.items() if k != "x-http-method-override"}
    is_form = method == "GET" and headers.get("content-type", "").startswith(FORM)
    if not is_form:
        return attrs.evolve(request, method=method, headers=headers)
    form = parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True)
    query = (*request.query, *form)
    return attrs.evolve(request, method=method, headers=headers, query=query, body=b"")


def _parts(target: str) -> tuple[str, str, str]:
    """Return the path, the query and the host of a target; a proxy is given whole addresses."""
    if target.startswith("/") or target == "*":
        path, _, query = target.partition("#")[0].partition("?")
        return path, query, ""
    try:
        parts = urlsplit(target)
    except ValueError as error:
        raise Unreadable(400, "Bad Request") from error
    return parts.path, parts.query, parts.netloc


def _plain(body: bytes, encoding: str, most: int) -> bytes:
    if encoding.lower() in {"", "identity"}:
        return body
    if encoding.lower() not in {"gzip", "x-gzip", "deflate"}:
        raise Unreadable(415, "Unsupported Media Type")
    unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)  # gzip or zlib, whichever it is
    try:
        plain = unpacking.decompress(body, most + 1)
    except zlib.error as error:
        raise Unreadable(400, "Bad Request") from error
    if len(plain) > most:
        raise Unreadable(413, "Request Entity Too Large")
    if not unpacking.eof:
        raise Unreadable(400, "Bad Request")
    return plain
