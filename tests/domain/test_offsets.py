"""What may be committed."""

from hypothesis import given
from hypothesis import strategies as st

from formbridge.domain.offsets import committable, next_offsets
from tests.domain.strategies import delivery


def test_the_next_offset_is_behind_the_last_delivery_of_each_partition() -> None:
    """What came last counts, also if it was read before."""
    other = delivery(3)._replace(partition=1)
    assert next_offsets([delivery(8), other, delivery(7)]) == {0: 8, 1: 4}
    assert next_offsets([]) == {}


def test_what_waits_bounds_the_commit_of_its_partition_only() -> None:
    """The lowest unresolved offset of a partition is its commit; others go on."""
    waiting = [delivery(7), delivery(4)]
    assert committable({0: 10, 1: 5}, waiting) == {0: 4, 1: 5}


def test_what_waits_of_a_partition_that_is_not_here_bounds_nothing() -> None:
    """It belongs to somebody else: nothing is committed for it."""
    assert committable({1: 5}, [delivery(2)]) == {1: 5}


@given(st.dictionaries(st.integers(0, 3), st.integers(0, 20)), st.lists(st.integers(0, 30)))
def test_nothing_that_waits_lies_before_a_commit(
    positions: dict[int, int], offsets: list[int]
) -> None:
    """And no commit runs ahead of what was read."""
    waiting = [delivery(offset)._replace(partition=offset % 4) for offset in offsets]
    result = committable(positions, waiting)
    assert set(result) == set(positions)
    assert all(result[it] <= positions[it] for it in positions)
    assert not [it for it in waiting if it.offset < result.get(it.partition, 0)]
