"""What questions are called, from a compacted topic that every process reads."""

import logging
from collections.abc import Callable, Mapping
from functools import partial
from threading import Lock

from confluent_kafka import Consumer, KafkaException, Message, TopicPartition

from formbridge.adapters.kafka.clients import NOBODY, outsider
from formbridge.adapters.kafka.deliveries import delivery_of
from formbridge.adapters.kafka.errors import kafka_error, mapped
from formbridge.adapters.kafka.mapping_records import questions_in
from formbridge.adapters.kafka.places import Places
from formbridge.adapters.kafka.settings import KafkaSettings
from formbridge.adapters.kafka.topics import KafkaTopics
from formbridge.domain.errors import BadMapping, BrokerUnavailable, NewerVersion
from formbridge.domain.identity import TableKey
from formbridge.domain.ports import Clock, QuestionCatalog
from formbridge.domain.questions import FormMapping

LOOK_SECONDS = 1.0
"""How often it is seen whether something came, at most."""
PATIENCE = 30.0
"""How long opening may take, in seconds."""
AT_ONCE = 1000
MILLISECOND = 1_000
log = logging.getLogger("formbridge.questions")
NANOSECONDS = 1_000_000
"""In a millisecond: mapping files have versions in nanoseconds, and both may label one table."""


class KafkaCatalog(QuestionCatalog):
    """Knows the latest record of each form. Shared by threads.

    The client fetches ahead in its own threads, so ``mapping`` and ``version`` wait for nothing. A
    record that cannot be read keeps what was known of its form and is told once; a cluster that is
    away keeps everything.
    """

    def __init__(
        self,
        client: Consumer,
        *,
        topic: str,
        clock: Clock,
        warn: Callable[[str], None] = log.warning,
    ) -> None:
        """Read with this client, from where ``read`` begins."""
        self._client = client
        self._topic = topic
        self._clock = clock
        self._warn = warn
        self._mappings: dict[str, FormMapping] = {}
        self._reached: dict[int, int] = {}
        self._version = 0
        self._next_look = 0.0
        self._away = ""
        self._lock = Lock()

    def mapping(self, table: TableKey, /) -> FormMapping | None:
        """Return the mapping of a form, whatever its source."""
        self._look()
        return self._mappings.get(table.form_id)

    def version(self) -> int:
        """Return a number that grows when any mapping changes."""
        self._look()
        return self._version

    def mappings(self) -> Mapping[str, FormMapping]:
        """Return what is known, by form."""
        self._look()
        return dict(self._mappings)

    def read(self, beginnings: Mapping[int, int], *, to: Mapping[int, int]) -> None:
        """Begin there; return when everything before ``to`` is known, or ``BrokerUnavailable``."""
        what = f"topic {self._topic!r}"
        until = self._clock.monotonic() + PATIENCE
        self._reached = dict(beginnings)
        with self._lock, mapped(what):
            self._client.assign([TopicPartition(self._topic, *it) for it in beginnings.items()])
            while any(self._reached[it] < end for it, end in to.items()):
                if self._clock.monotonic() >= until:
                    raise BrokerUnavailable(f"{what} could not be read to its end")
                self._take(timeout=0.1)

    def close(self) -> None:
        """Release the client; what is known stays so."""
        with self._lock:
            self._client.close()
            self._next_look = float("inf")

    def _look(self) -> None:
        with self._lock:
            now = self._clock.monotonic()
            if now < self._next_look:
                return
            self._next_look = now + LOOK_SECONDS
            try:
                self._take(timeout=0)
                self._away = ""
            except KafkaException as error:
                self._tell_away(kafka_error(error).name())

    def _tell_away(self, name: str) -> None:
        if name != self._away:
            self._away = name
            self._warn(f"topic {self._topic!r}: {name}. The last good mapping stays in use.")

    def _take(self, *, timeout: float) -> None:
        for message in self._client.consume(AT_ONCE, timeout):
            error = message.error()
            if error is None:
                self._apply(message)
            elif error.name() != "_PARTITION_EOF":
                self._tell_away(error.name())
            self._note(message)

    def _note(self, message: Message) -> None:
        partition, offset = message.partition(), message.offset()
        if partition is not None and offset is not None:
            self._reached[partition] = offset + (message.error() is None)

    def _apply(self, message: Message) -> None:
        delivery = delivery_of(message, self._topic)
        try:
            form_id, questions = questions_in(delivery)
        except (BadMapping, NewerVersion) as error:
            self._warn(f"{error}. What was known of its form stays in use.")
            return
        self._version += 1
        if questions is None:
            self._mappings.pop(form_id, None)
            return
        known = self._mappings.get(form_id)
        at = delivery.time // MILLISECOND * NANOSECONDS + delivery.offset % NANOSECONDS
        version = max(at, known.version + 1) if known else at
        self._mappings[form_id] = FormMapping(form_id=form_id, questions=questions, version=version)


def open_kafka_catalog(settings: KafkaSettings, *, topic: str, clock: Clock) -> KafkaCatalog:
    """Return a catalog that knows all that the topic holds now; the topic is made if missing."""
    KafkaTopics(settings).ensure(topic)
    places = Places(topic, partial(outsider, settings, NOBODY))
    catalog = KafkaCatalog(outsider(settings, NOBODY), topic=topic, clock=clock)
    try:
        partitions = places.partitions()
        catalog.read(places.beginnings(partitions), to=places.ends(partitions))
    except BaseException:
        catalog.close()
        raise
    finally:
        places.close()
    return catalog
