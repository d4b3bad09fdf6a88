"""What comes from the client of a member: records, rebalances, ends of partitions, and errors."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, TopicPartition
from confluent_kafka import Message as KafkaMessage

from formbridge.adapters.kafka.clients import log
from formbridge.adapters.kafka.deliveries import delivery_of
from formbridge.adapters.kafka.errors import (
    IN_DOUBT,
    NOT_A_MEMBER,
    PASSING,
    fatal,
    is_fatal,
    kafka_error,
    mapped,
    translated,
)
from formbridge.adapters.kafka.membership import Membership
from formbridge.adapters.kafka.places import Places
from formbridge.domain.errors import BrokerBroken, BrokerError, FormBridgeError
from formbridge.domain.records import Delivery, Offsets

END, NO_PLACE = "_PARTITION_EOF", "_AUTO_OFFSET_RESET"
"""What librdkafka calls the end of a partition, and that it does not know where to read on."""

GONE = (
    "records were deleted before they were read, or the cluster was made anew; restore them, or go "
    "on without them by formbridge reset"
)

Told = tuple[KafkaError, KafkaMessage]
Taken = tuple[int | None, KafkaMessage]
"""A message and the epoch in which it was taken."""


class Feed:
    """One client at a time, which joins the group when it is first used.

    A client that cannot go on is given up, and everything that it had is lost; the next use joins
    anew. Rebalances are heard inside ``take`` and ``listen`` only.
    """

    def __init__(
        self, make: Callable[[], Consumer], *, topic: str, group: str, places: Places
    ) -> None:
        """Use the client that ``make`` returns; ask with ``places`` where to begin."""
        self.topic = topic
        self.group = group
        self.member = Membership()
        self._make = make
        self._places = places
        self._client: Consumer | None = None
        self._stash: list[Taken] = []
        self._paused = False

    @property
    def what(self) -> str:
        """What this is called in messages."""
        return f"group {self.group!r} of topic {self.topic!r}"

    def take(self, limit: int, *, timeout: float) -> list[Delivery]:
        """Return what was fetched by now, waiting for the first of it; what is wrong is raised.

        Then what came beside it is returned by the next call.
        """
        self._resume()
        if not self._stash:
            self.listen(timeout)
        more = limit - len(self._stash)
        with self._calling() as client:
            fetched = client.consume(more, 0) if more > 0 else []
        stashed, self._stash = self._stash[:limit], self._stash[limit:]
        messages = [it for epoch, it in stashed if epoch == self._epoch(it)] + fetched
        here, topic = self.member.epochs, self.topic
        told: list[Told] = []
        deliveries: list[Delivery] = []
        for it in messages:  # once: a batch is larger than the processor's cache
            if (error := it.error()) is not None:
                told.append((error, it))
            elif it.partition() in here:
                deliveries.append(delivery_of(it, topic))
        if told:
            self._heed(told, beside=[it for it in messages if it.error() is None])
        self.member.read(deliveries)
        return deliveries

    def listen(self, timeout: float) -> None:
        """Hear of rebalances, and keep the message that came meanwhile, if any."""
        with self._calling() as client:
            message = client.poll(timeout)
        if message is not None:
            self._stash.append((self._epoch(message), message))

    def pause(self) -> None:
        """Read no more until the next ``take``, also of partitions that came meanwhile."""
        if not self._paused or self.member.fresh:
            self._paused, self.member.fresh = True, False
            with self._calling() as client:
                client.pause(self._held())

    def commit(self, offsets: Offsets) -> KafkaError | None:
        """Commit what is new of these and still here; return what is wrong."""
        wanted = self.member.to_commit(offsets)
        if not wanted:
            return None
        named = [TopicPartition(self.topic, *it) for it in wanted.items()]
        try:
            answers = self._joined().commit(offsets=named, asynchronous=False)
        except KafkaException as error:
            return kafka_error(error)
        for it in answers or ():
            if it.error is not None:
                return it.error
            self.member.committed(it.partition, wanted[it.partition])
        return None

    def give_up(self, error: KafkaError) -> FormBridgeError:
        """Lose everything, so that the next use joins anew; return what to raise."""
        self.member.drop(list(self.member.epochs))
        self._stash.clear()
        self.close()
        return fatal(error, self.what)

    def close(self) -> None:
        """Leave the group, and release the client."""
        client, self._client = self._client, None
        if client is not None:
            with mapped(self.what):
                client.close()

    def _joined(self) -> Consumer:
        if self._client is None:
            client = self._make()
            with mapped(self.what):
                client.subscribe(
                    [self.topic],
                    on_assign=self._assigned,
                    on_revoke=self._revoked,
                    on_lost=self._revoked,
                )
            self._client = client
        return self._client

    def _assigned(self, client: Consumer, partitions: list[TopicPartition]) -> None:
        """Take new partitions; begin at the beginning where the group was never before.

        The client is told where to read on: left to ask by itself, it began once more at the
        beginning of a partition that it had been given there before (7 of 196 runs, on the mock).
        Where the commits cannot be had now, it does ask, and ``_begin`` does the rest.
        """
        numbers = [it.partition for it in partitions]
        self.member.assigned(numbers)
        with suppress(BrokerError):
            commits = self._places.commits(numbers)
            for it in partitions:
                it.offset = commits.get(it.partition, OFFSET_BEGINNING)
        client.incremental_assign(partitions)

    def _revoked(self, _: Consumer, partitions: list[TopicPartition]) -> None:
        """Let partitions go: others ask for them, or have them already."""
        self.member.drop(it.partition for it in partitions)

    def _epoch(self, message: KafkaMessage) -> int | None:
        partition = message.partition()
        return None if partition is None else self.member.epochs.get(partition)

    def _heed(self, told: list[Told], *, beside: list[KafkaMessage]) -> None:
        """Take what are no records; if one of them is raised, the others come again."""
        starts = [it for it in told if it[0].name() == NO_PLACE]
        others = [it for it in told if it[0].name() != NO_PLACE]
        try:
            while others:
                self._heed_one(*others.pop(0))
            self._begin(self.member.epochs.keys() & {it.partition() for _, it in starts})
        except FormBridgeError:
            again = [*beside, *(it for _, it in others + starts)]
            self._stash = [(self._epoch(it), it) for it in again] + self._stash
            raise

    def _heed_one(self, error: KafkaError, message: KafkaMessage) -> None:
        if error.name() == END:
            self.member.reached(message.partition(), message.offset())
        elif is_fatal(error):
            raise self.give_up(error)
        elif error.name() in PASSING | NOT_A_MEMBER | IN_DOUBT:
            log.warning("%s: %s (%s)", self.what, error.str(), error.name())
        else:
            raise translated(error, self.what)

    def _begin(self, partitions: Collection[int]) -> None:
        """Read partitions from their beginning; refuse where the group was further already."""
        if not partitions:
            return
        for partition, committed in self._places.commits(partitions).items():
            beginning, end = self._places.beginnings([partition]), self._places.ends([partition])
            raise BrokerBroken(
                f"{self.what}: partition {partition} is to be read on from {committed}, and the "
                f"log holds {beginning[partition]} to {end[partition]}: {GONE}"
            )
        beginnings = [TopicPartition(self.topic, it, OFFSET_BEGINNING) for it in partitions]
        with self._calling() as client:  # a seek is refused where no offset was known
            client.incremental_unassign(beginnings)
            client.incremental_assign(beginnings)
        self.member.fresh = True

    def _resume(self) -> None:
        if self._paused:
            self._paused = False
            with self._calling() as client:
                client.resume(self._held())

    def _held(self) -> list[TopicPartition]:
        return [TopicPartition(self.topic, partition) for partition in self.member.epochs]

    @contextmanager
    def _calling(self) -> Iterator[Consumer]:
        """Let no error of the SDK out; give a client up that cannot go on."""
        try:
            yield self._joined()
        except KafkaException as raised:
            error = kafka_error(raised)
            if is_fatal(error):
                raise self.give_up(error) from raised
            raise translated(error, self.what) from raised
