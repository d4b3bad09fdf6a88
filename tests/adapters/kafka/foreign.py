"""What others do to a topic: plain producers, transactions, deleted records."""

from collections.abc import Sequence
from contextlib import closing
from uuid import uuid4

from confluent_kafka import Producer, TopicPartition

from formbridge.adapters.kafka.broker import KafkaBroker
from formbridge.adapters.kafka.clients import Troubles, admin
from formbridge.adapters.kafka.settings import KafkaSettings
from formbridge.domain.records import Record


def a_broker(bootstrap: str, *, partitions: int = 1, **options: object) -> KafkaBroker:
    """Return a broker whose topics have one partition, so that a test knows what is where."""
    made = {"formbridge.topic.partitions": partitions, **options}
    return KafkaBroker(settings=KafkaSettings.of((bootstrap,), made))


def a_topic(broker: KafkaBroker, values: Sequence[bytes] = ()) -> str:
    """Make a topic that holds these values, published by FormBridge; return its name."""
    topic = f"topic-{uuid4().hex}"
    with closing(broker.publisher(topic=topic)) as publisher:
        publisher.publish([Record(key=b"form", value=value) for value in values])
    return topic


def produce_in_transaction(
    bootstrap: str, topic: str, values: Sequence[bytes], *, key: bytes = b"form"
) -> None:
    """Publish as a service does that uses transactions: a mark stands behind the records."""
    name = f"transaction-{uuid4().hex}"
    producer = Producer({"bootstrap.servers": bootstrap, "transactional.id": name})
    producer.init_transactions(30)
    producer.begin_transaction()
    for value in values:
        producer.produce(topic, value, key=key)
    producer.commit_transaction(30)


def delete_before(broker: KafkaBroker, topic: str, offset: int) -> None:
    """Delete the first records of partition 0, as retention does."""
    client = admin(broker.settings, Troubles("test"))
    for future in client.delete_records([TopicPartition(topic, 0, offset)]).values():
        future.result(30)
