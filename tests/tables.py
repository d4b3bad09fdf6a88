"""A table store that answers as a test says, and responses on their way to it."""

from collections.abc import Mapping, Sequence

import attrs

from formbridge.adapters.memory.tables import MemoryTables
from formbridge.domain.errors import (
    Undecodable,
)
from formbridge.domain.identity import TableKey
from formbridge.domain.records import Delivery
from formbridge.domain.responses import Response
from formbridge.domain.sinks import Outcome
from formbridge.domain.tables import (
    Snapshot,
    TableChanges,
    WriteOutcome,
)
from formbridge.table_sink import TableSink
from formbridge.testing.builders import a_delivery


class ScriptedTables(MemoryTables):
    """Tables in memory that answer by a script: an entry for each write, None to go on as usual."""

    def __init__(
        self, *script: WriteOutcome | Exception | None, at_once: int | None = None
    ) -> None:
        """Begin with no table."""
        super().__init__()
        self.script = list(script)
        self.at_once = at_once
        self.broken: dict[str, Exception] = {}
        self.writes: list[list[str]] = []
        self.opened = 0
        self.tidied = self.closed = 0

    @property
    def tables_per_write(self) -> int | None:
        """As the test says."""
        return self.at_once

    def open(self, table: TableKey, /) -> Snapshot:
        """Open, or raise what the test broke."""
        self.opened += 1
        if table.form_id in self.broken:
            raise self.broken[table.form_id]
        return super().open(table)

    def write(self, changes: TableChanges, /) -> Mapping[TableKey, WriteOutcome]:
        """Answer by the script for all tables, else write."""
        self.writes.append([table.form_id for table in changes])
        answer = self.script.pop(0) if self.script else None
        if isinstance(answer, Exception):
            raise answer
        if answer is not None:
            return dict.fromkeys(changes, answer)
        return super().write(changes)

    def tidy(self) -> None:
        """Count."""
        self.tidied += 1

    def close(self) -> None:
        """Count."""
        self.closed += 1

    def ids(self, form: str = "form") -> list[str]:
        """Return the response ids of a table."""
        sheet = self.sheets.get(TableKey(form_id=form))
        return [] if sheet is None else sorted(sheet.known)


@attrs.define(eq=False)
class Arrivals:
    """Responses by the place of their record."""

    responses: dict[int, Sequence[Response]] = attrs.field(factory=dict)

    def read(self, delivery: Delivery) -> Sequence[Response]:
        """Return what the test put there."""
        if delivery.offset not in self.responses:
            raise Undecodable("$", "nothing is there")
        return self.responses[delivery.offset]


def write(store: MemoryTables, *responses: Response | Sequence[Response]) -> list[Outcome]:
    """Write these as one batch, one record each, and return the outcomes."""
    several = [[it] if isinstance(it, Response) else it for it in responses]
    arrivals = Arrivals(dict(enumerate(several)))
    sink = TableSink(store=store, read=arrivals.read)
    plan = sink.plan([a_delivery(offset=offset) for offset in range(len(several))])
    return list(sink.write(list(plan.parts.values())))
