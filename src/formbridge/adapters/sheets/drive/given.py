"""The spreadsheets that the settings name: used as they are, never searched, marked or made."""

import attrs

from formbridge.adapters.sheets.drive.registry import Registry
from formbridge.adapters.sheets.settings import SheetsSettings
from formbridge.domain.errors import TableUnavailable
from formbridge.domain.identity import TableKey

NO_FOLDER = ""
"""What the registry knows them under."""


@attrs.define(eq=False, kw_only=True)
class Given:
    """Looks them up, and remembers who has which: two tables never share one."""

    settings: SheetsSettings
    registry: Registry

    def said(self, table: TableKey) -> str | None:
        """Return what the settings name for a table, by its name or by its form id."""
        spreadsheets = self.settings.spreadsheets
        return spreadsheets.get(str(table)) or spreadsheets.get(table.form_id)

    def find(self, table: TableKey) -> str | None:
        """Return it, or None; raise ``TableUnavailable`` where another table has it."""
        book = self.said(table)
        if book is None or self.registry.books(NO_FOLDER, table) == (book,):
            return book
        for other in self.registry.owners(book) - {table}:
            if self.said(other) in {None, book}:
                raise TableUnavailable(
                    f"the setting spreadsheets names {book} for {str(table)!r}, but it belongs to "
                    f"{str(other)!r}; each table needs one of its own"
                )
        self.registry.keep(NO_FOLDER, table, (book,))
        return book

    def tables(self) -> set[TableKey]:
        """Return the tables that were met, and for which the settings still name one."""
        met = self.registry.tables(NO_FOLDER)
        return {table for table in met if self.said(table) is not None}

    def forget(self, table: TableKey) -> None:
        """Remember nothing of a table."""
        self.registry.keep(NO_FOLDER, table, ())
