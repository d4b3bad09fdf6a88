"""The registry: what it remembers, for several processes, and what it refuses to read."""

import fcntl
import json
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from formbridge.adapters.sheets.drive.registry import Registry
from formbridge.adapters.sheets.drive.registry_file import Attempt
from formbridge.domain.errors import NewerVersion, StoreBroken, StoreUnavailable, TableBusy
from formbridge.domain.identity import TableKey
from formbridge.testing.clock import START, FakeClock

CLUB, SHOP = TableKey(form_id="club"), TableKey(form_id="club", source="shop")

SAMPLE = """\
{
 "version": 1,
 "folders": {"google FormBridge": "F1"},
 "tables": [
  {"folder": "F1", "source": "", "form": "club", "spreadsheets": ["B1", "B2"]},
  {"folder": "F1", "source": "shop", "form": "club", "spreadsheets": ["B3"]}
 ],
 "attempts": {"0123/2": {"at": 1767225600000000, "looked": 5, "files": ["B4"]}}
}
"""
"""A file of version 1, as every later FormBridge must read it."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the registry is: in a folder that is not there yet."""
    return tmp_path / "state" / "sheets.json"


def opened(path: Path | None) -> Registry:
    """Return a registry as a new process would open it."""
    return Registry(path, clock=FakeClock())


@pytest.mark.parametrize("in_memory", [True, False])
def test_spreadsheets_are_remembered(path: Path, *, in_memory: bool) -> None:
    """By the folder that cares for them and by table, in their order."""
    registry = opened(None if in_memory else path)
    assert registry.books("F1", CLUB) == ()
    registry.keep("F1", CLUB, ["B1", "B2"])
    registry.keep("F2", CLUB, ["B3"])
    assert registry.books("F1", CLUB) == ("B1", "B2")
    assert registry.books("F2", CLUB) == ("B3",)
    assert registry.books("F1", SHOP) == ()
    assert registry.tables("F1") == [CLUB]
    registry.keep("F1", CLUB, ())
    assert registry.tables("F1") == []


def test_a_spreadsheet_is_known_by_its_table(path: Path) -> None:
    """So that two forms are never written into one."""
    registry = opened(path)
    registry.keep("F1", CLUB, ["B1"])
    assert registry.owners("B1") == {CLUB}
    assert registry.owners("B2") == set()


def test_folders_are_remembered_until_they_are_forgotten(path: Path) -> None:
    """A folder that was deleted is searched anew."""
    registry = opened(path)
    registry.keep_folder("google Forms", "F1")
    assert opened(path).folder("google Forms") == "F1"
    registry.forget_folder("google Forms")
    assert opened(path).folder("google Forms") is None


def test_processes_see_what_others_remember(path: Path) -> None:
    """Also what was stored since they last looked."""
    one, other = opened(path), opened(path)
    assert other.books("F1", CLUB) == ()
    one.keep("F1", CLUB, ["B1"])
    assert other.books("F1", CLUB) == ("B1",)
    other.keep("F1", SHOP, ["B2"])
    assert one.books("F1", SHOP) == ("B2",)
    assert one.books("F1", CLUB) == ("B1",)


def test_an_attempt_is_begun_by_one(path: Path) -> None:
    """The second process learns that the first one is making it, and what came out of it."""
    one, other = opened(path), opened(path)
    assert one.begin("k")
    assert not other.begin("k")
    one.made("k", "B1")
    assert other.attempt("k") == Attempt(at=START, ids=("B1",))
    other.made("k", "B2")
    one.discarded("k", "B1")
    assert one.attempt("k") == Attempt(at=START, ids=("B2",))
    other.end("k")
    assert one.attempt("k") is None
    assert one.begin("k")


def test_the_first_look_in_vain_is_kept_until_a_call_is_lost(path: Path) -> None:
    """Time is counted from the first look after the call whose outcome nobody knows."""
    clock = FakeClock()
    registry = Registry(path, clock=clock)
    registry.begin("k")
    registry.looked("k")
    clock.advance(7)
    registry.looked("k")
    assert registry.attempt("k") == Attempt(at=START, looked=START)
    registry.lost("k")
    registry.looked("k")
    assert registry.attempt("k") == Attempt(at=START, looked=START + 7_000_000)


