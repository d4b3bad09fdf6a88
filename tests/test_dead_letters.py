"""Dead letters on a topic: whole, once each, in order, and ended by what is appended."""

from collections.abc import Sequence

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formbridge.adapters.memory.broker import MemoryBroker
from formbridge.dead_letters import TopicDeadLetters, dead_letter_topic, letter_of, record_of
from formbridge.domain.dead_letters import DeadLetter, Resolution
from formbridge.domain.records import Delivery, Record
from formbridge.testing.clock import FakeClock

TOPIC = dead_letter_topic("responses")

texts = st.text(st.characters(exclude_categories=()), max_size=20)
headers = st.lists(st.tuples(texts, st.binary(max_size=20)), max_size=4).map(tuple)
deliveries = st.builds(
    Delivery,
    topic=texts,
    partition=st.integers(0, 99),
    offset=st.integers(0, 1 << 62),
    key=st.none() | st.binary(max_size=20),
    value=st.none() | st.binary(max_size=50),
    headers=headers,
    time=st.integers(0, 1 << 62),
)
letters = st.builds(
    DeadLetter,
    group=texts,
    delivery=deliveries,
    reason=texts,
    error=texts,
    buried_at=st.integers(0, 1 << 62),
    part=texts,
)


def a_letter(offset: int = 0, *, group: str = "sheets", **more: object) -> DeadLetter:
    """Return a letter of one record of the log."""
    delivery = Delivery("responses", 3, offset, b"form", b"{}", (("a", b"1"),), 1_000 + offset)
    letter = DeadLetter(
        group=group, delivery=delivery, reason="no", error="Undecodable", buried_at=9
    )
    return attrs.evolve(letter, **more)


@pytest.fixture
def broker() -> MemoryBroker:
    """A log in memory."""
    return MemoryBroker(clock=FakeClock())


@pytest.fixture
def dead_letters(broker: MemoryBroker) -> TopicDeadLetters:
    """Dead letters on that log."""
    return TopicDeadLetters(
        broker.publisher(topic=TOPIC), reader=lambda: broker.reader(topic=TOPIC)
    )


def ids(kept: TopicDeadLetters, *, group: str | None = None) -> Sequence[str]:
    """Return the ids of what is unresolved."""
    return [letter.id for letter in kept.unresolved(group=group)]


@given(letter=letters)
def test_a_letter_survives_as_a_record_whatever_it_holds(letter: DeadLetter) -> None:
    """A replay is as good as the first delivery: bytes, headers, place and time are the log's."""
    record = record_of(letter)
    moved = Delivery(TOPIC, 0, 0, record.key, record.value, record.headers, 5)
    assert letter_of(moved) == letter


@given(letter=letters)
def test_a_dead_letter_may_itself_become_one(letter: DeadLetter) -> None:
    """A bridge that reads the dead-letter topic buries its records like any others."""
    first = record_of(letter)
    original = Delivery(TOPIC, 0, 0, first.key, first.value, first.headers, 5)
    second = record_of(attrs.evolve(letter, delivery=original))
    moved = Delivery("twice", 0, 0, second.key, second.value, second.headers, 6)
    assert letter_of(moved).delivery == original


def test_a_header_that_another_tool_appended_does_no_harm() -> None:
    """Mirrors and tracers add headers on the way."""
    record = record_of(a_letter())
    appended = (*record.headers, ("traceparent", b"00-1"))
    moved = Delivery(TOPIC, 0, 0, record.key, record.value, appended, 5)
    assert letter_of(moved) == a_letter()


def test_tools_for_kafka_connect_find_its_names() -> None:
    """Existing dashboards show our letters."""
    found = dict(record_of(a_letter(17)).headers)
    assert found["__connect.errors.topic"] == b"responses"
    assert found["__connect.errors.partition"] == b"3"
    assert found["__connect.errors.offset"] == b"17"
    assert found["__connect.errors.exception.class.name"] == b"Undecodable"
    assert found["__connect.errors.exception.message"] == b"no"


def test_letters_wait_in_the_order_of_the_log(dead_letters: TopicDeadLetters) -> None:
    """A replay offers a form's records as they came."""
    buried = [a_letter(offset) for offset in range(10)]
    dead_letters.bury(buried[:4])
    dead_letters.bury(buried[4:])
    assert list(dead_letters.unresolved()) == buried


def test_the_same_letter_twice_counts_once(dead_letters: TopicDeadLetters) -> None:
    """A crash between burying and committing buries again."""
    dead_letters.bury([a_letter(1), a_letter(2)])
    dead_letters.bury([a_letter(1), a_letter(2), a_letter(3)])
    assert ids(dead_letters) == ["responses/3/1", "responses/3/2", "responses/3/3"]


@pytest.mark.parametrize("resolution", Resolution)
def test_a_resolved_letter_waits_no_more(
    dead_letters: TopicDeadLetters, resolution: Resolution
) -> None:
    """Replayed or discarded: both end it, and both stay in the log."""
    dead_letters.bury([a_letter(1), a_letter(1), a_letter(2)])
    dead_letters.resolve([a_letter(1)], resolution)
    assert ids(dead_letters) == ["responses/3/2"]


def test_a_letter_that_is_buried_again_after_its_end_waits_again(
    dead_letters: TopicDeadLetters,
) -> None:
    """A group that was reset finds the same record bad again."""
    dead_letters.bury([a_letter(1)])
    dead_letters.resolve([a_letter(1)], Resolution.DISCARDED)
    dead_letters.bury([a_letter(1)])
    assert ids(dead_letters) == ["responses/3/1"]


def test_a_letter_belongs_to_one_group(dead_letters: TopicDeadLetters) -> None:
    """What one sink cannot take, another may; each resolves its own."""
    dead_letters.bury([a_letter(1), a_letter(1, group="csv"), a_letter(2, group="csv")])
    assert ids(dead_letters, group="csv") == ["responses/3/1", "responses/3/2"]
    dead_letters.resolve([a_letter(1, group="csv")], Resolution.REPLAYED)
    assert ids(dead_letters, group="csv") == ["responses/3/2"]
    assert ids(dead_letters, group="sheets") == ["responses/3/1"]


def test_a_record_that_waits_for_two_tables_is_two_letters(dead_letters: TopicDeadLetters) -> None:
    """One table comes back before the other: only its letter ends."""
    one, other = a_letter(1, part="one"), a_letter(1, part="other")
    dead_letters.bury([one, other])
    dead_letters.resolve([one], Resolution.REPLAYED)
    assert list(dead_letters.unresolved()) == [other]


def test_an_original_without_a_value_is_no_resolution(dead_letters: TopicDeadLetters) -> None:
    """A tombstone on the log may be a dead letter like anything else."""
    letter = a_letter(1, delivery=a_letter(1).delivery._replace(value=None, key=None))
    dead_letters.bury([letter])
    assert list(dead_letters.unresolved()) == [letter]
    dead_letters.resolve([letter], Resolution.REPLAYED)
    assert ids(dead_letters) == []


def test_foreign_records_on_the_topic_are_passed_over(
    broker: MemoryBroker, dead_letters: TopicDeadLetters
) -> None:
    """Somebody published by hand to the wrong topic."""
    broker.publisher(topic=TOPIC).publish([Record(key=None, value=b"hello")])
    dead_letters.bury([a_letter(1)])
    assert ids(dead_letters) == ["responses/3/1"]
