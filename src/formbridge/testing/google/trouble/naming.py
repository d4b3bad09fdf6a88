"""Which call a request is, from its path alone: what faults and the log of calls go by.

Nothing is validated here, so that a fault may strike a request before the service looks at it.
"""

import re

import attrs

from formbridge.testing.google.messages import Request

TOKEN = "oauth2.token"  # noqa: S105 - a method's name
"""What the token endpoint is called: no discovery document names it."""

OWN = "/_emulator"
"""The emulator's own paths, which no trouble befalls."""

_BOOK = r"/v4/spreadsheets/(?P<book>[^/:]+)"
_SHEETS = tuple(
    (verb, re.compile(pattern + "/?"), f"sheets.spreadsheets.{name}")
    for verb, pattern, name in (
        ("POST", r"/v4/spreadsheets", "create"),
        ("GET", _BOOK, "get"),
        ("POST", _BOOK + ":batchUpdate", "batchUpdate"),
        ("POST", _BOOK + ":getByDataFilter", "getByDataFilter"),
        ("GET", _BOOK + "/developerMetadata/[^/:]+", "developerMetadata.get"),
        ("POST", _BOOK + "/developerMetadata:search", "developerMetadata.search"),
        ("POST", _BOOK + "/sheets/[^/:]+:copyTo", "sheets.copyTo"),
        ("GET", _BOOK + "/values:batchGet", "values.batchGet"),
        ("POST", _BOOK + "/values:batchGetByDataFilter", "values.batchGetByDataFilter"),
        ("POST", _BOOK + "/values:batchUpdate", "values.batchUpdate"),
        ("POST", _BOOK + "/values:batchUpdateByDataFilter", "values.batchUpdateByDataFilter"),
        ("POST", _BOOK + "/values:batchClear", "values.batchClear"),
        ("POST", _BOOK + "/values:batchClearByDataFilter", "values.batchClearByDataFilter"),
        ("POST", _BOOK + "/values/[^/]+:append", "values.append"),
        ("POST", _BOOK + "/values/[^/]+:clear", "values.clear"),
        ("PUT", _BOOK + "/values/[^/]+", "values.update"),
        ("GET", _BOOK + "/values/[^/]+", "values.get"),
    )
)
_DRIVE = re.compile(r"(?:/upload|/resumable/upload)?/drive/v[23]/(?P<path>.+?)/?")
_READS = frozenset({"getByDataFilter", "developerMetadata.search", "values.batchGetByDataFilter"})
"""Methods that only read although they are sent as a POST."""


@attrs.frozen(kw_only=True)
class Named:
    """A call: the id of its method, whether it reads or writes, and the file that it is about.

    ``method`` is the HTTP verb and path where no method is known; ``use`` is ``read``, ``write``
    or ``free`` (tokens).
    """

    method: str
    use: str = "read"
    file: str = ""


def named(request: Request) -> Named:
    """Return which call a request is."""
    verb = request.headers.get("x-http-method-override", request.method).upper()
    if request.path in {"/token", "/o/oauth2/token", "/oauth2/v4/token", "/oauth2/v3/token"}:
        return Named(method=TOKEN, use="free")
    for its_verb, pattern, name in _SHEETS:
        found = pattern.fullmatch(request.path) if verb == its_verb else None
        if found:
            short = name.removeprefix("sheets.spreadsheets.")
            reads = verb == "GET" or short in _READS
            file = found.groupdict().get("book") or ""
            return Named(method=name, use="read" if reads else "write", file=file)
    return _drive(verb, request.path)


def _drive(verb: str, path: str) -> Named:
    found = _DRIVE.fullmatch(path)
    use = "read" if verb in {"GET", "HEAD"} else "write"
    if not found:
        return Named(method=f"{verb} {path}", use=use)
    parts = found["path"].split("/")
    collection, rest = parts[0], parts[1:]
    file = rest[0] if collection == "files" and rest and rest[0] != "generateIds" else ""
    if len(rest) >= 2 and rest[1] in {"permissions", "revisions", "comments"}:
        collection, rest = rest[1], rest[2:]
    return Named(method=f"drive.{collection}.{_action(verb, rest)}", use=use, file=file)


def _action(verb: str, rest: list[str]) -> str:
    """Return what is done to a collection (nothing in the rest), a thing (its id), or beside it."""
    if rest and not rest[-1]:
        rest = rest[:-1]
    special = {"generateIds", "trash", "startPageToken", "copy", "export", "watch", "download"}
    if rest and rest[-1] in special:
        return {"trash": "emptyTrash", "startPageToken": "getStartPageToken"}.get(
            rest[-1], rest[-1]
        )
    if not rest:
        return {"GET": "list", "POST": "create"}.get(verb, verb.lower())
    return {"GET": "get", "PATCH": "update", "PUT": "update", "DELETE": "delete"}.get(
        verb, verb.lower()
    )


def is_own(request: Request) -> bool:
    """Whether a request is for the emulator itself: its control or its page."""
    return request.path in {"/", OWN} or request.path.startswith(OWN + "/")