def test_no_change_is_lost_when_threads_write_at_once(path: Path) -> None:
    """Each change is read, made and stored under the lock."""

    def fill(number: int) -> None:
        registry = Registry(path, clock=clocks[number])
        for form in range(10):
            table = TableKey(form_id=f"{number} {form}")
            while True:
                try:
                    registry.keep("F1", table, ["B"])
                    break
                except TableBusy:
                    continue

    clocks = [FakeClock() for _ in range(4)]
    threads = [threading.Thread(target=fill, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened(path).tables("F1")) == 40


def test_a_lock_that_is_held_for_long_means_busy(path: Path) -> None:
    """A process that hangs must not hang all others."""
    registry = opened(path)
    registry.keep("F1", CLUB, ["B1"])
    with Path(f"{path}.lock").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(TableBusy, match=r"sheets\.json\.lock"):
            registry.keep("F1", CLUB, ["B2"])
        assert registry.books("F1", CLUB) == ("B1",)
    registry.keep("F1", CLUB, ["B2"])
    assert registry.books("F1", CLUB) == ("B2",)


def test_the_file_is_whole_at_any_moment(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is replaced at once, so a crash leaves the old one or the new one."""
    registry = opened(path)
    registry.keep("F1", CLUB, ["B1"])
    before = path.read_bytes()

    def crash(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", crash)
    with pytest.raises(StoreUnavailable, match="No space left"):
        registry.keep("F1", CLUB, ["B2"])
    assert path.read_bytes() == before
    assert registry.books("F1", CLUB) == ("B1",)


def test_a_sample_of_version_1_is_read(path: Path) -> None:
    """Whatever comes later, this is read."""
    path.parent.mkdir()
    path.write_text(SAMPLE)
    registry = opened(path)
    assert registry.folder("google FormBridge") == "F1"
    assert registry.books("F1", CLUB) == ("B1", "B2")
    assert registry.books("F1", SHOP) == ("B3",)
    assert registry.attempt("0123/2") == Attempt(at=START, looked=5, ids=("B4",))
    registry.keep_folder("google FormBridge", "F1")  # nothing new: nothing is written
    assert path.read_text() == SAMPLE


@pytest.mark.parametrize("form", ["", "a\nb", "🎉", "half \ud83d pair", "x" * 300])
def test_every_form_id_survives(path: Path, form: str) -> None:
    """The file is ASCII, whatever forms are called."""
    opened(path).keep("F1", TableKey(form_id=form), ["B1"])
    assert path.read_bytes().isascii()
    assert opened(path).tables("F1") == [TableKey(form_id=form)]


def test_a_newer_version_is_refused(path: Path) -> None:
    """It is left as it is, and the sentence says what to do."""
    path.parent.mkdir()
    path.write_text('{"version": 2, "unheard": "of"}')
    with pytest.raises(NewerVersion, match=r"sheets\.json' has version 2.*upgrade"):
        opened(path).keep("F1", CLUB, ["B1"])
    assert json.loads(path.read_text()) == {"version": 2, "unheard": "of"}


def damaged(change: Callable[[dict[str, object]], None]) -> str:
    """Return the sample with a change."""
    document = json.loads(SAMPLE)
    change(document)
    return json.dumps(document)


GARBAGE = {
    "empty": "",
    "no JSON": "{",
    "a list": "[]",
    "a number": "1",
    "no version": "{}",
    "version 0": damaged(lambda it: it.update(version=0)),
    "version as text": damaged(lambda it: it.update(version="1")),
    "no tables": damaged(lambda it: it.pop("tables")),
    "tables of numbers": damaged(lambda it: it.update(tables=[1])),
    "a table without a form": damaged(lambda it: it.update(tables=[{}])),
    "a folder that is a number": damaged(lambda it: it.update(folders={"F": 1})),
    "folders in a list": damaged(lambda it: it.update(folders=[])),
    "an attempt of text": damaged(lambda it: it.update(attempts={"k": "x"})),
    "nested too deeply": "[" * 100_000,
    "ids as text": SAMPLE.replace('["B3"]', '"B3"'),
    "no UTF-8": "\udcff",
}


@pytest.mark.parametrize("name", list(GARBAGE))
def test_garbage_is_refused_with_the_remedy(path: Path, name: str) -> None:
    """Nothing is guessed, and nothing of the file is repeated."""
    path.parent.mkdir()
    path.write_bytes(GARBAGE[name].encode("utf-8", "surrogateescape"))
    with pytest.raises(StoreBroken, match=r"sheets\.json' cannot be read; move it away"):
        opened(path).books("F1", CLUB)


def test_a_file_that_was_moved_away_begins_anew(path: Path) -> None:
    """The remedy works while processes run."""
    registry = opened(path)
    registry.keep("F1", CLUB, ["B1"])
    path.unlink()
    assert registry.books("F1", CLUB) == ()
    registry.keep("F1", SHOP, ["B2"])
    assert opened(path).tables("F1") == [SHOP]


def test_a_disk_that_fails_is_said_so(tmp_path: Path) -> None:
    """With the file's name and what to do: here a file stands where a folder should be."""
    (tmp_path / "state").write_text("")
    with pytest.raises(StoreUnavailable, match="give this user the right to write"):
        opened(tmp_path / "state" / "sheets.json").keep("F1", CLUB, ["B1"])
