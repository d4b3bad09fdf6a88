"""What a broker promises about records: order, places, bytes, durability."""

import pytest

from formbridge.domain.errors import BadInput, Closed
from formbridge.domain.records import Delivery, Record
from formbridge.testing.topics import TopicUnderTest, keyed

EVERY_BYTE = bytes(range(256))

AWKWARD = [
    Record(key=b"k", value=EVERY_BYTE),
    Record(key=EVERY_BYTE, value=b""),
    Record(key=b"", value=b"empty key"),
    Record(key=None, value=b"no key"),
    Record(key=b"no value", value=None),
    Record(key=b"large", value=EVERY_BYTE * 1_200),
    Record(
        key=b"headers",
        value=b"{}",
        headers=(("b", b"1"), ("a", b""), ("b", EVERY_BYTE), ("naïve ☃", b"2"), ("", b"3")),
    ),
]


def by_key(deliveries: list[Delivery]) -> dict[bytes | None, list[bytes | None]]:
    """Return the values of each key, in the order in which they came."""
    values: dict[bytes | None, list[bytes | None]] = {}
    for delivery in deliveries:
        values.setdefault(delivery.key, []).append(delivery.value)
    return values


class RecordLaws:
    """Laws of publishing and reading; part of ``BrokerContract``."""

    def test_a_topic_exists_once_it_was_opened(self, topic: TopicUnderTest) -> None:
        """And asking whether it does makes none."""
        broker = topic.driver.broker
        assert not broker.exists(topic=f"{topic.name}-absent")
        assert not broker.exists(topic=f"{topic.name}-absent")
        topic.publish(Record(key=b"k", value=b"v"))
        assert broker.exists(topic=topic.name)

    def test_records_of_a_key_come_in_the_order_in_which_they_were_published(
        self, topic: TopicUnderTest
    ) -> None:
        """The order of one form's responses survives, over several calls of publish."""
        records = keyed(7, 30)
        topic.publish(*records[:100])
        topic.publish(*records[100:])
        values = by_key(topic.poll(topic.consumer(), 210))
        assert values == {b"form-%d" % key: [b"%d" % n for n in range(30)] for key in range(7)}

    def test_keys_are_spread_over_partitions(self, topic: TopicUnderTest) -> None:
        """Several members can share the work, and yet a key has one partition for ever."""
        topic.publish(*keyed(100, 2))
        places = {(delivery.key, delivery.partition) for delivery in topic.logged()}
        assert len(places) == 100
        assert len({partition for _, partition in places}) == topic.driver.partitions

    def test_records_without_a_key_are_taken(self, topic: TopicUnderTest) -> None:
        """A foreign producer may set no key; such records have no order, but all are there."""
        topic.publish(*[Record(key=None, value=b"%d" % number) for number in range(40)])
        values = sorted(int(it.value or b"") for it in topic.poll(topic.consumer(), 40))
        assert values == list(range(40))

    @pytest.mark.parametrize("record", AWKWARD, ids=lambda record: repr(record.key)[:12])
    def test_bytes_and_headers_survive_exactly(self, topic: TopicUnderTest, record: Record) -> None:
        """Keys, values and headers come out as they went in: repeated, empty, absent or binary."""
        topic.publish(record)
        assert [it.record for it in topic.poll(topic.consumer(), 1)] == [record]
        assert [it.record for it in topic.logged()] == [record]

    def test_what_is_not_bytes_is_refused(self, topic: TopicUnderTest) -> None:
        """Text has no one form on the wire; its encoding is the publisher's to choose."""
        publisher = topic.publisher()
        with pytest.raises(BadInput):
            publisher.publish([Record(key=b"k", value="text")])  # type: ignore[arg-type]  # on purpose

    def test_what_was_published_is_in_the_log_when_publish_returns(
        self, topic: TopicUnderTest
    ) -> None:
        """Nothing is kept back: a reader that is opened now finds every record."""
        publisher = topic.publisher()
        for count in range(1, 4):
            publisher.publish(keyed(10, 1))
            assert len(topic.logged()) == 10 * count

    def test_publishing_nothing_does_nothing(self, topic: TopicUnderTest) -> None:
        """An empty request is no error."""
        topic.publish()
        assert topic.logged() == []

    def test_a_delivery_knows_its_place(self, topic: TopicUnderTest) -> None:
        """Offsets count from 0 in each partition without a gap, and times never go back."""
        topic.publish(*keyed(20, 5))
        partitions: dict[int, list[Delivery]] = {}
        for delivery in topic.logged():
            partitions.setdefault(delivery.partition, []).append(delivery)
        for number, deliveries in partitions.items():
            assert {(it.topic, it.partition) for it in deliveries} == {(topic.name, number)}
            assert [it.offset for it in deliveries] == list(range(len(deliveries)))
            assert [it.time for it in deliveries] == sorted(it.time for it in deliveries)

    def test_a_reader_ends_where_the_log_ended_when_it_began(self, topic: TopicUnderTest) -> None:
        """Reading ends although others go on publishing."""
        topic.publish(*keyed(10, 2))
        reading = topic.reader().read()
        first = next(reading)
        topic.publish(*keyed(10, 2))
        assert len([first, *reading]) == 20

    def test_a_reader_reads_partition_after_partition(self, topic: TopicUnderTest) -> None:
        """Each partition comes whole and in order, and reading again reads the same."""
        topic.publish(*keyed(10, 4))
        places = [(it.partition, it.offset) for it in topic.logged()]
        assert places == sorted(places)
        assert [(it.partition, it.offset) for it in topic.logged()] == places

    def test_a_closed_publisher_raises(self, topic: TopicUnderTest) -> None:
        """Use after close is a mistake that must not lose a response; closing twice is none."""
        publisher = topic.publisher()
        publisher.close()
        publisher.close()
        with pytest.raises(Closed):
            publisher.publish(keyed(1, 1))

    def test_a_closed_reader_raises(self, topic: TopicUnderTest) -> None:
        """A reader that was closed says so instead of showing an empty log."""
        reader = topic.reader()
        reader.close()
        reader.close()
        with pytest.raises(Closed):
            list(reader.read())
