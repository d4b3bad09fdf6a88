"""Requests that add questions to the tab "Questions", for people to correct their titles. Pure.

What stands there is never touched. Where the tab exists, its columns are fenced as those of the
responses are (``layout``): if somebody moved them since they were read, all of it is refused.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from formbridge.adapters.sheets.book.cells import problem_of
from formbridge.adapters.sheets.book.layout import location
from formbridge.adapters.sheets.questions.question_tab import ADDED, TAB, QuestionTab, digest_of
from formbridge.domain.answers import Kind
from formbridge.domain.mapping_entries import KIND, KIND_ALIAS, ORDER, QUESTION, TITLE
from formbridge.domain.tables import Column, LabelSource

Json = dict[str, Any]

QUESTIONS = 777_004
"""The id of the tab, where FormBridge makes it."""
ANCHOR = 777_010
ANCHOR_KEY = "formbridge.questions"
ANCHORED = (QUESTION, TITLE, KIND, KIND_ALIAS, ADDED)
"""The columns that are written to; the n-th has the anchor ``ANCHOR + n``."""
HEADERS = {
    QUESTION: "Question ID",
    TITLE: "Title",
    ORDER: "Order",
    KIND_ALIAS: "Type",
    ADDED: "Added by FormBridge",
}
LONGEST = 10_000
"""Characters of an id or a title that is added."""
SPARE_ROWS = 50
VALUE = "userEnteredValue"
BOLD = {"textFormat": {"bold": True}}


def missing(tab: QuestionTab | None, columns: Iterable[Column]) -> list[Column]:
    """Return the columns whose questions have no row, but those whose id no cell can hold."""
    there = set() if tab is None else set(tab.ids)
    lacking = []
    for column in columns:
        question = column.question_id.strip()
        if question and len(question) <= LONGEST and not problem_of(question):
            if question not in there:
                lacking.append(column)
            there.add(question)
    return lacking


def tab_beside(titles: AbstractSet[str], columns: Sequence[Column], *, anchors: bool) -> list[Json]:
    """Return requests that make the tab beside others, unless one of them is it."""
    if TAB.casefold() in {title.strip().casefold() for title in titles}:
        return []
    return new_tab(columns, anchors=anchors)


def new_tab(columns: Sequence[Column], *, anchors: bool = True) -> list[Json]:
    """Return requests that make the tab; they may go along with those that fill a spreadsheet.

    They are refused where a tab of its name exists, as where they came through before.
    """
    places = {name: place for place, name in enumerate(HEADERS)}
    rows = [_header(places), *(_row(column, places) for column in missing(None, columns))]
    grid = {
        "rowCount": len(rows) + SPARE_ROWS,
        "columnCount": len(places),
        "frozenRowCount": 1,
    }
    start = {"sheetId": QUESTIONS, "rowIndex": 0, "columnIndex": 0}
    fields = f"{VALUE},userEnteredFormat.textFormat.bold"
    return [
        {"addSheet": {"properties": {"sheetId": QUESTIONS, "title": TAB, "gridProperties": grid}}},
        _as_text(QUESTIONS, places[TITLE] + 1),
        {"updateCells": {"start": start, "rows": rows, "fields": fields}},
        _hide(QUESTIONS, places[ADDED]),
        *(_anchors(QUESTIONS, places) if anchors else ()),
    ]


def more_rows(tab: QuestionTab, columns: Sequence[Column], *, anchors: bool = True) -> list[Json]:
    """Return requests that add rows below all others; none, if every question has one."""
    lacking = missing(tab, columns)
    if not lacking:
        return []
    places, rows, added = dict(tab.places), [], []
    if not places:  # somebody made the tab and wrote nothing
        places = {name: place for place, name in enumerate(HEADERS)}
        rows.append(_header(places))
    elif ADDED not in places:
        places[ADDED] = tab.width
        added = _insert(tab, tab.width)
    rows += [_row(column, places) for column in lacking]
    return [
        *(_forget(tab) if anchors else ()),
        *added,
        *(_anchors(tab.sheet, places) if anchors else ()),
        {"appendCells": {"sheetId": tab.sheet, "rows": rows, "fields": VALUE}},
    ]


def _row(column: Column, places: Mapping[str, int]) -> Json:
    """Return the row of a question: its title as it is known, marked as not corrected yet."""
    known = column.source is not LabelSource.QUESTION_ID and not problem_of(column.title)
    title = column.title[:LONGEST] if known else ""
    kind = "" if column.kind is Kind.UNKNOWN else column.kind.value
    texts = {
        QUESTION: column.question_id,
        TITLE: title,
        KIND if KIND in places else KIND_ALIAS: kind,
        ADDED: digest_of(column.question_id, title) if title else "",
    }
    return _line(texts, places)


def _header(places: Mapping[str, int]) -> Json:
    line = _line(HEADERS, places)
    return {"values": [cell | {"userEnteredFormat": BOLD} for cell in line["values"]]}


def _line(texts: Mapping[str, str], places: Mapping[str, int]) -> Json:
    values: list[Json] = [{} for _ in range(max(places.values()) + 1)]
    for name, text in texts.items():
        if name in places and text:
            values[places[name]] = {VALUE: {"stringValue": text}}
    return {"values": values}


def _insert(tab: QuestionTab, place: int) -> list[Json]:
    """Return requests for a hidden column of ours behind all that people filled."""
    start = {"sheetId": tab.sheet, "rowIndex": tab.header, "columnIndex": place}
    header = {"values": [{VALUE: {"stringValue": HEADERS[ADDED]}}]}
    return [
        {"insertDimension": {"range": _span(tab.sheet, place), "inheritFromBefore": True}},
        {"updateCells": {"start": start, "rows": [header], "fields": VALUE}},
        _hide(tab.sheet, place),
    ]


def _forget(tab: QuestionTab) -> list[Json]:
    """Return requests that delete our anchors, each only at the place where it was seen."""
    return [
        _deletion(ANCHOR + n, location(tab.sheet, tab.anchors[ANCHOR + n]))
        for n in range(len(ANCHORED))
        if ANCHOR + n in tab.anchors
    ]


def _deletion(anchor: int, where: Json) -> Json:
    lookup = {
        "metadataId": anchor,
        "metadataLocation": where,
        "locationMatchingStrategy": "EXACT_LOCATION",
    }
    return {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": lookup}}}


def _anchors(sheet: int, places: Mapping[str, int]) -> list[Json]:
    """Return requests that anchor our columns; an anchor that is elsewhere refuses its own."""
    return [
        {
            "createDeveloperMetadata": {
                "developerMetadata": {
                    "metadataId": ANCHOR + n,
                    "metadataKey": ANCHOR_KEY,
                    "metadataValue": name,
                    "visibility": "DOCUMENT",
                    "location": location(sheet, places[name]),
                }
            }
        }
        for n, name in enumerate(ANCHORED)
        if name in places
    ]


def _as_text(sheet: int, columns: int) -> Json:
    """Return the request by which what is typed into the first columns stays as it is typed."""
    span = {"sheetId": sheet, "startColumnIndex": 0, "endColumnIndex": columns}
    cell = {"userEnteredFormat": {"numberFormat": {"type": "TEXT"}}}
    fields = "userEnteredFormat.numberFormat"
    return {"repeatCell": {"range": span, "cell": cell, "fields": fields}}


def _hide(sheet: int, place: int) -> Json:
    hidden = {"range": _span(sheet, place), "properties": {"hiddenByUser": True}}
    return {"updateDimensionProperties": hidden | {"fields": "hiddenByUser"}}


def _span(sheet: int, place: int) -> Json:
    return {
        "sheetId": sheet,
        "dimension": "COLUMNS",
        "startIndex": place,
        "endIndex": place + 1,
    }
