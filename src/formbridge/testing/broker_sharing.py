"""What a broker promises to a group with several members: nothing lost, one owner at a time."""

import pytest

from formbridge.domain.errors import AssignmentLost
from formbridge.domain.offsets import next_offsets
from formbridge.testing.topics import TopicUnderTest, keyed, places


class SharingLaws:
    """Laws of joining, leaving, holding and eviction; part of ``BrokerContract``."""

    def test_members_share_the_partitions(self, topic: TopicUnderTest) -> None:
        """Shares differ by one at most, and each record is resolved by exactly one member."""
        first, second, third = topic.member(), topic.member(), topic.member()
        topic.settle(first, second)
        topic.settle(first, second, third)
        resolved = [*first.resolved, *second.resolved, *third.resolved]
        assert places(resolved) == places(topic.logged())

    def test_a_member_that_joins_gets_what_is_not_committed_and_nothing_else(
        self, topic: TopicUnderTest
    ) -> None:
        """What was committed stays resolved; the rest is resolved by whoever has it now."""
        topic.publish(*keyed(20, 5))
        first, second = topic.member(), topic.member()
        topic.until(first.poll, lambda: len(first.pending) == 100)
        first.pending, waiting = first.pending[:50], first.pending[50:]
        first.commit()
        first.pending = waiting
        topic.settle(first, second)
        assert places([*first.resolved, *second.resolved]) == places(topic.logged())

    def test_a_member_is_told_what_it_lost(self, topic: TopicUnderTest) -> None:
        """A hand-over is announced, so that the bridge drops what it read and did not commit."""
        topic.publish(*keyed(20, 1))
        first, second = topic.member(), topic.member()
        topic.until(first.poll, lambda: len(first.pending) == 20)
        shares = topic.settle(first, second)
        assert first.lost == shares[second]

    def test_a_member_that_leaves_gives_its_partitions_away_at_once(
        self, topic: TopicUnderTest
    ) -> None:
        """Nobody waits for the poll interval of a member that said goodbye."""
        first, second = topic.member(), topic.member()
        topic.settle(first, second)
        first.consumer.close()
        topic.publish(*keyed(20, 1))
        topic.finish(second)
        assert places([*first.resolved, *second.resolved]) == places(topic.logged())

    def test_a_member_that_stops_polling_is_evicted_and_learns_it_from_its_commit(
        self, topic: TopicUnderTest
    ) -> None:
        """A stuck member stops nobody, and when it wakes up it does no harm."""
        topic.publish(*keyed(20, 2))
        stuck, other = topic.consumer(), topic.member()
        read = topic.poll(stuck, 40)
        topic.outlast(other)
        topic.finish(other)
        assert places(other.resolved) == places(read)
        with pytest.raises(AssignmentLost) as caught:
            stuck.commit(dict.fromkeys(next_offsets(read), 1))
        assert caught.value.partitions == set(next_offsets(read))
        stuck.close()
        other.consumer.close()
        assert topic.poll(topic.consumer(), 0) == []

    def test_a_member_that_was_evicted_learns_it_from_its_poll(self, topic: TopicUnderTest) -> None:
        """It is told what it lost, and gets a share again."""
        topic.publish(*keyed(20, 2))
        stuck, other = topic.member(), topic.member()
        topic.until(stuck.poll, lambda: len(stuck.pending) == 40)
        topic.outlast(other)
        everything = {delivery.partition for delivery in topic.logged()}
        topic.until(stuck.poll, lambda: stuck.lost == everything)
        assert topic.settle(stuck, other)[stuck]

    def test_a_commit_with_a_lost_partition_keeps_the_others(self, topic: TopicUnderTest) -> None:
        """The error names what was lost; what the member still has is committed."""
        topic.publish(*keyed(20, 2))
        first, second = topic.member(), topic.member()
        topic.until(first.poll, lambda: len(first.pending) == 40)
        offsets = next_offsets(first.pending)

        def step() -> None:
            first.poll()
            second.poll()

        topic.until(
            step, lambda: bool(first.lost) and first.lost == set(next_offsets(second.pending))
        )
        with pytest.raises(AssignmentLost) as caught:
            first.consumer.commit(offsets)
        assert caught.value.partitions == first.lost
        first.consumer.close()
        second.consumer.close()
        again = topic.poll(topic.consumer(), len(second.pending))
        assert places(again) == places(second.pending)

    def test_holding_outlasts_the_poll_interval(self, topic: TopicUnderTest) -> None:
        """A throttled sink reads nothing for long, and still nobody takes its partitions."""
        topic.publish(*keyed(20, 2))
        holder = topic.consumer()
        read = topic.poll(holder, 40)
        assert holder.hold(topic.driver.max_poll_interval * 1.5) == frozenset()
        topic.consumer().poll(10, timeout=0.01)
        holder.commit(next_offsets(read))

    def test_holding_for_no_time_keeps_the_membership(self, topic: TopicUnderTest) -> None:
        """Between two outcomes of a long write the bridge says that it lives."""
        topic.publish(*keyed(20, 2))
        holder = topic.consumer()
        read = topic.poll(holder, 40)
        for _ in range(6):
            topic.driver.wait(topic.driver.max_poll_interval / 4)
            assert holder.hold(0) == frozenset()
        topic.consumer().poll(10, timeout=0.01)
        holder.commit(next_offsets(read))

    def test_nothing_is_read_while_holding(self, topic: TopicUnderTest) -> None:
        """What is published meanwhile comes with the next poll."""
        topic.publish(*keyed(5, 1))
        consumer = topic.consumer()
        topic.poll(consumer, 5)
        topic.publish(*keyed(5, 2))
        consumer.hold(0.1)
        assert len(topic.poll(consumer, 10)) == 10
