"""What is guarded does not outlive its owner, and lives as long."""

import os
import select
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.clusters.guard import guarded
from tests.conftest import REPOSITORY

SLEEP = ["sleep", "60"]

STARTER = """
import sys
from pathlib import Path
from tests.clusters.guard import guarded

folder, owner = Path(sys.argv[1]), int(sys.argv[2]) or None
print(guarded(["sleep", "60"], folder=folder, log=folder / "log", owner=owner).pid, flush=True)
if owner is None:
    input()
"""


def _starter(folder: Path, owner: int = 0) -> "subprocess.Popen[str]":
    """Start a process that starts a guarded one, which belongs to itself unless it is told."""
    return subprocess.Popen(
        [sys.executable, "-c", STARTER, str(folder), str(owner)],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _end_of(pid: int) -> Callable[[float], bool]:
    """Return a function that returns whether this process ends within so many seconds."""
    watched = os.pidfd_open(pid)
    return lambda seconds: bool(select.select([watched], [], [], seconds)[0])


linux = pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="looks at processes by pidfd")


@linux
def test_a_program_is_killed_with_its_owner(tmp_path: Path) -> None:
    """Also when the owner dies by SIGKILL, and can clear up nothing."""
    with _starter(tmp_path) as owner:
        assert owner.stdout is not None
        ends = _end_of(int(owner.stdout.readline()))
        assert not ends(0.3)
        owner.kill()
        assert ends(10)


@linux
def test_a_program_of_another_owner_survives_who_started_it(tmp_path: Path) -> None:
    """A worker may die: what it started for the whole run stays until that ends."""
    with subprocess.Popen(SLEEP) as owner:
        with _starter(tmp_path, owner.pid) as starter:
            assert starter.stdout is not None
            pid = int(starter.stdout.readline())
        ends = _end_of(pid)
        assert not ends(0.3)
        owner.kill()
        assert ends(10)


def test_a_program_survives_the_thread_that_started_it(tmp_path: Path) -> None:
    """A drill may start nodes from any of its threads."""
    started: list[subprocess.Popen[bytes]] = []
    thread = threading.Thread(
        target=lambda: started.append(guarded(SLEEP, folder=tmp_path, log=tmp_path / "log"))
    )
    thread.start()
    thread.join()
    with started[0] as program:
        with pytest.raises(subprocess.TimeoutExpired):
            program.wait(0.3)
        program.kill()


def test_a_program_says_what_it_says_in_its_log(tmp_path: Path) -> None:
    """And how it ended is known."""
    command = ["sh", "-c", "pwd; exit 3"]
    with guarded(command, folder=tmp_path, log=tmp_path / "log") as program:
        assert program.wait(10) == 3
    assert (tmp_path / "log").read_text() == f"{tmp_path}\n"
