"""The parked tables of one group, by themselves."""

import pytest

from formbridge.domain.dead_letters import DeadLetter
from formbridge.domain.errors import FloodLimitReached, StoreUnavailable
from formbridge.domain.sinks import Part, Unavailable
from formbridge.parking import Parking
from formbridge.testing.builders import LOGGED_AT, a_delivery
from formbridge.testing.fakes import ScriptedSink
from tests.rig import then
from tests.taps import KeptLetters


def letter(offset: int, *, part: str = "form", group: str = "sheet") -> DeadLetter:
    """Return a letter that waits for this table; without a part, for a repair of itself."""
    return DeadLetter(
        group=group,
        delivery=a_delivery(offset=offset, key=part.encode()),
        reason="in the bin",
        error="TableUnavailable",
        buried_at=LOGGED_AT,
        part=part,
    )


def parking(sink: ScriptedSink, *letters: DeadLetter) -> Parking:
    """Return the parking of a group that restarts over these letters."""
    kept = KeptLetters()
    kept.bury(letters)
    parked = Parking(group="sheet", sink=sink, dead_letters=kept, every=60.0)
    parked.recall()
    return parked


def test_only_letters_of_this_group_that_wait_for_a_table_are_recalled() -> None:
    """Other groups have their own tables; a record that is broken parks nothing."""
    letters = [letter(0), letter(1, part=""), letter(2, part="other", group="archive")]
    parked = parking(ScriptedSink(), *letters)
    assert "form" in parked
    assert "other" not in parked
    assert "" not in parked


def test_after_a_restart_the_first_probe_is_due_at_once() -> None:
    """Perhaps somebody mended the table and started the bridge because of that."""
    assert parking(ScriptedSink(), letter(0)).due(0.0)
    assert not parking(ScriptedSink()).due(1e9)


def test_a_probe_offers_one_letter_first_and_then_the_rest() -> None:
    """In the order of the log; then the table is not parked any more."""
    sink = ScriptedSink()
    parked = parking(sink, *[letter(offset) for offset in range(4)])
    assert list(parked.probe(now=0.0)) == [("form", 4)]
    assert [it.offset for it in sink.written] == [0, 1, 2, 3]
    assert not parked


def test_a_table_that_is_still_away_costs_one_write_and_is_tried_later() -> None:
    """Not before the time between two probes has passed."""
    sink = ScriptedSink(script=then(Unavailable(key="form", reason="in the bin")))
    parked = parking(sink, letter(0), letter(1))
    assert list(parked.probe(now=100.0)) == []
    assert ("form" in parked, sink.written, sink.script) == (True, [], [])
    assert (parked.due(159.9), parked.due(160.0)) == (False, True)


def test_a_table_that_goes_away_in_the_middle_of_what_waits_stays_parked() -> None:
    """It keeps what it took, and the rest waits on."""
    sink = ScriptedSink()
    parked = parking(sink, *[letter(offset) for offset in range(3)])
    gone = then(Unavailable(key="form", reason="in the bin"))
    sink.script = [lambda part: ScriptedSink().write([part]).__next__(), *gone]
    assert list(parked.probe(now=0.0)) == []
    assert "form" in parked
    assert list(parked.probe(now=60.0)) == [("form", 2)]
    assert [it.offset for it in sink.written] == [0, 1, 2]


def test_one_table_that_is_away_does_not_keep_the_others_away() -> None:
    """Each is tried by itself."""
    sink = ScriptedSink(script=then(Unavailable(key="one", reason="in the bin")))
    parked = parking(sink, letter(0, part="one"), letter(1, part="two"))
    assert list(parked.probe(now=0.0)) == [("two", 1)]
    assert ("one" in parked, "two" in parked) == (True, False)


def test_an_error_in_a_probe_leaves_the_table_parked() -> None:
    """What was not resolved is offered again by the next one."""
    sink = ScriptedSink()
    parked = parking(sink, letter(0))

    def fail(_: Part) -> Unavailable:
        raise StoreUnavailable("the disk is full")

    sink.script = [fail]
    with pytest.raises(StoreUnavailable):
        list(parked.probe(now=0.0))
    assert "form" in parked
    assert list(parked.probe(now=60.0)) == [("form", 1)]


def test_one_table_too_many_is_a_flood() -> None:
    """The limit is a number of tables, whatever waits for them."""
    parked = Parking(group="sheet", sink=ScriptedSink(), dead_letters=KeptLetters(), most=2)
    for key in ("one", "two"):
        parked.park(key, "in the bin", now=0.0)
    with pytest.raises(FloodLimitReached, match=r"3 tables are unavailable.*in the bin"):
        parked.park("three", "in the bin", now=0.0)


def test_a_record_with_several_responses_for_the_table_becomes_one_failure() -> None:
    """What is buried is the record."""
    parked = parking(ScriptedSink(), letter(0))
    twice = a_delivery(offset=1)
    failures = parked.failures(Part(key="form", deliveries=[twice, twice], items=[1, 2]))
    assert [(it.delivery, it.reason) for it in failures] == [(twice, "in the bin")]
