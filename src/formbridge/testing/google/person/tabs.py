"""Edits of tabs, of who may edit them, and of the file."""

from formbridge.testing.google.messages import Body
from formbridge.testing.google.person.hand import Hand, cell_range


class TabEdits(Hand):
    """What a person does to tabs and to the file."""

    def protect(self, book_id: str, tab: str, cells: str = "", *, warning: bool = False) -> str:
        """Let nobody else edit cells, or the tab; with ``warning``, they are only asked."""
        sheet = self.tab(book_id, tab)
        area = cell_range(sheet, cells) if cells else {"sheetId": sheet.id}
        editors: Body = {} if warning else {"editors": {"users": [self.account.email]}}
        body = {"range": area, "warningOnly": warning, **editors}
        self.do(book_id, {"addProtectedRange": {"protectedRange": body}})
        return f"protected {cells or 'all'} of {tab}"

    def unprotect(self, book_id: str, tab: str) -> str:
        """Take all protection off a tab."""
        things = self.tab(book_id, tab).things.get("protectedRanges", [])
        ids = [thing["protectedRangeId"] for thing in things]
        self.do(book_id, *({"deleteProtectedRange": {"protectedRangeId": one}} for one in ids))
        return f"took {len(ids)} protections off {tab}"

    def add_tab(self, book_id: str, title: str) -> str:
        """Add a tab at the end."""
        self.do(book_id, {"addSheet": {"properties": {"title": title}}})
        return f"added the tab {title}"

    def delete_tab(self, book_id: str, tab: str) -> str:
        """Delete a tab."""
        self.do(book_id, {"deleteSheet": {"sheetId": self.tab(book_id, tab).id}})
        return f"deleted the tab {tab}"

    def rename_tab(self, book_id: str, tab: str, title: str) -> str:
        """Give a tab another name."""
        self._properties(book_id, tab, {"title": title}, "title")
        return f"renamed the tab {tab} to {title}"

    def move_tab(self, book_id: str, tab: str, place: int) -> str:
        """Drag a tab to a place, from 1 on."""
        here = self.google.books[book_id].sheets.index(self.tab(book_id, tab))
        index = place if place - 1 > here else place - 1  # the API counts before the move
        self._properties(book_id, tab, {"index": index}, "index")
        return f"moved the tab {tab} to place {place}"

    def hide_tab(self, book_id: str, tab: str, *, hidden: bool = True) -> str:
        """Hide a tab, or show it again."""
        self._properties(book_id, tab, {"hidden": hidden}, "hidden")
        return f"{'hid' if hidden else 'showed'} the tab {tab}"

    def freeze(self, book_id: str, tab: str, rows: int = 1, columns: int = 0) -> str:
        """Freeze rows on top and columns on the left."""
        grid = {"frozenRowCount": rows, "frozenColumnCount": columns}
        fields = "gridProperties(frozenRowCount,frozenColumnCount)"
        self._properties(book_id, tab, {"gridProperties": grid}, fields)
        return f"froze {rows} rows and {columns} columns of {tab}"

    # --- the file -------------------------------------------------------------------------------

    def rename_file(self, book_id: str, title: str) -> str:
        """Give the spreadsheet another name."""
        body = {"properties": {"title": title}, "fields": "title"}
        self.do(book_id, {"updateSpreadsheetProperties": body})
        with self.google.lock:
            self.google.drive.rename(book_id, title, by=self.account, now=self.google.clock.now())
        return f"renamed the file to {title}"

    def trash(self, book_id: str) -> str:
        """Put the file into the trash."""
        with self.google.lock:
            self.may_change_file(book_id)
            self.google.drive.trash(book_id, by=self.account, now=self.google.clock.now())
        return "put the file into the trash"

    def restore(self, book_id: str) -> str:
        """Take the file out of the trash."""
        with self.google.lock:
            self.may_change_file(book_id)
            self.google.drive.restore(book_id, now=self.google.clock.now())
        return "took the file out of the trash"

    def _properties(self, book_id: str, tab: str, properties: Body, fields: str) -> None:
        sheet = self.tab(book_id, tab)
        body = {"properties": {"sheetId": sheet.id, **properties}, "fields": fields}
        self.do(book_id, {"updateSheetProperties": body})
