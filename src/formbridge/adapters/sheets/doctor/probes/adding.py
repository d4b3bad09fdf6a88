"""Where new rows go: behind everything, whatever people filter, hide or prepare; see ``rows``."""

from typing import Any
from urllib.parse import quote

from gspread import urls

from formbridge.adapters.sheets.book.undo import area
from formbridge.adapters.sheets.doctor.findings import Verdict
from formbridge.adapters.sheets.doctor.probes.bench import Bench, Trial, append, held, put, wrong

Json = dict[str, Any]

ROWS = (["id", "n"], ["r1", 1], ["r2", 2], ["r3", 3])
NEW = ["r4", 4]
REMEDY = "tell people to remove it from the first tab, and report it"


def under_a_filter(bench: Bench) -> Verdict:
    """A filter and hidden rows change nothing about where rows are added."""
    sheet = bench.tab(*ROWS, size=(8, 3))
    bench.do(_filter(sheet), _hide(sheet, "ROWS", 3), _hide(sheet, "COLUMNS", 0))
    bench.do(append(sheet, NEW))
    ids, numbers = bench.cells(sheet)
    if [ids, numbers] != [["id", "r1", "r2", "r3", "r4"], ["n", 1, 2, 3, 4]]:
        return wrong("under a filter or with hidden rows, new rows go astray", REMEDY)
    return held("under a filter, with hidden rows and columns, new rows go below the last one")


def behind_checkboxes(bench: Bench) -> Verdict:
    """Checkboxes and array formulas that people prepare push new rows down, and are not lost."""
    sheet = bench.tab(*ROWS, size=(9, 4))
    bench.do(_checkboxes(sheet), put(sheet, 1, 3, [("=ARRAYFORMULA(B2:B4*2)",)]))
    bench.do(append(sheet, NEW))
    ids = bench.cells(sheet)[0]
    if ids.count("r4") != 1 or ids[:4] != ["id", "r1", "r2", "r3"]:
        return wrong("beside checkboxes and array formulas, new rows go astray", REMEDY)
    next_to = ids.index("r4") == len(ROWS)
    where = "below the last response" if next_to else "below the last checkbox"
    return held(f"beside checkboxes and array formulas, new rows go {where}")


def values_append(bench: Bench) -> Verdict:
    """What others add rows with, ``values.append``, under a filter: why it is not used."""
    sheet = bench.tab(*ROWS, size=(8, 3))
    bench.do(_filter(sheet), _hide(sheet, "ROWS", 3))
    where = quote(f"'Trial {sheet}'!A1", safe="")
    url = urls.SPREADSHEET_VALUES_APPEND_URL % (bench.book, where)
    params = {"valueInputOption": "RAW", "insertDataOption": "OVERWRITE"}
    bench.call("post", url, params, {"values": [NEW]})
    ids = bench.cells(sheet)[0]
    right = ids == ["id", "r1", "r2", "r3", "r4"]
    says = "adds them below the last one" if right else "writes over what is hidden, or loses it"
    return held(f"values.append, under a filter, {says} (not used)")


def _filter(sheet: int) -> Json:
    criteria = {"condition": {"type": "NUMBER_LESS", "values": [{"userEnteredValue": "3"}]}}
    chosen = {"range": area(sheet, 0, 4, 0, 2), "criteria": {"1": criteria}}
    return {"setBasicFilter": {"filter": chosen}}


def _hide(sheet: int, dimension: str, begin: int) -> Json:
    span = {"sheetId": sheet, "dimension": dimension, "startIndex": begin, "endIndex": begin + 1}
    hidden = {"range": span, "properties": {"hiddenByUser": True}, "fields": "hiddenByUser"}
    return {"updateDimensionProperties": hidden}


def _checkboxes(sheet: int) -> Json:
    rule = {"condition": {"type": "BOOLEAN"}}
    return {"setDataValidation": {"range": area(sheet, 1, 6, 2, 1), "rule": rule}}


TRIALS = (
    Trial("filter", under_a_filter),
    Trial("checkboxes", behind_checkboxes),
    Trial("values.append", values_append),
)
