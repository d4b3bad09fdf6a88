"""Puts a spreadsheet that is kept in a file into an emulator, as the API would make it again."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from formbridge.testing.google import Google, Request

Json = dict[str, Any]

KEPT = (
    "properties(title,locale,timeZone),developerMetadata,sheets(properties(sheetId,title,index,"
    "hidden,gridProperties),data(rowData(values(userEnteredValue,userEnteredFormat)),"
    "columnMetadata(hiddenByUser,developerMetadata)))"
)
"""The mask for all that a sample holds."""
ME: Mapping[str, str] = {
    "Authorization": "Bearer test-token",
    "Content-Type": "application/json",
}


def ask(google: Google, verb: str, path: str, body: object = None) -> Json:
    """Make a call of the Sheets API, which must succeed."""
    sent = b"" if body is None else json.dumps(body).encode()
    answer = google.handle(Request.of(verb, f"/v4/spreadsheets{path}", headers=ME, body=sent))
    assert answer.status == 200, answer.content
    return dict(answer.content)


def planted(google: Google, sample: Json) -> str:
    """Return the id of a new spreadsheet in which all of a sample stands."""
    made = ask(google, "POST", "", {"properties": sample["properties"]})
    (first,) = made["sheets"]
    book: str = made["spreadsheetId"]
    requests = [
        *(request for tab in sample["sheets"] for request in _tab(tab, first)),
        *(_metadata(each) for each in sample.get("developerMetadata", ())),
    ]
    ask(google, "POST", f"/{book}:batchUpdate", {"requests": requests})
    return book


def _tab(tab: Json, first: Json) -> Iterator[Json]:
    properties = tab["properties"]
    sheet = properties.get("sheetId", 0)
    if sheet == first["properties"].get("sheetId", 0):
        changed = {name: it for name, it in properties.items() if name != "index"}
        fields = "title,gridProperties(rowCount,columnCount,frozenRowCount)"
        yield {"updateSheetProperties": {"properties": changed, "fields": fields}}
    else:
        yield {"addSheet": {"properties": properties}}
    (data,) = tab["data"]
    start = {"sheetId": sheet, "rowIndex": 0, "columnIndex": 0}
    fields = "userEnteredValue,userEnteredFormat"
    if rows := data.get("rowData"):
        yield {"updateCells": {"start": start, "rows": rows, "fields": fields}}
    for place, column in enumerate(data.get("columnMetadata", ())):
        if column.get("hiddenByUser"):
            span = {"sheetId": sheet, "dimension": "COLUMNS"}
            span |= {"startIndex": place, "endIndex": place + 1}
            hidden = {"range": span, "properties": {"hiddenByUser": True}, "fields": "hiddenByUser"}
            yield {"updateDimensionProperties": hidden}
        yield from map(_metadata, column.get("developerMetadata", ()))


def _metadata(entry: Json) -> Json:
    where = {name: it for name, it in entry["location"].items() if name != "locationType"}
    return {"createDeveloperMetadata": {"developerMetadata": entry | {"location": where}}}
