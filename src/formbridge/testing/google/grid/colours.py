"""Colours as Google keeps them: eight bits a part, printed as 32-bit floats, in two twin fields.

Each colour stands twice in an answer: as ``backgroundColor`` (deprecated) and as
``backgroundColorStyle``. ``canonical`` keeps only the second, ``twinned`` adds the first again.
"""

import struct
from collections.abc import Mapping
from typing import Any

from formbridge.testing.google.behaviour import DOCUMENTED, RECORDED, behaves

Colour = Mapping[str, Any]

THEME: Mapping[str, tuple[int, int, int]] = {
    "TEXT": (0, 0, 0),
    "BACKGROUND": (255, 255, 255),
    "ACCENT1": (66, 133, 244),
    "ACCENT2": (234, 67, 53),
    "ACCENT3": (251, 188, 4),
    "ACCENT4": (52, 168, 83),
    "ACCENT5": (255, 109, 1),
    "ACCENT6": (70, 189, 198),
    "LINK": (17, 85, 204),
}
"""The theme of a fresh spreadsheet (recorded)."""

TWINS = (
    ("backgroundColor", "backgroundColorStyle"),
    ("foregroundColor", "foregroundColorStyle"),
    ("color", "colorStyle"),
    ("tabColor", "tabColorStyle"),
    ("headerColor", "headerColorStyle"),
    ("firstBandColor", "firstBandColorStyle"),
    ("secondBandColor", "secondBandColorStyle"),
    ("footerColor", "footerColorStyle"),
    ("visibleBackgroundColor", "visibleBackgroundColorStyle"),
    ("visibleForegroundColor", "visibleForegroundColorStyle"),
    ("bubbleBorderColor", "bubbleBorderColorStyle"),
    ("barColor", "barColorStyle"),
    ("positiveColor", "positiveColorStyle"),
    ("negativeColor", "negativeColorStyle"),
    ("nodeColor", "nodeColorStyle"),
    ("selectedNodeColor", "selectedNodeColorStyle"),
    ("minValueColor", "minValueColorStyle"),
    ("midValueColor", "midValueColorStyle"),
    ("maxValueColor", "maxValueColorStyle"),
    ("noDataColor", "noDataColorStyle"),
)
PARTS = ("red", "green", "blue")
NEARLY_ONE_STEP = 1e-4  # a part that was read from an answer comes back as it was


def float32(number: float) -> float:
    """Return the shortest decimal that is the same 32-bit float: what Google prints."""
    (single,) = struct.unpack("f", struct.pack("f", number))
    for digits in range(1, 10):
        short = float(f"{single:.{digits}g}")
        if struct.pack("f", short) == struct.pack("f", single):
            break
    else:
        short = single
    return int(short) if short.is_integer() else short


@behaves("parts of a colour are cut to 8 bits; those of 0 are left out", RECORDED)
def rounded(colour: Colour) -> dict[str, float]:
    """Return a colour as an answer shows it."""
    steps = {
        part: int(min(max(colour.get(part) or 0, 0), 1) * 255 + NEARLY_ONE_STEP) for part in PARTS
    }
    return {part: float32(step / 255) for part, step in steps.items() if step}


def style_of(style: Colour) -> dict[str, Any] | None:
    """Return a ``ColorStyle`` as an answer shows it; None where it says no colour."""
    if style.get("themeColor") in THEME:
        return {"themeColor": style["themeColor"]}
    rgb = style.get("rgbColor")
    return None if rgb is None else {"rgbColor": rounded(rgb)}


def rgb_of(style: Colour) -> dict[str, float]:
    """Return the colour that a ``ColorStyle`` means."""
    if "themeColor" in style:
        parts = THEME[style["themeColor"]]
        return rounded({part: step / 255 for part, step in zip(PARTS, parts, strict=True)})
    return dict(style["rgbColor"])


@behaves("a ...Style takes precedence over its deprecated twin", DOCUMENTED)
def canonical(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a message without nulls, with each colour only as its ``...Style``, at any depth."""
    result = {name: _inner(value) for name, value in body.items() if value is not None}
    for plain, styled in TWINS:
        if plain not in body and styled not in body:
            continue
        old = body.get(plain)
        result.pop(plain, None)
        style = body.get(styled)
        found = style_of(style) if isinstance(style, Mapping) else None
        if found is None and isinstance(old, Mapping):
            found = {"rgbColor": rounded(old)}
        result.pop(styled, None)
        if found is not None:
            result[styled] = found
    return result


def twinned(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a canonical message with each colour as both of its fields."""
    result: dict[str, Any] = {}
    for name, value in body.items():
        if isinstance(value, Mapping):
            result[name] = twinned(value)
        elif isinstance(value, list):
            result[name] = [twinned(item) if isinstance(item, Mapping) else item for item in value]
        else:
            result[name] = value
    for plain, styled in TWINS:
        if styled in result:
            result[plain] = rgb_of(result[styled])
    return result


def _inner(value: object) -> object:
    if isinstance(value, Mapping):
        return canonical(value)
    if isinstance(value, list):
        return [_inner(item) for item in value if item is not None]
    return value
