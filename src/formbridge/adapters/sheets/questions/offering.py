"""Tables whose new questions get a row in the tab in which people correct their titles."""

from collections.abc import Iterable, Mapping

import attrs

from formbridge.adapters.sheets.questions.catalog import SheetsCatalog
from formbridge.domain.identity import TableKey
from formbridge.domain.ports import TableStore
from formbridge.domain.tables import Applied, Snapshot, TableChanges, WriteOutcome


@attrs.define(eq=False)
class OfferingTables(TableStore):
    """The same tables; once a column was added, the catalog learns of it."""

    tables: TableStore
    catalog: SheetsCatalog

    @property
    def tables_per_write(self) -> int | None:
        """As the tables say."""
        return self.tables.tables_per_write

    def open(self, table: TableKey, /) -> Snapshot:
        """Return the table as it stands."""
        return self.tables.open(table)

    def write(self, changes: TableChanges, /) -> Mapping[TableKey, WriteOutcome]:
        """Write, and offer the columns that were added."""
        outcomes = self.tables.write(changes)
        for table, outcome in outcomes.items():
            if isinstance(outcome, Applied):
                each = changes[table]
                self.catalog.offer(table, each.columns, new=each.new_columns)
        return outcomes

    def known(self) -> Iterable[TableKey]:
        """As the tables say."""
        return self.tables.known()

    def tidy(self) -> None:
        """Do what can wait."""
        self.tables.tidy()

    def close(self) -> None:
        """Tidy up and close."""
        self.tables.close()
