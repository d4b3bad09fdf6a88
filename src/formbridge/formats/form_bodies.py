"""Bodies of HTML forms: ``multipart/form-data`` and ``application/x-www-form-urlencoded``.

Both become an object of texts by field name; a field that comes several times is a list, and an
uploaded file an object of its name, type and size (RFC 7578, and the URL standard's parser).
"""

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, unquote

from formbridge.domain.errors import Undecodable

MOST_FIELDS = 10_000
_BOUNDARY = re.compile(r'boundary=(?:"([^"]{1,200})"|([^\s;,"]{1,200}))', re.IGNORECASE)
_FIRST_LINE = re.compile(rb"--([^\r\n]{1,200})\r?\n")
_DISPOSITION = re.compile(
    rb"^content-disposition:\s*form-data(?=\s*;)([^\r\n]*)", re.IGNORECASE | re.MULTILINE
)
_TYPE = re.compile(rb"^content-type:[ \t]*([^\r\n;]*)", re.IGNORECASE | re.MULTILINE)
_PARAMETER = re.compile(rb';\s*(name|filename)=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))', re.IGNORECASE)


def urlencoded_fields(payload: bytes) -> dict[str, object]:
    """Return the fields of a urlencoded body; raise ``Undecodable`` if it is none in UTF-8."""
    try:
        pairs = parse_qsl(
            payload.decode("utf-8-sig").strip(),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except UnicodeError:
        raise Undecodable("$", "is not UTF-8", "the format reads a urlencoded body") from None
    except ValueError:
        raise Undecodable("$", f"has more than {MOST_FIELDS} fields") from None
    if not pairs or (len(pairs) == 1 and "=" not in payload[:200_000].decode("utf-8", "replace")):
        raise Undecodable("$", "is not urlencoded", "the format reads fields as a=b&c=d")
    return _gathered(pairs)


def multipart_fields(payload: bytes, content_type: str) -> dict[str, object]:
    """Return the fields of a multipart body; raise ``Undecodable`` if it cannot be taken apart."""
    boundary = _boundary(payload, content_type)
    delimiter = rb"\r\n--" + re.escape(boundary) + rb"(?=[ \t]*\r\n|--)"
    parts = re.split(delimiter, b"\r\n" + payload)
    if len(parts) < 2 or not parts[-1].startswith(b"--"):  # noqa: PLR2004 - what stands before, and one part
        raise Undecodable("$", "is not a whole multipart body", "the end of it is missing")
    if len(parts) > MOST_FIELDS:
        raise Undecodable("$", f"has more than {MOST_FIELDS} fields")
    return _gathered(_part(part) for part in parts[1:-1])


def _boundary(payload: bytes, content_type: str) -> bytes:
    """Return the boundary that the content type names, else that of the first line."""
    named = _BOUNDARY.search(content_type)
    if named:
        return (named[1] or named[2]).encode("utf-8", "replace")
    first = _FIRST_LINE.match(payload)
    if first:
        return first[1]
    raise Undecodable("$", "is not multipart/form-data", "no boundary is named or found")


def _part(part: bytes) -> tuple[str, object]:
    head, blank, content = part.partition(b"\r\n\r\n")
    disposition = _DISPOSITION.search(head)
    parameters = dict(_parameters(disposition[1])) if disposition else {}
    if not blank or "name" not in parameters:
        raise Undecodable("$", "has a part without a name", "the format reads multipart/form-data")
    name = parameters["name"]
    if "filename" in parameters:
        kind = _TYPE.search(head)
        return name, {
            "filename": parameters["filename"],
            "type": kind[1].decode("latin-1").strip() if kind else "",
            "size": len(content),
        }
    try:
        return name, content.decode("utf-8")
    except UnicodeDecodeError:
        raise Undecodable(f"$.{name}", "is not UTF-8") from None


def _parameters(text: bytes) -> Iterable[tuple[str, str]]:
    """Yield name and filename; browsers write a quote in them as %22."""
    for key, quoted, bare in _PARAMETER.findall(text):
        decoded = (quoted or bare).decode("utf-8", "replace").replace('\\"', '"')
        yield key.decode().lower(), unquote(decoded) if "%22" in decoded else decoded


def _gathered(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    fields: dict[str, object] = {}
    repeated: set[str] = set()
    for name, value in pairs:
        before = fields.get(name)
        if name not in fields:
            fields[name] = value
        elif name in repeated and isinstance(before, list):
            before.append(value)
        else:
            repeated.add(name)
            fields[name] = [before, value]
    return fields
