"""Every sink keeps the same promises."""

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import attrs
import pytest

from formbridge.adapters.csv import CsvTables
from formbridge.adapters.memory.sheet import MemorySheet, decode
from formbridge.adapters.memory.tables import MemoryTables
from formbridge.compose import open_ledger
from formbridge.decoding import Decoding
from formbridge.domain.identity import TableKey
from formbridge.domain.ports import Ledger, Sink
from formbridge.domain.records import Delivery
from formbridge.domain.responses import Response
from formbridge.domain.tables import RESPONSE_ID
from formbridge.formats import load_format
from formbridge.function_sink import FunctionSink
from formbridge.table_sink import TableSink
from formbridge.testing.builders import a_payload
from formbridge.testing.fakes import ScriptedSink
from formbridge.testing.sink_contract import SinkContract, SinkDriver

read = Decoding(load_format("native"))


@attrs.define(eq=False)
class MemoryTableDriver(SinkDriver):
    """A table sink, and the sheets that outlive it."""

    decodes = True
    sheets: dict[TableKey, MemorySheet] = attrs.field(factory=dict)

    def open(self) -> Sink:
        """Return a sink over the same sheets."""
        return TableSink(store=MemoryTables(self.sheets), read=read)

    def contents(self) -> list[str]:
        """Read the sheets' own cells."""
        found = []
        for sheet in self.sheets.values():
            place = sheet.place_of(RESPONSE_ID)
            found += [str(decode(row[place])) for row in sheet.rows]
        return sorted(found)


@attrs.define(eq=False)
class CsvTableDriver(SinkDriver):
    """A table sink over a folder."""

    decodes = True
    folder: Path

    def open(self) -> Sink:
        """Return a sink over the same folder."""
        return TableSink(store=CsvTables(self.folder), read=read)

    def contents(self) -> list[str]:
        """Read the files as anybody does."""
        found = []
        for path in self.folder.glob("*.csv"):
            with path.open(encoding="utf-8-sig", newline="") as file:
                found += [row[RESPONSE_ID] for row in csv.DictReader(file)]
        return sorted(found)


@attrs.define(eq=False)
class FunctionDriver(SinkDriver):
    """A function that notes whom it was called for."""

    decodes = True
    ledger: Callable[[], Ledger] | None = None
    called: list[str] = attrs.field(factory=list)

    def open(self) -> Sink:
        """Return a sink that calls the same function."""
        ledger = None if self.ledger is None else self.ledger()
        return FunctionSink(handle=self.note, read=read, ledger=ledger)

    def note(self, responses: Sequence[Response]) -> None:
        """Take one call."""
        self.called += [response.response_id for response in responses]

    def contents(self) -> list[str]:
        """Return every call."""
        return self.called


@attrs.define(eq=False)
class ScriptedDriver(SinkDriver):
    """The fake that the test kit ships: it must keep the promises of what it stands for."""

    decodes = False
    written: list[Delivery] = attrs.field(factory=list)

    def open(self) -> Sink:
        """Return a sink that writes to the same list."""
        sink = ScriptedSink()
        sink.written = self.written
        return sink

    def contents(self) -> list[str]:
        """Read the list."""
        values = [delivery.value for delivery in self.written if delivery.value]
        readable = [value for value in values if value.startswith(b"{")]
        return [response.response_id for it in readable for response in read(_delivery(it))]


def _delivery(value: bytes) -> Delivery:
    return Delivery("responses", 0, 0, None, value, (), 0)


class TestTableSinkOverMemory(SinkContract):
    """Tables in memory."""

    @pytest.fixture
    def driver(self) -> SinkDriver:
        """Sheets of their own for each test."""
        return MemoryTableDriver()


class TestTableSinkOverCsv(SinkContract):
    """Tables in a folder."""

    @pytest.fixture
    def driver(self, tmp_path: Path) -> SinkDriver:
        """A folder of its own for each test."""
        return CsvTableDriver(tmp_path)


class TestFunctionSink(SinkContract):
    """A plain function: at least once."""

    @pytest.fixture
    def driver(self) -> SinkDriver:
        """A list of its own for each test."""
        return FunctionDriver()


class TestFunctionSinkWithALedger(SinkContract):
    """A function whose calls are remembered in a file."""

    @pytest.fixture
    def driver(self, tmp_path: Path) -> Iterator[SinkDriver]:
        """A file of its own for each test; its connections are closed behind it."""
        with ExitStack() as opened:

            def ledger() -> Ledger:
                it = open_ledger(tmp_path / "calls.db")
                opened.callback(it.close)
                return it

            yield FunctionDriver(ledger)

    def test_a_redelivery_after_a_restart_is_no_second_call(self, driver: SinkDriver) -> None:
        """That is what the ledger is for."""
        for _ in range(2):
            sink = driver.open()
            for part in sink.plan([_delivery(a_payload())]).parts.values():
                list(sink.write([part]))
        assert driver.contents() == ["r1"]


class TestScriptedSink(SinkContract):
    """The fake of the test kit."""

    @pytest.fixture
    def driver(self) -> SinkDriver:
        """A list of its own for each test."""
        return ScriptedDriver()
