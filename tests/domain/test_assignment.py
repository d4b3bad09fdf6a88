"""Which member reads which partitions."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from formbridge.domain.assignment import assign


@given(st.sets(st.sampled_from("abcdef"), min_size=1), st.integers(0, 12), st.data())
def test_every_partition_has_one_member_and_shares_are_fair(
    members: set[str], count: int, data: st.DataObject
) -> None:
    """Shares differ by one at most, whoever held what before."""
    held = data.draw(st.dictionaries(st.integers(0, 12), st.sampled_from("abcdefgh")))
    result = assign(sorted(members), range(count), held)
    assert sorted(result) == list(range(count))
    shares = Counter(result.values())
    assert max(shares.values(), default=0) - min((shares[it] for it in members), default=0) <= 1


def test_a_fair_share_is_kept_when_a_member_joins() -> None:
    """Of four partitions of one member two stay where they are."""
    result = assign(["a", "b"], range(4), dict.fromkeys(range(4), "a"))
    assert [it for it in result if result[it] == "a"] == [0, 1]


def test_without_members_nothing_is_assigned() -> None:
    """A group that everybody left has no assignment."""
    assert assign([], range(3), {}) == {}


@given(st.permutations("abcd"), st.integers(0, 12), st.data())
def test_every_member_computes_the_same(order: list[str], count: int, data: st.DataObject) -> None:
    """Whoever asks, and in whatever order it knows the members and partitions."""
    held = data.draw(st.dictionaries(st.integers(0, 12), st.sampled_from("abcdef")))
    partitions = data.draw(st.permutations(range(count)))
    assert assign(order, partitions, held) == assign("abcd", range(count), held)


@given(st.sets(st.sampled_from("abcdef"), min_size=1), st.integers(0, 12), st.data())
def test_few_partitions_move(members: set[str], count: int, data: st.DataObject) -> None:
    """Once they are fair, nothing moves; before, nobody gives away more than the surplus."""
    held = data.draw(st.dictionaries(st.integers(0, 12), st.sampled_from("abcdef")))
    first = assign(sorted(members), range(count), held)
    assert assign(sorted(members), range(count), first) == first
    share = -(-count // len(members))
    for member in members:
        had = {it for it in range(count) if held.get(it) == member}
        kept = {it for it in had if first[it] == member}
        assert len(kept) >= min(len(had), share) - 1
