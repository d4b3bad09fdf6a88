"""Requests about charts and slicers, and about data sources, which this emulator does not have."""

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from typing import Any

from formbridge.testing.google.answers.masks import Mask, merged
from formbridge.testing.google.answers.objects import thing_body
from formbridge.testing.google.answers.printing import printed
from formbridge.testing.google.batch.kinds import Scene, kind, sheet_of
from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, SEEN, behaves
from formbridge.testing.google.errors import ApiError, Refused
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.colours import canonical
from formbridge.testing.google.grid.editing import placed
from formbridge.testing.google.grid.sheet import Sheet, Thing
from formbridge.testing.google.messages import Body

SPECS = (
    "basicChart", "pieChart", "bubbleChart", "candlestickChart", "orgChart", "histogramChart",
    "waterfallChart", "treemapChart", "scorecardChart",
)  # fmt: skip
IDS: Mapping[str, str] = {"charts": "chartId", "slicers": "slicerId"}
"""The lists of embedded objects, and the name of each object's id."""

NO_SPEC = (
    "One of basicChart, pieChart, bubbleChart, candelstickChart, histogramChart, "
    "or orgChart must be set on chartSpec."
)
NO_POSITION = (
    "One of EmbeddedObjectPosition.overlayPosition or EmbeddedObjectPosition.sheetId must be set"
)
NO_BIGQUERY = (
    "This action requires additional authorization. Please include bigquery.readonly scope."
)
DATA_SOURCES = ("addDataSource", "updateDataSource", "deleteDataSource", "refreshDataSource",
                "cancelDataSourceRefresh")  # fmt: skip
RANGES = frozenset({"range", "ranges", "sources", "dataRange", "anchorCell"})
"""Fields that hold ranges or cells, which name their tab always."""

WIDTH, HEIGHT = 600, 371


# --- charts -------------------------------------------------------------------------------------


@kind("addChart", SEEN, "public probes")
def add_chart(book: Book, body: Body, scene: Scene) -> Body:
    """Add a chart; reply with it."""
    given = canonical(body.get("chart") or {})
    spec = _chart_spec(given.get("spec"))
    number = _chosen(book, given.get("chartId"), scene)
    sheet, position = _position(book, given.get("position"), scene)
    thing = {"chartId": number, "spec": spec, "position": position}
    if given.get("border"):
        thing["border"] = given["border"]
    sheet.list("charts").append(thing)
    return {"chart": thing_body("charts", thing, scene.grant)}


@kind("updateChartSpec", SEEN, "public probes")
def update_chart_spec(book: Book, body: Body, scene: Scene) -> None:  # noqa: ARG001 - as all kinds
    """Give a chart another specification, whole."""
    _sheet, _kind, thing = _object(book, body.get("chartId"), "No chart with id", "charts")
    thing["spec"] = _chart_spec(canonical(body.get("spec") or {}))


@behaves("a basic chart of nothing is an internal error", SEEN, "public probes")
@behaves("a chart skips what is hidden unless the request says otherwise", DOCUMENTED)
def _chart_spec(spec: Body | None) -> Body:
    if not any(name in (spec or {}) for name in SPECS):
        raise Refused(NO_SPEC)
    basic = (spec or {}).get("basicChart")
    if basic is not None and not basic.get("domains") and not basic.get("series"):
        raise ApiError(500, "Internal error encountered.")
    return _with_tabs((spec or {}) | {"hiddenDimensionStrategy": _strategy(spec or {})})


def _strategy(spec: Body) -> str:
    return str(spec.get("hiddenDimensionStrategy") or "SKIP_HIDDEN_ROWS_AND_COLUMNS")


# --- slicers ------------------------------------------------------------------------------------


@kind("addSlicer", SEEN, "public probes")
@behaves("a slicer applies to pivot tables unless the request says otherwise", DOCUMENTED)
def add_slicer(book: Book, body: Body, scene: Scene) -> Body:
    """Add a slicer; reply with it."""
    given = canonical(body.get("slicer") or {})
    spec = _slicer_spec(book, {"applyToPivotTables": True} | (given.get("spec") or {}))
    number = _chosen(book, given.get("slicerId"), scene)
    sheet, position = _position(book, given.get("position"), scene)
    thing = {"slicerId": number, "spec": spec, "position": position}
    sheet.list("slicers").append(thing)
    return {"slicer": thing_body("slicers", thing, scene.grant)}


@kind("updateSlicerSpec", SEEN, "public probes")
def update_slicer_spec(book: Book, body: Body, scene: Scene) -> None:  # noqa: ARG001 - as all kinds
    """Change a slicer as far as the mask says."""
    mask = Mask.parse(body.get("fields"), "SlicerSpec")
    _sheet, _kind, thing = _object(book, body.get("slicerId"), "No slicer with id", "slicers")
    spec = merged(printed(thing["spec"]), printed(body.get("spec") or {}), mask)
    thing["spec"] = _slicer_spec(book, canonical(spec))


@behaves("how the refusal of a slicer without its data reads", ASSUMED)
def _slicer_spec(book: Book, spec: Body) -> Body:
    if spec.get("dataRange") is None:
        raise Refused("No dataRange specified.")
    sheet_of(book, spec["dataRange"].get("sheetId"))
    return _with_tabs(spec)


# --- both ---------------------------------------------------------------------------------------


@kind("deleteEmbeddedObject", SEEN, "public probes")
@behaves("a tab that is there for one object goes with it", ASSUMED)
def delete_embedded_object(book: Book, body: Body, scene: Scene) -> None:  # noqa: ARG001 - as all kinds
    """Remove a chart or a slicer."""
    sheet, name, thing = _object(book, body.get("objectId"))
    sheet.list(name).remove(thing)
    if sheet.kind == "OBJECT" and len(book.sheets) > 1:
        book.sheets.remove(sheet)


