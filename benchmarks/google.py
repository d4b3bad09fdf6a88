"""The emulator of Google Sheets over a socket: calls, growth with the sheet, memory, start."""

import json
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from statistics import median
from urllib.parse import urlsplit

import attrs

from benchmarks.figure import Figure
from benchmarks.findings import Findings
from formbridge.testing.google.grid.rows import Rows

ROWS, CELLS = 500, 15
COMMAND = (sys.executable, "-m", "formbridge.testing.google", "--port", "0")
MEGA = 1e6


@attrs.frozen(kw_only=True)
class Sizes:
    """How far a sheet grows, in calls of 500 rows, and how many calls are timed at each end."""

    calls: int
    timed: int
    starts: int
    cells: int


FULL = Sizes(calls=400, timed=40, starts=5, cells=1_000_000)
SMALL = Sizes(calls=4, timed=2, starts=1, cells=10_000)


def measure(*, small: bool) -> Findings:
    """Measure a server in a process of its own; ``small`` only shows that it runs."""
    sizes = SMALL if small else FULL
    starts = [_start_seconds() for _ in range(sizes.starts)]
    with emulator() as client:
        book = client.create()
        seconds = [client.append(book) for _ in range(sizes.calls)]
        first, last = median(seconds[: sizes.timed]), median(seconds[-sizes.timed :])
        grown = sizes.calls * ROWS
        read = median(client.read(book, grown) for _ in range(3))
    return Findings(
        figures=[
            Figure(name="start to listening", value=median(starts), unit="s", bar=1, higher=False),
            Figure(
                name=f"appends of {ROWS} rows of {CELLS} cells", value=1 / first, unit="calls/s"
            ),
            Figure(name=f"the same at {grown:,} rows", value=1 / last, unit="calls/s"),
            Figure(
                name=f"the cost at {grown:,} rows over that at the beginning",
                value=last / first,
                unit="",
                bar=1.25,
                higher=False,
                note=f"medians of {sizes.timed} calls",
            ),
            Figure(name=f"values.get of {grown:,} rows", value=read, unit="s"),
            Figure(
                name="memory of a million cells of text",
                value=_memory(sizes.cells) / MEGA * 1_000_000 / sizes.cells,
                unit="MB",
                note="the grid alone, by tracemalloc",
            ),
        ]
    )


@attrs.define(eq=False)
class Client:
    """Calls the emulator over one connection."""

    connection: HTTPConnection

    def call(self, method: str, path: str, body: object = None) -> object:
        """Make a call; raise if it is refused."""
        headers = {"Authorization": "Bearer test-token", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body)
        self.connection.request(method, path, data, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise AssertionError(content[:500])
        return json.loads(content)

    def create(self) -> str:
        """Make a spreadsheet of one tab with so many columns and one row."""
        grid = {"rowCount": 1, "columnCount": CELLS}
        body = {"sheets": [{"properties": {"sheetId": 0, "gridProperties": grid}}]}
        made: dict[str, str] = self.call("POST", "/v4/spreadsheets", body)  # type: ignore[assignment]  # an object
        return made["spreadsheetId"]

    def append(self, book: str) -> float:
        """Append 500 rows; return the seconds that it took."""
        values = [{"userEnteredValue": {"stringValue": f"answer {n}"}} for n in range(CELLS)]
        append = {"rows": [{"values": values}] * ROWS, "fields": "userEnteredValue"}
        began = time.perf_counter()
        self.call(
            "POST", f"/v4/spreadsheets/{book}:batchUpdate", {"requests": [{"appendCells": append}]}
        )
        return time.perf_counter() - began

    def read(self, book: str, rows: int) -> float:
        """Read all; return the seconds that it took."""
        began = time.perf_counter()
        answer = self.call("GET", f"/v4/spreadsheets/{book}/values/A:O?prettyPrint=false")
        took = time.perf_counter() - began
        if len(answer["values"]) != rows:  # type: ignore[index]  # an object
            raise AssertionError(rows)
        return took


@contextmanager
def emulator() -> Iterator[Client]:
    """Start a server, and end it by its process id."""
    with started() as (_, address):
        parts = urlsplit(address)
        connection = HTTPConnection(parts.hostname or "", parts.port, timeout=120)
        yield Client(connection)
        connection.close()


@contextmanager
def started(command: Sequence[str] = COMMAND) -> Iterator[tuple[float, str]]:
    """Yield how long it took until the server listened, and its address."""
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own program
        try:
            line = process.stdout.readline() if process.stdout else ""
            address = next(word for word in line.split() if word.startswith("http://"))
            yield time.perf_counter() - began, address
        finally:
            process.terminate()


def _start_seconds() -> float:
    with started() as (seconds, _):
        return seconds


def _memory(cells: int) -> int:
    """Return the bytes of a grid of texts of 20 characters."""
    tracemalloc.start()
    rows = Rows(
        tuple(f"answer {number:13}" for number in range(start, start + CELLS))
        for start in range(0, cells, CELLS)
    )
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(rows)  # noqa: S101 - it lives until here
    return used
