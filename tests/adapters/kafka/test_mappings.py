"""Records of a topic of questions: what they say, in which order they count, what is refused."""

import json
from collections.abc import Mapping
from itertools import permutations

import attrs
import pytest

from formbridge.adapters.kafka.mapping_records import mapping_record, questions_in
from formbridge.adapters.kafka.mappings import SharedMappings
from formbridge.domain.answers import Kind
from formbridge.domain.errors import BadMapping, NewerVersion
from formbridge.domain.questions import Question
from formbridge.domain.records import Delivery
from formbridge.testing.builders import a_delivery

MILLISECOND = 1_000
"""In microseconds: Kafka's times are no finer."""


def titled(title: str) -> Mapping[str, Question]:
    """Return one question of this title."""
    return {"q": Question(id="q", title=title)}


def said(title: str | None, *, at: int, partition: int = 0, offset: int = 0) -> Delivery:
    """Return the record that gives a question of the form "club" this title; None: no more."""
    record = mapping_record("club", None if title is None else titled(title))
    topic, time = "questions", at * MILLISECOND
    return Delivery(topic, partition, offset, record.key, record.value, record.headers, time)


def after(*deliveries: Delivery) -> SharedMappings:
    """Return what is known after these."""
    mappings = SharedMappings()
    for delivery in deliveries:
        mappings.take(delivery)
    return mappings


def title(mappings: SharedMappings) -> str | None:
    """Return what the question is called."""
    mapping = mappings.known.get("club")
    return None if mapping is None else mapping.questions["q"].title


def version(mappings: SharedMappings) -> int:
    """Return the version of the form's mapping."""
    return mappings.known["club"].version


def test_a_mapping_survives_its_record() -> None:
    """Title, order, kind and options, in any script."""
    questions = {
        "q1": Question(id="q1", title="Größe ☃", order=2.5, kind=Kind.NUMBER),
        "q2": Question(id="q2", title="", options={"width": "20"}),
    }
    record = mapping_record("club", questions)
    delivery = a_delivery(record.value, key=record.key, headers=record.headers)
    assert questions_in(delivery) == ("club", questions)


def test_a_record_is_as_the_page_describes_it() -> None:
    """Version 1, as it stays readable for every later version."""
    record = mapping_record("club", {"q": Question(id="q", title="Age", kind=Kind.NUMBER)})
    assert record.key == b"club"
    assert record.value == (
        b'{"version": 1, "questions": [{"question_id": "q", "title": "Age", "kind": "number"}]}'
    )
    assert mapping_record("club", None).value is None


@pytest.mark.parametrize(
    ("key", "value", "error"),
    [
        (b"", b'{"questions": []}', BadMapping),
        (b"\xff", b'{"questions": []}', BadMapping),
        (b"club", b"secret", BadMapping),
        (b"club", b"[" * 100_000, BadMapping),
        (b"club", b"[]", BadMapping),
        (b"club", b'{"questions": {}}', BadMapping),
        (b"club", b'{"questions": ["secret"]}', BadMapping),
        (b"club", b'{"questions": [{"title": "secret"}]}', BadMapping),
        (b"club", b'{"questions": [{"question_id": "q", "kind": "secret"}]}', BadMapping),
        (b"club", b'{"version": 2, "questions": []}', NewerVersion),
        (b"club", b'{"version": "secret", "questions": []}', NewerVersion),
    ],
)
def test_a_record_of_another_form_is_refused_by_its_place(
    key: bytes, value: bytes, error: type[Exception]
) -> None:
    """A person finds it by topic, partition and offset; nothing of it is shown."""
    with pytest.raises(error, match="responses/0/7") as caught:
        questions_in(a_delivery(value, key=key, offset=7))
    assert "secret" not in str(caught.value)


def test_a_question_that_is_described_twice_is_refused() -> None:
    """As in a file; which one it is stands in the record, not in the log."""
    twice = [{"question_id": "secret", "title": title} for title in ("a", "b")]
    delivery = a_delivery(json.dumps({"questions": twice}).encode(), key=b"club", offset=7)
    with pytest.raises(BadMapping, match="responses/0/7") as caught:
        questions_in(delivery)
    assert "secret" not in str(caught.value)


def test_what_cannot_be_read_keeps_what_was_known() -> None:
    """Of this form and of all others."""
    mappings = after(said("Age", at=1))
    before = attrs.evolve(mappings.known["club"])
    with pytest.raises(BadMapping):
        mappings.take(a_delivery(b"{", key=b"club"))
    assert (mappings.known, mappings.version) == ({"club": before}, 1)


def test_in_one_partition_the_one_behind_counts() -> None:
    """Also in a topic with the times of its producers, which may go back."""
    assert title(after(said("Age", at=9, offset=0), said("Years", at=1, offset=1))) == "Years"


@pytest.mark.parametrize("last", ["Age", None])
def test_over_partitions_the_later_time_counts_in_whichever_order_they_are_read(
    last: str | None,
) -> None:
    """A producer with another partitioner puts a form into another partition."""
    records = [
        said("Ag", at=1, partition=2),
        said("Years", at=5, partition=1),
        said(last, at=7, partition=0),
    ]
    assert {title(after(*order)) for order in permutations(records)} == {last}


def test_a_topic_made_anew_begins_again_at_its_first_offset() -> None:
    """What it holds then is later by its time."""
    assert title(after(said("Age", at=1, offset=5), said("Years", at=9, offset=0))) == "Years"


def test_reading_once_more_changes_nothing() -> None:
    """Older records, met again from the beginning, do not bring back what they said."""
    first, second = said("Age", at=1, offset=0), said("Years", at=1, offset=1)
    once, again = after(first, second), after(first, second, first, second)
    assert (again.known, again.version) == (once.known, once.version)


def test_versions_grow_with_the_log() -> None:
    """Within one millisecond by the offset; and when a clock goes back."""
    records = [
        said("a", at=5, offset=0),
        said("b", at=5, offset=1),
        said("c", at=6, offset=2),
        said("d", at=2, offset=3),
    ]
    found = [version(after(*records[: number + 1])) for number in range(4)]
    assert found == sorted(set(found))


def test_versions_are_the_same_in_every_process() -> None:
    """Who starts after the former records were compacted away computes the same."""
    first, second = said("Age", at=5, offset=0), said("Years", at=6, offset=1)
    assert version(after(first, second)) == version(after(second))


def test_the_same_once_more_is_no_change() -> None:
    """Nothing is relabelled because somebody published a file again."""
    once = after(said("Age", at=1))
    again = after(said("Age", at=1), said("Age", at=2, offset=1))
    assert (version(again), again.version) == (version(once), once.version)


def test_what_was_taken_back_can_be_said_again() -> None:
    """As something later."""
    before = after(said("Age", at=1))
    gone = after(said("Age", at=1), said(None, at=2, offset=1))
    assert (title(gone), gone.version) == (None, 2)
    gone.take(said("Age", at=3, offset=2))
    assert title(gone) == "Age"
    assert version(gone) > version(before)
