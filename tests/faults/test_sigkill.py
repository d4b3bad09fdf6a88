"""Real processes are killed with SIGKILL at any moment, and every table is right in the end."""

import json
import os
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
from tests.conftest import REPOSITORY
from tests.faults.drill import Drill, Size
from tests.faults.lives import KILLED, RANDOM
from tests.faults.log import Log
from tests.faults.points import Point
from tests.faults.results import differences

SEED = "FORMBRIDGE_DRILL_SEED"
"""Set in the environment, it repeats the aims of a run; processes still race as they like."""

SHORT = Size(
    log=Log(count=6_000, forms=20),
    bridges=20,
    publishers=8,
    mendings=2,
    polled=40,
    published=40,
)
LONG = Size(
    log=Log(count=300_000, forms=300),
    bridges=160,
    publishers=40,
    mendings=16,
    polled=500,
    published=250,
)


@pytest.mark.drill
def test_every_table_is_right_after_kills_anywhere(tmp_path: Path, *, long_run: bool) -> None:
    """Each response once, its latest revision, every cell equal, no other rows."""
    size = LONG if long_run else SHORT
    seed = int(os.environ.get(SEED, random.SystemRandom().getrandbits(32)))
    print(f"\nseed {seed}", flush=True)
    drill = Drill(size=size, folder=tmp_path, seed=seed)
    began = time.monotonic()
    drill.run()
    kills = time.monotonic() - began
    carried = carry(f"sqlite:{drill.log}", drill.tables)
    wrong = differences(drill.tables, size.log)
    report(drill, carried, kills=kills, whole=time.monotonic() - began)
    assert not wrong, "\n".join([*wrong, f"seed {seed}", str(drill.chronicle)])
    assert drill.kills.total() == size.kills
    assert set(drill.kills) == {*Point, RANDOM}


def carry(broker: str, tables: Path, *, group: str = "") -> int:
    """Let the command line carry what is left; return how many records that was."""
    command = [sys.executable, "-m", "formbridge", "run", "--broker", broker, "--group", group]
    command += ["--sink", f"csv:{tables}", "--until-idle", "--json"]
    ended = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    (bridge,) = json.loads(ended.stdout)
    assert bridge["dead_letters"] == 0
    records: int = bridge["records"]
    return records


def report(drill: Drill, carried: int, *, kills: float, whole: float) -> None:
    """Print what was counted."""
    lives = drill.chronicle.lives
    with closing(SqliteBroker(drill.log, clock=SystemClock()).reader()) as reader:
        stored = sum(1 for _ in reader.read())
    polled = carried + sum(life.records for life in lives)
    for point, count in sorted(drill.kills.items()):
        print(f"{count:5} kills {point}")
    ended = Counter("killed" if life.code == KILLED else "ended by themselves" for life in lives)
    more = ended["killed"] - drill.kills.total()
    print(
        f"{drill.kills.total():5} kills of working processes; {more} more not counted\n"
        f"{len(lives):5} lives: {dict(ended)}\n"
        f"{stored} records in the log, of which {stored - drill.size.log.count} published again;\n"
        f"{polled} records carried, of which {polled - stored} delivered again, "
        f"{carried} after the last kill\n"
        f"{kills:.0f} seconds of kills, {whole:.0f} in all; seed {drill.seed}",
        flush=True,
    )
