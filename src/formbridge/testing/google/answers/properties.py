"""The properties of a spreadsheet and of its tabs, as the API shows them."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from formbridge.testing.google.answers.printing import ordered, printed
from formbridge.testing.google.behaviour import DOCUMENTED, RECORDED, behaves
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.colours import THEME, rgb_of
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.messages import Body

WHITE: Body = {"red": 1, "green": 1, "blue": 1}
DEFAULT_TEXT: Mapping[str, Any] = {
    "foregroundColor": {},
    "fontFamily": "arial,sans,sans-serif",
    "fontSize": 10,
    "bold": False,
    "italic": False,
    "strikethrough": False,
    "underline": False,
    "foregroundColorStyle": {"rgbColor": {}},
}
DEFAULT_FORMAT: Mapping[str, Any] = {
    "backgroundColor": WHITE,
    "padding": {"top": 2, "right": 3, "bottom": 2, "left": 3},
    "verticalAlignment": "BOTTOM",
    "wrapStrategy": "OVERFLOW_CELL",
    "textFormat": DEFAULT_TEXT,
    "backgroundColorStyle": {"rgbColor": WHITE},
}
DEFAULT_FONT = "Arial"

BOOK_ORDER = (
    "title", "locale", "autoRecalc", "timeZone", "defaultFormat", "iterativeCalculationSettings",
    "spreadsheetTheme", "importFunctionsExternalUrlAccessAllowed",
)  # fmt: skip
SHEET_ORDER = (
    "sheetId", "title", "index", "sheetType", "gridProperties", "hidden", "tabColor",
    "rightToLeft", "tabColorStyle", "dataSourceSheetProperties",
)  # fmt: skip
GRID_ORDER = (
    "rowCount", "columnCount", "frozenRowCount", "frozenColumnCount", "hideGridlines",
    "rowGroupControlAfter", "columnGroupControlAfter",
)  # fmt: skip


@behaves("the default format and the theme of a spreadsheet are always there", RECORDED)
def book_properties(book: Book) -> Body:
    """Return ``SpreadsheetProperties``."""
    properties: Body = {
        "title": book.title,
        "locale": book.locale,
        "autoRecalc": "ON_CHANGE",
        "timeZone": book.time_zone,
        "defaultFormat": deepcopy(dict(DEFAULT_FORMAT)),
        "spreadsheetTheme": theme(),
    }
    return ordered(properties | deepcopy(book.properties), BOOK_ORDER)


def theme() -> Body:
    """Return the standard theme."""
    colours = [
        {"colorType": name, "color": {"rgbColor": rgb_of({"themeColor": name})}} for name in THEME
    ]
    return {"primaryFontFamily": DEFAULT_FONT, "themeColors": colours}


@behaves("a sheetId and an index of 0 are printed in the properties of a tab", RECORDED)
@behaves("a tab that is no grid has no gridProperties", DOCUMENTED)
def sheet_properties(book: Book, sheet: Sheet) -> Body:
    """Return ``SheetProperties``."""
    properties: Body = {
        "sheetId": sheet.id,
        "title": sheet.title,
        "index": next(at for at, one in enumerate(book.sheets) if one is sheet),
        "sheetType": sheet.kind,
    }
    if sheet.kind != "OBJECT":
        properties["gridProperties"] = grid_properties(sheet)
    if sheet.hidden:
        properties["hidden"] = True
    return ordered(properties | printed(sheet.other), SHEET_ORDER)


@behaves(
    "the columnCount and rowCount are printed always, the rest where it says something", RECORDED
)
def grid_properties(sheet: Sheet) -> Body:
    """Return ``GridProperties``."""
    counts = {"rowCount": sheet.row_count, "columnCount": sheet.column_count}
    return ordered(counts | printed(sheet.grid), GRID_ORDER)
