"""An HTTP request and its answer as values, with or without a socket."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import attrs

Body = dict[str, Any]
"""A JSON object of the API, as ``json.loads`` gives it."""

JSON_TYPE = "application/json; charset=UTF-8"


@attrs.frozen(kw_only=True)
class Request:
    """One request. ``path`` is still percent-encoded; ``query`` is decoded, in its order.

    Header names are in lower case. ``host`` is the one that the client believes to talk to.
    """

    method: str
    path: str
    query: Sequence[tuple[str, str]] = ()
    headers: Mapping[str, str] = attrs.field(factory=dict)
    body: bytes = b""
    host: str = ""

    @classmethod
    def of(
        cls,
        method: str,
        target: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> "Request":
        """Return the request for a URL or for a path with its query."""
        parts = urlsplit(target)
        return cls(
            method=method.upper(),
            path=parts.path,
            query=tuple(parse_qsl(parts.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in (headers or {}).items()},
            body=body,
            host=parts.netloc,
        )

    def values(self, name: str) -> list[str]:
        """Return every value of a query parameter."""
        return [value for key, value in self.query if key == name]

    def value(self, name: str, default: str = "") -> str:
        """Return the last value of a query parameter."""
        return next((value for key, value in reversed(self.query) if key == name), default)

    @property
    def segments(self) -> list[str]:
        """The parts of the path between slashes, decoded."""
        return [unquote(part) for part in self.path.strip("/").split("/")]


@attrs.frozen(kw_only=True)
class Answer:
    """One answer, whole."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = attrs.field(factory=dict)

    @classmethod
    def json(cls, body: object, *, status: int = 200, pretty: bool = True) -> "Answer":
        """Return JSON as Google prints it: indented by two spaces unless asked otherwise."""
        separators = None if pretty else (",", ":")
        text = json.dumps(
            body, ensure_ascii=False, indent=2 if pretty else None, separators=separators
        )
        return cls(
            status=status,
            body=text.encode("utf-8", "surrogatepass") + (b"\n" if pretty else b""),
            headers={"content-type": JSON_TYPE},
        )

    @property
    def content(self) -> Any:
        """What the JSON body says."""
        return json.loads(self.body)
