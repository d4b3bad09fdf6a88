"""Topics are made so that nothing is lost in them, and are checked where something was stated."""

from uuid import uuid4

import pytest

from formbridge.adapters.kafka.broker import KafkaBroker
from formbridge.adapters.kafka.clients import Troubles, admin
from formbridge.adapters.kafka.settings import TOPIC, KafkaSettings
from formbridge.adapters.kafka.topics import KafkaTopics, config_of
from formbridge.domain.errors import BadSetting, BrokerUnavailable
from tests.clusters.cluster import Cluster
from tests.clusters.fixtures import Kafka


def a_broker(bootstrap: str, **topic: object) -> KafkaBroker:
    """Return a broker with these options of its topics."""
    options = {f"formbridge.topic.{name.replace('_', '.')}": it for name, it in topic.items()}
    return KafkaBroker(settings=KafkaSettings.of(tuple(bootstrap.split(",")), options))


def found(broker: KafkaBroker, topic: str) -> dict[str, str]:
    """Return the settings of the topic as the cluster says them."""
    return dict(config_of(admin(broker.settings, Troubles("test")), topic))


def test_a_missing_topic_is_made_to_keep_everything(kafka: Kafka) -> None:
    """For ever, with the log's own times, and with room for large responses."""
    broker, topic = a_broker(kafka.bootstrap), f"made-{uuid4().hex}"
    assert not broker.exists(topic=topic)
    broker.reader(topic=topic).close()
    assert broker.exists(topic=topic)
    config = found(broker, topic)
    assert {name: config[name] for name in TOPIC} == TOPIC
    assert KafkaTopics(broker.settings).partitions(topic) == 6


def test_looking_for_a_topic_makes_none(kafka: Kafka) -> None:
    """A mistyped name is told, also where the cluster would make topics by itself."""
    broker, topic = a_broker(kafka.bootstrap), f"absent-{uuid4().hex}"
    assert not broker.exists(topic=topic)
    assert not broker.exists(topic=topic)


def test_a_topic_is_made_as_stated(kafka: Kafka) -> None:
    """Partitions, and any of Kafka's own options."""
    broker = a_broker(kafka.bootstrap, partitions=3, retention_ms=86_400_000)
    topic = f"stated-{uuid4().hex}"
    broker.reader(topic=topic).close()
    assert KafkaTopics(broker.settings).partitions(topic) == 3
    assert found(broker, topic)["retention.ms"] == "86400000"


@pytest.mark.parametrize(
    ("stated", "named"),
    [
        ({"partitions": 4}, r"formbridge\.topic\.partitions"),
        ({"replication_factor": 2}, r"formbridge\.topic\.replication\.factor"),
        ({"retention_ms": 5}, r"formbridge\.topic\.retention\.ms"),
    ],
)
def test_a_topic_that_is_not_as_stated_is_refused(
    kafka: Kafka, stated: dict[str, object], named: str
) -> None:
    """Durability that somebody relies on must not be missing in silence."""
    topic = f"other-{uuid4().hex}"
    a_broker(kafka.bootstrap, partitions=3).reader(topic=topic).close()
    with pytest.raises(BadSetting, match=named):
        a_broker(kafka.bootstrap, **stated).publisher(topic=topic)


def test_an_existing_topic_is_taken_as_it_is(kafka: Kafka) -> None:
    """Nothing was stated, so nothing is wrong."""
    topic = f"as-it-is-{uuid4().hex}"
    a_broker(kafka.bootstrap, partitions=2, retention_ms=1000).reader(topic=topic).close()
    a_broker(kafka.bootstrap).reader(topic=topic).close()


def test_more_replicas_than_brokers_are_refused(kafka: Kafka) -> None:
    """The cluster's own words, and nothing is made."""
    broker, topic = a_broker(kafka.bootstrap, replication_factor=7), f"large-{uuid4().hex}"
    with pytest.raises(BadSetting, match="INVALID_REPLICATION_FACTOR"):
        broker.publisher(topic=topic)
    assert not broker.exists(topic=topic)


def test_three_brokers_keep_three_copies_and_two_must_have_a_record(three_nodes: Cluster) -> None:
    """So that one broker may be lost at any time."""
    broker, topic = a_broker(three_nodes.bootstrap), "copies"
    broker.reader(topic=topic).close()
    client = admin(broker.settings, Troubles("test"))
    made = client.list_topics(topic, timeout=10).topics[topic]
    assert {len(it.replicas) for it in made.partitions.values()} == {3}
    assert found(broker, topic)["min.insync.replicas"] == "2"


def test_a_cluster_out_of_reach_is_told_with_its_address() -> None:
    """In seconds, and as something that may pass."""
    with pytest.raises(BrokerUnavailable, match=r"kafka://127\.0\.0\.1:1: "):
        a_broker("127.0.0.1:1").publisher(topic="responses")
