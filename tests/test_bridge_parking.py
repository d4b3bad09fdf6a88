"""A table that a person must mend: its records wait in order, the others do not notice."""

from collections.abc import Callable, Sequence

import attrs
import pytest

from formbridge.bridge import BridgeSettings
from formbridge.domain.errors import BrokerUnavailable, FloodLimitReached
from formbridge.domain.events import Buried, PartParked, PartUnparked
from formbridge.domain.flood import FloodLimit
from formbridge.domain.records import Delivery
from formbridge.domain.sinks import Failure, NotNow, Outcome, Part, Plan, Unavailable, Written
from formbridge.testing.fakes import ScriptedSink
from tests.rig import LENIENT, Rig, texts_of, unreachable

SETTINGS = BridgeSettings(flood=LENIENT, probe_parked=60.0)


@attrs.define(eq=False, kw_only=True)
class Tables(ScriptedSink):
    """A sink whose tables a test takes away (``gone``), refuses one record of, or keeps busy."""

    gone: set[str] = attrs.field(factory=set)
    refused: set[bytes] = attrs.field(factory=set)
    busy: set[str] = attrs.field(factory=set)

    def __attrs_post_init__(self) -> None:
        """Answer every write by what the tables are."""
        self.script = Always(self.answer)

    def answer(self, part: Part) -> Outcome:
        """Answer for one part."""
        if part.key in self.gone:
            return Unavailable(key=part.key, reason=f"{part.key} is in the bin")
        if part.key in self.busy:
            return NotNow(key=part.key, seconds=5.0, reason="busy")
        failures = [
            Failure(delivery=it, reason="too long", error="Refused")
            for it in part.deliveries
            if it.value in self.refused
        ]
        return Written(key=part.key, failures=failures)


class Always(list[Callable[[Part], Outcome]]):
    """A script without an end."""

    def __init__(self, answer: Callable[[Part], Outcome]) -> None:
        """Give this answer each time."""
        super().__init__([answer])

    def pop(self, _index: object = -1, /) -> Callable[[Part], Outcome]:  # type: ignore[override]  # any index
        """Return the answer and keep it."""
        return self[0]


def rig_of(tables: Tables, settings: BridgeSettings = SETTINGS) -> Rig:
    """Return a rig over these tables."""
    return Rig(sink=tables, settings=settings)


def test_records_of_a_parked_table_become_dead_letters_in_order_and_others_go_on() -> None:
    """Those of the pass, and all that come later; nothing holds the commit back."""
    rig = rig_of(Tables(gone={"a"}))
    bridge = rig.bridge()
    for texts in (["a1", "b1", "a2"], ["a3"], ["b2", "a4"]):
        rig.publish(*texts)
        bridge.step()
    assert texts_of(rig.letters.letters) == ["a1", "a2", "a3", "a4"]
    assert {(it.part, it.reason) for it in rig.letters.letters} == {("a", "a is in the bin")}
    assert (rig.written, rig.committed) == (["b1", "b2"], {0: 6})
    assert rig.tap.calls.count("write a") == 1
    parked = PartParked(group="sheet", part="a", reason="a is in the bin")
    assert rig.hook.of(PartParked) == [parked]


def test_a_table_that_is_back_gets_what_waited_before_what_comes() -> None:
    """At the next probe, in order; then its records flow as before."""
    tables = Tables(gone={"a"})
    rig = rig_of(tables)
    bridge = rig.bridge()
    rig.publish("a1", "a2")
    bridge.step()
    tables.gone.clear()
    rig.publish("a3")
    bridge.step()
    assert rig.written == []  # not yet probed
    rig.clock.advance(60.0)
    rig.publish("a4")
    bridge.step()
    assert rig.written == ["a1", "a2", "a3", "a4"]
    assert rig.letters.letters == []
    assert rig.hook.of(PartUnparked) == [PartUnparked(group="sheet", part="a", records=3)]


def test_a_table_is_probed_with_one_record_once_in_a_while() -> None:
    """A table that stays away costs one small write a minute."""
    rig = rig_of(Tables(gone={"a"}))
    rig.publish("a1", "a2")
    bridge = rig.bridge()
    bridge.step()
    for _ in range(60):
        rig.clock.advance(5.0)
        rig.publish("b1")
        bridge.step()
    assert rig.tap.calls.count("write a") == 1 + 5
    assert texts_of(rig.letters.letters) == ["a1", "a2"]


def test_a_parked_table_is_known_after_a_restart() -> None:
    """What comes then goes behind what waits, and is delivered behind it."""
    tables = Tables(gone={"a"})
    rig = rig_of(tables)
    rig.publish("a1")
    with rig.bridge() as first:
        first.run_until_idle()
    rig.publish("a2")
    with rig.bridge() as second:
        second.run_until_idle()
    assert texts_of(rig.letters.letters) == ["a1", "a2"]
    tables.gone.clear()
    rig.publish("a3")
    rig.bridge().run_until_idle()
    assert rig.written == ["a1", "a2", "a3"]
    assert rig.letters.letters == []


