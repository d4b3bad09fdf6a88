"""How a cell looks: the effective format, which is the default one under what was entered."""

import re
from collections.abc import Mapping
from typing import Any

from formbridge.testing.google.answers.printing import ordered
from formbridge.testing.google.answers.properties import DEFAULT_FONT, DEFAULT_FORMAT, DEFAULT_TEXT
from formbridge.testing.google.behaviour import ASSUMED, SEEN, behaves
from formbridge.testing.google.grid.cell import Cell, ErrorValue, Format, Value
from formbridge.testing.google.grid.colours import rgb_of
from formbridge.testing.google.messages import Body

FORMAT_ORDER = (
    "numberFormat", "backgroundColor", "borders", "padding", "horizontalAlignment",
    "verticalAlignment", "wrapStrategy", "textDirection", "textFormat", "hyperlinkDisplayType",
    "textRotation", "backgroundColorStyle",
)  # fmt: skip
TEXT_ORDER = (
    "foregroundColor", "fontFamily", "fontSize", "bold", "italic", "strikethrough", "underline",
    "foregroundColorStyle", "link",
)  # fmt: skip
BASE: Mapping[str, Any] = {
    **DEFAULT_FORMAT,
    "textFormat": {**DEFAULT_TEXT, "fontFamily": DEFAULT_FONT},
}
LINKED = re.compile(r'=\s*HYPERLINK\(\s*"((?:[^"]|"")*)"', re.IGNORECASE)
ADDRESS = re.compile(r"(?:https?://|ftp://|mailto:)\S+", re.IGNORECASE)


def format_body(given: Format) -> Body:
    """Return a ``CellFormat`` with its fields in Google's order."""
    body = ordered(given, FORMAT_ORDER)
    if isinstance(body.get("textFormat"), Mapping):
        body["textFormat"] = ordered(body["textFormat"], TEXT_ORDER)
    return body


@behaves("numbers stand on the right, truth and errors in the middle, text on the left", SEEN)
def alignment(value: Value) -> str:
    """Return where a value stands in its cell when nobody says otherwise."""
    if isinstance(value, bool | ErrorValue):
        return "CENTER"
    if isinstance(value, float | int):
        return "RIGHT"
    return "" if value is None else "LEFT"


@behaves("a cell with a value or a format has an effective format, a blank one has none", SEEN)
@behaves("the display type of links is known of cells with a value only", SEEN, "public probes")
def effective_format(given: Format | None, value: Value, link: str = "") -> Body:
    """Return the effective ``CellFormat``. Cells share its parts: nobody changes them."""
    body: Body = dict(BASE)
    if side := alignment(value):
        body["horizontalAlignment"] = side
    text = dict(BASE["textFormat"])
    if link:
        text |= _link_format(link)
    given = given or {}
    body |= given
    body["textFormat"] = text | dict(given.get("textFormat") or {})
    if value is not None:
        body.setdefault("hyperlinkDisplayType", "LINKED" if link else "PLAIN_TEXT")
    return format_body(body)


def _link_format(link: str) -> Body:
    blue = rgb_of({"themeColor": "LINK"})
    return {
        "foregroundColor": blue,
        "underline": True,
        "foregroundColorStyle": {"rgbColor": blue},
        "link": {"uri": link},
    }


@behaves("HYPERLINK of a text, a format's link, and a text that is an address are links", ASSUMED)
def link_of(cell: Cell) -> str:
    """Return where a cell leads, or nothing."""
    if cell.formula:
        found = LINKED.match(cell.formula)
        return found[1].replace('""', '"') if found else ""
    text = (cell.format or {}).get("textFormat") or {}
    if uri := (text.get("link") or {}).get("uri"):
        return str(uri)
    return address(cell.value)


def address(value: Value) -> str:
    """Return a text that is an address of the web; nothing for what is none."""
    return value if isinstance(value, str) and ":" in value and ADDRESS.fullmatch(value) else ""
