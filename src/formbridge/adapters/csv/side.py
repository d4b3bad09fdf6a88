"""The side file of a table: what cannot stand in the table itself. Lines that are only appended.

A line is the CRC-32 of its text in eight hexadecimal digits, a space, one JSON object, a newline.
The first names the format, its version and the table; every other one is an entry: all that one
write changed. A line that is cut off or damaged at the end was never finished and is dropped.
"""

import json
from binascii import a2b_base64, b2a_base64
from collections.abc import Mapping, Sequence
from functools import lru_cache
from json.encoder import encode_basestring_ascii as quoted
from typing import BinaryIO
from zlib import crc32

import attrs

from formbridge.domain.answers import Kind
from formbridge.domain.errors import NewerVersion, StoreBroken
from formbridge.domain.identity import TableKey
from formbridge.domain.tables import Column, LabelSource
from formbridge.domain.versions import VERSION_SIZE

VERSION = 2
_CRC = 9  # bytes: eight digits and a space


@attrs.frozen(kw_only=True)
class Heading:
    """The first line: which table it is, and whether its texts are guarded against formulas."""

    table: TableKey
    guarded: bool


@attrs.frozen(kw_only=True)
class Append:
    """These bytes of the table belong to the entry; without them its rows were never written."""

    begin: int
    length: int
    crc: int


@attrs.frozen(kw_only=True)
class Replace:
    """The table was written anew, as the file with this content; all before it is folded in."""

    size: int
    crc: int


@attrs.frozen(kw_only=True)
class Marked:
    """Responses with their versions; ``rows`` are the lines of those updated."""

    ids: Sequence[str]
    versions: bytes
    rows: Sequence[str] = attrs.field(default=(), repr=False)
    kept: Mapping[int, Sequence[int]] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Entry:
    """What one write changed. ``header`` is how the table's first line reads from then on.

    ``sealed`` names the run of the machine in which everything up to here became durable.
    """

    added: Marked | None = None
    updated: Marked | None = None
    removed: Marked | None = None
    touched: Marked | None = None
    columns: Sequence[Column] | None = None
    header: Sequence[str] | None = None
    append: Append | None = None
    replace: Replace | None = None
    sealed: str | None = None

    @property
    def ids(self) -> int:
        """How many responses the entry speaks of."""
        marked = (self.added, self.updated, self.removed, self.touched)
        return sum(len(each.ids) for each in marked if each)


def line_of(text: str) -> bytes:
    """Return the line that holds this JSON."""
    data = text.encode("ascii")
    return b"%08x %s\n" % (crc32(data), data)


def line_of_heading(heading: Heading) -> bytes:
    """Return the first line of a side file."""
    table = heading.table
    return line_of(
        json.dumps(
            {
                "formbridge": "csv",
                "version": VERSION,
                "form_id": table.form_id,
                "source": table.source,
                "guarded": heading.guarded,
            }
        )
    )


@lru_cache(maxsize=8)
def line_of_seal(boot: str, *, journal: bool) -> bytes:
    """Return the line that says: up to here everything is durable, in this run of the machine.

    ``journal`` tells that rows are still to be folded into the table.
    """
    return line_of(json.dumps({"sealed": boot, **({"journal": True} if journal else {})}))


def is_folded(end: bytes) -> bool:
    """Whether a side file that ends so is sealed, with everything in the table."""
    last = end.splitlines()[-1:]
    return bool(last) and b'{"sealed"' in last[0] and b'"journal"' not in last[0]


def line_of_added(ids: Sequence[str], versions: bytes, append: Append) -> bytes:
    """Return the entry of appended rows: the most frequent one, put together fast."""
    return line_of(
        f'{{"added":{{"ids":[{",".join(map(quoted, ids))}],"versions":"{_text_of(versions)}"}},'
        f'"append":[{append.begin},{append.length},{append.crc}]}}'
    )


def line_of_entry(entry: Entry) -> bytes:
    """Return the line of any entry."""
    fields: dict[str, object] = {
        name: _fields(marked)
        for name in ("added", "updated", "removed", "touched")
        if (marked := getattr(entry, name)) is not None
    }
    if entry.columns is not None:
        fields["columns"] = [_column_fields(column) for column in entry.columns]
        fields["header"] = list(entry.header or ())
    if entry.append is not None:
        fields["append"] = [entry.append.begin, entry.append.length, entry.append.crc]
    if entry.replace is not None:
        fields["replace"] = [entry.replace.size, entry.replace.crc]
    if entry.sealed is not None:
        fields["sealed"] = entry.sealed
    return line_of(json.dumps(fields, separators=(",", ":")))


