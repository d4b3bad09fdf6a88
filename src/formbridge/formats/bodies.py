"""From the bytes of an envelope to one JSON value, whatever it was wrapped in."""

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Callable
from json import JSONDecodeError

import attrs

from formbridge.domain.envelope import Envelope
from formbridge.domain.errors import Undecodable
from formbridge.formats.form_bodies import multipart_fields, urlencoded_fields
from formbridge.formats.json_text import NotJson, json_bytes, json_value
from formbridge.formats.paths import parse_path, wrong_type
from formbridge.formats.places import Place, Table
from formbridge.formats.repetition import repeated_name

LIMIT = 16 * 1024 * 1024
"""Bytes of the largest payload, unless a description sets another limit."""

Names = tuple[str, ...]
Change = Callable[[object, str], object]
_REMEDY = "the description says how the payload is wrapped"


@attrs.frozen(kw_only=True)
class Body:
    """How the bytes become a value: the kind of body, and what is wrapped again inside of it."""

    decode: str
    limit: int
    unique: frozenset[str]
    base64: tuple[Names, ...]
    embedded: tuple[Names, ...]

    @property
    def is_plain_json(self) -> bool:
        """Whether there is one JSON text and nothing else."""
        return self.decode == "json" and not self.base64 and not self.embedded

    def value(self, envelope: Envelope) -> object:
        """Return what the payload says; raise ``Undecodable``."""
        payload = envelope.payload
        if len(payload) > self.limit:
            raise Undecodable(
                "$",
                f"has {len(payload)} bytes, and the limit is {self.limit}",
                "raise body.limit in the description if such payloads are right",
            )
        root = self._decoded(envelope)
        for path in self.base64:
            root = _changed(root, path, _from_base64)
        for path in self.embedded:
            root = _changed(root, path, _from_json)
        return root

    def payload(self, root: object) -> bytes:
        """Return the JSON payload that ``value`` would read as this; the values wrapped again."""
        for path in reversed(self.embedded):
            root = _changed(root, path, _to_json)
        for path in reversed(self.base64):
            root = _changed(root, path, _to_base64)
        return json_bytes(root)

    def _decoded(self, envelope: Envelope) -> object:
        if self.decode == "multipart":
            return multipart_fields(envelope.payload, envelope.content_type)
        if self.decode == "urlencoded":
            return urlencoded_fields(envelope.payload)
        root = _json_or_reason(envelope.payload, "$")
        if self.unique:
            self._refuse_repetition(envelope.payload)
        return root

    def _refuse_repetition(self, payload: bytes) -> None:
        try:
            name = repeated_name(payload, self.unique)
        except (RecursionError, JSONDecodeError, UnicodeError):
            raise Undecodable("$", "is nested too deeply", TOO_DEEP) from None
        if name is not None:
            remedy = "each name may stand once in an object, or nobody knows which of them counts"
            raise Undecodable("$", f"names {name!r} twice in one object", remedy)


_URL_SAFE = str.maketrans("-_", "+/")
TOO_DEEP = "no form has answers like that; look at what sent it"


def body_in(table: Table) -> Body:
    """Return the body that the table ``body`` of a description says."""
    decode = table.choice("decode", ("json", "multipart", "urlencoded"), "json")
    limit = table.one("limit", int, LIMIT)
    if limit <= 0:
        raise table.at("limit").wrong("is not positive", "write a number of bytes")
    return Body(
        decode=decode,
        limit=limit,
        unique=frozenset(table.texts("unique")),
        base64=_places(table, "base64"),
        embedded=_places(table, "embedded_json"),
    )


def _places(table: Table, key: str) -> tuple[Names, ...]:
    return tuple(_names(text, table.at(key)) for text in table.texts(key))


def _names(text: str, place: Place) -> Names:
    if text == ".":
        return ()
    names = parse_path(text, place).names
    if names is None:
        raise place.wrong(f"is not made of keys alone: {text!r}", "write keys with dots between")
    return names


def _changed(root: object, path: Names, change: Change, place: str = "$") -> object:
    """Return the value with what stands at a path changed; nothing, null or "" stays as it is."""
    if not path:
        return root if root is None or root == "" else change(root, place)
    name, *rest = path
    if not isinstance(root, dict) or name not in root:
        return root
    return root | {name: _changed(root[name], tuple(rest), change, f"{place}.{name}")}


def _from_base64(value: object, place: str) -> object:
    if not isinstance(value, str):
        raise wrong_type(place, value, "base64")
    try:
        text = "".join(value.split()).translate(_URL_SAFE).rstrip("=")
        return b64decode(text + "=" * (-len(text) % 4), validate=True).decode("utf-8")
    except (NotBase64, ValueError):
        raise Undecodable(place, "is not base64 of UTF-8 text", _REMEDY) from None


def _from_json(value: object, place: str) -> object:
    if not isinstance(value, str):
        raise wrong_type(place, value, "JSON in a text")
    return _json_or_reason(value, place)


def _to_base64(value: object, _place: str) -> str:
    return b64encode(str(value).encode()).decode()


def _to_json(value: object, _place: str) -> str:
    return json_bytes(value).decode()


def _json_or_reason(text: bytes | str, place: str) -> object:
    if not text.strip():
        raise Undecodable(place, "is empty", "the format reads JSON there")
    try:
        return json_value(text)
    except NotJson as error:
        raise Undecodable(place, str(error), "the format reads JSON in UTF-8 there") from None
