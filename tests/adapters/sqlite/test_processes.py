"""A process that ended is known to have ended; in doubt it lives."""

import os
import subprocess
import sys

import pytest

from formbridge.adapters.sqlite.processes import is_gone, this_process

needs_proc = pytest.mark.skipif(not this_process(), reason="needs /proc: Linux")


@needs_proc
def test_this_process_lives() -> None:
    """The usual case: several consumers in one process."""
    assert not is_gone(this_process())


@needs_proc
def test_a_process_that_ended_is_gone_also_before_its_parent_looked() -> None:
    """A zombie holds nothing any more."""
    code = "from formbridge.adapters.sqlite.processes import this_process; print(this_process())"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as child:
        told = (child.stdout.readline() if child.stdout else "").strip()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # ended, and not yet reaped
        assert is_gone(told)
    assert is_gone(told)


@needs_proc
def test_another_start_of_the_same_number_is_another_process() -> None:
    """Numbers are used again."""
    assert is_gone(this_process() + "1")


@needs_proc
def test_after_a_restart_of_the_machine_all_are_gone() -> None:
    """The boot is part of the name."""
    assert is_gone("other-boot pid:[1] 1 1")


@needs_proc
def test_a_process_of_another_container_is_left_to_its_lease() -> None:
    """Its number means something else here."""
    boot, _, pid, start = this_process().split(" ")
    assert not is_gone(f"{boot} pid:[1] {pid} {start}1")


def test_where_nothing_is_known_it_lives() -> None:
    """An operating system without /proc has leases only."""
    assert not is_gone("")
