"""Messages of the SDK become deliveries."""

import pytest
from confluent_kafka import Message

from formbridge.adapters.kafka.deliveries import LATEST, delivery_of
from formbridge.domain.revision import moment_of


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [(-1, 0), (0, 0), (1_772_438_400_123, 1_772_438_400_123), (2**62, LATEST)],
)
def test_the_time_of_a_foreign_producer_is_one_that_a_date_can_have(theirs: int, ours: int) -> None:
    """A clock that is out of its mind must not stop a sink: its records are old, or the newest."""
    message = Message(topic="t", partition=1, offset=2, value=b"{}", timestamp=(1, theirs))
    delivery = delivery_of(message, "t")
    assert delivery.time == ours * 1000
    assert moment_of(delivery.time).year in {1970, 2026, 9999}
