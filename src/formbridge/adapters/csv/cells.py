"""Cells as the text of a CSV line, and back.

A blank is an empty field and the empty text is ``""``, so that they stay two things. A text that
a spreadsheet would take for a formula gets an apostrophe in front; so does a text that already
has apostrophes before such a sign, which makes it reversible: reading takes one away.
"""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import accumulate
from operator import itemgetter
from types import NoneType

import attrs
import msgspec

from formbridge.domain.cells import Cell

_GUARDED = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_UNGUARDED = re.compile("'+[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_MAY_NEED_GUARD = frozenset("'=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
_MOMENTS = frozenset({datetime, NoneType})
_first: Callable[..., str] = itemgetter(0)
_encoded = msgspec.json.Encoder().encode


class _EmptyText(str):
    """What stands for the empty text; told from a text of two quotes by being this object."""

    __slots__ = ()


_EMPTY_TEXT = _EmptyText('""')


def text_of_moment(moment: datetime) -> str:
    """Return RFC 3339 in UTC, with as many digits behind the second as it needs: 0, 3 or 6."""
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    digits = "seconds"
    if moment.microsecond:
        digits = "milliseconds" if moment.microsecond % 1000 == 0 else "microseconds"
    return moment.isoformat(timespec=digits)[:-6] + "Z"


def texts_of_moments(moments: Sequence[datetime | None]) -> list[str]:
    """Return the text of each, by msgspec: it needs a tenth of the time, and writes 0 or 6 digits.

    Moments of another zone it writes as they are; then all are taken one by one.
    """
    text = _encoded(moments).decode("ascii")
    if text.count("Z") + moments.count(None) == len(moments):
        for written, ours in (("000Z", "Z"), ("null", ""), ('"', "")):
            text = text.replace(written, ours)
        return text[1:-1].split(",")
    return ["" if it is None else text_of_moment(it) for it in moments]


def guard(text: str) -> str:
    """Return the text so that no spreadsheet executes it."""
    return "'" + text if _GUARDED.match(text) else text


def unguard(text: str) -> str:
    """Take away what ``guard`` put there."""
    return text[1:] if _UNGUARDED.match(text) else text


_TEXTS: dict[type, Callable[..., str]] = {
    NoneType: {None: ""}.__getitem__,
    bool: {True: "true", False: "false"}.__getitem__,
    int: repr,
    float: repr,
    datetime: text_of_moment,
}


def text_of(cell: Cell) -> str:
    """Return what stands for a cell, before it is quoted. Texts are those of ``guard``."""
    convert = _TEXTS.get(cell.__class__)
    return convert(cell) if convert else guard(str(cell))


@attrs.frozen
class Dialect:
    """How the lines of a table are written: our own way, or that of who saved it last.

    A field is quoted for ``also`` as it is for the delimiter.
    """

    delimiter: str = ","
    newline: str = "\n"
    guarded: bool = True
    also: str = ""

    def quote(self, cell: Cell) -> str:
        """Return one field, quoted where it must be."""
        text = text_of(cell) if self.guarded or not isinstance(cell, str) else cell
        if not text:
            return "" if cell is None else '""'
        if any(char in text for char in ('"', "\n", "\r", self.delimiter, *self.also)):
            return '"' + text.replace('"', '""') + '"'
        return text

    def line(self, cells: Sequence[Cell]) -> str:
        """Return one line, cell by cell: the reference for ``lines``."""
        return self.delimiter.join([self.quote(cell) for cell in cells]) + self.newline

    def lines(self, columns: Sequence[Sequence[Cell]]) -> list[str]:
        """Return a line for each row of these columns.

        Several times as fast as ``csv.writer``, which looks at every character of every cell: what
        the cells of a column are is asked once, and a line gets quotes only if a sign is in it.
        """
        delimiter, newline, others = self.delimiter, self.newline, len(columns) - 1
        fields = list(map(self._fields, columns))
        lines = list(map(delimiter.join, zip(*fields, strict=True)))
        whole = "".join(lines)
        if self._has_signs(whole) or whole.count(delimiter) != others * len(lines):
            for number, row in enumerate(zip(*fields, strict=True)):
                if self._has_signs(lines[number]):
                    lines[number] = delimiter.join([self._quoted(it) for it in row])
                elif lines[number].count(delimiter) != others:
                    quoted = [f'"{it}"' if delimiter in it else it for it in row]
                    lines[number] = delimiter.join(quoted)
        return [line + newline for line in lines]

    def _fields(self, cells: Sequence[Cell]) -> Sequence[str]:
        """Return the fields of one column, which has some, without quotes."""
        maybe: frozenset[str] = _MAY_NEED_GUARD if self.guarded else frozenset()
        kind = type(cells[0])
        if kind is str:
            try:
                if maybe.isdisjoint(map(_first, cells)):
                    return cells  # type: ignore[return-value]  # only texts have a first item
            except (TypeError, IndexError):  # some are none, or are empty
                pass
        elif kind is NoneType and cells.count(None) == len(cells):
            return [""] * len(cells)
        elif (kinds := set(map(type, cells))) <= _MOMENTS:
            return texts_of_moments(cells)  # type: ignore[arg-type]  # they are, as just seen
        elif len(kinds) == 1 and (convert := _TEXTS.get(kind)):
            return list(map(convert, cells))
        return [
            cell
            if type(cell) is str and cell and cell[0] not in maybe
            else ""
            if cell is None
            else repr(cell)
            if type(cell) is int
            else text_of(cell) or _EMPTY_TEXT
            for cell in cells
        ]

    def _has_signs(self, text: str) -> bool:
        """Whether there is a sign for which a field is quoted, besides the delimiter."""
        also = self.also
        return (
            '"' in text
            or "\n" in text
            or "\r" in text
            or (also != "" and any([char in text for char in also]))  # noqa: C419 - twice as fast
        )

    def _quoted(self, field: str) -> str:
        if field is _EMPTY_TEXT:
            return field
        if '"' in field or self.delimiter in field or "\n" in field or "\r" in field:
            return '"' + field.replace('"', '""') + '"'
        if self.also and any(char in field for char in self.also):
            return f'"{field}"'
        return field


def starts(lines: Sequence[str], data: bytes, begin: int) -> list[int]:
    """Return where each line begins in a file where ``data``, all of them, begins at ``begin``."""
    ascii_only = len(data) == sum(map(len, lines))
    lengths = map(len, lines) if ascii_only else (len(line.encode()) for line in lines)
    return list(accumulate(lengths, initial=begin))[:-1]
