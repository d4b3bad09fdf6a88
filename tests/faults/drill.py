"""The drill itself: publishers and a bridge at work at once, killed again and again.

Publishers keep ahead of the bridge by a share of the log, so that no kill hits an idle process:
each life of either publishes or carries a bounded part.
"""

import random
import time
from collections import Counter, deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from itertools import count
from pathlib import Path

import attrs
import pytest

from formbridge.adapters.sqlite.broker import SqliteBroker
from formbridge.adapters.system.clock import SystemClock
from formbridge.compose import group_of
from tests.faults.lives import RANDOM, Chronicle, Life, live
from tests.faults.log import Log
from tests.faults.points import BRIDGING, MENDING, PUBLISHING, Point

WORKER = "tests.faults.worker"
MOST_OFTEN: dict[str, int] = {
    Point.ENTRY: 20,
    Point.ROWS: 20,
    Point.TABLES: 20,
    Point.SYNC: 3,
    Point.COMMIT: 3,
    Point.OFFSETS: 3,
    MENDING: 40,
}
"""Up to how many times a point is met before the process dies there; of others, 2."""
PASSES = 8
"""After so many a bridge that did not meet its point ends by itself, and does not count."""
FOREVER = 10**9
LATEST = 1.5
"""A random moment follows a poll or a publication by up to so many times what the last one took."""
TRIES = 20
"""After so many lives that missed it, a point is taken to be out of reach."""
LEAD = 0.3
"""The share of its log that a publisher is ahead of the bridge, in kills."""


@attrs.frozen(kw_only=True)
class Size:
    """How much: of ``log``, kills of bridges and of publishers (half of each at random), batches.

    ``mendings`` are further kills, of bridges that are only starting; they are not counted.
    ``polled`` and ``published`` are records.
    """

    log: Log
    bridges: int
    publishers: int
    mendings: int
    polled: int
    published: int

    @property
    def kills(self) -> int:
        """How many kills there must be."""
        return self.bridges + self.publishers


