"""A publisher is killed at random moments: what it said is published is there, each once."""

import random
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from formbridge.adapters.sqlite.broker import SqliteBroker
from formbridge.adapters.system.clock import SystemClock

PUBLISH = """
import sys
from itertools import count
from pathlib import Path
from formbridge.adapters.sqlite.broker import SqliteBroker
from formbridge.adapters.system.clock import SystemClock
from formbridge.domain.records import Record

publisher = SqliteBroker(Path(sys.argv[1]), clock=SystemClock()).publisher()
for call in count():
    names = [f"{sys.argv[2]}-{call}-{n}".encode() for n in range(20)]
    publisher.publish([Record(key=b"form-%d" % (n % 7), value=it) for n, it in enumerate(names)])
    print(call, flush=True)
"""
CALL = 20  # records


def killed(path: Path, run: int, *, after: float) -> int:
    """Start a publisher, kill it ``after`` seconds of work; return how many calls were told."""
    command = [sys.executable, "-c", PUBLISH, str(path), str(run)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        told = child.stdout.readline()  # it works: only now a kill counts
        time.sleep(after)
        child.kill()
        told += child.stdout.read()
    return told.count("\n")


@pytest.mark.drill
def test_what_was_acknowledged_survives_every_kill(tmp_path: Path, *, long_run: bool) -> None:
    """Each call is there whole or, if it was never acknowledged, perhaps not at all."""
    path, chance = tmp_path / "log.db", random.Random(3)  # noqa: S311 - moments, no secrets
    kills = 200 if long_run else 8
    told = {run: killed(path, run, after=chance.uniform(0, 0.15)) for run in range(kills)}
    with closing(SqliteBroker(path, clock=SystemClock()).reader()) as reader:
        found = Counter((it.value or b"").decode() for it in reader.read())
    calls = Counter(tuple(map(int, name.split("-")[:2])) for name in found)
    print(f"{kills} kills, {sum(told.values()) * CALL} acknowledged, {len(found)} in the log")
    assert set(found.values()) == {1}
    assert set(calls.values()) == {CALL}
    assert {(run, call) for run, count in told.items() for call in range(count)} <= set(calls)
