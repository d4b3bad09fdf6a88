"""Every table store keeps the same promises."""

import errno
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from formbridge.adapters.csv import CsvTables
from formbridge.adapters.csv.disk import Disk
from formbridge.adapters.csv.names import stem_of
from formbridge.adapters.memory.sheet import MemorySheet
from formbridge.adapters.memory.tables import MemoryTables
from formbridge.adapters.sheets.settings import Fence
from formbridge.domain.cells import Cell
from formbridge.domain.identity import TableKey
from formbridge.domain.ports import TableStore
from formbridge.testing.google.serving import serve
from formbridge.testing.table_driver import Fault, Grid, GridPerson, Person, TableDriver
from formbridge.testing.table_store_contract import TableStoreContract
from tests.contracts.sheets_driver import SheetsDriver

FORMULA_SIGNS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
UNHURT = "nothing can be throttled, broken or late in memory"


class MemoryDriver(TableDriver):
    """Tables in memory, and the dict that outlives the store."""

    def __init__(self) -> None:
        """Begin with no table."""
        self.sheets: dict[TableKey, MemorySheet] = {}

    def open(self) -> TableStore:
        """Return a store over the same dict."""
        return MemoryTables(self.sheets)

    def read(self, table: TableKey) -> Grid:
        """Return the grid, or nothing."""
        sheet = self.sheets.get(table)
        return sheet.read() if sheet else []

    def person(self, table: TableKey) -> Person:
        """A sheet in memory can be edited itself."""
        return self.sheets[table]

    def shown(self, cell: Cell) -> object:
        """Memory keeps types."""
        return cell

    @contextmanager
    def fault(self, fault: Fault) -> Iterator[None]:
        """Nothing goes wrong."""
        if fault in Fault:
            raise NotImplementedError(fault)
        yield


class TestMemoryTables(TableStoreContract):
    """The reference."""

    @pytest.fixture
    def driver(self) -> TableDriver:
        """A dict."""
        return MemoryDriver()

    @pytest.mark.xfail(strict=True, reason=UNHURT)
    def test_throttling_says_how_long(self, driver: TableDriver) -> None:
        """Nobody else can hold it."""
        super().test_throttling_says_how_long(driver)

    @pytest.mark.parametrize("known", [False, True])
    @pytest.mark.xfail(strict=True, reason=UNHURT)
    def test_no_foreign_error_escapes(self, driver: TableDriver, *, known: bool) -> None:
        """There is no SDK."""
        super().test_no_foreign_error_escapes(driver, known=known)

    @pytest.mark.xfail(strict=True, reason=UNHURT)
    def test_a_write_that_landed_and_failed_is_not_done_twice(self, driver: TableDriver) -> None:
        """A call cannot be late."""
        super().test_a_write_that_landed_and_failed_is_not_done_twice(driver)


class TroubledDisk(Disk):
    """A disk that fails on demand."""

    fault: Fault | None = None

    def append(self, path: str, data: bytes) -> None:
        """Fail while everything is broken."""
        self._maybe(Fault.BROKEN)
        super().append(path, data)

    def make_folder(self, path: Path) -> None:
        """Fail while everything is broken."""
        self._maybe(Fault.BROKEN)
        super().make_folder(path)

    def sync(self, folders: Iterable[str], files: Iterable[str]) -> None:
        """Do it, and fail if calls are late."""
        super().sync(folders, files)
        self._maybe(Fault.TIMED_OUT)

    def _maybe(self, fault: Fault) -> None:
        if self.fault is fault:
            raise OSError(errno.EIO, "made up")


