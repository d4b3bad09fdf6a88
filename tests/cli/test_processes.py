"""The command line as real processes: signals, pipes, a terminal, and an extra that is missing."""

import fcntl
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-m", "formbridge"]
PATIENCE = 30  # seconds


@pytest.fixture
def folder(tmp_path: Path, payload: Callable[..., str]) -> Path:
    """A folder with five hundred payloads."""
    lines = (payload(str(number)) for number in range(500))
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    return tmp_path


def finish(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end."""
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def until(done: Callable[[], bool]) -> None:
    """Wait for it."""
    give_up = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < give_up, "waited in vain"
        time.sleep(0.02)


@contextmanager
def in_use(tables: Path) -> Iterator[None]:
    """Hold every file of a folder of tables, as a program that is writing to them does."""
    with ExitStack() as held:
        for path in [path for path in tables.rglob("*") if path.is_file()]:
            fcntl.flock(held.enter_context(path.open("rb")), fcntl.LOCK_EX)
        yield


@pytest.mark.parametrize("which", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_a_run_after_its_pass(which: signal.Signals, folder: Path) -> None:
    """Within seconds, with a summary and exit code 0; what was read is in the table, once."""
    with subprocess.Popen(
        [*COMMAND, "run", "--broker", "sqlite:log.db", "--sink", "csv:out"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert finish(folder, "publish", "a.jsonl", "--broker", "sqlite:log.db").returncode == 0
        table = folder / "out" / "f.csv"
        until(lambda: table.exists() and table.read_text().count("\n") == 501)
        process.send_signal(which)
        out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err) == (0, "")
    assert out == "csv:out: 500 records read, 500 rows changed, 0 dead letters\n"


def test_a_run_until_idle_that_is_stopped_before_has_not_done_its_work(
    folder: Path, payload: Callable[..., str]
) -> None:
    """A script must not go on as if everything were in the table."""
    run = ["run", "--broker", "sqlite:log.db", "--sink", "csv:out", "--until-idle"]
    (folder / "b.jsonl").write_text(payload("one more"))
    for name in ("a.jsonl", "b.jsonl"):
        assert finish(folder, "publish", name, "--broker", "sqlite:log.db").returncode == 0
        if name == "a.jsonl":
            assert finish(folder, *run).returncode == 0
    with (
        in_use(folder / "out"),
        subprocess.Popen(
            [*COMMAND, *run], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process,
    ):
        assert process.stderr is not None
        assert "PartDeferred" in process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE)
    assert process.returncode == 1


def test_a_run_that_was_killed_goes_on_where_it_was(folder: Path) -> None:
    """Each response is there once."""
    assert finish(folder, "publish", "a.jsonl", "--broker", "sqlite:log.db").returncode == 0
    run = ["run", "--broker", "sqlite:log.db", "--sink", "csv:out"]
    with subprocess.Popen([*COMMAND, *run], cwd=folder) as process:
        until((folder / "out").exists)
        process.kill()
    assert finish(folder, *run, "--until-idle").returncode == 0
    lines = (folder / "out" / "f.csv").read_text().splitlines()[1:]
    assert sorted(int(line.partition(",")[0]) for line in lines) == list(range(500))


def test_nobody_reads_on(folder: Path) -> None:
    """As in ``formbridge formats show native | head -1``: no traceback."""
    command = f"{sys.executable} -m formbridge formats show native | true"
    ended = subprocess.run(
        ["sh", "-c", command], cwd=folder, capture_output=True, text=True, check=False
    )
    assert ended.stderr == ""


def test_without_click_a_sentence_says_how_to_get_it(tmp_path: Path) -> None:
    """The package without its extra `cli` still has the command."""
    (tmp_path / "click.py").write_text("raise ImportError\n")
    ended = subprocess.run(
        COMMAND,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert "pip install 'formbridge[cli]'" in ended.stderr


def test_a_terminal_shows_progress_and_a_pipe_does_not(folder: Path) -> None:
    """Progress is written over, so that only the result stays."""
    arguments = ["publish", "a.jsonl", "--broker", "sqlite:log.db"]
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, *arguments], cwd=folder, stdout=subprocess.PIPE, stderr=theirs
    ) as process:
        process.communicate(timeout=PATIENCE)
    os.close(theirs)
    shown = os.read(ours, 10_000).decode()
    os.close(ours)
    assert "500 responses published" in shown
    assert shown.endswith("\r\x1b[K")
    assert finish(folder, *arguments).stderr == ""