@kind("updateEmbeddedObjectPosition", SEEN, "public probes")
def update_embedded_object_position(book: Book, body: Body, scene: Scene) -> Body:
    """Move or resize a chart or a slicer; reply with its position."""
    given = canonical(body.get("newPosition") or {})
    if given.get("newSheet") or given.get("overlayPosition") is None:
        sheet, name, thing = _object(book, body.get("objectId"))
        target, position = _position(book, given, scene, new=given.get("sheetId"))
    else:
        mask = Mask.parse(body.get("fields"), "OverlayPosition")
        sheet, name, thing = _object(book, body.get("objectId"))
        old = thing["position"].get("overlayPosition") or {}
        overlay = merged(old, given["overlayPosition"], mask)
        target, position = _position(book, {"overlayPosition": overlay}, scene)
    _move(book, sheet, target, name, thing)
    thing["position"] = position
    return {"position": printed(position)}


@kind("updateEmbeddedObjectBorder", DOCUMENTED)
def update_embedded_object_border(book: Book, body: Body, scene: Scene) -> None:  # noqa: ARG001 - as all kinds
    """Change the border of a chart as far as the mask says."""
    mask = Mask.parse(body.get("fields"), "EmbeddedObjectBorder")
    _sheet, name, thing = _object(book, body.get("objectId"))
    if name != "charts":
        raise Refused("Only charts have a border.")
    border = canonical(body.get("border") or {})
    every = mask.everything or mask.touches("color") or mask.touches("colorStyle")
    thing["border"] = border if every else thing.get("border") or {}


def _move(book: Book, sheet: Sheet, target: Sheet, name: str, thing: Thing) -> None:
    if target is sheet:
        return
    sheet.list(name).remove(thing)
    target.list(name).append(thing)
    if sheet.kind == "OBJECT":
        book.sheets.remove(sheet)


def _objects(book: Book) -> Iterator[tuple[Sheet, str, Thing]]:
    for sheet in book.sheets:
        for name in IDS:
            for thing in sheet.things.get(name, ()):
                yield sheet, name, thing


def _object(
    book: Book, number: int | None, missing: str = "No embedded object with id", only: str = ""
) -> tuple[Sheet, str, Thing]:
    for sheet, name, thing in _objects(book):
        if thing[IDS[name]] == number and only in {"", name}:
            return sheet, name, thing
    raise Refused(f"{missing}: {number or 0}")


@behaves("charts and slicers share their ids", ASSUMED)
@behaves("how the refusal of an id that is taken reads", ASSUMED)
def _chosen(book: Book, number: int | None, scene: Scene) -> int:
    taken = {thing[IDS[name]] for _sheet, name, thing in _objects(book)}
    if number and number in taken:
        raise Refused(f"An object with the ID {number} already exists.")
    return number or scene.new_id(lambda one: one in taken)


@behaves("an object measures 600 by 371 pixels unless the request says otherwise", DOCUMENTED)
def _position(
    book: Book, given: Body | None, scene: Scene, *, new: int | None = None
) -> tuple[Sheet, Body]:
    """Return the tab on which an object shall lie, and its position."""
    given = given or {}
    if given.get("newSheet") or new is not None:
        sheet = _own_tab(book, scene, new)
        return sheet, {"sheetId": sheet.id}
    overlay = given.get("overlayPosition")
    if overlay is None:
        if given.get("sheetId") is None:
            raise Refused(NO_POSITION)
        return sheet_of(book, given["sheetId"]), {"sheetId": given["sheetId"]}
    sheet, row, column = placed(book, overlay.get("anchorCell"))
    anchor = {"sheetId": sheet.id, "rowIndex": row, "columnIndex": column}
    sized = {
        "widthPixels": overlay.get("widthPixels") or WIDTH,
        "heightPixels": overlay.get("heightPixels") or HEIGHT,
    }
    offsets = {
        name: overlay[name] for name in ("offsetXPixels", "offsetYPixels") if overlay.get(name)
    }
    return sheet, {"overlayPosition": {"anchorCell": anchor} | offsets | sized}


@behaves("an object on a tab of its own lies on Chart1, or the next number", SEEN, "public probes")
def _own_tab(book: Book, scene: Scene, number: int | None) -> Sheet:
    if number is not None and book.sheet(number) is not None:
        raise Refused(f"A sheet with the ID {number} already exists.")
    count = 1
    while book.titled(f"Chart{count}") is not None:
        count += 1
    sheet = Sheet(
        id=scene.new_id(lambda one: book.sheet(one) is not None) if number is None else number,
        title=f"Chart{count}",
        kind="OBJECT",
        row_count=0,
        column_count=0,
    )
    book.sheets.append(sheet)
    return sheet


def _with_tabs(body: Mapping[str, Any]) -> Body:
    """Return a specification in which every range names its tab."""
    return {name: _tabbed(name, value) for name, value in body.items()}


def _tabbed(name: str, value: object) -> Any:
    if isinstance(value, list):
        return [_tabbed(name, one) for one in value]
    if not isinstance(value, Mapping):
        return deepcopy(value)
    return ({"sheetId": 0} if name in RANGES else {}) | _with_tabs(value)


# --- data sources -------------------------------------------------------------------------------


@behaves("data sources need a scope of BigQuery, which nobody has here", SEEN, "public probes")
def _refuse(book: Book, body: Body, scene: Scene) -> Body | None:  # noqa: ARG001 - as all kinds
    raise ApiError(403, NO_BIGQUERY)


def _register(function: Callable[[Book, Body, Scene], Body | None]) -> None:
    for name in DATA_SOURCES:
        kind(name, ASSUMED)(function)


_register(_refuse)