def _fields(marked: Marked) -> dict[str, object]:
    fields: dict[str, object] = {"ids": list(marked.ids), "versions": _text_of(marked.versions)}
    if marked.rows:
        fields["rows"] = list(marked.rows)
    if marked.kept:
        fields["kept"] = {str(row): list(columns) for row, columns in marked.kept.items()}
    return fields


def _text_of(versions: bytes) -> str:
    return b2a_base64(versions, newline=False).decode("ascii")


def _column_fields(column: Column) -> list[object]:
    return [
        column.question_id,
        column.title,
        column.label,
        column.header,
        int(column.source),
        column.version,
        column.kind.value,
    ]


def _column(fields: Sequence[object]) -> Column:
    question_id, title, label, header, source, version, kind = fields
    return Column(
        question_id=str(question_id),
        title=str(title),
        label=str(label),
        header=str(header),
        source=LabelSource(int(source)),  # type: ignore[call-overload]  # our own JSON
        version=int(version),  # type: ignore[call-overload]  # our own JSON
        kind=Kind.of(str(kind)),
    )


def _marked(fields: dict[str, object] | None) -> Marked | None:
    if fields is None:
        return None
    ids: list[str] = fields["ids"]  # type: ignore[assignment]  # our own JSON
    if "versions" in fields:
        versions = a2b_base64(str(fields["versions"]))
    else:
        versions = _from_columns(a2b_base64(str(fields["index"])))
    if len(versions) != len(ids) * VERSION_SIZE:
        raise ValueError("not as many versions as ids")
    kept: dict[str, list[int]] = fields.get("kept", {})  # type: ignore[assignment]  # our own JSON
    rows: list[str] = fields.get("rows", [])  # type: ignore[assignment]  # our own JSON
    return Marked(ids=ids, versions=versions, rows=rows, kept={int(row): kept[row] for row in kept})


def _from_columns(data: bytes) -> bytes:
    """Return versions that a file of version 1 has as five columns; raise ValueError for others."""
    count, rest = divmod(len(data), VERSION_SIZE)
    if rest:
        raise ValueError("not a whole number of versions")
    columns = ((0, 1), (count, 8), (9 * count, 8), (17 * count, 8), (25 * count, 8))
    return b"".join(
        data[begin + number * size : begin + (number + 1) * size]
        for number in range(count)
        for begin, size in columns
    )


def _entry(text: bytes) -> Entry:
    fields = json.loads(text)
    columns = fields.get("columns")
    append, replace = fields.get("append"), fields.get("replace")
    return Entry(
        added=_marked(fields.get("added")),
        updated=_marked(fields.get("updated")),
        removed=_marked(fields.get("removed")),
        touched=_marked(fields.get("touched")),
        columns=None if columns is None else tuple(map(_column, columns)),
        header=fields.get("header"),
        append=append and Append(begin=append[0], length=append[1], crc=append[2]),
        replace=replace and Replace(size=replace[0], crc=replace[1]),
        sealed=fields.get("sealed"),
    )


def _text(line: bytes) -> bytes | None:
    """Return the JSON of a line, or None if the line is damaged."""
    text = line[_CRC:-1]
    return text if line == b"%08x %s\n" % (crc32(text), text) else None


class SideReader:
    """Reads a side file from its beginning; ``end`` is where its last whole line ends."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file = file
        self._name = name
        self.end = 0

    def heading(self) -> Heading | None:
        """Return the first line, or None if the file ends before it does.

        Raises ``NewerVersion`` and ``StoreBroken``.
        """
        line = self._file.readline()
        text = _text(line)
        if text is None:
            if self._file.read(1):
                raise self._broken("its first line")
            return None
        fields = json.loads(text)
        if fields.get("formbridge") != "csv":
            raise self._broken("its first line")
        if fields["version"] > VERSION:
            raise NewerVersion(
                f"{self._name} has version {fields['version']}, and this FormBridge knows "
                f"{VERSION}; upgrade it"
            )
        self.end = len(line)
        table = TableKey(form_id=fields["form_id"], source=fields["source"])
        return Heading(table=table, guarded=fields["guarded"])

    def entry(self) -> Entry | None:
        """Return the next entry, or None at the end. Raises ``StoreBroken``."""
        line = self._file.readline()
        if not line:
            return None
        text = _text(line)
        if text is None:
            self._nothing_behind()
            return None
        self.end += len(line)
        try:
            return _entry(text)
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise self._broken(f"the entry before byte {self.end}") from error

    def _nothing_behind(self) -> None:
        """Only the last line may be damaged: whole lines behind it mean that the file is."""
        if any(_text(line) is not None for line in self._file):
            raise self._broken(f"the line at byte {self.end}")

    def _broken(self, where: str) -> StoreBroken:
        return StoreBroken(
            f"{self._name}: {where} is damaged; restore the file from a copy, or move it and its "
            "table away and replay"
        )
