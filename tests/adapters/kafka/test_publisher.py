"""What a publisher promises when the cluster, the queue or the caller is in trouble."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import closing
from threading import Thread
from uuid import uuid4

import pytest
from confluent_kafka import KafkaError

from formbridge.adapters.kafka.broker import KafkaBroker
from formbridge.adapters.kafka.publisher import KafkaPublisher
from formbridge.domain.errors import BadInput, BrokerUnavailable, Closed
from formbridge.domain.records import Record
from tests.adapters.kafka.foreign import a_broker, a_topic
from tests.clusters.fixtures import Kafka
from tests.clusters.mock import ApiKey, MockCluster

RECORDS = [Record(key=b"form-%d" % (n % 7), value=b"%d" % n) for n in range(500)]


def values(broker: KafkaBroker, topic: str) -> list[int]:
    """Return what the topic holds, in order of the numbers."""
    with closing(broker.reader(topic=topic)) as reader:
        return sorted(int(it.value or b"") for it in reader.read())


@pytest.fixture
def mock() -> Iterator[MockCluster]:
    """A cluster of this test alone, which fails on command."""
    with MockCluster.started() as mock:
        yield mock


def on_mock(mock: MockCluster, **options: object) -> tuple[KafkaBroker, str]:
    """Return a broker and a new topic on the mock."""
    topic = f"topic-{uuid4().hex}"
    mock.create_topic(topic, partitions=1)
    return a_broker(mock.bootstrap, **options), topic


def test_a_full_queue_waits_instead_of_raising(kafka: Kafka) -> None:
    """More records than the client may hold at once are published all the same, in order."""
    broker = a_broker(kafka.bootstrap, **{"queue.buffering.max.messages": 10})
    topic = a_topic(broker)
    with closing(broker.publisher(topic=topic)) as publisher:
        publisher.publish(RECORDS)
    with closing(broker.reader(topic=topic)) as reader:
        assert [it.record for it in reader.read()] == RECORDS


def test_an_event_loop_goes_on_while_records_are_acknowledged(kafka: Kafka) -> None:
    """Hundreds of requests wait at once, without a thread for each, also when the queue is full."""
    broker = a_broker(kafka.bootstrap, **{"queue.buffering.max.messages": 10})
    topic = a_topic(broker)
    ticks = 0

    async def tick() -> None:
        """Count how often the loop comes round."""
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0)

    async def everything(publisher: KafkaPublisher) -> None:
        """Publish while the loop is counted."""
        ticking = asyncio.create_task(tick())
        await asyncio.gather(*(publisher.publish_async([it]) for it in RECORDS))
        ticking.cancel()

    with closing(broker.publisher(topic=topic)) as publisher:
        asyncio.run(everything(publisher))
    assert values(broker, topic) == list(range(500))
    assert ticks > 100


def test_a_request_that_is_given_up_does_not_disturb_the_others(kafka: Kafka) -> None:
    """A client that hangs up cancels its task; what it sent may be there, what others sent is."""
    broker = a_broker(kafka.bootstrap)
    topic = a_topic(broker)

    async def some(publisher: KafkaPublisher) -> None:
        """Give one publication up, and wait for the other."""
        tasks = [asyncio.create_task(publisher.publish_async([it])) for it in RECORDS]
        await asyncio.sleep(0)
        for task in tasks[::2]:
            task.cancel()
        await asyncio.gather(*tasks[1::2])

    with closing(broker.publisher(topic=topic)) as publisher:
        asyncio.run(some(publisher))
        publisher.publish([])
    assert set(values(broker, topic)) >= set(range(1, 500, 2))


def test_threads_share_a_publisher(kafka: Kafka) -> None:
    """Each call returns when its own records are durable."""
    broker = a_broker(kafka.bootstrap)
    topic = a_topic(broker)
    with closing(broker.publisher(topic=topic)) as publisher:
        threads = [
            Thread(target=publisher.publish, args=(RECORDS[start::10],)) for start in range(10)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert values(broker, topic) == list(range(500))


def test_threads_and_tasks_share_a_publisher(kafka: Kafka) -> None:
    """Whoever hears the answers: threads that wait and an event loop get their own."""
    broker = a_broker(kafka.bootstrap, **{"queue.buffering.max.messages": 10})
    topic = a_topic(broker)

    async def half(publisher: KafkaPublisher) -> None:
        """Publish the even ones in an event loop."""
        await asyncio.gather(*(publisher.publish_async([it]) for it in RECORDS[::2]))

    with closing(broker.publisher(topic=topic)) as publisher:
        odd = [Thread(target=publisher.publish, args=(RECORDS[n::10],)) for n in range(1, 10, 2)]
        for thread in odd:
            thread.start()
        asyncio.run(half(publisher))
        for thread in odd:
            thread.join()
        assert values(broker, topic) == list(range(500))


def test_who_waits_for_one_partition_does_not_keep_who_waits_for_another() -> None:
    """A call that hears the answers of all goes on hearing while its own are late."""
    with MockCluster.started(brokers=2) as mock:
        topic = f"topic-{uuid4().hex}"
        mock.create_topic(topic, partitions=2)
        for partition in (0, 1):
            mock.lead(topic, partition=partition, number=1 + partition)
        broker = a_broker(mock.bootstrap, partitions=2)
        with closing(broker.publisher(topic=topic)) as publisher:
            publisher.publish(RECORDS[:7])
            with closing(broker.reader(topic=topic)) as reader:
                of = {it.partition: it.record for it in reader.read()}
            mock.delay(1, seconds=2)
            late = Thread(target=publisher.publish, args=([of[0]],))
            late.start()
            while not publisher._outbox or not publisher._outbox._calls:  # noqa: SLF001 - until it waits
                pass
            publisher.publish([of[1]])
            assert late.is_alive()
            late.join(10)
            assert not late.is_alive()


def test_a_call_that_is_given_up_half_way_ends(mock: MockCluster) -> None:
    """What a cancelled task has not handed over yet is not waited for by anybody."""
    broker, topic = on_mock(mock, **{"queue.buffering.max.messages": 10})

    async def given_up(publisher: KafkaPublisher) -> None:
        """Cancel while most records wait for the queue."""
        task = asyncio.create_task(publisher.publish_async(RECORDS))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    with closing(broker.publisher(topic=topic)) as publisher:
        asyncio.run(given_up(publisher))
        publisher.publish(RECORDS[-1:])
        assert publisher._outbox is not None  # noqa: SLF001 - as the next line
        assert not publisher._outbox._calls  # noqa: SLF001 - nobody can see it elsewhere
    assert len(values(broker, topic)) < len(RECORDS)


def test_a_record_larger_than_the_topic_takes_is_refused_with_the_remedy(kafka: Kafka) -> None:
    """The cluster decides, and a person learns which option to raise."""
    broker = a_broker(kafka.bootstrap, **{"formbridge.topic.max.message.bytes": 100_000})
    topic = a_topic(broker)
    with closing(broker.publisher(topic=topic)) as publisher:
        with pytest.raises(BadInput, match=r"max\.message\.bytes"):
            publisher.publish([Record(key=b"form", value=os.urandom(200_000))])
        publisher.publish([Record(key=b"form", value=b"1")])
    assert values(broker, topic) == [1]


@pytest.mark.parametrize(
    "record",
    [
        Record(key="form", value=b""),  # type: ignore[arg-type]  # on purpose
        Record(key=b"form", value=bytearray(b"1")),
        Record(key=b"form", value=b"", headers=(("a", "text"),)),  # type: ignore[arg-type]  # on purpose
        Record(key=b"form", value=b"", headers=((b"a", b"1"),)),  # type: ignore[arg-type]  # on purpose
    ],
    ids=["key", "value", "header", "name"],
)
def test_nothing_is_published_if_one_record_is_not_bytes(mock: MockCluster, record: Record) -> None:
    """The client would encode text by itself, or stop in the middle."""
    broker, topic = on_mock(mock)
    with closing(broker.publisher(topic=topic)) as publisher, pytest.raises(BadInput):
        publisher.publish([Record(key=b"form", value=b"1"), record])
    assert values(broker, topic) == []


def test_what_passes_by_itself_is_waited_for(mock: MockCluster) -> None:
    """A leader that moves, replicas that are behind: the records are stored once, in order."""
    broker, topic = on_mock(mock)
    passing = [KafkaError.NOT_LEADER_FOR_PARTITION, KafkaError.NOT_ENOUGH_REPLICAS] * 2
    mock.fail(ApiKey.PRODUCE, *passing)
    with closing(broker.publisher(topic=topic)) as publisher:
        publisher.publish(RECORDS)
    with closing(broker.reader(topic=topic)) as reader:
        assert [it.record for it in reader.read()] == RECORDS


def test_what_is_not_acknowledged_in_time_raises(mock: MockCluster) -> None:
    """The sender is told to try again; nothing is left to be stored later behind its back."""
    options = {"delivery.timeout.ms": 3_000, "reconnect.backoff.max.ms": 200}
    broker, topic = on_mock(mock, **options)
    with closing(broker.publisher(topic=topic)) as publisher:
        publisher.publish(RECORDS[:1])
        mock.broker_down(1)
        with pytest.raises(BrokerUnavailable, match=f"topic '{topic}'"):
            publisher.publish(RECORDS[1:3])
        mock.broker_up(1)
        publisher.publish(RECORDS[1:3])
    assert set(values(broker, topic)) == {0, 1, 2}


def test_a_producer_that_cannot_go_on_is_replaced(mock: MockCluster) -> None:
    """An idempotent producer that lost its place is of no more use; the next call has a new one."""
    broker, topic = on_mock(mock)
    with closing(broker.publisher(topic=topic)) as publisher:
        publisher.publish(RECORDS[:1])
        mock.fail(ApiKey.PRODUCE, KafkaError.OUT_OF_ORDER_SEQUENCE_NUMBER)
        with pytest.raises(BrokerUnavailable):
            publisher.publish(RECORDS[1:2])
        publisher.publish(RECORDS[1:3])
    assert set(values(broker, topic)) == {0, 1, 2}


@pytest.mark.parametrize("records", [RECORDS[1:2], RECORDS[1:]], ids=["answer", "queue"])
def test_closing_ends_the_calls_that_wait(mock: MockCluster, records: list[Record]) -> None:
    """Nobody waits for a publisher that is gone, neither for an answer nor for its full queue."""
    broker, topic = on_mock(mock, **{"queue.buffering.max.messages": 10})
    publisher = broker.publisher(topic=topic)
    publisher.publish(RECORDS[:1])
    mock.broker_down(1)
    raised: list[Exception] = []

    def waiting() -> None:
        try:
            publisher.publish(records)
        except BrokerUnavailable as error:
            raised.append(error)

    thread = Thread(target=waiting)
    thread.start()
    while not publisher._outbox or not publisher._outbox._calls:  # noqa: SLF001 - until it waits
        pass
    publisher.close()
    thread.join(10)
    assert "closed" in str(raised[0])
    with pytest.raises(Closed):
        publisher.publish(RECORDS[:1])
