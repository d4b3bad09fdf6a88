"""Whether the process of a member is gone for good, so that nobody waits for its lease."""

import os
from functools import cache
from pathlib import Path

PROC = Path("/proc")


def this_process() -> str:
    """Return what tells this process from every other: boot, pid namespace, pid and start.

    Empty where the operating system does not say (no ``/proc``): then only the lease decides.
    """
    start = _start(os.getpid())
    return f"{_here()} {os.getpid()} {start}" if _here() and start else ""


def is_gone(process: str) -> bool:
    """Return whether the process has surely ended; False if that cannot be known from here."""
    if not process or not _here():
        return False
    boot, namespace, pid, start = process.split(" ")
    here_boot, here_namespace = _here().split(" ")
    if boot != here_boot:  # containers share the boot of their host: the machine was restarted
        return True
    return namespace == here_namespace and _start(int(pid)) != start


@cache
def _here() -> str:
    try:
        boot = (PROC / "sys/kernel/random/boot_id").read_text().strip()
        return f"{boot} {(PROC / 'self/ns/pid').readlink()}"
    except OSError:
        return ""


def _start(pid: int) -> str:
    """Return the clock ticks at which the process started (proc(5), stat, field 22)."""
    try:
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] in "ZX" else fields[19]  # a zombie has ended
