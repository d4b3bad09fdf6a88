"""What a sink makes of a batch."""

from formbridge.domain.sinks import Part
from formbridge.testing.builders import a_delivery


def part(*places: tuple[int, int]) -> Part:
    """Return a part of deliveries at these partitions and offsets."""
    deliveries = [a_delivery(offset=offset, partition=at) for at, offset in places]
    return Part(key="a", deliveries=deliveries, items=[it.place for it in deliveries])


def test_without_partitions_keeps_items_beside_their_deliveries() -> None:
    """And leaves the part itself as it was: a sink may be writing it."""
    whole = part((0, 1), (1, 1), (0, 2))
    left = whole.without(frozenset({0}))
    assert (left.key, left.items) == ("a", ["responses/1/1"])
    assert [it.place for it in left.deliveries] == left.items
    assert len(whole.items) == 3


def test_what_came_later_stands_behind() -> None:
    """In its own order."""
    first = part((0, 1))
    first.extend(part((0, 2), (0, 3)))
    assert first.items == ["responses/0/1", "responses/0/2", "responses/0/3"]
    assert [it.place for it in first.deliveries] == first.items


def test_a_part_does_not_show_what_is_in_it() -> None:
    """Its items are responses."""
    assert "my secret" not in repr(Part(key="a", deliveries=[a_delivery()], items=["my secret"]))
