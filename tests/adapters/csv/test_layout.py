"""Where columns are found again after people were there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formbridge.adapters.csv.layout import NOWHERE, Layout, find_places

OLD = Layout(header=("id", "s", "u", "a", "b", "c"), places=(0, 1, 2, 3, 4, 5))


@pytest.mark.parametrize(
    ("header", "places"),
    [
        ("id s u a b c", (0, 1, 2, 3, 4, 5)),
        ("c id s u a b", (1, 2, 3, 4, 5, 0)),
        ("id s u a X c", (0, 1, 2, 3, 4, 5)),
        ("id s u X Y c", (0, 1, 2, 3, 4, 5)),
        ("id X u a b Y", (0, 1, 2, 3, 4, 5)),
        ("id s u a X b c", (0, 1, 2, 3, 5, 6)),
        ("id s u a c", (0, 1, 2, 3, NOWHERE, 4)),
        ("id s u b c X", (0, 1, 2, NOWHERE, 3, 4)),
        ("id s u a X Y c", (0, 1, 2, 3, NOWHERE, 6)),
        ("c id s u X b", (1, 2, 3, 4, 5, 0)),
        ("id s u a a b c", (0, 1, 2, 3, 5, 6)),
        ("a id s u a b c", (1, 2, 3, 4, 5, 6)),
    ],
)
def test_a_column_is_found(header: str, places: tuple[int, ...]) -> None:
    """By its header; renamed, between its neighbours; in doubt it is lost, never another's."""
    assert find_places(OLD, header.split()) == places


@given(st.permutations(OLD.header))
def test_moving_never_confuses(header: list[str]) -> None:
    """Whatever the order, each header stands for its column."""
    places = find_places(OLD, header)
    assert [header[place] for place in places] == list(OLD.header)


@given(st.lists(st.sampled_from(["id", "s", "u", "a", "b", "c", "X", "Y"]), max_size=9))
def test_no_two_columns_share_a_place(header: list[str]) -> None:
    """Nor does a column take the place of another that still has its header."""
    places = [place for place in find_places(OLD, header) if place != NOWHERE]
    assert len(places) == len(set(places))
    for name, place in zip(OLD.header, find_places(OLD, header), strict=True):
        if place != NOWHERE and header[place] != name:
            assert header[place] not in OLD.header
