"""The sink that keeps tables: decode → plan → write, over any ``TableStore``."""

from collections.abc import Iterator, Mapping, Sequence

import attrs

from formbridge.domain.arrivals import Arrival
from formbridge.domain.errors import StoreBroken, StoreUnavailable, TableBusy, TableUnavailable
from formbridge.domain.identity import TableKey
from formbridge.domain.layouts import Layouts
from formbridge.domain.plan_batch import Read, plan_batch
from formbridge.domain.plan_upsert import plan_upsert
from formbridge.domain.ports import QuestionCatalog, Sink, TableStore
from formbridge.domain.questions import FormMapping
from formbridge.domain.records import Delivery
from formbridge.domain.sinks import Failure, NotNow, Outcome, Part, Plan, Unavailable, Written
from formbridge.domain.tables import (
    Applied,
    Changes,
    Refused,
    Stale,
    TableGone,
    TableNotNow,
    WriteOutcome,
)

ATTEMPTS = 5
"""How often a table is planned again because somebody changed it in between."""
EDITED_SECONDS = 1.0


@attrs.define(eq=False)
class _Work:
    """One part on its way into its table."""

    part: Part
    table: TableKey
    failures: list[Failure] = attrs.field(factory=list)
    changes: Changes | None = None
    attempts: int = 0

    def written(self) -> Written:
        changed = 0 if self.changes is None else self.changes.changed
        return Written(key=self.part.key, changed=changed, failures=tuple(self.failures))

    def refuse(self, refused: Refused) -> bool:
        """Take the refused responses out of the part and remember why; return whether any was."""
        kept = Part(key=self.part.key, table=self.table)
        for delivery, item in zip(self.part.deliveries, self.part.items, strict=True):
            reason = refused.reasons.get(_arrival(item).response_id)
            if reason is None:
                kept.deliveries.append(delivery)
                kept.items.append(item)
            else:
                self.failures.append(Failure(delivery=delivery, reason=reason, error="Refused"))
        taken = len(kept.items) < len(self.part.items)
        self.part, self.changes = kept, None
        return taken

    def again(self) -> NotNow | None:
        """Return None to be planned again, which is done so often only."""
        self.attempts += 1
        if self.attempts < ATTEMPTS:
            return None
        reason = "somebody else keeps changing the table"
        return NotNow(key=self.part.key, seconds=EDITED_SECONDS, reason=reason)


@attrs.define(eq=False, kw_only=True)
class TableSink(Sink):
    """Writes responses to tables, one per form. Writing twice is writing once.

    ``read`` decodes a delivery; ``catalog`` knows what the questions are called.
    """

    store: TableStore
    read: Read
    catalog: QuestionCatalog | None = None
    _layouts: dict[TableKey, Layouts] = attrs.field(init=False, factory=dict)
    _labelled: int | None = attrs.field(init=False, default=None)

    @property
    def idempotent(self) -> bool:
        """Revisions make it so."""
        return True

    def plan(self, deliveries: Sequence[Delivery], /) -> Plan:
        """Decode, and sort by table."""
        return plan_batch(deliveries, self.read)

    def write(self, parts: Sequence[Part], /) -> Iterator[Outcome]:
        """Write as many tables at once as the store likes, and answer for each."""
        size = self.store.tables_per_write or len(parts) or 1
        for start in range(0, len(parts), size):
            chunk = parts[start : start + size]
            pending = {
                work.table: work for work in (_Work(part, _table_of(part)) for part in chunk)
            }
            while pending:
                yield from self._attempt(pending)

    def _attempt(self, pending: dict[TableKey, _Work]) -> list[Outcome]:
        """Plan and write what is pending; leave in ``pending`` what must be planned again."""
        outcomes = self._plan_all(pending)
        changes = {
            table: work.changes
            for table, work in pending.items()
            if work.changes is not None and not work.changes.empty
        }
        results: Mapping[TableKey, WriteOutcome] = {}
        try:
            results = self.store.write(changes) if changes else {}
        except StoreUnavailable as error:
            outcomes += [self._not_now(work, error) for work in pending.values()]
            pending.clear()
        for table, work in list(pending.items()):
            result = results.get(table, Stale()) if table in changes else Applied()
            outcome = _outcome(work, result)
            if outcome is not None:
                outcomes.append(outcome)
                del pending[table]
        return outcomes

    def _plan_all(self, pending: dict[TableKey, _Work]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        for table, work in list(pending.items()):
            try:
                work.changes = self._plan(table, work.part)
            except (TableBusy, StoreUnavailable) as error:
                outcomes.append(self._not_now(work, error))
                del pending[table]
            except (TableUnavailable, StoreBroken) as error:
                outcomes.append(Unavailable(key=work.part.key, reason=str(error)))
                del pending[table]
        return outcomes

    def _plan(self, table: TableKey, part: Part) -> Changes:
        arrivals: list[Arrival] = part.items  # type: ignore[assignment]  # _table_of looked
        return plan_upsert(
            self.store.open(table),
            arrivals,
            mapping=self._mapping(table),
            layouts=self._layouts.setdefault(table, Layouts()),
        )

    def _mapping(self, table: TableKey) -> FormMapping | None:
        return None if self.catalog is None else self.catalog.mapping(table)

    @staticmethod
    def _not_now(work: _Work, error: TableBusy | StoreUnavailable) -> NotNow:
        return NotNow(key=work.part.key, seconds=error.seconds, reason=str(error))

    def idle(self) -> None:
        """Relabel what the mappings say, if they changed, and let the store tidy up."""
        if self.catalog is not None and self.catalog.version() != self._labelled:
            version = self.catalog.version()
            if self._relabel():
                self._labelled = version
        self.store.tidy()

    def _relabel(self) -> bool:
        """Write the labels that are due; return whether every table could be looked at."""
        changes: dict[TableKey, Changes] = {}
        whole = True
        for table in self.store.known():
            try:
                planned = self._plan(table, Part(key=str(table)))
            except (TableBusy, TableUnavailable, StoreUnavailable, StoreBroken):
                whole = False
                continue
            if not planned.empty:
                changes[table] = planned
        if not changes:
            return whole
        try:
            results = self.store.write(changes)
        except StoreUnavailable:
            return False
        return whole and all(isinstance(result, Applied) for result in results.values())

    def close(self) -> None:
        """Close the store."""
        self.store.close()


def _outcome(work: _Work, result: WriteOutcome) -> Outcome | None:
    """Return what a store's answer means for the bridge; None: plan again."""
    match result:
        case Applied():
            return work.written()
        case TableNotNow(seconds=seconds, reason=reason):
            return NotNow(key=work.part.key, seconds=seconds, reason=reason)
        case TableGone(reason=reason):
            return Unavailable(key=work.part.key, reason=reason)
        case Refused() if work.refuse(result):
            return None if work.part.items else work.written()
        case _:
            return work.again()


def _arrival(item: object) -> Arrival:
    """Return an item of a part that this sink planned."""
    if not isinstance(item, Arrival):
        message = f"a table sink's part holds arrivals, not {type(item).__name__}"
        raise TypeError(message)
    return item


def _table_of(part: Part) -> TableKey:
    if part.table is None:
        message = f"part {part.key!r} is no table's; write the parts that this sink planned"
        raise TypeError(message)
    return part.table