@attrs.define(eq=False, kw_only=True)
class Drill:
    """One run. ``folder`` holds the log and the tables."""

    size: Size
    folder: Path
    seed: int
    teams: int = 2
    chronicle: Chronicle = attrs.field(factory=Chronicle)
    kills: Counter[str] = attrs.field(factory=Counter)
    _bridges: int = attrs.field(init=False, default=0)
    _hungry: bool = attrs.field(init=False, default=False)
    _failed: bool = attrs.field(init=False, default=False)

    @property
    def log(self) -> Path:
        """The file of the log."""
        return self.folder / "log.db"

    @property
    def tables(self) -> Path:
        """The folder of the tables."""
        return self.folder / "tables"

    def run(self) -> None:
        """Kill as often as it was asked for, and let publishers come to their end."""
        with ThreadPoolExecutor(self.teams) as threads:
            teams = [threads.submit(self._publish, number) for number in range(self.teams)]
            try:
                self._carry(teams)
            except BaseException:
                self._failed = True
                raise
            self._hungry = True
            for team in teams:
                team.result()

    # --- bridges ----------------------------------------------------------------------------------

    def _carry(self, teams: Sequence["Future[None]"]) -> None:
        """Kill one bridge after the other; an aim that was missed comes again soon."""
        chance = random.Random(f"{self.seed} bridge")  # noqa: S311 - moments, no secrets
        aims = deque(aims_of(self.size.bridges, BRIDGING, chance))
        between = len(aims) // (self.size.mendings + 1)
        missed: Counter[str] = Counter()
        while aims:
            self._wait(teams)
            aim = aims.popleft()
            if self._bridge(aim, chance).counts:
                self._count(aim)
                if self._bridges % between == 0:
                    self._bridge(MENDING, chance)
            else:
                missed[aim] += 1
                assert missed[aim] < TRIES, f"no bridge meets: {aim}\n{self.chronicle}"
                aims.insert(min(3, len(aims)), aim)

    def _count(self, aim: str) -> None:
        self.kills[aim] += 1
        self._bridges += 1
        if self._bridges % 20 == 0:
            print(f"{self.kills.total()} kills, {len(self.chronicle.lives)} lives", flush=True)

    def _wait(self, teams: Sequence["Future[None]"]) -> None:
        """Wait until the log holds enough for one more life, and ask publishers for more."""
        broker = SqliteBroker(self.log, clock=SystemClock())
        with closing(broker.consumer(group=group_of(f"csv:{self.tables}"))) as watcher:
            while sum(span.lag for span in watcher.spans().values()) < 4 * self.size.polled:
                self._hungry = True
                ended = [team.result() for team in teams if team.done()]  # or what broke it
                assert len(ended) < len(teams), f"the log ran dry\n{self.chronicle}"
                time.sleep(0.02)
        self._hungry = False

    def _bridge(self, aim: str, chance: random.Random) -> Life:
        life = Life(role="bridge", aim=aim, nth=chance.randint(1, MOST_OFTEN.get(aim, 2)))
        passes = {RANDOM: FOREVER, MENDING: 1}.get(aim, PASSES)
        command = [WORKER, "--log", self.log, "--batch", self.size.polled]
        command += ["--point", aim, "--nth", life.nth]
        command += ["run", "--tables", self.tables, "--passes", passes]
        if aim != RANDOM:
            return self.chronicle.take(live(life, command))
        polls, wanted = count(1), chance.randint(2, 4)
        return self.chronicle.take(
            live(
                life,
                command,
                kill=lambda line: line.startswith("polled") and next(polls) == wanted,
                after=chance.uniform(0, LATEST),
            )
        )

    # --- publishers -------------------------------------------------------------------------------

    def _publish(self, team: int) -> None:
        """Publish what is this team's, life by life, and the rest in one that is not killed."""
        chance = random.Random(f"{self.seed} publisher {team}")  # noqa: S311 - as in _carry
        aims = aims_of(self.size.publishers // self.teams, PUBLISHING, chance)
        share = sum(1 for _ in self.size.log.events(publisher=team, publishers=self.teams))
        batches = share // self.size.published
        begin = 0
        for number, aim in enumerate(aims, 1):
            self._pace((number - 1) / len(aims))
            for _ in range(TRIES):
                target = max(batches * number // (len(aims) + 1), begin + 2)
                life = self._publisher(team, aim, begin, target, chance)
                begin = max(begin, life.acked + 1)
                if life.counts:
                    self.kills[aim] += 1
                    break
            else:
                pytest.fail(f"no publisher meets: {aim}\n{self.chronicle}")
        self._pace(1.0)
        self._publisher(team, "", begin, batches, chance)

    def _pace(self, share: float) -> None:
        """Wait until the bridge is near that share of its kills, or needs more."""
        while self._bridges < (share - LEAD) * self.size.bridges and not self._hungry:
            assert not self._failed, "given up"
            time.sleep(0.005)

    def _publisher(
        self, team: int, aim: str, begin: int, target: int, chance: random.Random
    ) -> Life:
        log = self.size.log
        nth = target - begin
        life = Life(role=f"publisher {team} from batch {begin}", aim=aim, nth=nth)
        command = [WORKER, "--log", self.log, "--batch", self.size.published]
        command += ["--point", aim, "--nth", nth, "publish", "--begin", begin]
        command += ["--count", log.count, "--forms", log.forms]
        command += ["--publisher", team, "--publishers", self.teams]
        kill = (lambda line: line == f"acked {target - 1}") if aim == RANDOM else None
        after = chance.uniform(0, LATEST)
        return self.chronicle.take(live(life, command, kill=kill, after=after))


def aims_of(count: int, points: Sequence[str], chance: random.Random) -> list[str]:
    """Return where to kill: half at random moments, half at the points in turn, all mixed."""
    named = count - count // 2 if count >= 2 * len(points) else max(len(points), count // 2)
    aims = [points[number % len(points)] for number in range(named)]
    aims += [RANDOM] * (count - named)
    chance.shuffle(aims)
    return aims
