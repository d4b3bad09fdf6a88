"""The properties of a spreadsheet: its title, locale, time zone and how it calculates."""

import re
from functools import cache
from zoneinfo import available_timezones

from formbridge.testing.google.answers.masks import Mask, merged
from formbridge.testing.google.batch.kinds import Scene, kind
from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, RECORDED, behaves
from formbridge.testing.google.errors import Refused
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.messages import Body

LOCALE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")
CUSTOM_ZONE = re.compile(r"GMT[+-](0\d|1[0-4]):[0-5]\d")
CODES = (
    "ar az be bg bn ca cs cy da de el en es et eu fa fi fil fr ga gl gu hi hr hu hy id in is it iw "
    "he ja ka kk km kn ko lo lt lv mk ml mn mr ms my nb ne nl nn no pa pl pt ro ru si sk sl sq sr "
    "sv sw ta te th tr uk ur uz vi zh zu af am"
)
LANGUAGES = frozenset(CODES.split())
"""Languages that a spreadsheet may have (documented as 'not all')."""

KEPT = (
    "autoRecalc",
    "iterativeCalculationSettings",
    "spreadsheetTheme",
    "importFunctionsExternalUrlAccessAllowed",
)


@kind("updateSpreadsheetProperties", RECORDED)
@behaves("the default format cannot be changed", DOCUMENTED)
@behaves("how the refusals of a title, locale, zone or format read", ASSUMED)
def update_spreadsheet_properties(book: Book, body: Body, _scene: Scene) -> None:
    """Change properties of the spreadsheet as far as the mask says."""
    given = body.get("properties") or {}
    mask = Mask.parse(body.get("fields"), "SpreadsheetProperties")
    if mask.touches("defaultFormat") and not mask.everything:
        raise Refused("The default format of a spreadsheet cannot be updated.")
    if mask.covers("title"):
        book.title = _title(given)
    if mask.covers("locale"):
        book.locale = require_locale(given.get("locale") or "")
    if mask.covers("timeZone"):
        book.time_zone = require_zone(given.get("timeZone") or "")
    new = merged(book.properties, given, mask)
    book.properties = {
        name: value
        for name in KEPT
        if (value := (new if mask.touches(name) else book.properties).get(name)) is not None
    }
    if book.properties.get("autoRecalc") in {"ON_CHANGE", "RECALCULATION_INTERVAL_UNSPECIFIED"}:
        del book.properties["autoRecalc"]


def _title(given: Body) -> str:
    title: str = given.get("title") or ""
    if not title:
        raise Refused("The spreadsheet title cannot be empty.")
    return title


def require_locale(locale: str) -> str:
    """Return a locale that a spreadsheet may have."""
    if not LOCALE.fullmatch(locale) or locale.partition("_")[0] not in LANGUAGES:
        raise Refused(f"Unsupported locale: {locale}")
    return locale


def require_zone(zone: str) -> str:
    """Return a time zone that a spreadsheet may have."""
    if zone not in _zones() and not CUSTOM_ZONE.fullmatch(zone):
        raise Refused(f"Invalid time zone: {zone}")
    return zone


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
