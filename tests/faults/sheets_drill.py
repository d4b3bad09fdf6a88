"""What the Sheets drill is made of: an emulator in a process of its own, and the program that dies.

What stands in the spreadsheets is read with plain HTTP: nothing of the sink judges what it wrote.
"""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import requests

from tests.conftest import REPOSITORY
from tests.faults.log import SUBMITTED, UPDATED
from tests.faults.sheets_log import Row, Table, Tables

EMULATOR = [sys.executable, "-m", "formbridge.testing.google", "--port", "0", "--rng-seed", "6"]
PROGRAM = [sys.executable, "-m", "formbridge", "run"]
FAULTS: Mapping[str, dict[str, Any]] = {
    "cut-before": {"chance": 0.018, "seed": 105},
    "cut-after": {"chance": 0.018, "seed": 135},
    "late": {"chance": 0.018, "seed": 20, "after_calls": 3},
    "503": {"chance": 0.018, "seed": 22, "kind": "error", "status": 503},
    "html": {"chance": 0.018, "seed": 41},
    "429": {"chance": 0.01, "seed": 34, "kind": "error", "status": 429},
}
"""What goes wrong, by the name that the log of calls has for it: 10 % of all calls together.

The seeds are such that each has struck by the 40th call: a short run must have met all of them.
"""
WRITE = "sheets.spreadsheets.batchUpdate"
SPREADSHEET = "application/vnd.google-apps.spreadsheet"
CELLS = "sheets(properties(title,hidden),data(rowData(values(userEnteredValue,userEnteredFormat))))"
EPOCH = datetime(1899, 12, 30, tzinfo=UTC)
RESPONSE, STATE = "Response ID", "FormBridge"
PATIENCE, QUIET = 120.0, 7.0
"""Seconds to wait for the first call to write, and for a further call: tables are tried again
after five."""
MOST = 10
"""How many differences are told."""

Json = dict[str, Any]


@attrs.frozen
class Emulator:
    """The emulator as its control API shows it. Trouble befalls none of these calls but ``get``."""

    url: str
    http: requests.Session

    def get(self, path: str, **params: str) -> Json:
        """Read as any client does."""
        answer = self.http.get(f"{self.url}{path}", params=params, timeout=60)
        answer.raise_for_status()
        return dict(answer.json())

    def arm(self, method: str) -> None:
        """Let calls of these methods go wrong from now on."""
        for name, said in FAULTS.items():
            fault = {"kind": name, "method": method, "times": None} | said
            self.http.post(f"{self.url}/_emulator/faults", json=fault).raise_for_status()

    def slow(self, *, median: float, p95: float) -> None:
        """Let calls take some time, so that a kill may come in the middle of one."""
        said = {"on": True, "median": median, "p95": p95}
        self.http.patch(f"{self.url}/_emulator/latency", json=said).raise_for_status()

    def calm(self) -> None:
        """End all trouble."""
        self.http.post(f"{self.url}/_emulator/reset", json={}).raise_for_status()

    def counters(self) -> dict[str, Counter[str]]:
        """Return how many calls there were, by what and by name."""
        found = self.get("/_emulator/calls/counters")
        return {kind: Counter(found.get(kind, {})) for kind in ("method", "fault")}

    def under_way(self, moment: float) -> bool:
        """Whether a call was under way at this time, in seconds since 1970."""
        at = int(moment * 1_000_000)
        return any(
            note["at"] <= at <= note["at"] + int(note["seconds"] * 1_000_000)
            for note in self.get("/_emulator/calls")["calls"]
        )

    def spreadsheets(self) -> list[tuple[str, str]]:
        """Return name and id of all spreadsheets that are not in the trash."""
        query = f"mimeType = '{SPREADSHEET}' and trashed = false"
        found = self.get("/drive/v3/files", q=query, fields="files(id,name)", pageSize="1000")
        return [(file["name"], file["id"]) for file in found["files"]]


