"""A spreadsheet to try things in: a tab for each trial, and words for what it showed."""

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

import attrs

from formbridge.adapters.sheets.calls.client import Call, SheetsClient
from formbridge.adapters.sheets.calls.errors import SDK_ERRORS, sorted_out
from formbridge.adapters.sheets.calls.failures import Invalid
from formbridge.adapters.sheets.calls.wire import Ask, Params
from formbridge.adapters.sheets.doctor.findings import Verdict, fail, ok, skipped
from formbridge.domain.ports import Clock

Json = dict[str, Any]

FIRST_TAB = 1_000
FIRST_METADATA = 555_000
LONGEST_TEXT = 160
"""Characters of Google's own words that are shown: they are about our trial, not about answers."""


@attrs.define(eq=False, kw_only=True)
class Bench:
    """The spreadsheet ``book``, made for this; ``made`` is what creating it was answered.

    ``calls`` are those that were made, ``email`` is who tries, ``folder`` where the spreadsheet
    lies (an empty text: in My Drive).
    """

    client: SheetsClient
    clock: Clock
    book: str
    made: Json
    calls: Sequence[Call]
    email: str = ""
    folder: str = ""
    _tabs: "count[int]" = attrs.field(init=False, factory=lambda: count(FIRST_TAB))
    _ids: "count[int]" = attrs.field(init=False, factory=lambda: count(FIRST_METADATA))

    # --- what is tried --------------------------------------------------------------------------

    def tab(self, *rows: Sequence[object], size: tuple[int, int] = (6, 4)) -> int:
        """Make a tab with these rows from A1; return its id. ``size``: rows and columns."""
        sheet = next(self._tabs)
        grid = {"rowCount": size[0], "columnCount": size[1]}
        made = {"sheetId": sheet, "title": f"Trial {sheet}", "gridProperties": grid}
        self.do({"addSheet": {"properties": made}}, *([put(sheet, 0, 0, *rows)] if rows else []))
        return sheet

    def do(self, *requests: Json) -> Json:
        """Apply all requests or none."""
        return self.client.change(self.book, requests)

    def refusal(self, *requests: Json) -> str | None:
        """Apply requests that should be refused; return Google's words, or None if they were not.

        Raises ``CallFailed`` where it was no refusal of the requests.
        """
        try:
            self.do(*requests)
        except Invalid as failed:
            return short(failed.detail)
        return None

    def cells(self, sheet: int, area: str = "") -> list[list[object]]:
        """Return the columns of a tab, or of a part of it such as ``A1:B9``."""
        title = f"'Trial {sheet}'"
        (columns,) = self.client.values(self.book, [f"{title}!{area}" if area else title])
        return columns

    def metadata(self, identity: int) -> str | None:
        """Return the value of an entry of the spreadsheet's own metadata; None if it is gone."""
        fields = "developerMetadata(metadataId,metadataValue)"
        found = self.client.read(self.book, fields=fields).get("developerMetadata", ())
        values = {it["metadataId"]: it.get("metadataValue", "") for it in found}
        return values.get(identity)

    def fresh_id(self) -> int:
        """Return an id of metadata that no trial has used."""
        return next(self._ids)

    def call(self, verb: str, url: str, params: Params | None = None, body: object = None) -> Json:
        """Make a call that FormBridge itself never makes; raise ``CallFailed``."""
        ask = Ask(kind="probe", what="a trial", verb=verb, url=url, params=params or {}, body=body)
        try:
            return self.client.wires[0].call(ask)
        except SDK_ERRORS as error:
            failed = sorted_out(error, what="a trial")
        raise failed

    # --- time -----------------------------------------------------------------------------------

    @property
    def took(self) -> float:
        """How many seconds the last call took, once the quota let it go out."""
        return self.calls[-1].seconds

    def until(self, done: Callable[[], bool], *, most: float, every: float = 2.0) -> float | None:
        """Wait until something is so; return how many seconds that took, None after ``most``."""
        begun = self.clock.monotonic()
        while not done():
            if self.clock.monotonic() - begun >= most:
                return None
            self.clock.sleep(every)
        return self.clock.monotonic() - begun


@attrs.frozen
class Trial:
    """One assumption: its name in the report, and what shows whether it holds."""

    name: str
    run: Callable[[Bench], Verdict]


def held(says: str) -> Verdict:
    """Return that an assumption holds."""
    return ok(f"held: {says}")


def wrong(says: str, remedy: str = "") -> Verdict:
    """Return that an assumption does not hold, and what follows for whoever uses FormBridge."""
    return fail(f"wrong: {says}", remedy)


def untried(says: str) -> Verdict:
    """Return why an assumption could not be tried."""
    return skipped(f"not tried: {says}")


def short(text: str) -> str:
    """Return Google's words in one line that is not too long."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_TEXT else f"{line[:LONGEST_TEXT]}…"


def put(sheet: int, row: int, column: int, *rows: Sequence[object]) -> Json:
    """Return the request that writes texts, numbers, booleans, formulas or nothing."""
    start = {"sheetId": sheet, "rowIndex": row, "columnIndex": column}
    lines = [{"values": [cell(value) for value in line]} for line in rows]
    return {"updateCells": {"start": start, "rows": lines, "fields": "userEnteredValue"}}


def append(sheet: int, *rows: Sequence[object]) -> Json:
    """Return the request that adds rows as FormBridge does."""
    lines = [{"values": [cell(value) for value in line]} for line in rows]
    return {"appendCells": {"sheetId": sheet, "rows": lines, "fields": "userEnteredValue"}}


def cell(value: object) -> Json:
    """Return what stands in a cell; a tuple of one text is a formula."""
    match value:
        case None:
            return {}
        case bool():
            return {"userEnteredValue": {"boolValue": value}}
        case int() | float():
            return {"userEnteredValue": {"numberValue": value}}
        case (formula,):
            return {"userEnteredValue": {"formulaValue": formula}}
        case _:
            return {"userEnteredValue": {"stringValue": str(value)}}


def entry(identity: int, value: str, where: Json | None = None) -> Json:
    """Return the request that makes an entry of metadata, of the spreadsheet unless ``where``."""
    made = {
        "metadataId": identity,
        "metadataKey": "formbridge.trial",
        "metadataValue": value,
        "visibility": "DOCUMENT",
        "location": where or {"spreadsheet": True},
    }
    return {"createDeveloperMetadata": {"developerMetadata": made}}


def gone(identity: int, value: str) -> Json:
    """Return the request that deletes an entry of that id if it has that value."""
    lookup = {"metadataId": identity, "metadataValue": value}
    return {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": lookup}}}
