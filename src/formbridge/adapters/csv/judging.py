"""After a crash: was the last write finished? If not, the table is mended.

An entry is written before the bytes that it speaks of, each write ends with a sync, and what was
not reported written is delivered again. So only the last entry can be in doubt:

* its line is cut off: it is dropped, and nothing of the table was written after it;
* it says that bytes were appended which are not all there: they are cut off. Its new responses are
  then not in the table, so they are unknown; what else it says is complete in itself;
* it says that the table was replaced, and the old one stands there: its columns are forgotten;
* somebody edited the table after the crash, so that nothing can be told: the rows of the last
  write keep their place and lose their revision, and any delivery overwrites them.
"""

from zlib import crc32

from formbridge.adapters.csv.heading import FirstLine
from formbridge.adapters.csv.reading import DELIMITERS, records, split, text_in
from formbridge.adapters.csv.side import Append, Entry, Replace
from formbridge.adapters.csv.story import NO_DIGEST, UNKNOWN_AGE, Story
from formbridge.adapters.csv.table import CsvTable


def judge(table: CsvTable, story: Story, *, trusted: int) -> None:
    """Find out whether the last entry was finished, and mend the table if it was not.

    Up to the size ``trusted`` of the side file, somebody knows that everything was.
    """
    last = story.last
    if last is None or last.sealed or table.side_size == trusted:
        return
    if last.append is not None:
        _judge_append(table, story, last.append, last)
    elif last.replace is not None:
        _judge_replace(table, story, last.replace, last)


def _judge_append(table: CsvTable, story: Story, append: Append, entry: Entry) -> None:
    disk, path = table.disk, table.paths.table
    status = disk.stat(path)
    size = 0 if status is None else status.st_size
    tail = b""
    if status is not None and size > append.begin:
        with disk.reading(path) as file:
            file.seek(append.begin)
            tail = file.read()
    written = tail[: append.length]
    if len(written) == append.length and crc32(written) == append.crc:
        _cut_fragment(table, tail[append.length :], append.begin + append.length)
        return
    if tail and _is_ours(table, tail, entry, heads=append.begin == 0):
        disk.truncate(path, append.begin)
    _forget_revisions(story, entry)


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


def _cut_fragment(table: CsvTable, rest: bytes, begin: int) -> None:
    """Move a last line that has no end out of the table: its entry was lost with the power."""
    whole = rest.rstrip(b"\0").rfind(b"\n") + 1
    if whole < len(rest):
        table.disk.append(table.paths.cut, rest[whole:].rstrip(b"\0") + b"\n")
        table.disk.truncate(table.paths.table, begin + whole)


def _forget_revisions(story: Story, entry: Entry) -> None:
    """The rows of the last write may be damaged: let any delivery of them count."""
    for response_id in entry.added.ids if entry.added else ():
        story.index.put(response_id, UNKNOWN_AGE, NO_DIGEST)


def _judge_replace(table: CsvTable, story: Story, replace: Replace, entry: Entry) -> None:
    status = table.disk.stat(table.paths.table)
    if status is not None and status.st_ino == replace.inode:
        return
    if status is None or _first_line(table) == story.before[1]:
        story.unfold()
        _forget_revisions(story, entry)


def _first_line(table: CsvTable) -> tuple[str, ...]:
    with table.disk.reading(table.paths.table) as file:
        _, record = next(records(file, 0), (0, b""))
    return FirstLine.of(record, guarded=table.dialect.guarded).texts
