"""What an outbox does when the one who hears for all is interrupted."""

from collections.abc import Callable
from threading import current_thread, main_thread
from typing import cast

import attrs
import pytest
from confluent_kafka import Producer

from formbridge.adapters.kafka.outbox import Call, Outbox
from formbridge.domain.errors import BrokerUnavailable
from formbridge.domain.records import Record

RECORDS = [Record(key=b"form", value=b"1")]


@attrs.define(eq=False)
class Interrupted:
    """A producer that answers nobody; who waits in the main thread is interrupted by Ctrl-C."""

    meanwhile: Callable[[], object] = lambda: None

    def produce(self, *_: object) -> None:
        """Take a record."""

    def poll(self, seconds: float) -> None:
        """Be interrupted, maybe in the middle of an answer."""
        if seconds and current_thread() is main_thread():
            self.meanwhile()
            raise KeyboardInterrupt

    def flush(self, _: float) -> None:
        """Wait for nothing."""


def test_an_interrupt_ends_the_calls_of_all() -> None:
    """An answer may be lost with it: nobody goes on waiting, each is told to publish again."""
    producer = Interrupted()
    outbox = Outbox(cast("Producer", producer), topic="topic")
    own, beside = Call("topic", 1), Call("topic", 1)
    producer.meanwhile = lambda: list(outbox.sending(RECORDS, beside))
    with pytest.raises(KeyboardInterrupt):
        outbox.send(RECORDS, own)
    for call in (own, beside):
        assert isinstance(call.done.exception(0), BrokerUnavailable)
    outbox.close()
