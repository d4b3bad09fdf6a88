"""The process dies, the power fails or the disk is full at any point of any write: nothing is lost.

A scenario runs once to count what it does to files; then once more for each of these operations,
with a failure there. What was not reported written is delivered again, as a log would.
"""

import errno
import os
import random
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from formbridge.adapters.csv import CsvTables
from formbridge.adapters.csv.disk import Disk
from formbridge.adapters.csv.folder import AHEAD
from formbridge.domain.arrivals import arrival_of
from formbridge.domain.errors import StoreError
from formbridge.domain.identity import TableKey
from formbridge.domain.plan_upsert import plan_upsert
from formbridge.domain.questions import FormMapping, Question
from formbridge.domain.responses import Operation, Response
from formbridge.domain.tables import Applied, Changes
from formbridge.testing.builders import a_delivery, a_response
from formbridge.testing.table_versions import at

ONE, TWO = TableKey(form_id="one"), TableKey(form_id="two")
LONG = "a long answer, " * 40


def _answer(response_id: str, hour: int = 8, **answers: str) -> Response:
    return a_response(response_id, answers=answers, updated_at=at(hour) if hour > 8 else None)


def _gone(response_id: str, hour: int) -> Response:
    return a_response(response_id, operation=Operation.DELETE, updated_at=at(hour))


MAPPING = FormMapping(
    form_id="one", questions={"q1": Question(id="q1", title="The first question")}, version=1
)
TIDY = "tidy"
Step = dict[TableKey, list[Response]] | FormMapping | str
STEPS: list[Step] = [
    {ONE: [_answer("r1", q1="a"), _answer("r2", q1=LONG)], TWO: [_answer("s1", q1='say "x"')]},
    {ONE: [_answer("r3", q1="two\nlines"), _answer("r4", q1="")], TWO: [_answer("s2", q1="b")]},
    {ONE: [_answer("r1", 9, q1="a9"), _answer("r5", q1=LONG), _gone("r2", 9)]},
    {ONE: [_answer("r6", q1="c", q2="new")], TWO: [_answer("s1", 9, q2="new")]},
    {ONE: [_answer("r3", 9, q2="only"), _gone("r7", 9)], TWO: [_gone("s2", 9)]},
    TIDY,
    {ONE: [_answer("r2", 10, q1="back"), _answer("r7", q1="late")], TWO: [_answer("s3", q1="z")]},
    MAPPING,
    {ONE: [_gone("r6", 9), _answer("r8", q1="d" * 3000)], TWO: [_answer("s2", 10, q1="back")]},
    {ONE: [_answer("r6", 10, q1="back", q3="wide")]},
    {ONE: [_answer("r9", q1="last")], TWO: [_answer("s9", q1="last")]},
    TIDY,
]


class Died(BaseException):
    """The process is no more: nothing catches it."""


