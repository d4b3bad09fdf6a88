"""Every broker keeps the same promises: in memory, in a file, real Kafka, and its mock."""

import time
from pathlib import Path

import pytest

from formbridge.adapters.kafka.broker import KafkaBroker
from formbridge.adapters.kafka.consumer import KafkaConsumer
from formbridge.adapters.kafka.groups import KafkaGroups
from formbridge.adapters.kafka.publisher import KafkaPublisher
from formbridge.adapters.kafka.reader import KafkaReader
from formbridge.adapters.kafka.settings import KafkaSettings
from formbridge.adapters.memory.broker import MemoryBroker
from formbridge.adapters.sqlite.broker import SqliteBroker
from formbridge.testing.broker_contract import BrokerContract
from formbridge.testing.clock import FakeClock
from formbridge.testing.topics import BrokerDriver, TopicUnderTest
from tests.clusters.fixtures import Kafka
from tests.clusters.mock import MockCluster

PARTITIONS = 4
PROTOCOLS = {
    "classic": {"max.poll.interval.ms": 6_000},
    "consumer": {"max.poll.interval.ms": 6_000, "group.protocol": "consumer"},
}
"""The group protocols of Kafka: led by a member, and led by the brokers (KIP-848)."""
MEMBERS_STAY = "the mock refuses commits from outside also when the last member has left"


class TestMemoryBroker(BrokerContract):
    """The broker in memory."""

    @pytest.fixture
    def driver(self) -> BrokerDriver:
        """A broker whose time is the test's."""
        clock = FakeClock()
        broker = MemoryBroker(clock=clock, partitions=4, max_poll_interval=60.0)
        return BrokerDriver(broker=broker, partitions=4, wait=clock.advance, max_poll_interval=60.0)


class TestSqliteBroker(BrokerContract):
    """The broker in one file."""

    @pytest.fixture
    def driver(self, tmp_path: Path) -> BrokerDriver:
        """A log in a folder of its own, whose time is the test's."""
        clock = FakeClock()
        broker = SqliteBroker(tmp_path / "log.db", clock=clock, max_poll_interval=60.0)
        return BrokerDriver(broker=broker, partitions=4, wait=clock.advance, max_poll_interval=60.0)


def settings(bootstrap: str, **options: object) -> KafkaSettings:
    """Return the settings of a cluster whose topics have four partitions."""
    made = {"formbridge.topic.partitions": PARTITIONS}
    return KafkaSettings.of((bootstrap,), {**made, **options})


class TestKafkaBroker(BrokerContract):
    """Apache Kafka, a real server of it, in both group protocols."""

    @pytest.fixture(params=PROTOCOLS)
    def driver(self, request: pytest.FixtureRequest, kafka: Kafka) -> BrokerDriver:
        """The broker of the run; time passes by itself."""
        broker = KafkaBroker(settings=settings(kafka.bootstrap, **PROTOCOLS[request.param]))
        return BrokerDriver(
            broker=broker,
            partitions=PARTITIONS,
            wait=time.sleep,
            max_poll_interval=6.0,
            patience=60.0,
        )


class MockKafkaBroker:
    """The adapter on librdkafka's mock cluster, which has topics made from outside only."""

    def __init__(self, mock: MockCluster) -> None:
        """Use the adapter on this mock."""
        self._mock = mock
        self._made: set[str] = set()
        self._broker = KafkaBroker(settings=settings(mock.bootstrap, **PROTOCOLS["consumer"]))

    def _ready(self, topic: str) -> KafkaBroker:
        if topic not in self._made:
            self._made.add(topic)
            self._mock.create_topic(topic, partitions=PARTITIONS)
        return self._broker

    def exists(self, *, topic: str) -> bool:
        """Whether the mock has the topic."""
        return self._broker.exists(topic=topic)

    def publisher(self, *, topic: str) -> KafkaPublisher:
        """Open a publisher of the topic, which is made."""
        return self._ready(topic).publisher(topic=topic)

    def consumer(self, *, topic: str, group: str) -> KafkaConsumer:
        """Open a member of the group."""
        return self._ready(topic).consumer(topic=topic, group=group)

    def reader(self, *, topic: str) -> KafkaReader:
        """Open a reader."""
        return self._ready(topic).reader(topic=topic)

    def groups(self, *, topic: str) -> KafkaGroups:
        """Open the places of the groups."""
        return self._ready(topic).groups(topic=topic)


class TestMockKafkaBroker(BrokerContract):
    """librdkafka's mock cluster: for whoever has no Java."""

    @pytest.fixture
    def driver(self, mock_kafka: MockCluster) -> BrokerDriver:
        """The mock of this worker; time passes by itself."""
        return BrokerDriver(
            broker=MockKafkaBroker(mock_kafka),
            partitions=PARTITIONS,
            wait=time.sleep,
            max_poll_interval=6.0,
            patience=20.0,
        )

    @pytest.mark.xfail(strict=True, reason=MEMBERS_STAY)
    def test_a_reset_to_the_beginning_reads_everything_again(self, topic: TopicUnderTest) -> None:
        """As for every broker, but for the mock."""
        super().test_a_reset_to_the_beginning_reads_everything_again(topic)

    @pytest.mark.xfail(strict=True, reason=MEMBERS_STAY)
    def test_a_group_with_members_is_not_reset(self, topic: TopicUnderTest) -> None:
        """As for every broker, but for the mock."""
        super().test_a_group_with_members_is_not_reset(topic)

    @pytest.mark.xfail(strict=True, reason="the mock finds no offset by its time")
    def test_a_reset_to_a_time_reads_what_came_at_that_time_or_later(
        self, topic: TopicUnderTest
    ) -> None:
        """As for every broker, but for the mock."""
        super().test_a_reset_to_a_time_reads_what_came_at_that_time_or_later(topic)
