"""Topics: made as stated when they are missing, checked against what was stated when they exist."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import monotonic, sleep

import attrs
from confluent_kafka import KafkaException
from confluent_kafka.admin import (  # type: ignore[attr-defined]  # its stubs forget to export
    AdminClient,
    ConfigResource,
    NewTopic,
    ResourceType,
    TopicMetadata,
)

from formbridge.adapters.kafka.clients import REACH, Troubles, admin
from formbridge.adapters.kafka.errors import DENIED, SETTING, kafka_error, mapped, translated
from formbridge.adapters.kafka.settings import TOPIC, TOPIC_PREFIX, KafkaSettings
from formbridge.domain.errors import BadSetting, BrokerUnavailable

PARTITIONS = 6
REPLICAS = 3
"""Of a topic for which nothing else was stated; fewer where the cluster has fewer brokers."""
MIN_IN_SYNC = "min.insync.replicas"
LOOK = 0.05
"""Seconds between two looks for a topic that was just made."""

ABSENT = "UNKNOWN_TOPIC_OR_PART"
THERE = "TOPIC_ALREADY_EXISTS"


@attrs.frozen
class KafkaTopics:
    """The topics of a cluster. A client lives as long as one call: a topic is opened seldom."""

    settings: KafkaSettings

    def ensure(self, name: str) -> int:
        """Make the topic if it is missing, else check it; return how many partitions it has.

        Raises ``BadSetting`` where it is not as stated, or cannot be made so.
        """
        with self._client() as client:
            found = _find(client, name)
            if found is not None:
                self._check(client, name, found)
                return len(found.partitions)
            self._make(client, name)
            return len(self._made(client, name).partitions)

    def partitions(self, name: str) -> int:
        """Return how many partitions the topic has, 0 if there is none of that name."""
        with self._client() as client:
            found = _find(client, name)
        return 0 if found is None else len(found.partitions)

    def config(self, name: str) -> Mapping[str, str]:
        """Return the settings of a topic that exists, by Kafka's names."""
        with self._client() as client:
            return config_of(client, name)

    @contextmanager
    def _client(self) -> Iterator[AdminClient]:
        """Yield a client; say of what fails there why the cluster let nobody in, if it said so."""
        troubles = Troubles(self.settings.name, quiet=True)
        client = admin(self.settings, troubles)
        try:
            yield client
        except KafkaException as error:
            client.poll(0)
            last = troubles.last
            told = last if last is not None and last.name() in DENIED | SETTING else None
            raise translated(told or kafka_error(error), self.settings.name) from error

    def _make(self, client: AdminClient, name: str) -> None:
        stated = self.settings.topics
        brokers = len(client.list_topics(timeout=REACH).brokers)
        replicas = stated.replication_factor or min(REPLICAS, brokers)
        in_sync = str(max(1, min(replicas - 1, 2)))
        config = {**TOPIC, MIN_IN_SYNC: in_sync, **stated.config}
        partitions = stated.partitions or PARTITIONS
        wanted = NewTopic(name, partitions, replicas, config=config)
        try:
            client.create_topics([wanted], request_timeout=REACH)[name].result()
        except KafkaException as error:
            if kafka_error(error).name() != THERE:  # else another process made it just now
                raise

    def _made(self, client: AdminClient, name: str) -> TopicMetadata:
        """Return the topic once every partition of it has a leader."""
        until = monotonic() + REACH
        while True:
            found = _find(client, name)
            if found and found.partitions and all(p.leader >= 0 for p in found.partitions.values()):
                return found
            if monotonic() >= until:
                raise BrokerUnavailable(f"topic {name!r} was made and has no leader yet; try again")
            sleep(LOOK)

    def _check(self, client: AdminClient, name: str, found: TopicMetadata) -> None:
        stated = self.settings.topics
        replicas = min((len(p.replicas) for p in found.partitions.values()), default=0)
        has = {"partitions": str(len(found.partitions)), "replication.factor": str(replicas)}
        wants = {
            "partitions": str(stated.partitions or has["partitions"]),
            "replication.factor": str(stated.replication_factor or has["replication.factor"]),
        }
        if stated.config:
            has |= config_of(client, name)
            wants |= stated.config
        for key, value in wants.items():
            if has.get(key) != value:
                raise BadSetting(
                    f"{TOPIC_PREFIX}{key} is stated as {value}, and topic {name!r} has "
                    f"{has.get(key)}; change the topic with Kafka's own tools, or the setting"
                )


def _find(client: AdminClient, name: str) -> TopicMetadata | None:
    """Return the topic, or None; asking for it by its name makes none (see ``COMMON``)."""
    found = client.list_topics(name, timeout=REACH).topics.get(name)
    if found is None or (found.error is not None and found.error.name() == ABSENT):
        return None
    if found.error is not None and not found.partitions:
        raise KafkaException(found.error)
    return found


def config_of(client: AdminClient, name: str) -> Mapping[str, str]:
    """Return the settings of a topic, by Kafka's names."""
    resource = ConfigResource(ResourceType.TOPIC, name)
    with mapped(f"the settings of topic {name!r}"):
        entries = client.describe_configs([resource], request_timeout=REACH)[resource].result()
    return {key: str(entry.value) for key, entry in entries.items()}
