"""Failures and deaths at any call of any port: nothing is lost, nothing is committed too early."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

import attrs
from hypothesis import given
from hypothesis import strategies as st

from formbridge.bridge import Bridge, BridgeSettings
from formbridge.domain.errors import BrokerUnavailable, FormBridgeError, StoreUnavailable
from formbridge.domain.records import Delivery, Offsets
from formbridge.domain.sinks import Failure, NotNow, Outcome, Part, Plan, Unavailable, Written
from formbridge.retry import Backoff
from formbridge.testing.fakes import ScriptedSink
from tests.rig import LENIENT, Rig, unreachable
from tests.taps import Death, Fault

SETTINGS = BridgeSettings(
    batch=3,
    backlog=5,
    poll_timeout=0.02,
    probe_parked=0.1,
    flood=LENIENT,
    backoff=Backoff(first=0.02, most=0.1),
)
TEXTS = [key + mark for mark in "12!34" for key in "abd"]  # `!` cannot be read


@attrs.define(eq=False, kw_only=True)
class World:
    """A log, and a sink that keeps each record once, whoever writes it and how often."""

    answers: list[str] = attrs.field(factory=list)
    arrived: list[str] = attrs.field(factory=list)
    rig: Rig = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Publish everything."""
        sink = WorldSink(self)
        self.rig = Rig(sink=sink, settings=SETTINGS, partitions=2, on_commit=self.check)
        self.rig.publish(*TEXTS)

    def check(self, offsets: Offsets) -> None:
        """What lies before a commit is in the sink or among the dead letters."""
        letters = self.rig.letters
        gone = [*letters.letters, *(letter for letter, _ in letters.resolved)]
        safe = {*self.arrived, *((it.delivery.value or b"").decode() for it in gone)}
        for delivery in self.rig.broker.reader().read():
            if delivery.offset < offsets.get(delivery.partition, 0):
                assert (delivery.value or b"").decode() in safe

    def end(self) -> None:
        """Let everything be well, and look at what there is in the end."""
        self.rig.tap.faults.clear()
        self.answers.clear()
        for _ in range(3):  # the second restart finds what the first one parked
            self.rig.clock.advance(61.0)
            bridge = self.rig.bridge()
            bridge.run_until_idle()
            bridge.close()
        readable = [text for text in TEXTS if "!" not in text]
        assert sorted(self.arrived) == sorted(readable)
        broken = [(it.delivery.value or b"").decode() for it in self.rig.letters.letters]
        assert sorted(broken) == sorted(set(TEXTS) - set(readable))
        spans = self.rig.bridge().consumer.spans()
        assert self.rig.committed == {it: span.end for it, span in spans.items() if span.end}


@attrs.define(eq=False)
class WorldSink(ScriptedSink):
    """Answers as the world says: ``w``ritten, ``n``ot now, or ``u``navailable."""

    world: World

    def plan(self, deliveries: Sequence[Delivery], /) -> Plan:
        """Name those that cannot be read."""
        broken = [it for it in deliveries if b"!" in (it.value or b"")]
        plan = super().plan([it for it in deliveries if it not in broken])
        failures = [Failure(delivery=it, reason="no JSON", error="Undecodable") for it in broken]
        return Plan(parts=plan.parts, failures=failures)

    def write(self, parts: Sequence[Part], /) -> Iterator[Outcome]:
        """Keep what is new."""
        for part in parts:
            answer = self.world.answers.pop(0) if self.world.answers else "w"
            if answer == "n":
                yield NotNow(key=part.key, seconds=0.05, reason="busy")
            elif answer == "u":
                yield Unavailable(key=part.key, reason="in the bin")
            else:
                texts = [(it.value or b"").decode() for it in part.deliveries]
                self.world.arrived += [it for it in texts if it not in self.world.arrived]
                yield Written(key=part.key)


def out_of_reach() -> FormBridgeError:
    """Return the error of a store that fails for now."""
    return StoreUnavailable("the disk is full")


faults = st.builds(
    Fault,
    error=st.sampled_from([Death, unreachable, out_of_reach]),
    late=st.booleans(),
)


@given(
    st.dictionaries(st.integers(1, 60), faults, max_size=6),
    st.lists(st.sampled_from("wwnu"), max_size=12),
)
def test_a_failure_or_a_death_at_any_calls_loses_nothing_and_keeps_the_order(
    broken: dict[int, Fault], answers: list[str]
) -> None:
    """Errors that pass are lived through, deaths are followed by a restart, six times in a row."""
    world = World(answers=answers)
    world.rig.tap.faults.update(broken)
    for _ in range(len(broken) + 1):
        world.rig.clock.advance(61.0)  # who died is evicted
        try:
            world.rig.bridge().run_until_idle()
            break
        except Death:
            continue
    world.end()
    for key in "abd":
        arrived = [text for text in world.arrived if text[0] == key]
        assert arrived == sorted(arrived)


def test_a_death_at_each_call_of_a_whole_run_loses_nothing() -> None:
    """One after the other, before and behind its effect: poll, plan, write, bury, commit, all."""
    for late in (False, True):
        for number in range(1, 40):
            world = World(answers=["w", "n", "u", "w", "w", "n"])
            world.rig.tap.faults[number] = Fault(error=Death, late=late)
            with suppress(Death):
                world.rig.bridge().run_until_idle()
            world.end()


Act = Callable[[World, list[Bridge]], None]


def step(which: int) -> Act:
    """Return a pass of one of the members."""

    def act(_world: World, bridges: list[Bridge]) -> None:
        with suppress(BrokerUnavailable, StoreUnavailable):
            bridges[which].step()

    return act


def replace(which: int) -> Act:
    """Return a death without a word, and a new member."""

    def act(world: World, bridges: list[Bridge]) -> None:
        bridges[which] = world.rig.bridge()

    return act


def leave(which: int) -> Act:
    """Return a member that leaves in good order, and another that comes."""

    def act(world: World, bridges: list[Bridge]) -> None:
        bridges[which].close()
        bridges[which] = world.rig.bridge()

    return act


def silence(world: World, _bridges: list[Bridge]) -> None:
    """Let so much time pass that the next one who calls evicts the others."""
    world.rig.clock.advance(61.0)


acts = st.sampled_from(
    [step(0), step(1), step(0), step(1), replace(0), replace(1), leave(0), leave(1), silence]
)


@given(st.lists(acts, max_size=25), st.lists(st.sampled_from("wwnu"), max_size=8))
def test_two_members_that_come_and_go_lose_nothing(acting: list[Act], answers: list[str]) -> None:
    """Whoever steps, leaves, dies or falls silent: no commit runs ahead, and all arrives."""
    world = World(answers=answers)
    bridges = [world.rig.bridge(), world.rig.bridge()]
    for act in acting:
        act(world, bridges)
    world.end()
