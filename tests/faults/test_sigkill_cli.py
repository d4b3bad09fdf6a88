"""The program that people run is killed in the middle of its work, and started again."""

import random
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from formbridge.adapters.sqlite.broker import SqliteBroker
from formbridge.adapters.system.clock import SystemClock
from formbridge.compose import group_of
from tests.conftest import REPOSITORY
from tests.faults.lives import HUNG, KILLED
from tests.faults.log import Log
from tests.faults.results import differences

LOG = Log(count=72_000, forms=3)
PROGRAM = [sys.executable, "-m", "formbridge"]


@pytest.mark.drill
def test_a_killed_program_goes_on_where_it_was(tmp_path: Path) -> None:
    """``kill -9`` of ``formbridge run``, twice, costs a repetition and nothing else."""
    payloads, tables = tmp_path / "payloads.jsonl", tmp_path / "tables"
    payloads.write_bytes(b"\n".join(LOG.payload(*event) for event in LOG.events()))
    broker = f"sqlite:{tmp_path / 'log.db'}"
    subprocess.run([*PROGRAM, "publish", payloads, "--broker", broker], cwd=REPOSITORY, check=True)
    run = [*PROGRAM, "run", "--broker", broker, "--sink", f"csv:{tables}", "--until-idle"]
    killed(run, tmp_path)
    killed(run, tmp_path)
    subprocess.run(run, cwd=REPOSITORY, check=True)
    assert left(tmp_path) == 0
    assert differences(tables, LOG) == []


def killed(run: list[str], folder: Path) -> None:
    """Start the program; kill it a moment after its first commit."""
    before, moment = left(folder), random.SystemRandom().uniform(0, 0.1)
    with subprocess.Popen(run, cwd=REPOSITORY) as program:
        give_up = time.monotonic() + HUNG
        while left(folder) == before and time.monotonic() < give_up:
            time.sleep(0.002)
        time.sleep(moment)
        program.kill()
    assert program.returncode == KILLED, "it ended before it was killed"
    assert left(folder) > 0, f"it was done before it was killed, {moment} seconds after a commit"


def left(folder: Path) -> int:
    """Return how many records are not committed."""
    broker = SqliteBroker(folder / "log.db", clock=SystemClock())
    with closing(broker.consumer(group=group_of(f"csv:{folder / 'tables'}"))) as watcher:
        return sum(span.lag for span in watcher.spans().values())
