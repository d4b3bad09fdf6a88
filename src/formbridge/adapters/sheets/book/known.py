"""What is known in memory of one spreadsheet: as it was read, and as our writes left it since."""

from array import array
from bisect import bisect
from collections.abc import Mapping, Sequence

import attrs

from formbridge.adapters.sheets.book.batches import Batch
from formbridge.adapters.sheets.book.layout import FIRST_QUESTION, Layout
from formbridge.adapters.sheets.book.loading import UNDO, Loaded, index_of
from formbridge.adapters.sheets.book.undo import PREFIX, Undo
from formbridge.domain.index import NO_ROW, Index
from formbridge.domain.tables import Changes, Column


@attrs.define(eq=False, kw_only=True)
class Known:
    """A spreadsheet: how it was read, its responses, and the row that the next one gets.

    Rows count from 0, which is the header. Where a row stands is where it was last seen: people may
    have moved it since. Until it is ``proven`` by a write that was taken, columns may have moved
    between the call that read where they stand and the one that read the rows.
    """

    loaded: Loaded
    index: Index
    undo: Undo
    next_row: int
    proven: bool = False

    @classmethod
    def of(cls, loaded: Loaded) -> "Known":
        """Return what was read, with an index of it."""
        tab = loaded.tabs.get(UNDO)
        rows, columns = (tab.rows, tab.columns) if tab else (2, PREFIX)
        return cls(
            loaded=loaded,
            index=index_of(loaded),
            undo=Undo(sheet=UNDO, rows=rows, columns=columns),
            next_row=1 + _last(loaded),
        )

    @property
    def written(self) -> bool:
        """Whether the spreadsheet was ever written."""
        return self.loaded.layout is not None

    @property
    def layout(self) -> Layout:
        """Where its columns stand; it was written."""
        if self.loaded.layout is None:
            raise AssertionError("a spreadsheet that was never written has no layout")
        return self.loaded.layout

    @property
    def columns(self) -> dict[int, Column]:
        """Our question columns that are there, by number; of two for one question the first."""
        questions: set[str] = set()
        columns: dict[int, Column] = {}
        if self.loaded.layout is None:
            return columns
        for number, column in self.layout.columns(self.loaded.states.columns).items():
            if column.question_id not in questions:
                questions.add(column.question_id)
                columns[number] = column
        return columns

    def new_columns(self, changes: Changes, numbers: Mapping[str, int]) -> dict[int, Column]:
        """Return the columns that must be added, by the numbers that they get."""
        free = max([FIRST_QUESTION - 1, *self.loaded.states.columns]) + 1
        missing = [it for it in changes.columns if it.question_id not in numbers]
        return dict(enumerate(missing, free))

    def relabelled(self, changes: Changes, numbers: Mapping[str, int]) -> dict[int, Column]:
        """Return the columns that are labelled anew, by number."""
        found = {
            numbers[column.question_id]: column
            for column in changes.columns
            if column.question_id in changes.relabelled and column.question_id in numbers
        }
        return {n: it for n, it in found.items() if self.layout.place(n) >= 0}

    def fits(self, batch: Batch, most_cells: int) -> bool:
        """Whether the grids stay below so many cells when this is added."""
        rows, columns = self.loaded.tabs[self.layout.sheet].rows, len(batch.columns)
        grown = max(0, self.next_row + len(batch.added) - rows)
        more = grown * (self.layout.width + columns) + rows * columns
        return self.loaded.cells + more <= most_cells

    def learn(self, batch: Batch, changes: Changes | None, *, token: str, anchored: bool) -> None:
        """Take what a call has changed. ``anchored``: it gave every column its anchor."""
        self.loaded.token = token
        self.proven = True
        layout = batch.layout.fenced() if anchored else batch.layout
        self.loaded.layout = _labelled(layout, batch.relabelled)
        self.loaded.states.columns.update(batch.columns)
        self.loaded.states.columns.update(batch.relabelled)
        self.undo = batch.undo
        if changes is not None:
            self._learn_rows(batch, changes)
        tab = self.loaded.tabs[layout.sheet]
        rows = max(tab.rows, self.next_row)
        self.loaded.tabs[layout.sheet] = attrs.evolve(tab, rows=rows, columns=layout.width)

    def _learn_rows(self, batch: Batch, changes: Changes) -> None:
        index, updated, added = self.index, changes.updated, changes.added
        for n in batch.updated:
            index.put(updated.response_ids[n], updated.versions[n])
        for mark in batch.touched:
            index.put(mark.response_id, mark.version)
        new = slice(batch.added.start, batch.added.stop)
        versions = b"".join(added.versions[new])
        rows = range(self.next_row, self.next_row + len(batch.added))
        index.extend(added.response_ids[new], versions, rows)
        self.next_row += len(batch.added)
        for mark, _ in batch.removed:
            index.at[index.put(mark.response_id, mark.version)] = NO_ROW
        gone = sorted(row for _, row in batch.removed if row != NO_ROW)
        if gone:
            _close_up(index.at, gone)
            self.next_row -= len(gone)


def _labelled(layout: Layout, relabelled: Mapping[int, Column]) -> Layout:
    """Return the layout with the headers that were written."""
    spots = list(layout.spots)
    for number, column in relabelled.items():
        place = layout.place(number)
        spots[place] = attrs.evolve(spots[place], header=column.header)
    return attrs.evolve(layout, spots=tuple(spots))


def _last(loaded: Loaded) -> int:
    """Return the last row in which one of our cells holds something."""
    both = zip(loaded.ids, loaded.row_states, strict=True)
    return max((row for row, (a, b) in enumerate(both, 1) if a or b), default=0)


def _close_up(places: "array[int]", gone: Sequence[int]) -> None:
    """Let rows move up by those above them that are gone."""
    for number, row in enumerate(places):
        if row != NO_ROW:
            places[number] = row - bisect(gone, row)
