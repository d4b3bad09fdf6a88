"""Requests about conditional formats and alternating colours."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from formbridge.testing.google.answers.objects import thing_body
from formbridge.testing.google.batch.cell_data import Listed, format_of, masked
from formbridge.testing.google.batch.fields import paths
from formbridge.testing.google.batch.kinds import Scene, kind
from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, SEEN, behaves
from formbridge.testing.google.errors import Refused
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.colours import canonical
from formbridge.testing.google.grid.editing import grid_of, ranged
from formbridge.testing.google.grid.ranges import GridRange
from formbridge.testing.google.grid.sheet import Sheet, Thing
from formbridge.testing.google.messages import Body

RULES = "conditionalFormats"
BANDS = "bandedRanges"
BANDED = (
    "You cannot add alternating background colors to a range that already has "
    "alternating background colors."
)
POINTS = ("minpoint", "midpoint", "maxpoint")


# --- conditional formats ------------------------------------------------------------------------


@kind("addConditionalFormatRule", DOCUMENTED)
def add_rule(book: Book, request: Body, scene: Scene) -> None:  # noqa: ARG001 - as all kinds
    """Add a rule before the one at an index."""
    sheet, rule = _rule(book, request.get("rule") or {})
    rules, index = sheet.list(RULES), request.get("index") or 0
    if not 0 <= index <= len(rules):
        raise Refused(f"Invalid conditional format index {index}")
    rules.insert(index, rule)


@kind("updateConditionalFormatRule", DOCUMENTED)
@behaves(
    "a rule that is replaced is named with its old one, one that moves with its old place",
    DOCUMENTED,
)
def update_rule(book: Book, request: Body, scene: Scene) -> Body:
    """Replace a rule, or move it to another index."""
    new, index = request.get("rule"), request.get("index") or 0
    if (new is None) == (request.get("newIndex") is None):
        raise Refused("Exactly one of rule or newIndex must be set.")
    if new is not None:
        sheet, rule = _rule(book, new)
        old = _at(sheet, index)
        sheet.list(RULES)[index] = rule
        reply = {"newRule": _shown(rule, scene), "oldRule": _shown(old, scene)}
        return reply | ({"newIndex": index} if index else {})
    sheet = grid_of(book, request.get("sheetId"))
    rule, place = _at(sheet, index), request["newIndex"]
    rules = sheet.list(RULES)
    if not 0 <= place < len(rules):
        raise Refused(f"Invalid conditional format index {place}")
    rules.insert(place, rules.pop(index))
    indexes = {"newIndex": place, "oldIndex": index}
    return {"newRule": _shown(rule, scene)} | {name: at for name, at in indexes.items() if at}


@kind("deleteConditionalFormatRule", DOCUMENTED)
def delete_rule(book: Book, request: Body, scene: Scene) -> Body:
    """Delete a rule; reply with it."""
    sheet, index = grid_of(book, request.get("sheetId")), request.get("index") or 0
    rule = _at(sheet, index)
    del sheet.list(RULES)[index]
    return {"rule": _shown(rule, scene)}


@behaves("an index without a rule is refused", SEEN, "public reports")
def _at(sheet: Sheet, index: int) -> Thing:
    rules = sheet.list(RULES)
    if not 0 <= index < len(rules):
        raise Refused(f"No conditional format on sheet: {sheet.id} at index: {index}")
    return rules[index]


def _shown(rule: Mapping[str, Any], scene: Scene) -> Body:
    return thing_body(RULES, rule, scene.grant)


@behaves("all ranges of a rule are on one tab", DOCUMENTED, "ConditionalFormatRule.ranges")
def _rule(book: Book, given: Mapping[str, Any]) -> tuple[Sheet, Thing]:
    """Return the tab and the rule that a request describes."""
    ranges = [body for body in given.get("ranges") or () if body is not None]
    if not ranges:
        raise Refused("At least one range must be specified for the conditional format rule.")
    found = [ranged(book, body) for body in ranges]
    sheet = found[0][0]
    if any(other is not sheet for other, _ in found):
        raise Refused("All ranges of a conditional format rule must be on the same sheet.")
    rule: Thing = {
        "ranges": [{"sheetId": sheet.id, **GridRange.of(body).body()} for body in ranges]
    }
    if given.get("booleanRule") is not None:
        rule["booleanRule"] = _boolean(given["booleanRule"])
    elif given.get("gradientRule") is not None:
        rule["gradientRule"] = _gradient(given["gradientRule"])
    else:
        raise Refused("Exactly one of booleanRule or gradientRule must be set.")
    return sheet, rule


def _boolean(body: Mapping[str, Any]) -> Body:
    condition = body.get("condition") or {}
    if (condition.get("type") or "CONDITION_TYPE_UNSPECIFIED").endswith("UNSPECIFIED"):
        raise Refused("ConditionType must be specified.")
    return {"condition": canonical(condition), "format": format_of(body.get("format") or {})}


@behaves("points need a type, and a value unless they are MIN or MAX, which drop theirs", SEEN)
def _gradient(body: Mapping[str, Any]) -> Body:
    points: Body = {}
    for name in POINTS:
        point = body.get(name)
        if point is None and name == "midpoint":
            continue
        points[name] = _point(canonical(point or {}))
    return points


def _point(point: Body) -> Body:
    kind_name = point.get("type") or "INTERPOLATION_POINT_TYPE_UNSPECIFIED"
    if kind_name.endswith("UNSPECIFIED"):
        raise Refused("No interpolationPointType specified.")
    if kind_name in {"MIN", "MAX"}:
        point.pop("value", None)
    elif not point.get("value"):
        raise Refused("InterpolationPoint.value is required.")
    return point


# --- alternating colours ------------------------------------------------------------------------


@kind("addBanding", DOCUMENTED)
def add_banding(book: Book, request: Body, scene: Scene) -> Body:
    """Add alternating colours to a range; reply with them."""
    given = canonical(request.get("bandedRange") or {})
    chosen = given.get("bandedRangeId") or scene.new_id(lambda one: _find(book, one) is not None)
    if _find(book, chosen) is not None:
        raise Refused(
            f"Cannot add banded range with ID {chosen}, a banded range with that ID already exists."
        )
    sheet, band = _band(book, given, chosen)
    sheet.list(BANDS).append(band)
    return {"bandedRange": thing_body(BANDS, band, scene.grant)}


@kind("updateBanding", DOCUMENTED)
def update_banding(book: Book, request: Body, scene: Scene) -> None:  # noqa: ARG001 - as all kinds
    """Change alternating colours as far as the mask says."""
    listed = {".".join(path) for path in paths(request.get("fields"))}
    given = canonical(request.get("bandedRange") or {})
    sheet, old = _existing(book, given.get("bandedRangeId"))
    styled = {*listed, *(f"{name}Style" for name in listed if name.endswith("Color"))}
    mask = Listed(frozenset("*" if name == "*" else f"bandedRange.{name}" for name in styled))
    changed = masked(old, given, "bandedRange", mask)
    target, band = _band(book, changed, old["bandedRangeId"], instead_of=old)
    bands = sheet.list(BANDS)
    if target is sheet:
        bands[bands.index(old)] = band
    else:
        bands.remove(old)
        target.list(BANDS).append(band)


@kind("deleteBanding", DOCUMENTED)
def delete_banding(book: Book, request: Body, scene: Scene) -> None:  # noqa: ARG001 - as all kinds
    """Take alternating colours away."""
    sheet, band = _existing(book, request.get("bandedRangeId"))
    sheet.list(BANDS).remove(band)


@behaves("colours that overlap others are refused", SEEN, "public reports")
@behaves("rows or columns must be given colours", DOCUMENTED, "BandedRange")
def _band(
    book: Book, given: Mapping[str, Any], number: int, *, instead_of: Thing | None = None
) -> tuple[Sheet, Thing]:
    if not given.get("range"):
        raise Refused("BandedRange.range must be set.")
    sheet, area = ranged(book, given["range"])
    if not (given.get("rowProperties") or given.get("columnProperties")):
        raise Refused("At least one of rowProperties or columnProperties must be set.")
    for other in sheet.things.get(BANDS, ()):
        taken = GridRange.of(other["range"]).area(sheet.row_count, sheet.column_count)
        if other is not instead_of and taken.touches(area):
            raise Refused(BANDED)
    kept = {name: deepcopy(given[name]) for name in PROPERTIES if given.get(name)}
    span = {"sheetId": sheet.id, **GridRange.covering(sheet.id, area).body()}
    return sheet, {"bandedRangeId": number, "range": span, **kept}


PROPERTIES = ("rowProperties", "columnProperties")


def _bands(book: Book) -> Iterator[tuple[Sheet, Thing]]:
    for sheet in book.sheets:
        for thing in sheet.things.get(BANDS, ()):
            yield sheet, thing


def _find(book: Book, number: int | None) -> tuple[Sheet, Thing] | None:
    return next((pair for pair in _bands(book) if pair[1].get("bandedRangeId") == number), None)


@behaves("how the refusal of an id that is missing reads", ASSUMED)
def _existing(book: Book, number: int | None) -> tuple[Sheet, Thing]:
    found = _find(book, number)
    if found is None:
        raise Refused(f"No banded range with id: {number or 0}")
    return found
