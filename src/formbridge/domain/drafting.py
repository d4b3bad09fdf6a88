"""What a batch of arrivals makes of the rows of one table, taken one after the other.

What is plainly new goes straight to the added rows. Everything else becomes a draft: the row as it
will be, which the next arrival for it finds.
"""

from collections import Counter
from collections.abc import Sequence

import attrs

from formbridge.domain.arrivals import Arrival
from formbridge.domain.cells import KEEP, Moment, Update
from formbridge.domain.digests import DIGEST_SIZE
from formbridge.domain.labels import ColumnPlan
from formbridge.domain.layouts import Layouts, PackedRows
from formbridge.domain.merging import log_place, merged_mark, replaced_at
from formbridge.domain.responses import Operation
from formbridge.domain.revision import Revision
from formbridge.domain.tables import Changes, Mark, Rows, Snapshot
from formbridge.domain.versions import version_of

NO_DIGEST = bytes(DIGEST_SIZE)
UPSERT, MERGE, DELETE = Operation.UPSERT, Operation.MERGE, Operation.DELETE


@attrs.define(eq=False)
class _Draft:
    """One response as it will be after the plan; ``position`` is its place among the added rows.

    ``stored`` is the revision that the table knows, or None if it knows nothing of the response.
    """

    revision: Revision
    digest: bytes
    place: int | None
    stored: Revision | None
    removed: bool = False
    position: int | None = None
    cells: list[Update] | None = attrs.field(default=None, repr=False)
    times: tuple[Moment, Moment] = (KEEP, KEEP)
    changed: bool = False

    @property
    def version(self) -> bytes:
        return version_of(*self.revision, self.digest)


