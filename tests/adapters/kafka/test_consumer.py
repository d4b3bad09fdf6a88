"""What a member does on a real cluster that no other broker knows."""

from contextlib import closing
from time import monotonic

import pytest
from confluent_kafka import Producer

from formbridge.adapters.kafka.consumer import KafkaConsumer
from formbridge.bridge import Bridge
from formbridge.compose import open_bridge
from formbridge.domain.errors import BadSetting, BrokerBroken
from formbridge.domain.records import Delivery, Span
from formbridge.logs import Log
from formbridge.testing.fakes import ScriptedSink
from tests.adapters.kafka.foreign import a_broker, a_topic, delete_before, produce_in_transaction
from tests.clusters.fixtures import Kafka

PATIENCE = 30.0


def polled(consumer: KafkaConsumer, count: int) -> list[Delivery]:
    """Poll until so many deliveries came."""
    give_up, deliveries = monotonic() + PATIENCE, list[Delivery]()
    while len(deliveries) < count and monotonic() < give_up:
        deliveries += consumer.poll(1000, timeout=0.2).deliveries
    assert len(deliveries) == count
    return deliveries


def bridge(log: Log, group: str = "sink") -> tuple[Bridge, ScriptedSink]:
    """Return a bridge to a sink that keeps a list."""
    sink = ScriptedSink()
    return open_bridge(broker=log, sink=sink, group=f"{group}-of-{log.topic}"), sink


def test_marks_of_transactions_at_the_end_do_not_keep_a_bridge_from_being_idle(
    kafka: Kafka,
) -> None:
    """They have offsets and are no records: the end is reached without them."""
    broker = a_broker(kafka.bootstrap)
    topic = a_topic(broker)
    produce_in_transaction(kafka.bootstrap, topic, [b"1", b"2"])
    carrying, sink = bridge(Log(broker=broker, topic=topic))
    with carrying:
        carrying.run_until_idle()
        assert [it.value for it in sink.written] == [b"1", b"2"]
        assert carrying.consumer.spans() == {0: Span(position=3, end=3)}


def test_the_marks_are_committed_with_what_stands_before_them(kafka: Kafka) -> None:
    """Else the group would seem to be behind, to whoever looks from outside."""
    broker = a_broker(kafka.bootstrap)
    topic = a_topic(broker)
    produce_in_transaction(kafka.bootstrap, topic, [b"1", b"2"])
    log = Log(broker=broker, topic=topic)
    carrying, _ = bridge(log)
    with carrying, closing(broker.consumer(topic=topic, group=carrying.group)) as outside:
        carrying.run_until_idle()
        carrying.step()
        assert outside.spans() == {0: Span(position=3, end=3)}


def test_a_log_that_lost_what_must_be_read_next_is_not_read_on_silently(kafka: Kafka) -> None:
    """Retention was faster than this sink: a person must know that responses are missing."""
    broker = a_broker(kafka.bootstrap)
    topic = a_topic(broker, [b"%d" % number for number in range(10)])
    with closing(broker.consumer(topic=topic, group=f"slow-{topic}")) as slow:
        polled(slow, 10)
        slow.commit({0: 3})
    delete_before(broker, topic, 7)
    slow = broker.consumer(topic=topic, group=f"slow-{topic}")
    with pytest.raises(BrokerBroken, match=r"partition 0 .* from 3, .* holds 7 to 10: .*reset"):
        polled(slow, 3)
    slow.close()
    broker.groups(topic=topic).reset(f"slow-{topic}", to="beginning")
    with closing(broker.consumer(topic=topic, group=f"slow-{topic}")) as slow:
        assert [it.offset for it in polled(slow, 3)] == [7, 8, 9]


def test_a_new_group_begins_where_the_log_begins_now(kafka: Kafka) -> None:
    """What was deleted before it came is not its loss."""
    broker = a_broker(kafka.bootstrap)
    topic = a_topic(broker, [b"%d" % number for number in range(10)])
    delete_before(broker, topic, 7)
    with closing(broker.consumer(topic=topic, group=f"new-{topic}")) as new:
        assert new.spans() == {0: Span(position=7, end=10)}
        assert [it.offset for it in polled(new, 3)] == [7, 8, 9]


def test_a_cluster_that_was_made_anew_is_not_read_on_silently(kafka: Kafka) -> None:
    """The commit points behind the end: these are not the records that the group knew."""
    broker = a_broker(kafka.bootstrap)
    topic = a_topic(broker, [b"1", b"2"])
    broker.groups(topic=topic).reset(f"old-{topic}", to="end")
    with closing(broker.consumer(topic=topic, group=f"old-{topic}")) as old:
        old._places.commit({0: 500})  # noqa: SLF001 - as the old cluster left it
        with pytest.raises(BrokerBroken, match="from 500, and the log holds 0 to 2"):
            polled(old, 1)


@pytest.mark.parametrize("protocol", ["classic", "consumer"])
def test_a_static_member_comes_back_to_its_partitions(kafka: Kafka, protocol: str) -> None:
    """A restart within the time-out moves nothing; the other member does not notice."""
    options = {"group.protocol": protocol}
    topic = a_topic(a_broker(kafka.bootstrap, partitions=2))
    group = f"static-{topic}"

    def member(name: str) -> KafkaConsumer:
        broker = a_broker(kafka.bootstrap, **{"group.instance.id": name, **options}, partitions=2)
        return broker.consumer(topic=topic, group=group)

    first, second = member("first"), member("second")
    give_up = monotonic() + PATIENCE
    while any(len(it._member.epochs) != 1 for it in (first, second)):  # noqa: SLF001 - its share
        assert monotonic() < give_up
        first.poll(10, timeout=0.1)
        second.poll(10, timeout=0.1)
    had = dict(first._member.epochs)  # noqa: SLF001 - as above
    first.close()
    again = member("first")
    while not again._member.epochs:  # noqa: SLF001 - as above
        assert monotonic() < give_up
        assert second.poll(10, timeout=0.1).lost == frozenset()
        again.poll(10, timeout=0.1)
    assert again._member.epochs.keys() == had.keys()  # noqa: SLF001 - as above
    again.close()
    second.close()


def test_two_members_of_one_name_do_not_throw_each_other_out(kafka: Kafka) -> None:
    """The older one ends with a sentence about the setting, and the newer one goes on."""
    broker = a_broker(kafka.bootstrap, **{"group.instance.id": "one"})
    topic = a_topic(broker, [b"1"])
    with (
        closing(broker.consumer(topic=topic, group=f"g-{topic}")) as older,
        closing(broker.consumer(topic=topic, group=f"g-{topic}")) as newer,
    ):
        polled(older, 1)
        polled(newer, 1)
        with pytest.raises(BadSetting, match=r"group\.instance\.id"):
            polled(older, 1)
        newer.commit({0: 1})


def test_headers_of_foreign_producers_are_taken(kafka: Kafka) -> None:
    """A header without a value is an empty one; a name that is no text does not stop the sink."""
    broker = a_broker(kafka.bootstrap)
    topic = a_topic(broker)
    producer = Producer({"bootstrap.servers": kafka.bootstrap})
    producer.produce(topic, b"{}", headers=[("a", None), ("b", b"1")])
    producer.flush(30)
    with closing(broker.consumer(topic=topic, group=f"g-{topic}")) as consumer:
        assert polled(consumer, 1)[0].headers == (("a", b""), ("b", b"1"))
