"""Topics of the broker: made, filled, and looked at from outside of what is measured."""

from collections.abc import Callable, Sequence
from contextlib import closing

import msgspec
from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from benchmarks.kafka.producing import send

PARTITIONS = 6
PATIENCE = 30.0
QUIET = {"log_level": 3}
"""A broker that has just started makes librdkafka tell of every repetition."""
CONFIG = {"retention.ms": "-1", "message.timestamp.type": "LogAppendTime"}
"""As FormBridge makes its topics."""


class Keyed(msgspec.Struct):
    """What the key of a record is made of."""

    form_id: str


def make(bootstrap: str, topic: str) -> None:
    """Make an empty topic."""
    admin = AdminClient({"bootstrap.servers": bootstrap, **QUIET})
    wanted = NewTopic(topic, num_partitions=PARTITIONS, replication_factor=1, config=CONFIG)
    admin.create_topics([wanted])[topic].result(PATIENCE)


def remove(bootstrap: str, topic: str) -> None:
    """Remove a topic."""
    admin = AdminClient({"bootstrap.servers": bootstrap, **QUIET})
    admin.delete_topics([topic])[topic].result(PATIENCE)


def fill(bootstrap: str, topic: str, values: Sequence[bytes]) -> None:
    """Make a topic of plain JSON values without headers, keyed by form as Java clients do it."""
    make(bootstrap, topic)
    form_of = msgspec.json.Decoder(Keyed).decode
    options = {"enable.idempotence": True, "acks": "all", "partitioner": "murmur2_random"}
    producer = Producer({"bootstrap.servers": bootstrap, **QUIET, **options})
    keyed = (
        (form_of(value).form_id.encode(), value, list[tuple[str, bytes]]()) for value in values
    )
    send(producer, topic, keyed)
    if length(bootstrap, topic) != len(values):
        message = f"the topic {topic} was not filled"
        raise AssertionError(message)


def length(bootstrap: str, topic: str) -> int:
    """Return how many records the topic holds."""
    return _summed(bootstrap, topic, "nobody", _end)


def committed(bootstrap: str, topic: str, group: str) -> int:
    """Return how many records are before the group's commits."""
    return _summed(bootstrap, topic, group, _commit)


def _summed(
    bootstrap: str,
    topic: str,
    group: str,
    look: Callable[[Consumer, TopicPartition], int],
) -> int:
    with closing(Consumer({"bootstrap.servers": bootstrap, "group.id": group})) as consumer:
        return sum(look(consumer, TopicPartition(topic, it)) for it in range(PARTITIONS))


def _end(consumer: Consumer, place: TopicPartition) -> int:
    _, end = consumer.get_watermark_offsets(place, timeout=PATIENCE)
    return end


def _commit(consumer: Consumer, place: TopicPartition) -> int:
    (found,) = consumer.committed([place], timeout=PATIENCE)
    if found.error is not None:
        raise KafkaException(found.error)
    return max(found.offset, 0)
