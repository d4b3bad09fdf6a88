"""Rows and columns lie where somebody sees them, however many are hidden or resized."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from formbridge.testing.google.page.axis import Axis

SIZES = st.dictionaries(
    st.integers(0, 60),
    st.fixed_dictionaries(
        {},
        optional={
            "hiddenByUser": st.booleans(),
            "hiddenByFilter": st.booleans(),
            "pixelSize": st.integers(1, 90),
        },
    ),
)


def seen(count: int, sizes: dict[int, dict[str, Any]]) -> list[tuple[int, int]]:
    """Return index and size of all that is not hidden, the slow way."""
    return [
        (index, sizes.get(index, {}).get("pixelSize", 21))
        for index in range(count)
        if not (
            sizes.get(index, {}).get("hiddenByUser") or sizes.get(index, {}).get("hiddenByFilter")
        )
    ]


@given(count=st.integers(1, 50), sizes=SIZES)
def test_places_and_pixels_agree_with_a_plain_list(
    count: int, sizes: dict[int, dict[str, Any]]
) -> None:
    """Index, size and offset of each place are those of a list that leaves hidden ones out."""
    axis, plain = Axis(count, 21, sizes), seen(count, sizes)
    assert axis.visible == len(plain)
    for place, (index, size) in enumerate(plain):
        assert axis.index(place) == index
        assert axis.place(index) == place
        assert axis.size(place) == size
        assert axis.offset(place) == sum(other for _, other in plain[:place])
        assert axis.at(axis.offset(place)) == place
        assert axis.at(axis.offset(place) + size - 1) == place


@given(
    count=st.integers(1, 50),
    sizes=SIZES,
    frozen=st.integers(0, 5),
    pixel=st.integers(0, 1500),
    pixels=st.integers(1, 400),
)
def test_a_span_fills_the_page_exactly(
    count: int, sizes: dict[int, dict[str, Any]], frozen: int, pixel: int, pixels: int
) -> None:
    """Space before, items and space after add up to all, and the items follow one another."""
    axis, plain = Axis(count, 21, sizes), seen(count, sizes)
    span = axis.span(frozen, pixel, pixels)
    total = span.before + span.after + sum(size for _, size in span.items)
    assert total == sum(size for _, size in plain)
    assert all(item in plain for item in span.items)
    still = [item for item in plain if item[0] < frozen]
    assert list(span.items[: len(still)]) == still
    rest = [plain.index(item) for item in span.items[len(still) :]]
    assert rest == list(range(rest[0], rest[0] + len(rest))) if rest else True


def test_a_large_tab_costs_no_more() -> None:
    """In a tab of a million rows, with half of them hidden, the last row is found at once."""
    axis = Axis(1_000_000, 21, {index: {"hiddenByFilter": True} for index in range(500_000)})
    span = axis.span(1, 21 * 499_990, 800)
    assert span.items[-1] == (999_999, 21)
    assert len(span.items) < 50
