"""After a crash: was the last write finished? If not, it is taken back.

An entry is written before the bytes that it speaks of, then comes a sync, then a seal, and only
then is the write reported; what was not reported is delivered again. So only the last entry can be
in doubt, and only if no seal follows it:

* its line is cut off: it is dropped, and nothing of the table was written after it;
* it says that bytes were appended which are not all there: they are cut off, and it is dropped;
* it says that the table was written anew, and the old one stands there: it is dropped;
* somebody edited the table since, so that nothing can be told: the rows that it added keep their
  place and lose their revision, and any delivery overwrites them.

What is cut off a table is kept in a file beside it.
"""

from enum import Enum
from zlib import crc32

from formbridge.adapters.csv.heading import FirstLine
from formbridge.adapters.csv.reading import DELIMITERS, records, split, text_in
from formbridge.adapters.csv.side import Append, Entry, Replace
from formbridge.adapters.csv.story import Story
from formbridge.adapters.csv.table import CsvTable


class Verdict(Enum):
    """What is to be thought of the last entry."""

    FINISHED = "all of it is there"
    DROPPED = "none of it is there any more"
    DOUBTFUL = "somebody edited the table since"


def judge(table: CsvTable, story: Story, entry: Entry) -> Verdict:
    """Find out whether the entry behind the story was finished; mend the table if it was not."""
    if entry.sealed is not None:
        return Verdict.FINISHED
    if entry.append is not None:
        return _judge_append(table, entry, entry.append)
    if entry.replace is not None:
        return _judge_replace(table, story, entry.replace)
    return Verdict.FINISHED


def _judge_append(table: CsvTable, entry: Entry, append: Append) -> Verdict:
    disk, path = table.disk, table.paths.table
    status = disk.stat(path)
    size = 0 if status is None else status.st_size
    if size < append.begin:
        return Verdict.DOUBTFUL
    tail = _bytes_from(table, append.begin) if size else b""
    written = tail[: append.length]
    if len(written) == append.length and crc32(written) == append.crc:
        return Verdict.FINISHED
    if not _is_ours(table, tail, entry, heads=append.begin == 0):
        return Verdict.DOUBTFUL
    _cut(table, append.begin, tail)
    return Verdict.DROPPED


def cut_torn_tail(table: CsvTable, story: Story) -> None:
    """After the power failed: cut what is torn behind the last bytes that an entry speaks of.

    Its own entry was lost. What looks whole stays, as rows of unknown age.
    """
    status = table.disk.stat(table.paths.table)
    end = _end_of(table, story.extent) if status is not None else None
    if status is None or end is None or status.st_size <= end:
        return
    tail = _bytes_from(table, end)
    torn = _torn(tail, fields=len(story.header), delimiter=table.dialect.delimiter.encode())
    _cut(table, end + torn, tail[torn:])


def _end_of(table: CsvTable, extent: Append | Replace | None) -> int | None:
    """Return where the bytes end that an entry speaks of, or None if they were edited since."""
    if isinstance(extent, Append):
        end = extent.begin + extent.length
        written = _bytes_from(table, extent.begin)[: extent.length]
        return end if crc32(written) == extent.crc else None
    if isinstance(extent, Replace) and _crc(table, extent.size) == extent.crc:
        return extent.size
    return None


def _torn(tail: bytes, *, fields: int, delimiter: bytes) -> int:
    """Return where the first record begins that is not whole, or the tail's end."""
    place = 0
    for record in _whole_records(tail):
        short = not record.endswith(b"\n") and len(split(record, delimiter)) < fields
        if b"\0" in record or short:
            return place
        place += len(record)
    return place


def _bytes_from(table: CsvTable, begin: int) -> bytes:
    with table.disk.reading(table.paths.table) as file:
        file.seek(begin)
        return file.read()


def _cut(table: CsvTable, size: int, rest: bytes) -> None:
    """Cut the table to this size, and keep what stood there."""
    if rest:
        table.disk.append(table.paths.cut, rest.rstrip(b"\0") + b"\n")
        table.disk.truncate(table.paths.table, size)


def _is_ours(table: CsvTable, tail: bytes, entry: Entry, *, heads: bool) -> bool:
    """Whether these bytes are the beginning of what the entry appended."""
    ids = entry.added.ids if entry.added else ()
    whole = tail.rstrip(b"\0")
    lines = whole.splitlines(keepends=True) if whole.count(b'"') == 0 else None
    if lines is None:
        lines = _whole_records(whole)
    if heads or tail[:1] in {b"\n", b"\r"}:
        lines = lines[1:]
    lines = [line for line in lines if line.endswith(b"\n")]
    if len(lines) > len(ids):
        return False
    guarded = table.dialect.guarded
    for line, response_id in zip(lines, ids, strict=False):
        found = {
            text_in(field, guarded=guarded)
            for delimiter in DELIMITERS
            for field in split(line, delimiter.encode())
        }
        if response_id not in found:
            return False
    return True


def _whole_records(data: bytes) -> list[bytes]:
    lines: list[bytes] = []
    opened = b""
    for line in data.splitlines(keepends=True):
        opened += line
        if not opened.count(b'"') & 1:
            lines.append(opened)
            opened = b""
    return lines


def _judge_replace(table: CsvTable, story: Story, replace: Replace) -> Verdict:
    status = table.disk.stat(table.paths.table)
    if status is None:
        return Verdict.DROPPED
    if status.st_size >= replace.size and _crc(table, replace.size) == replace.crc:
        return Verdict.FINISHED
    return Verdict.DROPPED if _first_line(table) == story.header else Verdict.DOUBTFUL


def _crc(table: CsvTable, size: int) -> int:
    crc = 0
    with table.disk.reading(table.paths.table) as file:
        while size and (chunk := file.read(min(size, 1 << 20))):
            crc, size = crc32(chunk, crc), size - len(chunk)
    return crc


def _first_line(table: CsvTable) -> tuple[str, ...]:
    with table.disk.reading(table.paths.table) as file:
        _, record = next(records(file, 0), (0, b""))
    return FirstLine.of(record, guarded=table.dialect.guarded).texts
