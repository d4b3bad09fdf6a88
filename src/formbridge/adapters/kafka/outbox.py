"""One producer, and the thread that hears what became of its records."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future

import attrs
from confluent_kafka import KafkaError, KafkaException, Message, Producer

from formbridge.adapters.kafka.errors import kafka_error, translated
from formbridge.domain.errors import BrokerUnavailable, FormBridgeError
from formbridge.domain.records import Record

LISTEN = 0.2
"""How long the thread waits for news in one call, in seconds; news comes at once."""
LEAVE = 5.0
"""How long a closed outbox waits for what is under way, in seconds."""

CLOSED = "the publisher was closed before the cluster had acknowledged; publish again"


@attrs.define(eq=False)
class Call:
    """The records of one call of ``publish``; ``done`` ends when all of them have their answer."""

    topic: str
    left: int
    done: "Future[None]" = attrs.field(factory=Future)  # running: nobody can cancel it
    _error: KafkaError | None = None
    _lock: threading.Lock = attrs.field(factory=threading.Lock)

    def __attrs_post_init__(self) -> None:
        """Begin; of nothing it is the end as well."""
        self.done.set_running_or_notify_cancel()
        if not self.left:
            self.done.set_result(None)

    def answer(self, error: KafkaError | None, _: Message) -> None:
        """Take the answer for one record."""
        self._answered(1, error)

    def give_up(self, records: int, error: KafkaError) -> None:
        """Count records that were not handed over at all."""
        self._answered(records, error)

    def fail(self, error: FormBridgeError) -> None:
        """End the call if it waits still."""
        with self._lock:
            if not self.done.done():
                self.done.set_exception(error)

    def _answered(self, records: int, error: KafkaError | None) -> None:
        with self._lock:
            self.left -= records
            self._error = self._error or error
            if self.left or self.done.done():
                return
            if self._error is None:
                self.done.set_result(None)
            else:
                self.done.set_exception(translated(self._error, f"topic {self.topic!r}"))


class Outbox:
    """Hands records to a producer. Shared by threads; ``broken`` says that a new one is needed."""

    def __init__(self, producer: Producer, *, topic: str) -> None:
        """Start listening."""
        self._producer = producer
        self._topic = topic
        self._calls: set[Call] = set()
        self._stopping = threading.Event()
        self.broken = False
        self._thread = threading.Thread(
            target=self._listen, name=f"formbridge-outbox-{topic}", daemon=True
        )
        self._thread.start()

    def send(self, records: Sequence[Record], call: Call) -> Iterator[None]:
        """Hand the records over in their order; yield whenever the producer's queue is full."""
        produce, topic, answer = self._producer.produce, self._topic, call.answer
        self._calls.add(call)
        call.done.add_done_callback(lambda _: self._calls.discard(call))
        for index, record in enumerate(records):
            while True:
                try:
                    produce(
                        topic,
                        record.value,
                        record.key,
                        on_delivery=answer,
                        headers=list(record.headers),
                    )
                    break
                except BufferError:
                    yield
                except KafkaException as error:
                    call.give_up(len(records) - index, kafka_error(error))
                    self._judge(kafka_error(error))
                    return

    def close(self) -> None:
        """Wait for what is under way, for a while, and stop listening."""
        self._stopping.set()
        self._thread.join()
        for call in list(self._calls):
            call.fail(BrokerUnavailable(CLOSED))

    def _listen(self) -> None:
        while not self._stopping.is_set():
            try:
                self._producer.poll(LISTEN)
            except KafkaException as error:
                self._judge(kafka_error(error))
        try:
            self._producer.flush(LEAVE)
        except KafkaException as error:
            self._judge(kafka_error(error))

    def _judge(self, error: KafkaError) -> None:
        """Note that a producer is of no more use (an idempotent one that lost its place)."""
        if error.fatal() or error.name() == "_FATAL":
            self.broken = True
            for call in list(self._calls):
                call.fail(translated(error, f"topic {self._topic!r}"))