class CsvDriver(TableDriver):
    """A folder, read and edited by code that has nothing to do with the store's."""

    def __init__(self, folder: Path) -> None:
        """Use this folder."""
        self.folder = folder
        self.disk = TroubledDisk()

    def open(self) -> TableStore:
        """Return a store over the folder."""
        self.disk = TroubledDisk()
        return CsvTables(self.folder, disk=self.disk)

    def read(self, table: TableKey) -> Grid:
        """Parse the file, character by character."""
        path = self._path(table)
        return parse(path.read_bytes().decode()) if path.exists() else []

    def person(self, table: TableKey) -> Person:
        """Somebody with a spreadsheet."""
        path = self._path(table)

        def load() -> list[list[str]]:
            return [[str(field or "") for field in line] for line in self.read(table)]

        def save(lines: list[list[str]]) -> None:
            path.write_bytes(written(lines).encode())

        return GridPerson(load, save)

    def shown(self, cell: Cell) -> object:
        """Everything is text, and a formula is made harmless."""
        if cell is None or isinstance(cell, bool):
            return None if cell is None else str(cell).lower()
        if isinstance(cell, datetime):
            return cell.strftime("%Y-%m-%dT%H:%M:%SZ")
        if isinstance(cell, str) and cell.lstrip("'").startswith(FORMULA_SIGNS):
            return f"'{cell}"
        return str(cell)

    @contextmanager
    def fault(self, fault: Fault) -> Iterator[None]:
        """Fail as a disk does, or hold the tables as another program would."""
        if fault is Fault.THROTTLED:
            with self._held():
                yield
            return
        self.disk.fault = fault
        yield
        self.disk.fault = None

    @contextmanager
    def _held(self) -> Iterator[None]:
        other = Disk()
        for side in (self.folder / ".formbridge").glob("*.side"):
            assert other.lock(str(side))
        yield
        other.close()

    def _path(self, table: TableKey) -> Path:
        return self.folder / f"{stem_of(table)}.csv"


def parse(text: str) -> Grid:
    """Read CSV, telling a blank (None) from an empty text in quotes."""
    lines: Grid = []
    line: list[object] = []
    place = 0
    while place < len(text):
        field, place = _field(text, place)
        line.append(field)
        if text[place] == "\n":
            lines.append(line)
            line = []
        place += 1
    assert line == [], "the last line has no end"
    return lines


def _field(text: str, place: int) -> tuple[str | None, int]:
    if text[place] != '"':
        end = min(at for at in (text.find(",", place), text.find("\n", place)) if at >= 0)
        return text[place:end] or None, end
    end = place + 1
    while text[end] != '"' or text[end + 1] == '"':
        end += 2 if text[end] == '"' else 1
    return text[place + 1 : end].replace('""', '"'), end + 1


def written(lines: list[list[str]]) -> str:
    """Write CSV with quotes where a spreadsheet would put them."""
    quoted = [
        [
            '"' + each.replace('"', '""') + '"' if set(each) & set(',"\r\n') else each
            for each in line
        ]
        for line in lines
    ]
    return "".join(",".join(line) + "\n" for line in quoted)


class TestCsvTables(TableStoreContract):
    """A folder of CSV files."""

    @pytest.fixture
    def driver(self, tmp_path: Path) -> TableDriver:
        """An empty folder, not made yet."""
        return CsvDriver(tmp_path / "tables")

    @pytest.mark.parametrize("restart", [False, True], ids=["running", "restarted"])
    @pytest.mark.xfail(
        strict=True, reason="a CSV file has no place for a column's identity but header and order"
    )
    def test_a_column_that_is_renamed_and_moved_at_once_is_followed(
        self, driver: TableDriver, *, restart: bool
    ) -> None:
        """It becomes a column of theirs, and its question gets a new one."""
        super().test_a_column_that_is_renamed_and_moved_at_once_is_followed(driver, restart=restart)


class TestSheetsTables(TableStoreContract):
    """Spreadsheets, with each of the three fences."""

    @pytest.fixture(params=list(Fence), ids=lambda fence: fence.value)
    def driver(self, tmp_path: Path, request: pytest.FixtureRequest) -> TableDriver:
        """An emulated Google in this process."""
        return SheetsDriver(folder=tmp_path, fence=request.param)


@pytest.mark.parametrize(
    "law",
    [
        "test_what_is_inserted_stands_there",
        "test_writing_twice_is_writing_once",
        "test_a_new_question_stands_on_the_right",
        "test_two_tables_are_written_at_once",
        "test_any_form_id_has_a_table_of_its_own",
        "test_two_writers_take_turns",
        "test_throttling_says_how_long",
        "test_a_write_that_landed_and_failed_is_not_done_twice",
        "test_an_edit_between_plan_and_write_is_noticed",
    ],
)
def test_spreadsheets_behind_a_socket_keep_the_laws(law: str, tmp_path: Path) -> None:
    """The same by HTTP, as real clients talk."""
    driver = SheetsDriver(folder=tmp_path)
    with serve(driver.google) as served:
        driver.endpoint = served.url
        getattr(TableStoreContract(), law)(driver)
