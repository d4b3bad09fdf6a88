"""Headers of a record as one blob: what they are called first, then all their values.

::

    u32   how many bytes come before the values, these four included
    then for each header:  u16 bytes of its name · u32 bytes of its value · the name in UTF-8
    then all values, one after the other

Integers are little-endian. Records of one form have headers of the same names and, mostly, sizes:
that first part is made and read once for all of them.
"""

from collections.abc import Callable
from functools import lru_cache
from struct import Struct, pack, unpack_from

from formbridge.domain.errors import BadInput
from formbridge.domain.records import Headers

LONGEST_NAME = 0xFFFF  # bytes
Cut = Callable[[bytes, int], tuple[bytes, ...]]

_size = Struct("<I").unpack_from


def encoded(headers: Headers) -> bytes | None:
    """Return the blob, None for no headers; raises ``BadInput`` for what is not bytes."""
    if not headers:
        return None
    names, values = zip(*headers, strict=True)
    try:
        return b"".join((_shape(names, tuple(map(len, values))), *values))
    except TypeError as error:
        kinds = ", ".join(sorted({type(value).__name__ for value in values} - {"bytes"}))
        raise BadInput(f"the value of a header is bytes, not {kinds}") from error


def decoded(blob: bytes | None) -> Headers:
    """Return the headers of the blob, in their order."""
    if blob is None:
        return ()
    (size,) = _size(blob)
    names, cut = _parsed(blob[:size])
    return tuple(zip(names, cut(blob, size), strict=False))  # as many by construction


@lru_cache(maxsize=1024)
def _shape(names: tuple[str, ...], sizes: tuple[int, ...]) -> bytes:
    parts = []
    for name, size in zip(names, sizes, strict=True):
        text = _name(name)
        parts.append(pack("<HI", len(text), size) + text)
    body = b"".join(parts)
    return pack("<I", len(body) + 4) + body


def _name(name: str) -> bytes:
    try:
        text = name.encode("utf-8")
    except (UnicodeEncodeError, AttributeError) as error:
        raise BadInput(f"a header's name is not text: {name!r}") from error
    if len(text) > LONGEST_NAME:
        raise BadInput(f"a header's name has {len(text)} bytes; {LONGEST_NAME} are the most")
    return text


@lru_cache(maxsize=1024)
def _parsed(shape: bytes) -> tuple[tuple[str, ...], Cut]:
    """Return the names, and what cuts the values out of a blob from an offset on."""
    names, sizes, at = [], [], 4
    while at < len(shape):
        length, size = unpack_from("<HI", shape, at)
        names.append(shape[at + 6 : at + 6 + length].decode("utf-8"))
        sizes.append(size)
        at += 6 + length
    return tuple(names), Struct("".join(f"{size}s" for size in sizes)).unpack_from
