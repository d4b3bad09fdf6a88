"""What the log stores, and what comes out of it with its place."""

import pytest

from formbridge.domain.dead_letters import DeadLetter
from formbridge.domain.records import LOGGED_AT, Record, Span
from formbridge.testing.builders import a_delivery


def test_a_delivery_gives_back_what_was_published() -> None:
    """Key, value and headers."""
    delivery = a_delivery(b"{}", key=b"form", headers=(("a", b"1"),))
    assert delivery.record == Record(key=b"form", value=b"{}", headers=(("a", b"1"),))


def test_a_place_is_topic_partition_and_offset() -> None:
    """As it stands in a dead letter's id."""
    delivery = a_delivery(partition=3, offset=17)
    assert delivery.place == "responses/3/17"
    letter = DeadLetter(group="g", delivery=delivery, reason="", error="", buried_at=0)
    assert (letter.id, letter.parked) == ("responses/3/17", False)


@pytest.mark.parametrize("value", [b"", b"-1", b"1.5", b"0x10", b"soon", b" 12", b"\xff"])
def test_a_time_that_is_no_number_is_not_a_time(value: bytes) -> None:
    """The log's own time counts then; nothing is raised."""
    delivery = a_delivery(headers=((LOGGED_AT, value),))
    assert delivery.first_logged_at == delivery.time


def test_neither_a_record_nor_a_delivery_shows_its_payload() -> None:
    """Not even its headers, where they may hold some of it."""
    headers = (("x", b"my secret"),)
    record = Record(key=b"k", value=b"my secret", headers=headers)
    assert "secret" not in repr([record, a_delivery(b"my secret", headers=headers)])


@pytest.mark.parametrize(("position", "end", "lag"), [(0, 5, 5), (5, 5, 0), (7, 5, 0)])
def test_a_lag_is_what_is_still_to_be_read(position: int, end: int, lag: int) -> None:
    """Never less than nothing, also where a log was cut."""
    assert Span(position=position, end=end).lag == lag
