"""What a side file says, entry by entry, until the table's state stands there."""

from collections.abc import Sequence

import attrs

from formbridge.adapters.csv.side import Append, Entry, Marked, Replace
from formbridge.adapters.csv.table import Pending
from formbridge.domain.digests import DIGEST_SIZE
from formbridge.domain.index import NO_ROW, Index
from formbridge.domain.revision import Revision
from formbridge.domain.tables import MANAGED, Column
from formbridge.domain.versions import VERSION_SIZE, version_of

UNKNOWN_AGE = version_of(
    *Revision(complete=False, edited_at=0, logged_at=0, offset=-1), bytes(DIGEST_SIZE)
)
"""Older than any: the row may be damaged, or its entry was lost."""


@attrs.define(eq=False)
class Story:
    """What the entries of a side file say, one after the other."""

    index: Index = attrs.field(factory=Index)
    columns: tuple[Column, ...] = ()
    header: tuple[str, ...] = MANAGED
    pending: dict[str, Pending] = attrs.field(factory=dict)
    removed: set[str] = attrs.field(factory=set)
    doubted: Sequence[str] = ()
    sealed: str | None = None
    extent: Append | Replace | None = None

    def tell(self, entry: Entry) -> None:
        """Take the next entry, which was finished."""
        self.sealed = entry.sealed
        self.extent = entry.replace or entry.append or self.extent
        if entry.replace is not None:
            self.pending.clear()
        if entry.columns is not None:
            self.columns, self.header = tuple(entry.columns), tuple(entry.header or ())
        if entry.added is not None:
            self._add(entry.added)
        for marked in filter(None, (entry.updated, entry.touched, entry.removed)):
            self._mark(marked)
        if entry.updated is not None:
            self._update(entry.updated)
        if entry.removed is not None:
            self.removed.update(entry.removed.ids)
            for response_id in entry.removed.ids:
                self.pending.pop(response_id, None)

    def doubt(self, entry: Entry) -> None:
        """Take away the revisions of what was added last: the rows may be damaged."""
        self.doubted = entry.added.ids if entry.added else ()
        for response_id in self.doubted:
            self.index.put(response_id, UNKNOWN_AGE)

    def _add(self, added: Marked) -> None:
        self.index.extend(added.ids, added.versions, [NO_ROW] * len(added.ids))
        if self.removed:
            self.removed.difference_update(added.ids)

    def _mark(self, marked: Marked) -> None:
        for number, response_id in enumerate(marked.ids):
            begin = number * VERSION_SIZE
            self.index.put(response_id, marked.versions[begin : begin + VERSION_SIZE])

    def _update(self, updated: Marked) -> None:
        self.removed.difference_update(updated.ids)
        questions = tuple(column.question_id for column in self.columns)
        for number, (response_id, row) in enumerate(zip(updated.ids, updated.rows, strict=True)):
            kept = frozenset(updated.kept.get(number, ()))
            fresh = Pending(questions, row, kept)
            self.pending[response_id] = over(self.pending.get(response_id), fresh)


def over(earlier: Pending | None, later: Pending) -> Pending:
    """Return one pending row for two: what the later one keeps is taken from the earlier."""
    if earlier is None or not later.kept:
        return later
    names: list[str | int] = [*range(len(MANAGED)), *later.questions]
    known, fresh = earlier.fields(), later.fields()
    fields = [fresh.get(name, known.get(name)) for name in names]
    kept = frozenset(number for number, field in enumerate(fields) if field is None)
    line = b",".join(field or b"" for field in fields).decode()
    return Pending(later.questions, line, kept)
