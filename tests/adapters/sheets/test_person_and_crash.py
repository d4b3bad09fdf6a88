"""A person and a crash: whatever people, networks and writers do, each response stands there once.

Between any two calls a simulated person moves, renames, sorts, inserts, deletes, hides, copies and
types, while the sink is killed, timed out, throttled and raced by a second one, and while questions
come, go and are retitled. When all of it is over, the sheet must hold the latest revisions, once
each, every answer under its own question, and all that is people's where they put it.
"""

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formbridge.adapters.sheets.settings import Fence
from formbridge.domain.responses import Operation
from formbridge.testing.google.trouble.faults import Fault, Kind
from tests.adapters.sheets.proof.answers import MAKERS, QUESTIONS, RESPONSES, Version
from tests.adapters.sheets.proof.checks import Check, picture
from tests.adapters.sheets.proof.editing import ACTS
from tests.adapters.sheets.proof.world import World

FAULTS: dict[str, Fault] = {
    "refused": Fault(kind=Kind.REFUSE),
    "cut before": Fault(kind=Kind.CUT_BEFORE),
    "cut after": Fault(kind=Kind.CUT_AFTER),
    "429": Fault(kind=Kind.ERROR, status=429),
    "503": Fault(kind=Kind.ERROR, status=503),
    "503 after": Fault(kind=Kind.ERROR, status=503, applied=True),
    "500 after": Fault(kind=Kind.ERROR, status=500, applied=True),
    "html": Fault(kind=Kind.HTML),
    "html after": Fault(kind=Kind.HTML, applied=True),
    "slow": Fault(kind=Kind.SLOW, seconds=100),
    "late by 1": Fault(kind=Kind.LATE, after_calls=1),
    "late by 3": Fault(kind=Kind.LATE, after_calls=3),
    "late by 8": Fault(kind=Kind.LATE, after_calls=8),
    "late by 90 s": Fault(kind=Kind.LATE, after_seconds=90),
}
"""What goes wrong with a call."""
COLUMN_ACTS = ("insert_column", "delete_column", "move_column")
TITLES = ("Name", "What is your name?", "Same", "=1+1")

numbers = st.tuples(st.integers(0, 20), st.integers(0, 20), st.integers(0, 20))
soon = st.sampled_from([0, 0, 0, -1, -1, -2, -3, 1, 2, 3, 4, 5, 6])
later = st.sampled_from([-1, -1, -2, 1, 2, 3, 4, 5, 6])
"""Before which of the next calls (see ``World.later``)."""
counted: Counter[str] = Counter()
"""What all runs of this process came to."""


class Event(Protocol):
    """Something that happens."""

    def happen(self, world: World) -> None:
        """Let it happen."""


@attrs.frozen
class Publish(Version, Event):
    """Append a version of a response to the log."""

    def happen(self, world: World) -> None:
        """Publish."""
        world.truth.publish(self.response(len(world.truth.log)))


@attrs.frozen
class Retitle(Event):
    """Call a question otherwise in the mapping."""

    question: str
    title: str

    def happen(self, world: World) -> None:
        """Change the mapping."""
        world.retitle(self.question, self.title)


@attrs.frozen
class Deliver(Event):
    """Let a writer write so many responses, from so many before the acknowledged ones on."""

    who: int
    most: int
    back: int = 0

    def happen(self, world: World) -> None:
        """Write."""
        world.deliver(self.who, most=self.most, back=self.back)


@attrs.frozen
class Race(Event):
    """Let one writer write between two calls of the other."""

    when: int
    who: int
    back: int

    def happen(self, world: World) -> None:
        """Remember it for later."""
        if world.settings.fence is not Fence.WAIT:  # which is for a single writer
            world.later(self.when, lambda: world.deliver(self.who, back=self.back))


@attrs.frozen
class Idle(Event):
    """Nothing arrives for a while."""

    who: int

    def happen(self, world: World) -> None:
        """Do what can wait."""
        world.writers[self.who].idle()


