"""Reads a topic of the cluster outside of any group."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from confluent_kafka import Consumer as Client
from confluent_kafka import Message, TopicPartition

from formbridge.adapters.kafka.deliveries import delivery_of
from formbridge.adapters.kafka.errors import PASSING, mapped, translated
from formbridge.adapters.kafka.places import Places
from formbridge.domain.errors import BrokerUnavailable, Closed
from formbridge.domain.ports import Reader
from formbridge.domain.records import Delivery

CHUNK = 2000
"""How many records are taken at once."""
PATIENCE = 30.0
"""How long the cluster may say nothing before the reader gives up, in seconds."""


class KafkaReader(Reader):
    """Assigns itself one partition after the other; commits nothing and joins nothing."""

    def __init__(self, make: Callable[[], Client], *, topic: str, places: Places) -> None:
        """Read with a client of its own for each reading; ask with ``places``."""
        self._make = make
        self._topic = topic
        self._places = places
        self._closed = False

    def read(self) -> Iterator[Delivery]:
        """Yield what is there now."""
        self._open()
        partitions = self._places.partitions()
        beginnings, ends = self._places.beginnings(partitions), self._places.ends(partitions)
        full = [it for it in partitions if beginnings[it] < ends[it]]
        if not full:
            return
        with self._client() as client:
            for partition in full:
                with mapped(self._what):
                    client.assign([TopicPartition(self._topic, partition, beginnings[partition])])
                yield from self._partition(client, partition, ends[partition])

    def close(self) -> None:
        """Read nothing more."""
        if not self._closed:
            self._closed = True
            self._places.close()

    @property
    def _what(self) -> str:
        return f"topic {self._topic!r}"

    def _open(self) -> None:
        if self._closed:
            raise Closed(f"this reader of {self._topic!r} is closed; open another one")

    @contextmanager
    def _client(self) -> Iterator[Client]:
        client = self._make()
        try:
            yield client
        finally:
            client.close()

    def _partition(self, client: Client, partition: int, end: int) -> Iterator[Delivery]:
        """Yield the records of the assigned partition that stand before ``end``."""
        at = -1
        while at < end:
            self._open()
            for message in self._messages(client):
                offset = message.offset()
                if message.partition() != partition or offset is None:
                    continue  # of the partition before
                if message.error() is not None:
                    at = max(at, offset)  # the end was reached; marks of transactions count
                elif offset < end:
                    at = offset + 1
                    yield delivery_of(message, self._topic)
                else:
                    return

    def _messages(self, client: Client) -> list[Message]:
        """Return what is there, at least one message; what is no record says that it is the end."""
        with mapped(self._what):
            first = client.poll(PATIENCE)
            if first is None:
                raise BrokerUnavailable(f"{self._what}: nothing came for {PATIENCE:.0f} seconds")
            messages = [first, *client.consume(CHUNK, 0)]
        for message in messages:
            error = message.error()
            if error is not None and error.name() not in PASSING | {"_PARTITION_EOF"}:
                raise translated(error, self._what)
        return messages
