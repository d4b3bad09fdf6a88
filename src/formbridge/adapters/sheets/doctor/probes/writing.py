"""What one call does, in which order, and what it tells: see ``undo`` and ``cells``."""

from formbridge.adapters.sheets.book.undo import area
from formbridge.adapters.sheets.doctor.findings import Verdict
from formbridge.adapters.sheets.doctor.probes.bench import Bench, Json, Trial, held, put, wrong

SLOW = 10.0
"""Seconds beyond which the echo of a write is too dear."""
REPORT = "report it: what is written over could not be restored"
TEXTS = ("=1+1", "00123", "+4912345", "1-2", "1e5", "TRUE", "'quoted", "2026-01-02", "@name")


def copied_before(bench: Bench) -> Verdict:
    """A copy to a hidden tab shows what stood there before the same call wrote over it."""
    sheet, hidden = bench.tab(["id", "old"]), bench.tab()
    bench.do(_hide(hidden), _copy(sheet, hidden), put(sheet, 0, 1, ["new"]))
    if bench.cells(sheet) != [["id"], ["new"]]:
        return wrong("a call did not write over a cell that it had copied", REPORT)
    if bench.cells(hidden) != [["id"], ["old"]]:
        return wrong("a copy does not show what stood there before the same call wrote", REPORT)
    return held("a call copies a row to a hidden tab before it writes over it")


def echoed(bench: Bench) -> Verdict:
    """The answer to a write shows the spreadsheet as it stands after the whole call."""
    sheet, hidden = bench.tab(["id", "old"]), bench.tab()
    cells = "data(rowData(values(formattedValue)))"
    answer = bench.client.change(
        bench.book,
        [_copy(sheet, hidden), put(sheet, 0, 0, ["other"])],
        ranges=[f"'Trial {hidden}'!A1:B1", f"'Trial {sheet}'!A1"],
        fields=f"updatedSpreadsheet(sheets(properties(sheetId),{cells}))",
    )
    seen, seconds = _shown(answer), bench.took
    if seen != {sheet: ["other"], hidden: ["id", "old"]}:
        return wrong("the answer to a write does not show what stands there after it", REPORT)
    if seconds > SLOW:
        return wrong(f"the answer shows what was written, but takes {seconds:.0f} s")
    return held(f"the answer to a write shows the cells after it, in {seconds:.1f} s")


def _shown(answer: Json) -> dict[int, list[str]]:
    shown: dict[int, list[str]] = {}
    for tab in answer.get("updatedSpreadsheet", {}).get("sheets", ()):
        rows = [row for data in tab.get("data", ()) for row in data.get("rowData", ())]
        texts = [it.get("formattedValue", "") for row in rows for it in row.get("values", ())]
        shown[tab["properties"]["sheetId"]] = texts
    return shown


def stays_text(bench: Bench) -> Verdict:
    """What is written as text is text: no formula, no date, no number."""
    sheet = bench.tab(TEXTS, size=(3, len(TEXTS)))
    found = [column[0] if column else None for column in bench.cells(sheet)]
    changed = [text for text, seen in zip(TEXTS, found, strict=False) if seen != text]
    if changed or len(found) != len(TEXTS):
        return wrong(f"a text does not stay what it is: {changed[:1]}", "report it")
    return held("texts stay texts: formulas, numbers, dates and leading zeros are not read as such")


def once(bench: Bench) -> Verdict:
    """``deleteDuplicates`` would take rows with blank keys: why FormBridge does not use it."""
    rows = (["a", "first"], ["A", "case"], [None, "blank"], [None, "again"])
    sheet = bench.tab(*rows, size=(6, 2))
    where = area(sheet, 0, 4, 0, 2)
    key = {"sheetId": sheet, "dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}
    request = {"deleteDuplicates": {"range": where, "comparisonColumns": [key]}}
    bench.do(request)
    seconds, kept = bench.took, bench.cells(sheet)[-1]
    case = "heeds case" if "case" in kept else "ignores case"
    blank = "leaves rows without a key" if "again" in kept else "takes rows without a key"
    return held(f"deleteDuplicates {case} and {blank}, in {seconds:.1f} s (not used)")


def _hide(sheet: int) -> Json:
    hidden = {"sheetId": sheet, "hidden": True}
    return {"updateSheetProperties": {"properties": hidden, "fields": "hidden"}}


def _copy(sheet: int, to: int) -> Json:
    source, target = area(sheet, 0, 1, 0, 2), area(to, 0, 1, 0, 2)
    paste = {"source": source, "destination": target, "pasteType": "PASTE_NORMAL"}
    return {"copyPaste": paste}


TRIALS = (
    Trial("copy first", copied_before),
    Trial("echo", echoed),
    Trial("text is text", stays_text),
    Trial("duplicates", once),
)