@attrs.frozen
class Restart(Event):
    """Kill a writer between two calls."""

    who: int

    def happen(self, world: World) -> None:
        """Forget all that it knew."""
        world.writers[self.who].drop()


@attrs.frozen
class Edit(Event):
    """Let the person do something at one of the spreadsheets, now or before a call."""

    act: str
    which: int
    numbers: tuple[int, int, int]
    when: int = 0

    def happen(self, world: World) -> None:
        """Do it, or remember it for later."""
        fenced = world.settings.fence is Fence.METADATA or self.act not in COLUMN_ACTS
        when = self.when if fenced else 0  # else nothing says that a column has moved
        if not fenced and len(world.google.troubles.late):
            return
        world.later(when, lambda: world.person(self.act, self.which, self.numbers))


@attrs.frozen
class Trouble(Event):
    """Let one of the next calls (or writes) go wrong."""

    name: str
    nth: int
    write: bool

    def happen(self, world: World) -> None:
        """Arm the fault."""
        late = self.name.startswith("late") and world.settings.fence is Fence.WAIT
        fault = FAULTS["late by 90 s" if late else self.name]
        world.trouble(attrs.evolve(fault, nth=self.nth, use="write" if self.write else ""))


@attrs.frozen
class Crash(Event):
    """Kill whoever makes one of the next calls, before it or behind its effect."""

    when: int
    behind: bool

    def happen(self, world: World) -> None:
        """Lie in wait."""
        world.crash(self.when, behind=self.behind)


@attrs.frozen
class Wait(Event):
    """Let time pass."""

    seconds: int

    def happen(self, world: World) -> None:
        """Advance the clock."""
        world.clock.advance(self.seconds)


published = st.builds(
    Publish,
    who=st.sampled_from(RESPONSES[:6]),
    given=st.dictionaries(st.sampled_from(QUESTIONS), st.integers(0, len(MAKERS) - 1), max_size=4),
    titles=st.dictionaries(st.sampled_from(QUESTIONS), st.sampled_from(TITLES), max_size=2),
    minute=st.none() | st.integers(0, 4),
    operation=st.sampled_from([Operation.UPSERT] * 5 + [Operation.MERGE] + [Operation.DELETE] * 2),
    partial=st.integers(0, 9).map(lambda n: n == 9),
)
delivered = st.builds(Deliver, who=st.integers(0, 1), most=st.integers(1, 6))
delivered_again = st.builds(
    Deliver, who=st.integers(0, 1), most=st.integers(0, 4), back=st.integers(1, 8)
)
raced = st.builds(Race, when=later, who=st.integers(0, 1), back=st.integers(0, 4))
crashed = st.builds(Crash, when=later, behind=st.booleans())
others = st.one_of(
    st.builds(Retitle, question=st.sampled_from(QUESTIONS), title=st.sampled_from(TITLES)),
    st.builds(Idle, who=st.integers(0, 1)),
    st.builds(Restart, who=st.integers(0, 1)),
    st.builds(Wait, seconds=st.sampled_from([1, 30, 200])),
)


