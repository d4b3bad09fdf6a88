"""What questions are called, from a compacted topic that every process reads."""

import logging
from collections.abc import Callable, Mapping
from threading import Lock
from time import monotonic

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, TopicPartition

from formbridge.adapters.kafka.clients import NOBODY, outsider
from formbridge.adapters.kafka.deliveries import delivery_of
from formbridge.adapters.kafka.errors import GONE, PASSING, kafka_error, mapped, translated
from formbridge.adapters.kafka.mappings import SharedMappings
from formbridge.adapters.kafka.settings import KafkaSettings
from formbridge.adapters.kafka.topics import KafkaTopics
from formbridge.domain.errors import BadMapping, BadSetting, BrokerUnavailable, NewerVersion
from formbridge.domain.identity import TableKey
from formbridge.domain.ports import Clock, QuestionCatalog
from formbridge.domain.questions import FormMapping
from formbridge.domain.records import Delivery

LOOK_SECONDS = 1.0
"""How often it is seen whether something came, at most."""
PATIENCE = 30.0
"""How long opening may take, in seconds."""
AT_ONCE = 1000
END = "_PARTITION_EOF"
POLICY, COMPACT = "cleanup.policy", "compact"

log = logging.getLogger("formbridge.questions")


class KafkaCatalog(QuestionCatalog):
    """Knows the latest record of each form. Shared by threads.

    The client fetches ahead in its own threads, so ``mapping`` and ``version`` wait for nothing. A
    record that cannot be read keeps what was known of its form and is told once; a cluster that is
    away keeps everything, and so does a topic that was made anew, which is read from its beginning.
    """

    def __init__(
        self,
        client: Consumer,
        *,
        topic: str,
        partitions: int,
        clock: Clock,
        warn: Callable[[str], None] = log.warning,
    ) -> None:
        """Read so many partitions with this client, from ``read`` on."""
        self._client = client
        self._topic = topic
        self._clock = clock
        self._warn = warn
        self._behind = set(range(partitions))
        self._partitions = frozenset(self._behind)
        self._mappings = SharedMappings()
        self._next_look = 0.0
        self._trouble = ""
        self._lock = Lock()

    def mapping(self, table: TableKey, /) -> FormMapping | None:
        """Return the mapping of a form, whatever its source."""
        self._look()
        return self._mappings.known.get(table.form_id)

    def version(self) -> int:
        """Return a number that grows when any mapping changes."""
        self._look()
        return self._mappings.version

    def mappings(self) -> Mapping[str, FormMapping]:
        """Return what is known, by form."""
        self._look()
        return dict(self._mappings.known)

    def read(self) -> None:
        """Begin; return when everything that the topic holds now is known, or raise why not."""
        until = monotonic() + PATIENCE
        with self._lock, mapped(self._what):
            self._begin()
            while self._behind:
                if monotonic() >= until:
                    raise BrokerUnavailable(f"{self._what} could not be read to its end; try again")
                for error in self._take(timeout=0.1):
                    if error.name() not in PASSING:
                        raise translated(error, self._what)

    def close(self) -> None:
        """Release the client; what is known stays so. A second call does nothing."""
        with self._lock:
            if self._next_look != float("inf"):
                self._next_look = float("inf")
                self._client.close()

    @property
    def _what(self) -> str:
        return f"topic {self._topic!r}"

    def _begin(self) -> None:
        beginnings = [TopicPartition(self._topic, it, OFFSET_BEGINNING) for it in self._partitions]
        self._client.assign(beginnings)

    def _look(self) -> None:
        with self._lock:
            now = self._clock.monotonic()
            if now < self._next_look:
                return
            self._next_look = now + LOOK_SECONDS
            try:
                for error in self._take(timeout=0):
                    self._heed(error)
            except KafkaException as error:
                self._heed(kafka_error(error))

    def _heed(self, error: KafkaError) -> None:
        """Tell what keeps the topic from being read, once until it is read again."""
        if error.name() in GONE:  # deleted and made anew, or restored: what it holds now counts
            self._begin()
        if error.name() != self._trouble:
            self._trouble = error.name()
            self._warn(f"{translated(error, self._what)}. The last good mapping stays in use.")

    def _take(self, *, timeout: float) -> list[KafkaError]:
        """Take what came, waiting so long for the first of it; return what is wrong."""
        first = self._client.poll(timeout)
        messages = self._client.consume(AT_ONCE, 0)
        errors: list[KafkaError] = []
        for message in messages if first is None else [first, *messages]:
            error, partition = message.error(), message.partition()
            if error is not None and error.name() != END:
                errors.append(error)
                continue
            self._trouble = ""
            if error is None:
                self._apply(delivery_of(message, self._topic))
            elif partition is not None:
                self._behind.discard(partition)
        return errors

    def _apply(self, delivery: Delivery) -> None:
        try:
            self._mappings.take(delivery)
        except (BadMapping, NewerVersion) as error:
            self._warn(f"{error}. What was known of its form stays in use.")


def open_kafka_catalog(settings: KafkaSettings, *, topic: str, clock: Clock) -> KafkaCatalog:
    """Return a catalog that knows all that the topic holds now; the topic is made if missing."""
    partitions = ensure_compacted(settings, topic)
    client = outsider(settings, NOBODY)
    catalog = KafkaCatalog(client, topic=topic, partitions=partitions, clock=clock)
    try:
        catalog.read()
    except BaseException:
        catalog.close()
        raise
    return catalog


def ensure_compacted(settings: KafkaSettings, topic: str) -> int:
    """Make the topic if it is missing; return how many partitions it has.

    Raises ``BadSetting`` if it does not keep the latest record of each key: it may be one of
    responses, or forget titles with time.
    """
    topics = KafkaTopics(settings.compacted())
    policy = topics.config(topic).get(POLICY) if topics.partitions(topic) else COMPACT
    if policy != COMPACT:
        raise BadSetting(
            f"topic {topic!r} has {POLICY}={policy}, and one that says what questions are called "
            f"has {COMPACT}; name another topic, or change it with Kafka's own tools"
        )
    return topics.ensure(topic)