class Drafting:
    """Takes responses one after the other. What is plainly new goes straight to the added rows."""

    def __init__(self, snapshot: Snapshot, layouts: Layouts) -> None:
        self.snapshot = snapshot
        self.layouts = layouts
        self.cells: list[list[Update]] = []
        self.added = Rows(cells=self.cells)
        self.drafts: dict[str, _Draft] = {}

    def take(self, arrivals: Sequence[Arrival]) -> None:
        """Take them all, in their order; if all are new, as nearly always, as columns at once."""
        if not arrivals:
            return
        ids, operations, shapes, submitted_at, updated_at, versions, rows = zip(
            *arrivals, strict=True
        )
        unique = set(ids)
        known = self.snapshot.known(unique)
        if len(unique) < len(ids):
            known = {each for each, count in Counter(ids).items() if count > 1} | known
        if not known and operations.count(UPSERT) == len(ids):
            by_shape = self.layouts.by_shape
            self.added = Rows(
                response_ids=list(ids),
                versions=list(versions),
                submitted_at=list(submitted_at),
                updated_at=list(updated_at),
                cells=PackedRows([by_shape[shape] for shape in shapes], rows),
            )
            return
        for arrival in arrivals:
            if arrival.operation is UPSERT and arrival.response_id not in known:
                self._add(arrival, self._row(arrival))
            else:
                self._draft(arrival)

    def _row(self, arrival: Arrival) -> list[Update]:
        return self.layouts.by_shape[arrival.shape].row(arrival.cells)

    def _add(self, arrival: Arrival, row: list[Update]) -> None:
        added = self.added
        added.response_ids.append(arrival.response_id)
        added.versions.append(arrival.version)
        added.submitted_at.append(arrival.submitted_at)
        added.updated_at.append(arrival.updated_at)
        self.cells.append(row)

    def _draft(self, arrival: Arrival) -> None:
        """Take a response whose row is there already, or that is no plain upsert."""
        revision = arrival.revision
        draft = self.drafts.get(arrival.response_id)
        if draft is None:
            stored = self.snapshot.find(arrival.response_id)
            if stored is None:
                self._begin(arrival, revision)
                return
            known, place = stored.revision, stored.place
            draft = _Draft(known, stored.digest, place, known, removed=place is None)
            self.drafts[arrival.response_id] = draft
        if arrival.operation is MERGE and not draft.removed:
            self._merge(draft, arrival, revision)
        elif revision > draft.revision:
            self._replace(draft, arrival, revision)

    def _begin(self, arrival: Arrival, revision: Revision) -> None:
        """Take the first version of a response that comes again, or that is a merge or delete."""
        draft = _Draft(revision, NO_DIGEST, None, None, removed=arrival.operation is DELETE)
        self.drafts[arrival.response_id] = draft
        draft.changed = True
        if not draft.removed:
            self._fill(draft, arrival, replaced=0)

    def _replace(self, draft: _Draft, arrival: Arrival, revision: Revision) -> None:
        """Let a later version take the place of what is there."""
        draft.revision = revision
        if arrival.operation is DELETE:
            draft.changed = draft.changed or not draft.removed
            draft.removed, draft.digest, draft.cells = True, NO_DIGEST, None
        elif draft.removed or draft.digest != arrival.digest:
            self._fill(draft, arrival, replaced=log_place(revision))

    def _fill(self, draft: _Draft, arrival: Arrival, *, replaced: int) -> None:
        """Make the row that of this response, whole; a merge remembers what it stands on."""
        draft.removed, draft.changed = False, True
        draft.digest = merged_mark(replaced) if arrival.operation is MERGE else arrival.digest
        draft.cells = self._row(arrival)
        draft.times = (arrival.submitted_at, arrival.updated_at)
        if draft.place is None and draft.position is None:
            draft.position = len(self.added)
            self._add(arrival, draft.cells)

    def _merge(self, draft: _Draft, arrival: Arrival, revision: Revision) -> None:
        """Add answers to the row: a later merge overwrites, an earlier one fills blanks only.

        An earlier one that stands in the log before the row's last replacement was replaced with
        it. A later one was not: what stands there could not have replaced it, and came to be the
        row because the row was lost meanwhile. A null adds nothing.
        """
        later = revision > draft.revision
        replaced = replaced_at(draft.revision, draft.digest)
        if not later and log_place(revision) <= replaced:
            return
        layout = self.layouts.by_shape[arrival.shape]
        cells: list[Update] = [KEEP] * layout.width if draft.cells is None else list(draft.cells)
        merged = {
            index: cell
            for index, cell in zip(layout.targets, arrival.cells, strict=True)
            if cell is not None and (later or self._blank(draft, index))
        }
        for index, cell in merged.items():
            cells[index] = cell
        if later:
            draft.revision = revision
            draft.times = (draft.times[0], arrival.updated_at or arrival.submitted_at)
        if merged or later:
            draft.digest = merged_mark(replaced)
        if merged:
            draft.cells, draft.changed = cells, True

    def _blank(self, draft: _Draft, index: int) -> bool:
        if draft.cells is not None and draft.cells[index] is not KEEP:
            return draft.cells[index] is None
        if draft.place is None:
            return True
        question = self.layouts.columns[index].question_id
        return question not in self.snapshot.answered(draft.place)

    def changes(self, plan: ColumnPlan) -> Changes:
        """Return what the drafts come to, in a table with these columns."""
        cells: list[list[Update]] = []
        updated = Rows(cells=cells)
        removed: list[Mark] = []
        touched: list[Mark] = []
        dropped: list[int] = []
        for key, draft in self.drafts.items():
            mark = Mark(
                response_id=key, revision=draft.revision, digest=draft.digest, place=draft.place
            )
            if draft.removed and draft.changed:
                removed.append(mark)
                dropped += [] if draft.position is None else [draft.position]
            elif draft.position is not None:
                self._settle(draft.position, draft)
            elif draft.cells is not None:
                cells.append(draft.cells)
                _overwrite(updated, key, draft)
            elif draft.stored is not None and draft.revision > draft.stored:
                (removed if draft.removed else touched).append(mark)
        return Changes(
            token=self.snapshot.token,
            columns=plan.columns,
            new_columns=plan.new,
            relabelled=plan.relabelled,
            added=_without(self.added, dropped),
            updated=updated,
            removed=tuple(removed),
            touched=tuple(touched),
        )

    def _settle(self, position: int, draft: _Draft) -> None:
        """Put the last version of a new row where its first one stood."""
        added = self.added
        added.versions[position] = draft.version
        added.submitted_at[position], added.updated_at[position] = draft.times
        self.cells[position] = draft.cells or []


def _overwrite(updated: Rows, key: str, draft: _Draft) -> None:
    updated.response_ids.append(key)
    updated.versions.append(draft.version)
    updated.submitted_at.append(draft.times[0])
    updated.updated_at.append(draft.times[1])
    updated.places.append(-1 if draft.place is None else draft.place)


def _without(rows: Rows, positions: Sequence[int]) -> Rows:
    """Return the rows without those at these positions."""
    if not positions:
        return rows
    drop = set(positions)
    return rows.pick([index for index in range(len(rows)) if index not in drop])