@st.composite
def lives(draw: st.DrawFn, *, steps: int) -> list[Event]:
    """Draw what happens: of all that people and networks may do, a few kinds, often."""
    acts = draw(st.lists(st.sampled_from(ACTS), min_size=1, max_size=6, unique=True))
    faults = draw(st.lists(st.sampled_from(sorted(FAULTS)), max_size=3, unique=True))
    edited = st.builds(
        Edit,
        act=st.sampled_from(acts),
        which=st.integers(0, 3),
        numbers=numbers,
        when=soon,
    )
    kinds = [*[published] * 5, *[delivered] * 5, *[edited] * 5, delivered_again, others]
    kinds += [raced] * draw(st.integers(0, 2)) + [crashed] * draw(st.integers(0, 2))
    if faults:
        trouble = st.builds(
            Trouble, name=st.sampled_from(faults), nth=st.integers(1, 5), write=st.booleans()
        )
        kinds += [trouble] * draw(st.integers(1, 3))
    event = st.integers(0, len(kinds) - 1).flatmap(kinds.__getitem__)
    return draw(st.lists(event, min_size=steps // 2, max_size=steps))


@attrs.frozen
class Setup:
    """How the sink is set up, what Drive is like, and what there is when it begins.

    ``own``: where the person has a column of their own, with something in its rows; 0: nowhere.
    """

    rows: int = 0
    own: int = 0
    registry: bool = True
    lag: float = 0.0
    small: bool = False
    fence: Fence = Fence.METADATA

    @contextmanager
    def world(self) -> Iterator[World]:
        """Begin with nothing."""
        with tempfile.TemporaryDirectory(prefix="formbridge-proof-") as folder:
            given: dict[str, Any] = {"fence": self.fence}
            if self.registry:
                given["registry"] = Path(folder) / "registry.json"
            if self.small:
                given["largest_payload"] = 10_000
            world = World(**given)
            world.google.troubles.lag.seconds = self.lag
            for number in range(self.rows):
                Publish(RESPONSES[number], dict.fromkeys(QUESTIONS[:3], number)).happen(world)
            if self.rows:
                world.drain()
            if self.rows and self.own:
                world.person("insert_column", 0, (self.own, 0, 0))
                for number in range(self.rows - 1):
                    world.person("type_into_theirs", 0, (number, 0, number))
            yield world


setups = st.builds(
    Setup,
    rows=st.sampled_from([0, 3, 5, 6]),
    own=st.sampled_from([0, 5, 7]),
    registry=st.booleans(),
    lag=st.sampled_from([0.0, 0.0, 20.0]),
    small=st.booleans(),
)


def live(setup: Setup, events: Sequence[Event]) -> None:
    """Let everything happen; then let all be well, and look; then deliver all of it once more."""
    with setup.world() as world:
        for event in events:
            event.happen(world)
        end(world)
    counted.update(world.counted)


def end(world: World) -> None:
    """See that everything comes right by itself."""
    world.settle()
    world.drain()
    world.late()
    world.drain()
    Check(world, replayed=False).run()
    world.writers[0].drop()
    world.committed = 0
    world.drain()
    Check(world, replayed=True).run()
    if any(Operation.DELETE in world.truth.operations(each) for each in world.truth.copies):
        return  # copies of what is deleted leave one by one, as often as it comes again
    before = picture(world)
    writes = [_writes_again(world) for _ in range(3)]
    assert picture(world) == before, "what came again has changed something"
    assert not writes[-1], "what came again has cost a write"


def _writes_again(world: World) -> int:
    """Deliver everything once more, by a new process; return how many writes that took."""
    before = world.google.troubles.log.count("write", kind="use")
    world.committed = 0
    world.drain()
    world.writers[0].drop()
    return world.google.troubles.log.count("write", kind="use") - before


def prove(fence: Fence, runs: int, *, steps: int = 40) -> None:
    """Search for a life that ends wrong; print what all of them came to."""
    counted.clear()

    @settings(
        max_examples=runs,
        deadline=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(setups, lives(steps=steps))
    def search(setup: Setup, events: list[Event]) -> None:
        live(attrs.evolve(setup, fence=fence), events)

    search()
    print("\n" + "\n".join(f"{count:8,} {name}" for name, count in sorted(counted.items())))


@pytest.mark.drill
@pytest.mark.timeout(0)
def test_whatever_happens_each_response_stands_there_once(*, long_run: bool) -> None:
    """People's edits between any two calls, deaths, faults, races; 2,000 lives in the long form."""
    prove(Fence.METADATA, 2_000 if long_run else 100)


@pytest.mark.drill
@pytest.mark.timeout(0)
@pytest.mark.parametrize("fence", [Fence.NAMED_RANGE, Fence.WAIT], ids=lambda fence: fence.value)
def test_the_fallbacks_keep_the_same_promises_while_nobody_moves_columns(
    fence: Fence, *, long_run: bool
) -> None:
    """What they cannot do: notice a column that moves between two calls; wait for two writers."""
    prove(fence, 500 if long_run else 20)
