"""Which of the changes go with which call, so that none is larger than it may be. Pure.

Rows are written over before any is removed, and removed from below, so that no number shifts.
"""

from collections.abc import Sequence

import attrs

from formbridge.adapters.sheets.book.rows import Line
from formbridge.adapters.sheets.book.undo import MOST_APPENDED
from formbridge.domain.tables import Mark

MARK_BYTES, REMOVAL_BYTES = 300, 1_500
"""What a mark costs in a request, and a removal with its copy."""


@attrs.frozen(kw_only=True)
class Load:
    """What one call carries: numbers of rows, marks, and marks with the rows that they remove."""

    updated: range
    added: range
    touched: Sequence[Mark]
    removed: Sequence[tuple[Mark, int]]


@attrs.define(kw_only=True, eq=False)
class Rest:
    """What was not taken yet; ``removed`` with the lowest rows first."""

    updated: Sequence[Line]
    added: Sequence[Line]
    touched: Sequence[Mark]
    removed: Sequence[tuple[Mark, int]]
    _updated: int = attrs.field(init=False, default=0)
    _added: int = attrs.field(init=False, default=0)

    def __bool__(self) -> bool:
        """Whether anything is left."""
        rows = self._updated < len(self.updated) or self._added < len(self.added)
        return rows or bool(self.touched or self.removed)

    def take(self, limit: int) -> Load:
        """Take what fits into so many bytes, at least one thing."""
        begin, self._updated = self._updated, fitting(self.updated, self._updated, limit)
        updated = range(begin, self._updated)
        room = limit - sum(self.updated[number].size for number in updated)
        begin = self._added
        if self._updated == len(self.updated) and (room > 0 or not updated):
            self._added = fitting(self.added, begin, room)
        added = range(begin, self._added)
        room -= sum(self.added[number].size for number in added)
        touched, removed = self._take_marks(room, alone=not (updated or added))
        return Load(updated=updated, added=added, touched=touched, removed=removed)

    def _take_marks(
        self, room: int, *, alone: bool
    ) -> tuple[Sequence[Mark], Sequence[tuple[Mark, int]]]:
        if self._updated < len(self.updated) or self._added < len(self.added):
            return (), ()
        many = max(room // MARK_BYTES, int(alone))
        touched, self.touched = self.touched[:many], self.touched[many:]
        room -= len(touched) * MARK_BYTES
        many = 0 if self.touched else max(room // REMOVAL_BYTES, int(alone and not touched))
        removed, self.removed = self.removed[:many], self.removed[many:]
        return touched, removed

    def cut(self, load: Load) -> list[str]:
        """Return whose texts were cut, of those that a call carries."""
        lines = [self.updated[number] for number in load.updated]
        lines += [self.added[number] for number in load.added]
        return [line.response_id for line in lines if line.cut]


def fitting(lines: Sequence[Line], begin: int, limit: int) -> int:
    """Return the end of the lines from ``begin`` that fit; at least one does."""
    size = 0
    end = min(len(lines), begin + MOST_APPENDED)
    for number in range(begin, end):
        size += lines[number].size
        if size > limit and number > begin:
            return number
    return end
