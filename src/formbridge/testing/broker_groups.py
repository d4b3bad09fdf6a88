"""What a broker promises to a group with one member: bounds, commits, places, resets."""

import pytest

from formbridge.domain.errors import BadInput, Closed
from formbridge.domain.offsets import next_offsets
from formbridge.domain.records import Record, Span
from formbridge.testing.topics import TopicUnderTest, keyed


class GroupLaws:
    """Laws of polling, committing and resetting; part of ``BrokerContract``."""

    def test_a_consumer_names_its_topic_and_group(self, topic: TopicUnderTest) -> None:
        """What is told about a consumer can name it."""
        consumer = topic.consumer("sheets")
        assert (consumer.topic, consumer.group) == (topic.name, topic.group("sheets"))

    def test_a_batch_is_bounded(self, topic: TopicUnderTest) -> None:
        """No poll returns more than it was asked for, and all comes in the end, each once."""
        topic.publish(*keyed(9, 9))
        consumer = topic.consumer()
        sizes: list[int] = []
        topic.until(
            lambda: sizes.append(len(consumer.poll(7, timeout=0.05).deliveries)),
            lambda: sum(sizes) >= 81,
        )
        assert max(sizes) <= 7
        assert sum(sizes) == 81

    def test_a_poll_that_finds_nothing_returns_an_empty_batch(self, topic: TopicUnderTest) -> None:
        """The end of the time-out is no error."""
        batch = topic.consumer().poll(10, timeout=0.05)
        assert (list(batch.deliveries), batch.lost) == ([], frozenset())

    def test_a_new_group_reads_from_the_beginning(self, topic: TopicUnderTest) -> None:
        """A sink that is added later gets everything."""
        topic.publish(*keyed(5, 5))
        assert len(topic.poll(topic.consumer("added later"), 25)) == 25

    def test_a_consumer_that_waits_gets_what_is_published_later(
        self, topic: TopicUnderTest
    ) -> None:
        """Reaching the end is not the end."""
        consumer = topic.consumer()
        topic.publish(*keyed(5, 1))
        topic.poll(consumer, 5)
        topic.publish(*keyed(5, 2))
        assert len(topic.poll(consumer, 10)) == 10

    def test_what_is_not_committed_comes_again(self, topic: TopicUnderTest) -> None:
        """A crash before the commit loses nothing."""
        topic.publish(*keyed(5, 4))
        consumer = topic.consumer()
        first = topic.poll(consumer, 20)
        consumer.close()
        assert sorted(topic.poll(topic.consumer(), 20)) == sorted(first)

    def test_what_is_committed_does_not_come_again(self, topic: TopicUnderTest) -> None:
        """A restart goes on where the commit was."""
        topic.publish(*keyed(5, 4))
        consumer = topic.consumer()
        consumer.commit(next_offsets(topic.poll(consumer, 20)))
        consumer.close()
        topic.publish(Record(key=b"later", value=b"1"))
        assert [it.key for it in topic.poll(topic.consumer(), 1)] == [b"later"]

    def test_a_commit_is_the_next_offset(self, topic: TopicUnderTest) -> None:
        """Committing 3 of a partition means that 0, 1 and 2 are resolved."""
        topic.publish(*keyed(1, 5))
        consumer = topic.consumer()
        partition = topic.poll(consumer, 5)[0].partition
        consumer.commit({partition: 3})
        consumer.close()
        assert [it.offset for it in topic.poll(topic.consumer(), 2)] == [3, 4]

    def test_a_commit_never_goes_back(self, topic: TopicUnderTest) -> None:
        """A late commit of an earlier offset changes nothing."""
        topic.publish(*keyed(1, 5))
        consumer = topic.consumer()
        partition = topic.poll(consumer, 5)[0].partition
        consumer.commit({partition: 4})
        consumer.commit({partition: 2})
        consumer.close()
        assert [it.offset for it in topic.poll(topic.consumer(), 1)] == [4]

    def test_a_commit_of_nothing_does_nothing(self, topic: TopicUnderTest) -> None:
        """A pass without progress commits an empty mapping."""
        topic.publish(*keyed(2, 2))
        consumer = topic.consumer()
        topic.poll(consumer, 4)
        consumer.commit({})
        consumer.close()
        assert len(topic.poll(topic.consumer(), 4)) == 4

    def test_groups_are_independent(self, topic: TopicUnderTest) -> None:
        """One sink's progress is none of another's."""
        topic.publish(*keyed(5, 4))
        one = topic.consumer("one")
        one.commit(next_offsets(topic.poll(one, 20)))
        assert len(topic.poll(topic.consumer("two"), 20)) == 20

    def test_spans_say_how_far_the_group_is(self, topic: TopicUnderTest) -> None:
        """Position and end of every partition: the commits at first, then what is read here."""
        topic.publish(*keyed(20, 1))
        ends = next_offsets(topic.logged())
        consumer = topic.consumer()
        assert consumer.spans() == {n: Span(position=0, end=end) for n, end in ends.items()}
        topic.poll(consumer, 20)
        assert consumer.spans() == {n: Span(position=end, end=end) for n, end in ends.items()}
        topic.publish(*keyed(20, 1))
        assert sum(span.lag for span in consumer.spans().values()) == 20

    def test_spans_of_another_members_partitions_are_the_commits(
        self, topic: TopicUnderTest
    ) -> None:
        """The group is at the end only when everything was committed where it was read."""
        topic.publish(*keyed(20, 1))
        first, late = topic.consumer(), topic.consumer()
        read = topic.poll(first, 20)
        assert sum(span.lag for span in late.spans().values()) == 20
        first.commit(next_offsets(read))
        assert sum(span.lag for span in late.spans().values()) == 0

    def test_a_closed_consumer_raises(self, topic: TopicUnderTest) -> None:
        """Every use after close says so; closing twice does nothing."""
        consumer = topic.consumer()
        consumer.poll(1, timeout=0.01)
        consumer.close()
        consumer.close()
        for use in (
            lambda: consumer.poll(1, timeout=0.01),
            lambda: consumer.commit({0: 1}),
            lambda: consumer.hold(0),
            consumer.spans,
        ):
            with pytest.raises(Closed):
                use()

    def test_a_reset_to_the_beginning_reads_everything_again(self, topic: TopicUnderTest) -> None:
        """A sink is rebuilt from the log."""
        topic.publish(*keyed(5, 4))
        consumer = topic.consumer()
        consumer.commit(next_offsets(topic.poll(consumer, 20)))
        consumer.close()
        offsets = topic.reset("sink", to="beginning")
        assert offsets == dict.fromkeys(range(topic.driver.partitions), 0)
        assert len(topic.poll(topic.consumer(), 20)) == 20

    def test_a_reset_to_the_end_skips_what_is_there(self, topic: TopicUnderTest) -> None:
        """A sink that wants only what comes from now on."""
        topic.publish(*keyed(5, 4))
        offsets = topic.reset("sink", to="end")
        assert sum(offsets.values()) == 20
        topic.publish(Record(key=b"later", value=b"1"))
        assert [it.key for it in topic.poll(topic.consumer(), 1)] == [b"later"]

    def test_a_reset_to_a_time_reads_what_came_at_that_time_or_later(
        self, topic: TopicUnderTest
    ) -> None:
        """A repair from yesterday on; a time after the last record is the end."""
        topic.publish(*keyed(5, 4))
        topic.driver.wait(0.05)
        topic.publish(*[Record(key=b"form-%d" % n, value=b"late") for n in range(5)])
        logged = topic.logged()
        since = min(it.time for it in logged if it.value == b"late")
        topic.reset("sink", to=since)
        assert {it.value for it in topic.poll(topic.consumer(), 5)} == {b"late"}
        after = max(it.time for it in logged) + 1_000_000
        assert sum(topic.reset("other", to=after).values()) == 25

    def test_a_group_with_members_is_not_reset(self, topic: TopicUnderTest) -> None:
        """Its members would go on from where they are, and commit over it."""
        topic.publish(*keyed(5, 1))
        consumer = topic.consumer()
        topic.poll(consumer, 5)
        with pytest.raises(BadInput):
            topic.reset("sink", to="beginning")
        consumer.close()
        topic.reset("sink", to="beginning")

    def test_a_reset_to_something_else_is_refused(self, topic: TopicUnderTest) -> None:
        """Only the beginning, the end and times are places."""
        with pytest.raises(BadInput):
            topic.reset("sink", to="yesterday")
