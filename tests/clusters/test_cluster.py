"""The brokers that tests start are Apache Kafka, and leave nothing behind."""

from uuid import uuid4

from confluent_kafka import Consumer, Producer

from tests.clusters.fixtures import Kafka


def _publish(bootstrap: str, topic: str, value: bytes) -> None:
    producer = Producer({"bootstrap.servers": bootstrap, "acks": "all"})
    producer.produce(topic, value)
    assert producer.flush(20) == 0


def _read(bootstrap: str, topic: str) -> bytes | None:
    told = {"group.id": uuid4().hex, "auto.offset.reset": "earliest"}
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.protocol": "consumer", **told})
    try:
        consumer.subscribe([topic])
        message = consumer.poll(20)
        assert message is not None
        return message.value()
    finally:
        consumer.close()


def test_the_shared_node_keeps_a_record(kafka: Kafka) -> None:
    """What is published is read by a group."""
    topic = uuid4().hex
    _publish(kafka.bootstrap, topic, b"kept")
    assert _read(kafka.bootstrap, topic) == b"kept"