@contextmanager
def emulator() -> Iterator[Emulator]:
    """Start one, with nothing in it; it is gone in the end."""
    with (
        subprocess.Popen(EMULATOR, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as child,
        requests.Session() as http,
    ):
        try:
            assert child.stdout is not None
            http.headers["Authorization"] = "Bearer test-token"
            yield Emulator(child.stdout.readline().strip(), http)
        finally:
            child.terminate()


@contextmanager
def program(folder: Path, *words: str) -> Iterator["subprocess.Popen[str]"]:
    """Run ``formbridge run``; what it says goes to a file. It is killed in the end."""
    with (folder / "told.txt").open("a", encoding="utf-8") as told:
        command = [*PROGRAM, *words]
        with subprocess.Popen(
            command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=told, text=True
        ) as child:
            try:
                yield child
            finally:
                child.kill()


def told(folder: Path) -> str:
    """Return what the programs of this folder said."""
    return (folder / "told.txt").read_text("utf-8")


def await_writes(
    google: Emulator, child: "subprocess.Popen[str]", folder: Path, *, count: int = 1
) -> None:
    """Wait for so many more calls to write, or until no call comes any more; for one at least.

    Fails if the program ends.
    """
    begun = google.counters()
    goal, seen = begun["method"][WRITE] + count, begun["method"].total()
    until = time.monotonic() + PATIENCE
    while (now := google.counters()["method"])[WRITE] < goal:
        assert child.poll() is None, f"the program ended by itself: {told(folder)}"
        if time.monotonic() > until:
            assert now[WRITE] > begun["method"][WRITE], f"waited in vain: {told(folder)}"
            return
        time.sleep(0.01)
        if now.total() > seen:
            wrote = now[WRITE] > begun["method"][WRITE]
            seen, until = now.total(), time.monotonic() + (QUIET if wrote else PATIENCE)


# --- what stands in the spreadsheets --------------------------------------------------------------


def differences(google: Emulator, expected: Tables) -> list[str]:
    """Return what is wrong, spreadsheet by spreadsheet: the first of it."""
    books = google.spreadsheets()
    names = sorted(name for name, _ in books)
    wrong = [] if names == sorted(expected) else [f"the spreadsheets are {names}"]
    for name, book in sorted(books):
        if len(wrong) >= MOST:
            break
        if name in expected:
            wrong += _of_table(name, _shown(google, book), expected[name])
    return wrong[:MOST]


def _shown(google: Emulator, book: str) -> list[list[object]]:
    """Return the cells of the tab that people see."""
    found = google.get(f"/v4/spreadsheets/{book}", fields=CELLS)
    (tab,) = [it for it in found["sheets"] if not it["properties"].get("hidden")]
    rows = tab["data"][0]["rowData"]
    return [[_value(cell) for cell in row.get("values", ())] for row in rows]


def _value(cell: Json) -> object:
    """Return what was written into a cell, with its type; None for a blank one."""
    entered: Json = cell.get("userEnteredValue", {})
    kind = cell.get("userEnteredFormat", {}).get("numberFormat", {}).get("type")
    if "formulaValue" in entered:
        return f"the formula {entered['formulaValue']}"
    (value,) = entered.values() or (None,)
    if kind == "DATE" and value is not None:
        return date(1899, 12, 30) + timedelta(days=value)
    if kind == "DATE_TIME" and value is not None:
        return EPOCH + timedelta(seconds=round(value * 86_400))
    return value


def _of_table(name: str, rows: Sequence[Sequence[object]], table: Table) -> list[str]:
    header, *lines = rows
    headers = [RESPONSE, STATE, SUBMITTED, UPDATED, *table.headers]
    if sorted(map(str, header)) != sorted(headers):
        return [f"{name}: its columns are {header}"]
    expected = dict(table.rows)
    wrong: list[str] = []
    for number, line in enumerate(lines, 2):
        found = {str(key): it for key, it in zip(header, line, strict=False) if it is not None}
        if found:
            wrong += _of_row(f"{name} row {number}", found, expected)
    return wrong + [f"{name}: {missing} is missing" for missing in expected]


def _of_row(where: str, found: Json, expected: dict[str, Row]) -> list[str]:
    """Compare one row, and take it off what is expected."""
    response_id, state = found.pop(RESPONSE, None), found.pop(STATE, None)
    row = expected.pop(str(response_id), None)
    if row is None or state is None:
        return [f"{where}: {response_id!r} stands there twice, or must not stand there"]
    return [
        f"{where}: {response_id} has {found.get(name)!r} under {name}, not {row.get(name)!r}"
        for name in sorted({*found, *row})
        if found.get(name) != row.get(name)
    ]
