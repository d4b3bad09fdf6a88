"""Dead letters are offered again to the sink of their group."""

import pytest

from formbridge.domain.dead_letters import DeadLetter, Resolution
from formbridge.domain.sinks import Failure, NotNow, Part, Unavailable, Written
from formbridge.replay import replay
from formbridge.testing.builders import LOGGED_AT, a_delivery
from formbridge.testing.fakes import ScriptedSink
from tests.rig import then
from tests.taps import Death, Fault, KeptLetters, Tap, TappedSink


def letter(offset: int, key: str = "a") -> DeadLetter:
    """Return the letter of the record at this offset."""
    delivery = a_delivery(b"{}", offset=offset, key=key.encode())
    return DeadLetter(
        group="sheet", delivery=delivery, reason="old", error="Old", buried_at=LOGGED_AT
    )


def buried(*letters: DeadLetter) -> KeptLetters:
    """Return dead letters that hold these."""
    kept = KeptLetters()
    kept.bury(letters)
    return kept


def test_what_the_sink_takes_is_resolved_in_order() -> None:
    """As replayed; and the delivery is the one of the log, with its place and time."""
    letters = [letter(0), letter(1), letter(2)]
    kept, sink = buried(*letters), ScriptedSink()
    replayed = replay(letters, sink=sink, dead_letters=kept)
    assert replayed.resolved == tuple(letters)
    assert (replayed.reasons, replayed.away, kept.letters) == ({}, frozenset(), [])
    assert kept.resolved == [(it, Resolution.REPLAYED) for it in letters]
    assert sink.written == [it.delivery for it in letters]


def test_what_fails_again_stays_with_its_new_reason() -> None:
    """Its neighbours are resolved all the same."""
    letters = [letter(0), letter(1)]

    def reject_first(part: Part) -> Written:
        failure = Failure(delivery=part.deliveries[0], reason="still too long", error="Refused")
        return Written(key=part.key, failures=[failure])

    kept = buried(*letters)
    replayed = replay(letters, sink=ScriptedSink(script=[reject_first]), dead_letters=kept)
    assert replayed.resolved == (letters[1],)
    assert replayed.reasons == {letters[0].id: "still too long"}
    assert kept.letters == [letters[0]]


@pytest.mark.parametrize(
    "outcome",
    [NotNow(key="a", seconds=5.0, reason="busy"), Unavailable(key="a", reason="in the bin")],
)
def test_letters_of_a_table_that_is_away_stay(outcome: NotNow | Unavailable) -> None:
    """All of them, with the table's reason; those of other tables are resolved."""
    letters = [letter(0), letter(1, "b"), letter(2)]
    kept = buried(*letters)
    sink = ScriptedSink(script=[*then(outcome)])
    replayed = replay(letters, sink=sink, dead_letters=kept)
    assert replayed.resolved == (letters[1],)
    assert replayed.reasons == {letters[0].id: outcome.reason, letters[2].id: outcome.reason}
    assert replayed.away == {"a"}
    assert kept.letters == [letters[0], letters[2]]


def test_many_letters_go_in_chunks_and_keep_their_order() -> None:
    """Each chunk is resolved when it is written."""
    letters = [letter(offset) for offset in range(5)]
    kept, sink = buried(*letters), ScriptedSink()
    replayed = replay(letters, sink=sink, dead_letters=kept, at_once=2)
    assert replayed.resolved == tuple(letters)
    assert [it.offset for it in sink.written] == [0, 1, 2, 3, 4]
    assert kept.tap.calls.count("resolve") == 3


def test_nothing_is_resolved_before_it_is_written() -> None:
    """Who dies between the two replays again."""
    letters = [letter(0)]
    kept, tap = buried(*letters), Tap()
    sink = TappedSink(ScriptedSink(), tap)
    tap.faults[2] = Fault(error=Death, late=True)
    with pytest.raises(Death):
        replay(letters, sink=sink, dead_letters=kept)
    assert kept.letters == letters
    assert replay(letters, sink=sink, dead_letters=kept).resolved == tuple(letters)


def test_no_letters_are_no_work() -> None:
    """Neither the sink nor the dead letters are asked."""
    kept = KeptLetters()
    assert replay([], sink=ScriptedSink(), dead_letters=kept).resolved == ()
    assert kept.tap.calls == []
