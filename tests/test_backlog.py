"""What was read and is not written yet."""

from formbridge.backlog import Backlog
from formbridge.domain.sinks import Part
from formbridge.testing.builders import a_delivery


def part(key: str, *offsets: int, partition: int = 0) -> Part:
    """Return a part with one delivery at each of these offsets."""
    deliveries = [a_delivery(offset=offset, partition=partition) for offset in offsets]
    return Part(key=key, deliveries=deliveries, items=[it.offset for it in deliveries])


def test_a_new_part_is_due_at_once() -> None:
    """Nothing holds it."""
    backlog = Backlog(10)
    backlog.add(part("a", 0), now=5.0)
    assert [it.key for it in backlog.due(5.0)] == ["a"]
    assert backlog.pause(5.0, most=9.0) == 0.0


def test_what_comes_later_stands_behind_and_waits_as_long() -> None:
    """A part that waits is not hurried by new records."""
    backlog = Backlog(10)
    backlog.add(part("a", 0, 1), now=0.0)
    backlog.defer("a", due=9.0)
    backlog.add(part("a", 2), now=1.0)
    backlog.add(part("b", 3), now=1.0)
    assert [it.key for it in backlog.due(1.0)] == ["b"]
    (waiting,) = [it for it in backlog.due(9.0) if it.key == "a"]
    assert ([it.offset for it in waiting.deliveries], waiting.items) == ([0, 1, 2], [0, 1, 2])


def test_a_pause_ends_with_the_earliest_part() -> None:
    """An empty backlog lets a poll wait as long as it likes."""
    backlog = Backlog(10)
    assert backlog.pause(0.0, most=9.0) == 9.0
    backlog.add(part("a", 0), now=0.0)
    backlog.add(part("b", 1), now=0.0)
    backlog.defer("a", due=7.0)
    backlog.defer("b", due=3.0)
    assert backlog.pause(1.0, most=9.0) == 2.0


def test_resolving_takes_a_part_out_once() -> None:
    """A second time there is nothing."""
    backlog = Backlog(10)
    backlog.add(part("a", 0), now=0.0)
    assert backlog.resolve("a") is not None
    assert (backlog.resolve("a"), bool(backlog)) == (None, False)


def test_deferring_what_is_not_there_does_nothing() -> None:
    """It may have been dropped meanwhile."""
    backlog = Backlog(10)
    backlog.defer("a", due=3.0)
    assert not backlog


def test_it_is_full_from_its_limit_on() -> None:
    """The limit counts records, over all parts."""
    backlog = Backlog(3)
    backlog.add(part("a", 0), now=0.0)
    backlog.add(part("b", 1), now=0.0)
    assert not backlog.full
    backlog.add(part("b", 2, 3), now=0.0)
    assert backlog.full
    backlog.resolve("b")
    assert not backlog.full


def test_lost_partitions_are_dropped_out_of_each_part() -> None:
    """A part of two partitions keeps the other's records beside their items; an empty one goes."""
    backlog = Backlog(10)
    backlog.add(part("a", 0, 1), now=0.0)
    backlog.add(part("b", 2), now=0.0)
    backlog.add(part("a", 7, partition=1), now=0.0)
    backlog.drop(frozenset({0}))
    (left,) = backlog.due(0.0)
    assert (left.key, left.items, [it.partition for it in left.deliveries]) == ("a", [7], [1])
    assert [it.offset for it in backlog.deliveries()] == [7]


def test_dropping_does_not_change_a_part_that_a_sink_has_in_its_hands() -> None:
    """A write that is under way sees the same list to its end."""
    backlog = Backlog(10)
    backlog.add(part("a", 0), now=0.0)
    (given,) = backlog.due(0.0)
    backlog.drop(frozenset({0}))
    assert given.items == [0]