class FailingDisk(Disk):
    """A disk whose n-th operation fails: before it, in the middle of it, or behind it."""

    countdown: int = -1
    how: str = "before"
    error: Callable[[], BaseException] = Died
    done: int = 0

    def _operation(self, act: Callable[[], object], half: Callable[[], object]) -> None:
        self.done += 1
        self.countdown -= 1
        if self.countdown != 0:
            act()
            return
        if self.how != "before":
            (half if self.how == "half" else act)()
        raise self.error()

    def append(self, path: str, data: bytes) -> None:
        """Write all, half or nothing."""
        write = super().append
        self._operation(lambda: write(path, data), lambda: write(path, data[: len(data) // 2]))

    def truncate(self, path: str, size: int) -> None:
        """Cut, or not."""
        cut = super().truncate
        self._operation(lambda: cut(path, size), lambda: None)

    def write_beside(self, path: str, chunks: Iterable[bytes]) -> os.stat_result:
        """Write all, half or nothing."""
        write, data = super().write_beside, b"".join(chunks)
        self._operation(lambda: write(path, [data]), lambda: write(path, [data[: len(data) // 2]]))
        return Path(path).stat()

    def replace(self, path: str, by: str) -> None:
        """Replace, or not."""
        replace = super().replace
        self._operation(lambda: replace(path, by), lambda: None)

    def remove(self, path: str) -> None:
        """Remove, or not."""
        remove = super().remove
        self._operation(lambda: remove(path), lambda: None)

    def sync(self, folders: Iterable[str], files: Iterable[str]) -> None:
        """Say that it failed, or not; this disk is as durable as the test's process."""
        self._operation(lambda: [*folders, *files], lambda: None)


class Log:
    """What the steps delivered, with offsets: the same record has the same place each time."""

    def __init__(self, store: CsvTables) -> None:
        self.store = store

    def play(self, number: int) -> bool:
        """Do a step; True if everything of it was reported written."""
        step = STEPS[number]
        if isinstance(step, str):
            self.store.tidy()
            return True
        if isinstance(step, FormMapping):
            return self._write({ONE: plan_upsert(self.store.open(ONE), [], mapping=step)})
        return self._write({table: self._plan(table, step[table], number) for table in step})

    def _plan(self, table: TableKey, responses: list[Response], number: int) -> Changes:
        arrivals = [
            arrival_of(response, a_delivery(offset=number * 100 + place))
            for place, response in enumerate(responses)
        ]
        return plan_upsert(self.store.open(table), arrivals)

    def _write(self, changes: dict[TableKey, Changes]) -> bool:
        outcomes = self.store.write(changes)
        assert set(outcomes) == set(changes)
        return all(outcome == Applied() for outcome in outcomes.values())


def _contents(folder: Path) -> dict[str, list[str]]:
    """Return the lines of each table; the order of rows is not part of what must be right."""
    tables = {path.name: path.read_text().splitlines() for path in folder.glob("*.csv")}
    return {name: [lines[0], *sorted(lines[1:])] for name, lines in tables.items()}


def _finish(folder: Path, begin: int, *, boot: str = "a") -> dict[str, list[str]]:
    """Start again with a sound disk from the step that was not reported written."""
    store = CsvTables(folder, durable=False, disk=Disk(boot=boot))
    log = Log(store)
    for number in range(begin, len(STEPS)):
        assert log.play(number), number
    store.close()
    return _contents(folder)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What the tables hold when nothing goes wrong."""
    return _finish(tmp_path_factory.mktemp("sound") / "tables", 0)


def _operations(folder: Path) -> int:
    disk = FailingDisk(boot="a")
    log = Log(CsvTables(folder, disk=disk))
    for number in range(len(STEPS)):
        assert log.play(number)
    disk.close()
    return disk.done


def _run_until_death(folder: Path, disk: FailingDisk) -> int:
    """Play the steps; return the one in which the process died."""
    log = Log(CsvTables(folder, disk=disk))
    done = 0
    try:
        for number in range(len(STEPS)):
            assert log.play(number)
            done = number + 1
    except Died:
        pass
    finally:
        disk.close()
    return done


@pytest.mark.parametrize("how", ["before", "half", "after"])
def test_a_process_may_die_at_any_operation(
    tmp_path: Path, how: str, expected: dict[str, list[str]]
) -> None:
    """Whatever was going on, the next process ends with the same tables."""
    operations = _operations(tmp_path / "counted")
    assert operations > 60
    for countdown in range(1, operations + 1):
        folder = tmp_path / f"{how}{countdown}"
        disk = FailingDisk(boot="a")
        disk.countdown, disk.how = countdown, how
        begin = _run_until_death(folder, disk)
        assert _finish(folder, begin) == expected, f"{how} operation {countdown}"


@pytest.mark.parametrize("how", ["half", "after"])
def test_a_process_may_die_again_while_it_mends(
    tmp_path: Path, how: str, expected: dict[str, list[str]]
) -> None:
    """Mending is a series of operations like any other."""
    operations = _operations(tmp_path / "counted")
    for countdown in range(1, operations + 1, 3):
        for second in range(1, 6):
            folder = tmp_path / f"{how}{countdown}-{second}"
            disk = FailingDisk(boot="a")
            disk.countdown, disk.how = countdown, "half"
            begin = _run_until_death(folder, disk)
            again = FailingDisk(boot="a")
            again.countdown, again.how = second, how
            log = Log(CsvTables(folder, disk=again))
            try:
                for number in range(begin, len(STEPS)):
                    assert log.play(number)
                    begin = number + 1
            except Died:
                pass
            finally:
                again.close()
            assert _finish(folder, begin) == expected, (countdown, second)


@pytest.mark.parametrize("how", ["before", "half", "after"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EACCES])
def test_an_operation_may_fail_and_the_same_store_goes_on(
    tmp_path: Path, how: str, code: int, expected: dict[str, list[str]]
) -> None:
    """A full disk is an error of ours or an outcome; with room again, nothing is missing."""
    operations = _operations(tmp_path / "counted")
    for countdown in range(1, operations + 1):
        folder = tmp_path / f"{how}{countdown}"
        disk = FailingDisk(boot="a")
        disk.countdown, disk.how = countdown, how
        disk.error = lambda: OSError(code, "made up")
        store = CsvTables(folder, disk=disk)
        log = Log(store)
        for number in range(len(STEPS)):
            for _ in range(3):
                try:
                    if log.play(number):
                        break
                except StoreError:
                    continue
            else:
                pytest.fail(f"step {number} never succeeds")
        store.close()
        assert _contents(folder) == expected, f"{how} operation {countdown}"


class UnsyncedDisk(FailingDisk):
    """A disk that knows what was durable at the last sync, and loses some of the rest."""

    folder: Path
    durable: dict[Path, bytes]

    def sync(self, folders: Iterable[str], files: Iterable[str]) -> None:
        """Make everything durable, unless the power fails before."""
        super().sync(folders, files)
        self.durable = self.state()

    def state(self) -> dict[Path, bytes]:
        """Return every file that there is."""
        return {path: path.read_bytes() for path in self.folder.rglob("*") if path.is_file()}

    def lose(self, chance: random.Random) -> None:
        """Cut the power: each file is now as it was, as it is, or something in between."""
        for path, now in self.state().items():
            before = self.durable.get(path)
            if now != before:
                _damage(path, before, now, chance)


def _damage(path: Path, before: bytes | None, now: bytes, chance: random.Random) -> None:
    fate = chance.choice(["kept", "lost", "cut", "zeros"])
    grew = now.startswith(before or b"")
    if fate == "lost" and before is None:
        path.unlink()
    elif fate == "lost" and before is not None:
        path.unlink()
        path.write_bytes(before)
    elif fate in {"cut", "zeros"} and grew:
        size = chance.randrange(len(before or b""), len(now) + 1)
        with path.open("r+b") as file:
            file.truncate(size)
            file.truncate(len(now) if fate == "zeros" else size)


@pytest.mark.parametrize("seed", range(8))
def test_the_power_may_fail_at_any_operation(
    tmp_path: Path, seed: int, expected: dict[str, list[str]]
) -> None:
    """What was not synced is lost, cut or full of zeros, file by file; reported rows are there."""
    operations = _operations(tmp_path / "counted")
    chance = random.Random(seed)  # noqa: S311 - a test's dice
    for countdown in range(1, operations + 1):
        folder = tmp_path / f"cut{countdown}"
        folder.mkdir()
        disk = UnsyncedDisk(boot="a")
        disk.folder, disk.durable = folder, {}
        disk.countdown, disk.how = countdown, chance.choice(["before", "half", "after"])
        begin = _run_until_death(folder, disk)
        disk.lose(chance)
        assert _finish(folder, begin, boot="b") == expected, f"seed {seed}, operation {countdown}"


class WatchedDisk(Disk):
    """Counts what is begun ahead."""

    ahead: int = 0

    def begin_sync(self, folder: str) -> None:
        """Count it."""
        self.ahead += 1
        super().begin_sync(folder)


def test_what_failed_ahead_of_a_sync_is_raised_by_the_sync(tmp_path: Path) -> None:
    """The system tells an error once: who asked ahead must not be the only one to hear it."""
    disk = Disk()
    asked = []

    def syncfs(handle: int) -> None:
        asked.append(handle)
        if len(asked) == 1:
            raise OSError(errno.EIO, "tried")

    disk._syncfs = syncfs  # noqa: SLF001 - the system's call has no other seam
    disk.begin_sync(str(tmp_path))
    with pytest.raises(OSError, match="tried"):
        disk.sync([str(tmp_path)], [])
    disk.sync([str(tmp_path)], [])
    assert len(asked) == 2
    disk.close()


def test_much_is_synced_ahead_and_all_of_it_before_the_write_is_told(tmp_path: Path) -> None:
    """Of what several tables append in one write; the last sync is behind the last byte."""
    disk = WatchedDisk()
    store = CsvTables(tmp_path, disk=disk)
    tables = [TableKey(form_id=f"form-{number}") for number in range(3)]
    for turn in range(2):  # the second only appends
        answer = {"q": "x" * AHEAD}
        arrivals = [arrival_of(a_response(f"r{turn}", answers=answer), a_delivery(offset=turn))]
        changes = {table: plan_upsert(store.open(table), arrivals) for table in tables}
        assert set(store.write(changes).values()) == {Applied()}
        assert disk.unsynced < 1000  # the seals
    assert disk.ahead >= 2
    store.close()
