"""How a cell looks, in as few words as the page needs: only what differs from a plain cell."""

from collections.abc import Mapping
from typing import Any

from formbridge.testing.google.messages import Body

SIDES = {"LEFT": "left", "CENTER": "center", "RIGHT": "right"}
HEIGHTS = {"TOP": "top", "MIDDLE": "middle"}
BLACK, WHITE = "#000000", "#ffffff"
SIZE = 10
"""The usual size of text, in points."""


def look(shown: Mapping[str, Any]) -> Body:
    """Return what differs from a plain cell in an effective ``CellFormat``."""
    text = shown.get("textFormat") or {}
    found: Body = {
        name: True for name in ("bold", "italic", "underline", "strikethrough") if text.get(name)
    }
    found["colour"] = _unless(BLACK, hexadecimal(text.get("foregroundColor")))
    found["back"] = _unless(WHITE, hexadecimal(shown.get("backgroundColor")))
    found["side"] = _unless("left", SIDES.get(shown.get("horizontalAlignment") or "", ""))
    found["height"] = HEIGHTS.get(shown.get("verticalAlignment") or "", "")
    found["wrap"] = shown.get("wrapStrategy") == "WRAP"
    found["size"] = _unless(SIZE, text.get("fontSize"))
    return {name: value for name, value in found.items() if value}


def hexadecimal(colour: Mapping[str, Any] | None) -> str:
    """Return a ``Color`` as ``#rrggbb``; nothing where there is none. Parts left out are 0."""
    if colour is None:
        return ""
    parts = (colour.get(name) or 0 for name in ("red", "green", "blue"))
    return "#" + "".join(f"{round(255 * min(1, max(0, part))):02x}" for part in parts)


def _unless(usual: object, value: object) -> object:
    return None if value == usual else value
