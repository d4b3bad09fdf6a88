"""One producer, and who hears what became of its records: a caller that waits, else a thread.

A caller that hears for itself competes with no thread for Python's lock. One hears at a time, so
that answers are counted without a lock of ours.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future

import attrs
from confluent_kafka import KafkaError, KafkaException, Message, Producer

from formbridge.adapters.kafka.errors import kafka_error, translated
from formbridge.domain.errors import BrokerUnavailable, FormBridgeError
from formbridge.domain.records import Record

LISTEN = 0.2
"""How long one waits for news in one call, in seconds; news comes at once."""
FULL = 0.01
"""How long to wait when the producer's queue is full, in seconds."""
SERVE = 100
"""Records from look to look for news: a look at each costs more than it brings."""
LEAVE = 5.0
"""How long a closed outbox waits for what is under way, in seconds."""
ANY, NOW = -1, 0
"""The partition and the time that the client chooses. Arguments by name cost a quarter more."""

CLOSED = "the publisher was closed before the cluster had acknowledged; publish again"
INTERRUPTED = "the program was interrupted before the cluster had acknowledged; publish again"


@attrs.define(eq=False)
class Call:
    """The records of one call of ``publish``; ``done`` ends when all of them have their answer.

    Who sends takes from ``expected``, who hears adds to ``_answered``: each is one thread at a
    time.
    """

    topic: str
    expected: int
    done: "Future[None]" = attrs.field(factory=Future)  # running: nobody can cancel it
    _answered: int = 0
    _error: KafkaError | None = None
    _lock: threading.Lock = attrs.field(factory=threading.Lock)

    def __attrs_post_init__(self) -> None:
        """Begin; of nothing it is the end as well."""
        self.done.set_running_or_notify_cancel()
        if not self.expected:
            self.done.set_result(None)

    def answer(self, error: KafkaError | None, _: Message) -> None:
        """Take the answer for one record."""
        if error is not None:
            self._error = self._error or error
        self._answered += 1
        if self._answered == self.expected:
            self._end()

    def give_up(self, records: int, error: KafkaError | None = None) -> None:
        """Expect no answer for records that were not handed over at all."""
        self._error = self._error or error
        self.expected -= records
        if self._answered == self.expected:
            self._end()

    def fail(self, error: FormBridgeError) -> None:
        """End the call if it waits still."""
        with self._lock:
            if not self.done.done():
                self.done.set_exception(error)

    def _end(self) -> None:
        if self._error is not None:
            self.fail(translated(self._error, f"topic {self.topic!r}"))
            return
        with self._lock:
            if not self.done.done():
                self.done.set_result(None)


class Outbox:
    """Hands records to a producer. Shared by threads; ``broken`` says that a new one is needed."""

    def __init__(self, producer: Producer, *, topic: str) -> None:
        """Start the thread."""
        self._producer = producer
        self._topic = topic
        self._calls: set[Call] = set()
        self._hearing = threading.Lock()
        self._waiting = threading.Event()
        self._stopping = threading.Event()
        self.broken = False
        self._thread = threading.Thread(
            target=self._listen, name=f"formbridge-outbox-{topic}", daemon=True
        )
        self._thread.start()

    def send(self, records: Sequence[Record], call: Call) -> None:
        """Hand the records over, and hear their answers here, unless another one hears already."""
        if not self._hearing.acquire(blocking=False):
            for seconds in self.sending(records, call):
                time.sleep(seconds)
            return
        try:
            for seconds in self._handed_over(records, call):
                self._hear(seconds)
            while not (call.done.done() or self._stopping.is_set()):
                self._hear(LISTEN)
        finally:
            self._hearing.release()
            if self._calls:
                self._waiting.set()

    def sending(self, records: Sequence[Record], call: Call) -> Iterator[float]:
        """Hand the records over; yield how long to wait before the next. The thread hears."""
        for seconds in self._handed_over(records, call):
            self._waiting.set()
            if seconds:
                yield seconds
        self._waiting.set()

    def close(self) -> None:
        """Wait for what is under way, for a while, and stop listening."""
        self._stopping.set()
        self._waiting.set()
        self._thread.join()
        self._fail_all(BrokerUnavailable(CLOSED))

    def _handed_over(self, records: Sequence[Record], call: Call) -> Iterator[float]:
        """Hand the records over in their order; yield when to look for news, and for how long."""
        produce, topic, answer = self._producer.produce, self._topic, call.answer
        number = 0
        try:
            self._begin(call)
            for number, record in enumerate(records):
                if number % SERVE == 0:
                    yield 0.0
                while not self._stopping.is_set():
                    try:
                        produce(
                            topic,
                            record.value,
                            record.key,
                            ANY,
                            answer,
                            None,
                            NOW,
                            list(record.headers),
                        )
                        break
                    except BufferError:
                        yield FULL
        except KafkaException as error:
            call.give_up(len(records) - number, kafka_error(error))
            self._judge(kafka_error(error))
        except BaseException:  # the caller was cancelled, or interrupted
            call.give_up(len(records) - number)
            raise

    def _begin(self, call: Call) -> None:
        self._calls.add(call)
        call.done.add_done_callback(lambda _: self._calls.discard(call))
        if self._stopping.is_set():
            call.fail(BrokerUnavailable(CLOSED))

    def _listen(self) -> None:
        while not self._stopping.is_set():
            self._waiting.wait(LISTEN)
            with self._hearing:
                self._waiting.clear()
                self._hear(0)  # also when nobody publishes: tokens of OAuth are made here
                while self._calls and not self._stopping.is_set():
                    self._hear(LISTEN)
        with self._hearing:
            try:
                self._producer.flush(LEAVE)
            except KafkaException as error:
                self._judge(kafka_error(error))

    def _hear(self, seconds: float) -> None:
        try:
            self._producer.poll(seconds)
        except KafkaException as error:
            self._judge(kafka_error(error))
        except BaseException:  # an interrupt, maybe in the middle of an answer
            self._fail_all(BrokerUnavailable(INTERRUPTED))
            raise

    def _judge(self, error: KafkaError) -> None:
        """Note that a producer is of no more use (an idempotent one that lost its place)."""
        if error.fatal() or error.name() == "_FATAL":
            self.broken = True
            self._fail_all(translated(error, f"topic {self._topic!r}"))

    def _fail_all(self, error: FormBridgeError) -> None:
        for call in list(self._calls):
            call.fail(error)
