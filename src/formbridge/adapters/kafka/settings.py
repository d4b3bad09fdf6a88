"""What a team may say about its cluster: every option of librdkafka by its own name, and topics.

Source of the names: CONFIGURATION.md of librdkafka 2.16; those of topics: Apache Kafka's "Topic
Configs". Source of our defaults: measured with ``make bench``; see ADR 14.
"""

import re
from collections.abc import Collection, Mapping
from types import MappingProxyType

import attrs

from formbridge.domain.errors import BadSetting

Option = object
"""Text, a number, a switch, or a function where librdkafka takes one (``oauth_cb``)."""

TOPIC_PREFIX = "formbridge.topic."
PARTITIONS, REPLICATION = "partitions", "replication.factor"
SECRET = re.compile(
    r"password|secret|token|credential|key|jaas|oauthbearer\.config|\.pem$|userinfo"
)
HIDDEN = "…"

OURS: Mapping[str, str] = MappingProxyType(
    {
        "bootstrap.servers": "they stand in the broker's address",
        "group.id": "the sink's group is named by --group or group=",
        "enable.auto.commit": "a commit comes after the write, or responses are lost",
        "enable.auto.offset.store": "a commit comes after the write, or responses are lost",
        "auto.offset.reset": "a group begins at the beginning; move it with formbridge reset",
        "enable.partition.eof": "FormBridge must know where the log ends",
        "enable.idempotence": "without it a retry stores a response twice or out of order",
        "partition.assignment.strategy": "partitions are handed over one by one, never all at once",
        "acks": "publish returns when all in-sync replicas have the record",
        "request.required.acks": "publish returns when all in-sync replicas have the record",
    }
)
"""Options that FormBridge sets itself, each with the reason."""

COMMON: Mapping[str, Option] = MappingProxyType(
    {
        "client.id": "formbridge",
        "allow.auto.create.topics": False,  # topics are made with what was stated, or not at all
        "reconnect.backoff.max.ms": 2_000,  # librdkafka's 10 s delay a recovery by as much
        "topic.metadata.propagation.max.ms": 5_000,
    }
)
PRODUCER: Mapping[str, Option] = MappingProxyType(
    {
        "partitioner": "murmur2_random",  # as the Java clients place keys
        "linger.ms": 1,
        "compression.type": "lz4",
        "delivery.timeout.ms": 30_000,  # a request that waits longer is better refused
        "message.max.bytes": 100_000_000,  # the topic's own bound decides
    }
)
CONSUMER: Mapping[str, Option] = MappingProxyType(
    {
        "fetch.queue.backoff.ms": 10,  # librdkafka's second stalls whoever reads fast
        "fetch.wait.max.ms": 100,  # what is asked meanwhile waits as long
        "queued.max.messages.kbytes": 16_384,
        "fetch.message.max.bytes": 16_777_216,  # a batch of few partitions is one of few tables
        "fetch.max.bytes": 16_777_216,
    }
)
CLASSIC: Mapping[str, Option] = MappingProxyType(
    {
        "partition.assignment.strategy": "cooperative-sticky",
        "session.timeout.ms": 6_000,  # the least that brokers allow by default
        "heartbeat.interval.ms": 1_000,
    }
)
"""For the classic group protocol only: with ``group.protocol=consumer`` brokers say these."""

MEMBERSHIP = frozenset(
    {
        *CLASSIC,
        "group.protocol",
        "group.instance.id",
        "group.remote.assignor",
        "max.poll.interval.ms",
    }
)
"""What says how a member takes part in its group."""

TOPIC: Mapping[str, str] = MappingProxyType(
    {
        "retention.ms": "-1",  # Kafka's week would lose what a new sink must still read
        "message.timestamp.type": "LogAppendTime",  # the later record has the later time
        "max.message.bytes": "10485760",
    }
)


@attrs.frozen(kw_only=True)
class TopicSettings:
    """What a topic is made with when it is missing, and must have where it is stated.

    Unstated, a topic gets 6 partitions and as many replicas as there are brokers, at most three;
    with three of them a record counts once two have it. ``config`` holds Kafka's own topic
    options. What stands in ``partitions``, ``replication_factor`` and ``config`` is checked
    against a topic that exists.
    """

    partitions: int | None = None
    replication_factor: int | None = None
    config: Mapping[str, str] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        """Refuse what no topic can be."""
        for name in ("partitions", "replication_factor"):
            value = getattr(self, name)
            if value is not None and value < 1:
                message = f"{TOPIC_PREFIX}{name.replace('_', '.')} must be 1 or more, not {value}"
                raise BadSetting(message)


def _shown(options: Mapping[str, Option]) -> str:
    return repr({name: HIDDEN if SECRET.search(name) else it for name, it in options.items()})


@attrs.frozen(kw_only=True)
class KafkaSettings:
    """A cluster: servers to ask first, options of librdkafka, and how topics are made.

    ``options`` go to every client under librdkafka's names: TLS, SASL, OAuth, static membership
    (``group.instance.id``), the new group protocol (``group.protocol=consumer``), and so on.
    Secrets are shown in no repr and no error.
    """

    servers: tuple[str, ...]
    options: Mapping[str, Option] = attrs.field(factory=dict, repr=_shown)
    topics: TopicSettings = attrs.field(factory=TopicSettings)

    def __attrs_post_init__(self) -> None:
        """Refuse options that would break a promise."""
        for name in self.options:
            if name in OURS:
                raise BadSetting(f"{name} is FormBridge's own to set: {OURS[name]}")

    @classmethod
    def of(cls, servers: tuple[str, ...], options: Mapping[str, Option]) -> "KafkaSettings":
        """Return the settings of flat options, as a file or a container gives them.

        ``formbridge.topic.partitions``, ``formbridge.topic.replication.factor`` and
        ``formbridge.topic.`` with any of Kafka's topic options say how topics are made.
        """
        stated = {
            name.removeprefix(TOPIC_PREFIX): value
            for name, value in options.items()
            if name.startswith(TOPIC_PREFIX)
        }
        rest = {name: it for name, it in options.items() if not name.startswith(TOPIC_PREFIX)}
        numbers = {name: _whole(name, stated.pop(name, None)) for name in (PARTITIONS, REPLICATION)}
        return cls(
            servers=servers,
            options=rest,
            topics=TopicSettings(
                partitions=numbers[PARTITIONS],
                replication_factor=numbers[REPLICATION],
                config={name: str(value) for name, value in stated.items()},
            ),
        )

    def compacted(self) -> "KafkaSettings":
        """Return the settings for a topic that keeps the latest record of each key.

        What was stated of topics is of those that hold responses: of it only the copies count.
        """
        copies = self.topics.replication_factor
        topics = TopicSettings(replication_factor=copies, config={"cleanup.policy": "compact"})
        return attrs.evolve(self, topics=topics)

    def without(self, names: Collection[str]) -> "KafkaSettings":
        """Return the settings without these options."""
        kept = {name: it for name, it in self.options.items() if name not in names}
        return attrs.evolve(self, options=kept)

    @property
    def name(self) -> str:
        """What the cluster is called in messages."""
        return f"kafka://{','.join(self.servers)}"

    @property
    def new_protocol(self) -> bool:
        """Whether groups are managed by the brokers (KIP-848) instead of by a member."""
        return self.options.get("group.protocol") == "consumer"


def _whole(name: str, value: Option | None) -> int | None:
    if value is None:
        return None
    try:
        return int(str(value))
    except ValueError as error:
        kind = type(value).__name__
        raise BadSetting(f"{TOPIC_PREFIX}{name} must be a whole number, not {kind}") from error
