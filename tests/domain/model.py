"""A table as plain Python: the simplest thing that keeps the promises of ``Snapshot``.

Cells stand in physical columns, which a person may move, rename and add to; so a plan that mixed
up columns would show here.
"""

import copy
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import cast

import attrs

from formbridge.domain.arrivals import arrival_of
from formbridge.domain.cells import KEEP, Cell
from formbridge.domain.plan_upsert import plan_upsert
from formbridge.domain.questions import FormMapping
from formbridge.domain.records import Delivery
from formbridge.domain.responses import Response
from formbridge.domain.revision import Revision
from formbridge.domain.tables import Changes, Column, Mark, Rows, Stored


@attrs.define(eq=False)
class ModelTable:
    """A table that is its own snapshot. Rows are dicts by physical column."""

    columns: tuple[Column, ...] = ()
    foreign_headers: list[str] = attrs.field(factory=list)
    token: int = 0
    exists: bool = False
    rows: list[dict[str, Cell]] = attrs.field(factory=list)
    entries: dict[str, tuple[Revision, bytes, bool]] = attrs.field(factory=dict)
    physical: list[str] = attrs.field(factory=list)

    @property
    def newest(self) -> int:
        """The latest edit of anything known."""
        return max((revision.edited_at for revision, _, _ in self.entries.values()), default=0)

    def known(self, response_ids: AbstractSet[str]) -> AbstractSet[str]:
        """Look each of them up."""
        return response_ids & self.entries.keys()

    def find(self, response_id: str) -> Stored | None:
        """Look through the rows."""
        if response_id not in self.entries:
            return None
        revision, digest, deleted = self.entries[response_id]
        places = [i for i, row in enumerate(self.rows) if row.get("Response ID") == response_id]
        return Stored(revision=revision, digest=digest, place=None if deleted else places[0])

    def answered(self, place: int) -> frozenset[str]:
        """Return the questions of that row whose cells are not blank."""
        row = self.rows[place]
        return frozenset(
            it.question_id for it in self.columns if row.get(it.question_id) is not None
        )

    def take(
        self,
        responses: Sequence[Response],
        deliveries: Sequence[Delivery],
        mapping: FormMapping | None = None,
    ) -> Changes:
        """Plan, check the plan, apply it."""
        arrivals = list(map(arrival_of, responses, deliveries))
        plan = plan_upsert(self, arrivals, mapping=mapping)
        self.apply(plan)
        return plan

    def apply(self, changes: Changes) -> None:
        """Apply changes as a store must."""
        assert changes.token == self.token, "planned against another table"
        if changes.empty:
            return
        old = {column.question_id: column for column in self.columns}
        assert [it.question_id for it in changes.columns][: len(old)] == list(old)
        for column in changes.columns:
            before = old.get(column.question_id)
            if before is None:
                self.physical.append(column.question_id)
            elif before.renamed:
                kept = attrs.evolve(column, kind=before.kind)
                assert kept == before, "a person's header was overwritten"
        self.columns, self.exists, self.token = changes.columns, True, self.token + 1
        self._overwrite(changes.updated)
        self._append(changes.added)
        for mark in changes.touched:
            self.entries[mark.response_id] = (mark.revision, mark.digest, False)
        self._remove(changes.removed)

    def _cells(self, cells: Sequence[object]) -> dict[str, Cell]:
        assert len(cells) == len(self.columns)
        return {
            column.question_id: cast("Cell", cell)
            for column, cell in zip(self.columns, cells, strict=True)
            if cell is not KEEP
        }

    def _overwrite(self, rows: Rows) -> None:
        for index, place in enumerate(rows.places):
            key = rows.response_ids[index]
            assert self.rows[place]["Response ID"] == key, "another row was overwritten"
            self.rows[place].update(self._cells(rows.cells[index]))
            self._know(rows, index)

    def _append(self, rows: Rows) -> None:
        for index, key in enumerate(rows.response_ids):
            self.rows.append({"Response ID": key, **self._cells(rows.cells[index])})
            self._know(rows, index)

    def _know(self, rows: Rows, index: int) -> None:
        entry = (*rows.version(index), False)
        self.entries[rows.response_ids[index]] = entry

    def _remove(self, marks: Sequence[Mark]) -> None:
        for mark in marks:
            self.entries[mark.response_id] = (mark.revision, mark.digest, True)
        gone = {mark.response_id for mark in marks if mark.place is not None}
        self.rows = [row for row in self.rows if row.get("Response ID") not in gone]

    def restarted(self) -> "ModelTable":
        """Return the table as another process would open it: revisions went through their text."""
        other = copy.deepcopy(self)
        other.entries = {
            key: (Revision.decode(revision.encode()), digest, deleted)
            for key, (revision, digest, deleted) in self.entries.items()
        }
        other.columns = tuple(attrs.evolve(column) for column in self.columns)
        return other

    def answers(self) -> dict[str, dict[str, Cell]]:
        """Return what a person reads: by response id, what is not blank, by question id."""
        return {
            str(row["Response ID"]): {
                key: value
                for key, value in row.items()
                if key in self.physical and value is not None
            }
            for row in self.rows
            if row.get("Response ID") in self.entries
        }
