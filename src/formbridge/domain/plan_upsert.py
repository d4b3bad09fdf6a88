"""The decision: a table as it stands, and responses that arrive → what must change in it.

A response is taken if its revision is later than that of its row; the row is then replaced
(upsert), added to (merge) or removed (delete). Applying the same responses again changes nothing,
and upserts and deletes may come in any order.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from operator import itemgetter

import attrs

from formbridge.domain.cells import KEEP, Cell, Moment, Update, cells_of
from formbridge.domain.digests import DIGEST_SIZE
from formbridge.domain.labels import plan_columns
from formbridge.domain.merging import log_place, merged_mark, replaced_at
from formbridge.domain.questions import FormMapping
from formbridge.domain.records import Delivery
from formbridge.domain.responses import Operation, Response, Shape
from formbridge.domain.revision import Revision, revision_of
from formbridge.domain.tables import Changes, Column, Mark, Rows, Snapshot

NO_DIGEST = bytes(DIGEST_SIZE)
UPSERT, MERGE, DELETE = Operation.UPSERT, Operation.MERGE, Operation.DELETE


@attrs.frozen(kw_only=True)
class UpsertPlan:
    """What to write, and how many of the responses change something."""

    changes: Changes
    changed: int


@attrs.frozen(kw_only=True, eq=False)
class Layout:
    """Where the values of a shape go in the columns of a table."""

    targets: tuple[int, ...]
    width: int
    arrange: Callable[[list[Cell]], Sequence[Cell]] | None

    def row(self, values: Sequence[object]) -> list[Update]:
        """Return one cell per column; what was not answered is blank."""
        cells = cells_of(values)  # type: ignore[arg-type]  # values of a response
        if self.arrange is None:
            return cells  # type: ignore[return-value]  # a cell is an update
        cells.append(None)
        return list(self.arrange(cells))


@attrs.define(eq=False)
class Layouts:
    """Layouts of one table that were already computed, to be handed to the next plan of it.

    Only a memory of results: a plan with a fresh one is the same plan.
    """

    columns: Sequence[Column] = ()
    mapping_version: int | None = None
    by_shape: dict[Shape, Layout] = attrs.field(factory=dict)

    def fit(self, columns: Sequence[Column], mapping: FormMapping | None) -> None:
        """Forget what was computed for other columns or for another mapping."""
        version = None if mapping is None else mapping.version
        if columns is not self.columns or version != self.mapping_version:
            self.columns, self.mapping_version = columns, version
            self.by_shape.clear()


def plan_upsert(
    snapshot: Snapshot,
    responses: Sequence[Response],
    deliveries: Sequence[Delivery],
    *,
    mapping: FormMapping | None = None,
    layouts: Layouts | None = None,
) -> UpsertPlan:
    """Decide what these responses (each with its delivery beside it) change in the table.

    Without responses it decides what the mapping changes: the relabelling that is due.
    """
    layouts = Layouts() if layouts is None else layouts
    layouts.fit(snapshot.columns, mapping)
    shapes = {response.shape for response in responses}
    new = 0
    relabelled: tuple[str, ...] = ()
    if not shapes or any(shape.titled or shape not in layouts.by_shape for shape in shapes):
        plan = plan_columns(snapshot, _seen(responses, deliveries), mapping)
        new, relabelled = plan.new, plan.relabelled
        layouts.fit(plan.columns, mapping)
        for shape in shapes - layouts.by_shape.keys():
            layouts.by_shape[shape] = layout_of(plan.columns, shape)
    drafting = _Drafting(snapshot, layouts)
    drafting.take(responses, deliveries)
    return drafting.plan(new_columns=new, relabelled=relabelled)


def _seen(responses: Sequence[Response], deliveries: Sequence[Delivery]) -> dict[Shape, int]:
    """Return the shapes in the order of their first response, with the time of their latest edit."""
    seen: dict[Shape, int] = {}
    for response, delivery in zip(responses, deliveries, strict=True):
        if response.operation is not DELETE:
            edited_at = revision_of(response, delivery).edited_at
            seen[response.shape] = max(edited_at, seen.get(response.shape, 0))
    return seen


def layout_of(columns: Sequence[Column], shape: Shape) -> Layout:
    """Return where each value of the shape goes. Of a question that stands twice the last counts."""
    place = {column.question_id: index for index, column in enumerate(columns)}
    targets = tuple(place.get(question, -1) for question in shape.question_ids)
    width = len(columns)
    if targets == tuple(range(width)):
        return Layout(targets=targets, width=width, arrange=None)
    blank = len(targets)
    source = {target: index for index, target in enumerate(targets)}
    picks = [source.get(index, blank) for index in range(width)]
    if len(picks) > 1:
        return Layout(targets=targets, width=width, arrange=itemgetter(*picks))
    return Layout(targets=targets, width=width, arrange=lambda cells: [cells[i] for i in picks])


@attrs.define(eq=False)
class _Draft:
    """One response as it will be after the plan; ``position`` is its place among the added rows."""

    revision: Revision
    digest: bytes
    place: int | None
    removed: bool = False
    position: int | None = None
    cells: list[Update] | None = None
    times: tuple[Moment, Moment] = (KEEP, KEEP)
    changed: bool = False


class _Drafting:
    """Takes responses one after the other. What is plainly new goes straight to the added rows."""

    def __init__(self, snapshot: Snapshot, layouts: Layouts) -> None:
        self.snapshot = snapshot
        self.layouts = layouts
        self.added = Rows()
        self.drafts: dict[str, _Draft] = {}

    def take(self, responses: Sequence[Response], deliveries: Sequence[Delivery]) -> None:
        """Take them all, in their order."""
        ids = [response.response_id for response in responses]
        repeated: set[str] = set()
        if len(set(ids)) < len(ids):
            repeated = {each for each, count in Counter(ids).items() if count > 1}
        find, by_shape = self.snapshot.find, self.layouts.by_shape
        for response, delivery in zip(responses, deliveries, strict=True):
            key = response.response_id
            if response.operation is UPSERT and key not in repeated and find(key) is None:
                revision = revision_of(response, delivery)
                row = by_shape[response.shape].row(response.values)
                self._add(response, revision, row, response.shape.digest(response.values))
            else:
                self._draft(response, revision_of(response, delivery))

    def _add(
        self, response: Response, revision: Revision, row: list[Update], digest: bytes
    ) -> None:
        added = self.added
        added.response_ids.append(response.response_id)
        added.revisions.append(revision)
        added.digests.append(digest)
        added.submitted_at.append(response.submitted_at)
        added.updated_at.append(response.updated_at)
        added.cells.append(row)

    def _draft(self, response: Response, revision: Revision) -> None:
        """Take a response whose row is there already, or that is no plain upsert."""
        draft = self.drafts.get(response.response_id)
        if draft is None:
            stored = self.snapshot.find(response.response_id)
            if stored is None:
                self._begin(response, revision)
                return
            draft = _Draft(stored.revision, stored.digest, stored.place, stored.place is None)
            self.drafts[response.response_id] = draft
        if response.operation is MERGE and not draft.removed:
            self._merge(draft, response, revision)
        elif revision > draft.revision:
            self._replace(draft, response, revision)

    def _begin(self, response: Response, revision: Revision) -> None:
        """Take the first version of a response that comes again, or that is a merge or delete."""
        draft = _Draft(revision, NO_DIGEST, None, removed=response.operation is DELETE)
        self.drafts[response.response_id] = draft
        draft.changed = True
        if not draft.removed:
            self._fill(draft, response, revision)
            if response.operation is MERGE:
                draft.digest = merged_mark(0)

    def _replace(self, draft: _Draft, response: Response, revision: Revision) -> None:
        before, draft.revision = draft.revision, revision
        if response.operation is DELETE:
            draft.changed = draft.changed or not draft.removed
            draft.removed, draft.digest, draft.cells = True, NO_DIGEST, None
        elif draft.removed or draft.digest != response.digest:
            self._fill(draft, response, revision)
            if response.operation is MERGE:
                draft.digest = merged_mark(log_place(before))

    def _fill(self, draft: _Draft, response: Response, revision: Revision) -> None:
        """Make the row that of this response, whole."""
        draft.removed, draft.changed = False, True
        draft.digest = response.digest
        draft.cells = self.layouts.by_shape[response.shape].row(response.values)
        draft.times = (response.submitted_at, response.updated_at)
        if draft.place is None and draft.position is None:
            draft.position = len(self.added)
            self._add(response, revision, draft.cells, draft.digest)

    def _merge(self, draft: _Draft, response: Response, revision: Revision) -> None:
        """Add answers to the row: a later merge overwrites, an earlier one fills blanks only.

        One that stands in the log before the row's last replacement was replaced with it. A null
        adds nothing.
        """
        replaced = replaced_at(draft.revision, draft.digest)
        if log_place(revision) <= replaced:
            return
        later = revision > draft.revision
        layout = self.layouts.by_shape[response.shape]
        cells: list[Update] = [KEEP] * layout.width if draft.cells is None else list(draft.cells)
        merged = {
            index: cell
            for index, cell in zip(layout.targets, cells_of(response.values), strict=True)
            if cell is not None and (later or self._blank(draft, index))
        }
        for index, cell in merged.items():
            cells[index] = cell
        if later:
            draft.revision = revision
            draft.times = (draft.times[0], response.updated_at or response.submitted_at)
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

    def plan(self, *, new_columns: int, relabelled: tuple[str, ...]) -> UpsertPlan:
        """Turn the drafts into changes."""
        updated = Rows()
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
                _overwrite(updated, key, draft)
            elif self._moved_on(key, draft):
                (removed if draft.removed else touched).append(mark)
        added = _without(self.added, dropped)
        withdrawn = sum(draft.removed and draft.changed for draft in self.drafts.values())
        changes = Changes(
            token=self.snapshot.token,
            columns=tuple(self.layouts.columns)
            if new_columns or relabelled
            else self.snapshot.columns,  # type: ignore[arg-type]  # the very same object
            new_columns=new_columns,
            relabelled=relabelled,
            added=added,
            updated=updated,
            removed=tuple(removed),
            touched=tuple(touched),
        )
        return UpsertPlan(changes=changes, changed=len(added) + len(updated) + withdrawn)

    def _moved_on(self, key: str, draft: _Draft) -> bool:
        stored = self.snapshot.find(key)
        return stored is not None and draft.revision > stored.revision

    def _settle(self, position: int, draft: _Draft) -> None:
        """Put the last version of a new row where its first one stood."""
        added = self.added
        added.revisions[position] = draft.revision
        added.digests[position] = draft.digest
        added.submitted_at[position], added.updated_at[position] = draft.times
        added.cells[position] = draft.cells or []


def _overwrite(updated: Rows, key: str, draft: _Draft) -> None:
    updated.response_ids.append(key)
    updated.revisions.append(draft.revision)
    updated.digests.append(draft.digest)
    updated.submitted_at.append(draft.times[0])
    updated.updated_at.append(draft.times[1])
    updated.cells.append(draft.cells or [])
    updated.places.append(-1 if draft.place is None else draft.place)


def _without(rows: Rows, positions: Sequence[int]) -> Rows:
    """Return the rows without those at these positions."""
    if not positions:
        return rows
    drop = set(positions)
    keep = [index for index in range(len(rows)) if index not in drop]
    return Rows(
        response_ids=[rows.response_ids[index] for index in keep],
        revisions=[rows.revisions[index] for index in keep],
        digests=[rows.digests[index] for index in keep],
        submitted_at=[rows.submitted_at[index] for index in keep],
        updated_at=[rows.updated_at[index] for index in keep],
        cells=[rows.cells[index] for index in keep],
    )