def test_a_probe_that_finds_the_table_busy_leaves_it_parked() -> None:
    """Not now is not back: the order of what waits must stay."""
    tables = Tables(gone={"a"})
    rig = rig_of(tables)
    rig.publish("a1", "a2")
    bridge = rig.bridge()
    bridge.step()
    tables.gone.clear()
    tables.busy.add("a")
    rig.clock.advance(60.0)
    rig.publish("a3")
    bridge.step()
    assert texts_of(rig.letters.letters) == ["a1", "a2", "a3"]
    tables.busy.clear()
    rig.clock.advance(60.0)
    bridge.step()
    assert rig.written == ["a1", "a2", "a3"]


def test_one_record_that_is_refused_does_not_keep_its_table_parked() -> None:
    """The table took the others: it is back. The refused one stays a dead letter."""
    tables = Tables(gone={"a"})
    rig = rig_of(tables)
    rig.publish("a1", "a2", "a3")
    bridge = rig.bridge()
    bridge.step()
    tables.gone.clear()
    tables.refused.add(b"a1")
    rig.clock.advance(60.0)
    rig.publish("a4")
    bridge.step()
    assert rig.written == ["a2", "a3", "a4"]
    assert texts_of(rig.letters.letters) == ["a1"]


def test_a_table_whose_records_are_not_buried_yet_is_not_called_back() -> None:
    """Dead letters were out of reach for longer than a probe waits: nothing is passed by."""
    tables = Tables(gone={"a"})
    rig = rig_of(tables)
    rig.publish("a1")
    bridge = rig.bridge()
    rig.tap.broken["bury"] = unreachable
    with pytest.raises(BrokerUnavailable):
        bridge.step()
    rig.clock.advance(61.0)
    del rig.tap.broken["bury"]
    bridge.step()
    assert rig.hook.of(PartUnparked) == []
    tables.gone.clear()
    rig.clock.advance(61.0)
    rig.publish("a2")
    bridge.step()
    assert (rig.written, rig.letters.letters) == (["a1", "a2"], [])


def test_records_of_parked_tables_do_not_count_as_a_flood() -> None:
    """One busy form that was trashed must not stop the bridge."""
    settings = BridgeSettings(flood=FloodLimit(failures=0, window=10))
    rig = rig_of(Tables(gone={"a"}), settings)
    rig.publish(*[f"a{number}" for number in range(9)])
    rig.bridge().step()
    assert len(rig.letters.letters) == 9


def test_too_many_parked_tables_stop_the_bridge_before_anything_is_buried() -> None:
    """More than twenty are no single mishap, but a revoked permission."""
    keys = "abcdefghijklmnopqrstu"
    rig = rig_of(Tables(gone=set(keys)))
    rig.publish(*[key + "1" for key in keys])
    with pytest.raises(FloodLimitReached, match="21 tables are unavailable"):
        rig.bridge().run(lambda: False)
    assert (rig.letters.letters, rig.committed) == ([], {})


def test_a_part_that_waits_is_parked_whole() -> None:
    """What was deferred first becomes dead letters, in order, with what came behind it."""
    tables = Tables(busy={"a"})
    rig = rig_of(tables)
    bridge = rig.bridge()
    rig.publish("a1")
    bridge.step()
    tables.gone.add("a")
    rig.publish("a2")
    rig.clock.advance(5.0)
    bridge.step()
    assert texts_of(rig.letters.letters) == ["a1", "a2"]
    assert rig.committed == {0: 2}


def test_what_was_buried_for_a_table_is_told() -> None:
    """As dead letters, with the table's reason."""
    rig = rig_of(Tables(gone={"a"}))
    rig.publish("a1", "a2")
    rig.bridge().step()
    buried = Buried(group="sheet", records=2, reasons=("a is in the bin",))
    assert rig.hook.of(Buried) == [buried]


def test_a_record_for_two_tables_waits_for_each_of_them() -> None:
    """One record with two responses, both tables away: each gets it when that table is back."""
    tables = TwoTables(gone={"s", "t"})
    rig = rig_of(tables)
    rig.publish("a1")
    bridge = rig.bridge()
    bridge.step()
    assert {letter.part for letter in rig.letters.letters} == {"s", "t"}
    for back in ("s", "t"):
        tables.gone.remove(back)
        rig.clock.advance(60.0)
        bridge.step()
        assert [it.part for it in rig.hook.of(PartUnparked) if isinstance(it, PartUnparked)][
            -1
        ] == back
    rig.bridge().step()
    assert rig.letters.letters == []


@attrs.define(eq=False, kw_only=True)
class TwoTables(Tables):
    """Each record holds a response for ``s`` and one for ``t``."""

    def plan(self, deliveries: Sequence[Delivery], /) -> Plan:
        """Sort every record into both tables."""
        both = {
            key: Part(key=key, deliveries=list(deliveries), items=list(deliveries)) for key in "st"
        }
        return Plan(parts=both if deliveries else {})
