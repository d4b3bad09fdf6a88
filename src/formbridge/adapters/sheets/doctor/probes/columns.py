"""Anchors of columns: each write deletes and makes them anew where it believes them to be.

If one of them is elsewhere, the write must be refused as a whole; see ``layout``.
"""

from collections.abc import Callable, Mapping
from typing import Any

from formbridge.adapters.sheets.book.layout import location
from formbridge.adapters.sheets.doctor.findings import Verdict
from formbridge.adapters.sheets.doctor.probes.bench import Bench, Trial, append, entry, held, wrong

Json = dict[str, Any]

HEAD = ("a", "b", "c")
TAKE_RANGES = "set fence = named-range: columns are looked at before each write then"


def anchors_in_place(bench: Bench) -> Verdict:
    """Anchors that are where they are believed to be let a write pass."""
    sheet, ids = _anchored(bench)
    words = bench.refusal(*_fence(sheet, ids), append(sheet, ["1", "2", "3"]))
    if words is not None:
        return wrong(f"anchors that are in their place are refused ({words})", TAKE_RANGES)
    if bench.cells(sheet) != [["a", "1"], ["b", "2"], ["c", "3"]]:
        return wrong("a row that came with anchors stands elsewhere", TAKE_RANGES)
    return held("anchors of columns are made anew in their place, with rows in the same call")


def anchors_moved(bench: Bench) -> Verdict:
    """Whatever a person does to a column makes the write fail that does not know of it."""
    for words, edit in EDITS:
        sheet, ids = _anchored(bench)
        bench.do(edit(sheet))
        before = bench.cells(sheet)
        refused = bench.refusal(*_fence(sheet, ids), append(sheet, ["1", "2", "3"]))
        if refused is None or bench.cells(sheet) != before:
            return wrong(f"a write passes after {words}", TAKE_RANGES)
    return held("after a column is moved, inserted or deleted, a write is refused as a whole")


def anchors_travel(bench: Bench) -> Verdict:
    """An anchor goes with its column; a column that is inserted beside it has none."""
    sheet, ids = _anchored(bench)
    bench.do(_move(sheet), _insert(sheet))
    fields = "sheets(properties(sheetId),data(columnMetadata(developerMetadata(metadataId))))"
    found = bench.client.read(bench.book, fields=fields, ranges=[f"'Trial {sheet}'!1:1"])
    (tab,) = found["sheets"]
    columns = tab["data"][0].get("columnMetadata", ())
    seen = [[it["metadataId"] for it in one.get("developerMetadata", ())] for one in columns]
    if seen[:4] != [[ids[1]], [], [ids[2]], [ids[0]]]:
        return wrong("anchors do not go with their columns", "report it: columns cannot be known")
    return held("an anchor goes with its column, and none is made by inserting beside it")


def anchors_sorted(bench: Bench) -> Verdict:
    """Sorting rows leaves the anchors of columns; those of rows are not used."""
    sheet, ids = _anchored(bench)
    row = {"sheetId": sheet, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    mark = bench.fresh_id()
    bench.do(append(sheet, ["z"], ["y"]), entry(mark, "z", {"dimensionRange": row}), _sort(sheet))
    words = bench.refusal(*_fence(sheet, ids))
    if words is not None:
        return wrong(f"a sort moves the anchors of columns ({words})", TAKE_RANGES)
    goes = WHERE.get(_row_of(bench, sheet, mark), "is gone")
    return held(f"a sort leaves the anchors of columns; metadata of a row {goes} (not relied on)")


def _anchored(bench: Bench) -> tuple[int, list[int]]:
    sheet = bench.tab(HEAD, size=(3, len(HEAD)))
    ids = [bench.fresh_id() for _ in HEAD]
    bench.do(*(entry(it, "c", location(sheet, place)) for place, it in enumerate(ids)))
    return sheet, ids


def _fence(sheet: int, ids: list[int]) -> list[Json]:
    requests: list[Json] = []
    for place, identity in enumerate(ids):
        where = location(sheet, place)
        lookup = {
            "metadataId": identity,
            "metadataLocation": where,
            "locationMatchingStrategy": "EXACT_LOCATION",
        }
        delete = {"dataFilter": {"developerMetadataLookup": lookup}}
        requests += [{"deleteDeveloperMetadata": delete}, entry(identity, "c", where)]
    return requests


def _row_of(bench: Bench, sheet: int, identity: int) -> int | None:
    fields = "sheets(data(rowMetadata(developerMetadata(metadataId))))"
    found = bench.client.read(bench.book, fields=fields, ranges=[f"'Trial {sheet}'!A1:A9"])
    rows = found["sheets"][0]["data"][0].get("rowMetadata", ())
    for place, row in enumerate(rows):
        if any(it["metadataId"] == identity for it in row.get("developerMetadata", ())):
            return place
    return None


def _span(sheet: int, begin: int) -> Json:
    return {"sheetId": sheet, "dimension": "COLUMNS", "startIndex": begin, "endIndex": begin + 1}


def _move(sheet: int) -> Json:
    return {"moveDimension": {"source": _span(sheet, 0), "destinationIndex": 3}}


def _insert(sheet: int) -> Json:
    return {"insertDimension": {"range": _span(sheet, 1), "inheritFromBefore": True}}


def _delete_last(sheet: int) -> Json:
    return {"deleteDimension": {"range": _span(sheet, 2)}}


def _sort(sheet: int) -> Json:
    area = {"sheetId": sheet, "startRowIndex": 1, "endRowIndex": 3}
    area |= {"startColumnIndex": 0, "endColumnIndex": 3}
    specs = [{"dimensionIndex": 0, "sortOrder": "ASCENDING"}]
    return {"sortRange": {"range": area, "sortSpecs": specs}}


EDITS: tuple[tuple[str, Callable[[int], Json]], ...] = (
    ("a column was moved", _move),
    ("a column was inserted", _insert),
    ("the last column was deleted", _delete_last),
)
WHERE: Mapping[int | None, str] = {1: "stays at its number", 2: "goes with its row"}
"""What became of the metadata of row 1, whose row is 2 after the sort."""
TRIALS = (
    Trial("anchors", anchors_in_place),
    Trial("anchors moved", anchors_moved),
    Trial("anchors travel", anchors_travel),
    Trial("anchors sorted", anchors_sorted),
)
