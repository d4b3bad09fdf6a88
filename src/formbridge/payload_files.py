"""Files of payloads: JSON Lines, one JSON document, or a JSON list of payloads; as a stream.

A payload keeps the bytes that stand in the file. Whether it is any good is for its format to say.
"""

import json
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO, NamedTuple

LARGEST = 16 * 1024 * 1024
"""Bytes that one payload may have; a log is no place for more."""
LINES_SUFFIXES = (".jsonl", ".ndjson")
_CHUNK = 1024 * 1024
_BOM = b"\xef\xbb\xbf"
_SPACE = b" \t\r\n"


class Payload(NamedTuple):
    """One payload with its place; ``problem`` says why there is no ``content``."""

    file: str
    line: int
    content: bytes
    problem: str = ""

    def __repr__(self) -> str:
        """Name the place and the size; the content is personal."""
        return f"Payload({self.file}:{self.line}, {len(self.content)} bytes)"


def payloads_of(file: BinaryIO, *, name: str, largest: int = LARGEST) -> Iterator[Payload]:
    """Yield the payloads of a file that was opened for reading bytes.

    A name that ends with ``.jsonl`` or ``.ndjson`` means a payload a line. Otherwise the first line
    tells: if it holds a whole value, each line is a payload; if not, the file is one document: a
    payload, or a list of payloads. Raises ``OSError`` when reading fails.
    """
    first, number = file.readline(largest + 1).removeprefix(_BOM), 1
    while first and not first.strip(_SPACE):
        first, number = file.readline(largest + 1), number + 1
    if b"\0" in first[:4] or first[:2] in (b"\xff\xfe", b"\xfe\xff"):
        problem = "the file is not UTF-8, it looks like UTF-16 or UTF-32; save it as UTF-8"
        yield Payload(name, 1, b"", problem)
    elif _by_line(first, name=name, largest=largest):
        yield from _lines(file, first, number, name=name, largest=largest)
    else:
        yield from _document(first + file.read(), number, name=name, largest=largest)


def _by_line(first: bytes, *, name: str, largest: int) -> bool:
    """Whether each line is a payload, as far as the name and the first line tell."""
    text = first.strip(_SPACE)
    if name.endswith(LINES_SUFFIXES) or not text.startswith((b"{", b"[")):
        return True
    return text.startswith(b"{") and (text.endswith(b"}") or len(first) > largest)


def _lines(
    file: BinaryIO, line: bytes, number: int, *, name: str, largest: int
) -> Iterator[Payload]:
    while line:
        if len(line) > largest and not line.endswith(b"\n"):
            _skip_line(file)
            yield _too_large(name, number, largest)
        elif content := line.strip(_SPACE):
            yield Payload(name, number, content)
        line, number = file.readline(largest + 1), number + 1


def _skip_line(file: BinaryIO) -> None:
    while (rest := file.readline(_CHUNK)) and not rest.endswith(b"\n"):
        pass


def _too_large(name: str, line: int, largest: int) -> Payload:
    problem = f"the payload is larger than {largest:,} bytes; publish links to files, not files"
    return Payload(name, line, b"", problem)


def _document(content: bytes, line: int, *, name: str, largest: int) -> Iterator[Payload]:
    """Yield the items of a list, or the whole document; it begins in that line."""
    body = content.strip(_SPACE)
    if body.startswith(b"["):
        yield from _items(body, line, name=name, largest=largest)
    elif _lines_after_all(body):
        file = BytesIO(body)
        yield from _lines(file, file.readline(largest + 1), line, name=name, largest=largest)
    elif len(body) > largest:
        yield _too_large(name, line, largest)
    else:
        yield Payload(name, line, body)


def _lines_after_all(body: bytes) -> bool:
    """Whether this is no document, but lines of which the first is broken."""
    if not any(line.startswith(b"{") and line.endswith(b"}") for line in body.split(b"\n")[1:]):
        return False
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return True
    return False


def _items(content: bytes, line: int, *, name: str, largest: int) -> Iterator[Payload]:
    """Yield each item of a JSON list as it is written; behind a break nothing more is known."""
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        broken = line + content.count(b"\n", 0, error.start)
        yield Payload(name, broken, b"", "the file is not UTF-8; save it as UTF-8")
        return
    for number, start, end in _spans(text, line):
        if end is None:
            yield Payload(name, number, b"", "the JSON list breaks off here; correct it")
        elif end - start > largest:
            yield _too_large(name, number, largest)
        else:
            yield Payload(name, number, text[start:end].encode())


def _spans(text: str, line: int) -> Iterator[tuple[int, int, int | None]]:
    """Yield line, start and end of each item; an end of None says that the list is broken there."""
    decode = json.JSONDecoder().raw_decode
    last = len(text) - 1 if text.endswith("]") else -1
    place, counted = _after_space(text, 1), 0
    while place != last:
        line, counted = line + text.count("\n", counted, place), place
        try:
            _, end = decode(text, place)
        except (ValueError, RecursionError):
            yield line, place, None
            return
        yield line, place, end
        place = _after_space(text, end)
        if place != last:
            place = _after_space(text, place + 1) if text[place : place + 1] == "," else len(text)


def _after_space(text: str, place: int) -> int:
    while place < len(text) and text[place] in " \t\r\n":
        place += 1
    return place
