"""Processes that do not outlive their owner, however it ends.

The owner is a process, not the thread that started them (as it is with PR_SET_PDEATHSIG), and it
need not be the parent: a worker of a test run can start what belongs to the whole run.
"""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path


def guarded(
    command: Sequence[object], *, folder: Path, log: Path, owner: int | None = None
) -> "subprocess.Popen[bytes]":
    """Start a program in a folder; it is killed when the process ``owner`` is gone.

    The owner is by default this process.
    The process that is returned is the program's own. What it says goes to the end of ``log``; a
    Ctrl-C in the terminal does not reach it.
    """
    launcher = [sys.executable, "-I", "-S", __file__, str(owner or os.getpid())]
    with log.open("ab") as file:
        return subprocess.Popen(
            [*launcher, *map(str, command)],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _launch(owner: int, command: list[str]) -> None:
    """Become the program, and leave a child behind that watches it and its owner."""
    program = os.getpid()
    if os.fork():
        os.execvp(command[0], command)  # noqa: S606 - no shell is wanted
    _watch(owner, program)


def _watch(owner: int, program: int) -> None:
    if _first_to_end(owner, program) == owner:
        os.kill(program, signal.SIGKILL)


def _first_to_end(*pids: int) -> int:
    """Wait; a process that nobody waited for has ended too, where the system can tell (Linux)."""
    if not hasattr(os, "pidfd_open"):
        while all(map(_exists, pids)):
            time.sleep(0.2)
        return next(pid for pid in pids if not _exists(pid))
    poll, watched = select.poll(), {}
    for pid in pids:
        try:
            watched[os.pidfd_open(pid)] = pid
        except ProcessLookupError:
            return pid
    for file in watched:
        poll.register(file, select.POLLIN)
    return watched[poll.poll()[0][0]]


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    _launch(int(sys.argv[1]), sys.argv[2:])
