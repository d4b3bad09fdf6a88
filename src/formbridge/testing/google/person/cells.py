"""Edits of cells: what stands in them and how they look."""

from formbridge.testing.google.errors import ApiError
from formbridge.testing.google.messages import Body
from formbridge.testing.google.person.entering import entered
from formbridge.testing.google.person.hand import Hand, cell, cell_range, header_rows


class CellEdits(Hand):
    """What a person does to cells."""

    def type(self, book_id: str, tab: str, at: str, text: str) -> str:
        """Type into a cell: numbers, dates and formulas are understood; nothing empties it."""
        book = self.book(book_id)
        sheet = self.tab(book_id, tab)
        data = entered(book, sheet, cell(at), text, self.google.clock.now())
        body = {
            "range": cell_range(sheet, at),
            "rows": [{"values": [data]}],
            "fields": "userEnteredValue,userEnteredFormat",
        }
        self.do(book_id, {"updateCells": body})
        return f"typed {text!r} into {at} of {tab}"

    def rename_header(self, book_id: str, tab: str, of: str, text: str) -> str:
        """Type another name on top of a column."""
        sheet = self.tab(book_id, tab)
        return self.type(book_id, tab, f"{of}{max(1, header_rows(sheet))}", text)

    def clear_cells(self, book_id: str, tab: str, cells: str) -> str:
        """Empty cells (``A2:C9``); their formats stay."""
        sheet = self.tab(book_id, tab)
        body = {"range": cell_range(sheet, cells), "cell": {}, "fields": "userEnteredValue"}
        self.do(book_id, {"repeatCell": body})
        return f"emptied {cells} of {tab}"

    def note(self, book_id: str, tab: str, at: str, text: str) -> str:
        """Put a note on a cell; an empty one takes it away."""
        self._repeat(book_id, tab, at, {"note": text}, "note")
        return f"put the note {text!r} on {at} of {tab}"

    def colour(self, book_id: str, tab: str, cells: str, colour: str) -> str:
        """Give cells a colour (``#ffcc00``)."""
        body = {"userEnteredFormat": {"backgroundColor": _colour(colour)}}
        self._repeat(book_id, tab, cells, body, "userEnteredFormat.backgroundColor")
        return f"coloured {cells} of {tab} {colour}"

    def bold(self, book_id: str, tab: str, cells: str, *, bold: bool = True) -> str:
        """Make text bold, or thin again."""
        body = {"userEnteredFormat": {"textFormat": {"bold": bold}}}
        self._repeat(book_id, tab, cells, body, "userEnteredFormat.textFormat.bold")
        return f"made {cells} of {tab} {'bold' if bold else 'thin'}"

    def merge(self, book_id: str, tab: str, cells: str) -> str:
        """Merge cells into one."""
        sheet = self.tab(book_id, tab)
        area = cell_range(sheet, cells)
        self.do(book_id, {"mergeCells": {"range": area, "mergeType": "MERGE_ALL"}})
        return f"merged {cells} of {tab}"

    def unmerge(self, book_id: str, tab: str, cells: str) -> str:
        """Split merged cells."""
        sheet = self.tab(book_id, tab)
        self.do(book_id, {"unmergeCells": {"range": cell_range(sheet, cells)}})
        return f"split {cells} of {tab}"

    def replace(self, book_id: str, find: str, by: str) -> str:
        """Replace a text in all tabs."""
        body = {"find": find, "replacement": by, "allSheets": True}
        self.do(book_id, {"findReplace": body})
        return f"replaced {find!r} by {by!r}"

    def _repeat(self, book_id: str, tab: str, cells: str, body: Body, fields: str) -> None:
        sheet = self.tab(book_id, tab)
        request = {"range": cell_range(sheet, cells), "cell": body, "fields": fields}
        self.do(book_id, {"repeatCell": request})


def _colour(text: str) -> Body:
    try:
        parts = bytes.fromhex(text.removeprefix("#"))
        red, green, blue = (part / 255 for part in parts)
    except ValueError as error:
        raise ApiError(400, f"{text!r} is no colour.") from error
    return {"red": red, "green": green, "blue": blue}
