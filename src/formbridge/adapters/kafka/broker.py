"""A cluster of Apache Kafka."""

from functools import partial

import attrs

from formbridge.adapters.kafka import clients
from formbridge.adapters.kafka.clients import NOBODY
from formbridge.adapters.kafka.consumer import KafkaConsumer
from formbridge.adapters.kafka.feed import Feed
from formbridge.adapters.kafka.groups import KafkaGroups
from formbridge.adapters.kafka.places import Places
from formbridge.adapters.kafka.publisher import KafkaPublisher
from formbridge.adapters.kafka.reader import KafkaReader
from formbridge.adapters.kafka.settings import KafkaSettings
from formbridge.adapters.kafka.topics import KafkaTopics


@attrs.frozen(kw_only=True)
class KafkaBroker:
    """Opens publishers, consumers and readers of a cluster's topics; does no I/O by itself.

    Opening one makes its topic if it is missing, as ``settings.topics`` says.
    """

    settings: KafkaSettings

    def exists(self, *, topic: str) -> bool:
        """Whether the cluster has the topic."""
        return self._topics.partitions(topic) > 0

    def publisher(self, *, topic: str) -> KafkaPublisher:
        """Open a publisher of the topic."""
        self._topics.ensure(topic)
        return KafkaPublisher(partial(clients.producer, self.settings), topic=topic)

    def consumer(self, *, topic: str, group: str) -> KafkaConsumer:
        """Open a new member of the group; it joins at its first poll or hold."""
        self._topics.ensure(topic)
        make = partial(clients.member, self.settings, group)
        places = self._places(topic, group)
        return KafkaConsumer(Feed(make, topic=topic, group=group, places=places), places=places)

    def reader(self, *, topic: str) -> KafkaReader:
        """Open a reader of the topic."""
        self._topics.ensure(topic)
        make = partial(clients.outsider, self.settings, NOBODY)
        return KafkaReader(make, topic=topic, places=self._places(topic, NOBODY))

    def groups(self, *, topic: str) -> KafkaGroups:
        """Return the places of this topic's groups."""
        self._topics.ensure(topic)
        return KafkaGroups(partial(self._places, topic))

    @property
    def _topics(self) -> KafkaTopics:
        return KafkaTopics(self.settings)

    def _places(self, topic: str, group: str) -> Places:
        return Places(topic, partial(clients.outsider, self.settings, group))
