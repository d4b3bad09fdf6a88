"""The mock cluster does what it is told."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from confluent_kafka import Consumer, KafkaError, KafkaException, Producer

from tests.clusters.mock import ApiKey, MockCluster


@pytest.fixture(scope="module")
def cluster() -> Iterator[MockCluster]:
    """Two brokers."""
    with MockCluster.started(brokers=2) as cluster:
        yield cluster


def _publish(cluster: MockCluster, topic: str) -> KafkaError | None:
    """Publish a record to partition 0; return what the delivery report says."""
    told: list[KafkaError | None] = []
    producer = Producer({"bootstrap.servers": cluster.bootstrap, "log_level": 0})
    producer.produce(topic, b"1", partition=0, on_delivery=lambda error, _: told.append(error))
    assert producer.flush(20) == 0
    return told[0]


def test_a_topic_has_the_partitions_that_were_asked_for(cluster: MockCluster) -> None:
    """The client's own way to make a topic is not served."""
    topic = uuid4().hex
    cluster.create_topic(topic, partitions=7)
    listed = Producer({"bootstrap.servers": cluster.bootstrap, "log_level": 0}).list_topics(topic)
    assert len(listed.topics[topic].partitions) == 7


@pytest.mark.parametrize("protocol", ["classic", "consumer"])
def test_a_group_reads_what_was_published(cluster: MockCluster, protocol: str) -> None:
    """A member has its partitions within a second, in either protocol."""
    topic = uuid4().hex
    cluster.create_topic(topic, partitions=1)
    assert _publish(cluster, topic) is None
    told = {"group.id": topic, "auto.offset.reset": "earliest", "group.protocol": protocol}
    consumer = Consumer({"bootstrap.servers": cluster.bootstrap, "log_level": 0, **told})
    consumer.subscribe([topic])
    message = consumer.poll(10)
    consumer.close()
    assert message is not None
    assert message.value() == b"1"


def test_an_error_is_met_by_the_next_request_alone(cluster: MockCluster) -> None:
    """An error that was pushed is answered once."""
    topic = uuid4().hex
    cluster.create_topic(topic, partitions=1)
    cluster.fail(ApiKey.PRODUCE, KafkaError.MSG_SIZE_TOO_LARGE)
    error = _publish(cluster, topic)
    assert error is not None
    assert error.code() == KafkaError.MSG_SIZE_TOO_LARGE
    assert _publish(cluster, topic) is None


def test_an_error_that_nobody_met_can_be_taken_back(cluster: MockCluster) -> None:
    """What one test let fail need not fail in the next."""
    topic = uuid4().hex
    cluster.create_topic(topic, partitions=1)
    cluster.fail(ApiKey.PRODUCE, KafkaError.MSG_SIZE_TOO_LARGE)
    cluster.heal(ApiKey.PRODUCE)
    assert _publish(cluster, topic) is None


def test_a_topic_can_be_refused(cluster: MockCluster) -> None:
    """A client that asks for it learns the error."""
    topic = uuid4().hex
    cluster.create_topic(topic, partitions=1)
    cluster.fail_topic(topic, KafkaError.TOPIC_AUTHORIZATION_FAILED)
    producer = Producer({"bootstrap.servers": cluster.bootstrap, "log_level": 0})
    error = producer.list_topics(topic).topics[topic].error
    assert error is not None
    assert error.code() == KafkaError.TOPIC_AUTHORIZATION_FAILED


def test_another_broker_takes_over(cluster: MockCluster) -> None:
    """A partition that is led by a broker that is up takes records; then the other is back."""
    topic = uuid4().hex
    cluster.create_topic(topic, partitions=1)
    cluster.lead(topic, partition=0, number=2)
    cluster.broker_down(1)
    try:
        assert _publish(cluster, topic) is None
    finally:
        cluster.broker_up(1)
    cluster.lead(topic, partition=0, number=1)
    cluster.delay(1, seconds=0.01)
    assert _publish(cluster, topic) is None
    cluster.delay(1, seconds=0)


def test_an_impossible_command_says_so(cluster: MockCluster) -> None:
    """A test that names a broker that there is not is told."""
    with pytest.raises(AssertionError, match="Broker not available"):
        cluster.broker_down(9)


def test_a_cluster_ends_with_its_block() -> None:
    """Nobody answers afterwards."""
    with MockCluster.started() as cluster:
        producer = Producer({"bootstrap.servers": cluster.bootstrap, "log_level": 0})
        assert producer.list_topics(timeout=10).brokers
    with pytest.raises(KafkaException):
        producer.list_topics(timeout=0.2)
