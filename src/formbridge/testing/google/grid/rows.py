"""The rows of a tab: any number of them, copied only where they change.

A clone costs a pointer for each block of rows, so a ``batchUpdate`` can work on a clone of the
whole spreadsheet and throw it away when one request of many is refused.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from formbridge.testing.google.grid.cell import Content

Row = tuple[Content, ...]
"""The contents of one row, without the blanks at its end."""

BLOCK = 256
"""Rows in a block, at most twice as many."""


def trimmed(contents: Sequence[Content]) -> Row:
    """Return a row without the Nones at its end."""
    end = len(contents)
    while end and contents[end - 1] is None:
        end -= 1
    return tuple(contents[:end])


class Rows:
    """Rows by their index from 0. What was never written is an empty row.

    ``len`` is the index behind the last row that holds anything (a format counts). ``changes``
    grows with each change, so that what was computed from the rows can be remembered beside them.
    """

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        """Begin with these rows."""
        self._blocks: list[list[Row]] = []
        self._own: list[bool] = []
        self._starts: list[int] | None = None
        self._size = 0
        self.changes = 0
        self.extend(rows)

    def clone(self) -> "Rows":
        """Return a copy that shares the blocks; whichever is changed copies what it changes."""
        copy = Rows()
        copy._blocks = self._blocks.copy()
        copy._own = [False] * len(self._blocks)
        copy._starts, copy._size = self._starts, self._size
        copy.changes = self.changes
        self._own = copy._own.copy()
        return copy

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[Row]:
        for block in self._blocks:
            yield from block

    def row(self, index: int) -> Row:
        """Return a row; empty where nothing is."""
        if not 0 <= index < self._size:
            return ()
        number, offset = self._find(index)
        return self._blocks[number][offset]

    def get(self, row: int, column: int) -> Content:
        """Return what stands in a cell."""
        contents = self.row(row)
        return contents[column] if column < len(contents) else None

    def slice(self, start: int, end: int) -> list[Row]:
        """Return the rows from ``start`` to before ``end``; an empty row where nothing is."""
        found: list[Row] = []
        index = start
        stop = min(end, self._size)
        while index < stop:
            number, offset = self._find(index)
            part = self._blocks[number][offset : offset + stop - index]
            found += part
            index += len(part)
        found += [()] * (end - max(start, index))
        return found

    def set_row(self, index: int, contents: Sequence[Content]) -> None:
        """Replace a row."""
        row = trimmed(contents)
        if index >= self._size:
            if row:
                self._append([()] * (index - self._size))
                self._append([row])
            return
        number, offset = self._find(index)
        self._owned(number)[offset] = row
        if not row and index == self._size - 1:
            self._trim()

    def put(self, row: int, column: int, content: Content) -> None:
        """Replace what stands in a cell."""
        contents = self.row(row)
        if column < len(contents):
            self.set_row(row, (*contents[:column], content, *contents[column + 1 :]))
        elif content is not None:
            blanks = (None,) * (column - len(contents))
            self.set_row(row, (*contents, *blanks, content))

    def extend(self, rows: Iterable[Sequence[Content]]) -> None:
        """Append behind the last row that holds anything."""
        self._append([trimmed(row) for row in rows])
        self._trim()

    def insert(self, at: int, count: int) -> None:
        """Insert empty rows before ``at``."""
        if at < self._size and count:
            self._splice(at, at, [()] * count)

    def delete(self, start: int, end: int) -> None:
        """Remove rows; those behind move up."""
        if start < self._size:
            self._splice(start, min(end, self._size), [])
            self._trim()

    def replace(self, start: int, rows: Sequence[Sequence[Content]]) -> None:
        """Replace as many rows from ``start`` on."""
        end = start + len(rows)
        if start >= self._size:
            self._append([()] * (start - self._size))
        missing = end - self._size
        if missing > 0:
            self._append([()] * missing)
        self._splice(start, end, [trimmed(row) for row in rows])
        self._trim()

    # --- blocks ---------------------------------------------------------------------------------

    def _find(self, index: int) -> tuple[int, int]:
        if self._starts is None:
            self._starts = list(accumulate(map(len, self._blocks), initial=0))[:-1]
        number = bisect_right(self._starts, index) - 1
        return number, index - self._starts[number]

    def _owned(self, number: int) -> list[Row]:
        self.changes += 1
        if not self._own[number]:
            self._blocks[number] = self._blocks[number].copy()
            self._own[number] = True
        return self._blocks[number]

    def _append(self, rows: list[Row]) -> None:
        if not rows:
            return
        self.changes += 1
        self._size += len(rows)
        if self._blocks and len(self._blocks[-1]) < BLOCK:
            room = BLOCK - len(self._blocks[-1])
            self._owned(len(self._blocks) - 1).extend(rows[:room])
            rows = rows[room:]
        self._starts = None
        for begin in range(0, len(rows), BLOCK):
            self._blocks.append(rows[begin : begin + BLOCK])
            self._own.append(True)

    def _splice(self, start: int, end: int, rows: list[Row]) -> None:
        """Put rows in the place of others."""
        self.changes += 1
        first, offset = self._find(start) if start < self._size else (len(self._blocks), 0)
        last, rest = self._find(end) if end < self._size else (len(self._blocks), 0)
        head = self._blocks[first][:offset] if offset else []
        tail = self._blocks[last][rest:] if rest else []
        stop = last + 1 if rest else last
        middle = [*head, *rows, *tail]
        blocks = [middle[begin : begin + BLOCK] for begin in range(0, len(middle), BLOCK)]
        self._blocks[first:stop] = blocks
        self._own[first:stop] = [True] * len(blocks)
        self._size += len(rows) - (end - start)
        self._starts = None

    def _trim(self) -> None:
        """Forget empty rows at the end."""
        while self._blocks:
            block = self._blocks[-1]
            keep = len(block)
            while keep and not block[keep - 1]:
                keep -= 1
            if keep == len(block):
                return
            self._size -= len(block) - keep
            self._starts = None
            self.changes += 1
            if keep:
                del self._owned(len(self._blocks) - 1)[keep:]
                return
            self._blocks.pop()
            self._own.pop()
