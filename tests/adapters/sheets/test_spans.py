"""Which rows are read to see whether others are still where they were."""

from itertools import pairwise
from urllib.parse import urlencode

from hypothesis import given
from hypothesis import strategies as st

from formbridge.adapters.sheets.book.loading import joined, most_ranges

rows = st.sets(st.integers(1, 10_000), min_size=1, max_size=60)


def test_few_spans_stay_as_they_are() -> None:
    """Nothing is read that need not be."""
    assert joined([(1, 2), (7, 9)], 2) == [(1, 2), (7, 9)]


def test_the_narrowest_gaps_are_closed() -> None:
    """Of too many spans those become one that are near each other."""
    assert joined([(1, 2), (3, 4), (90, 95), (99, 100)], 2) == [(1, 4), (90, 100)]


def test_however_a_tab_is_called_its_ranges_fit_into_a_url() -> None:
    """Servers refuse what is longer than 8,000 bytes; letters other than ASCII cost six."""
    for title in ("Responses", "Ответы на вопросы клуба", "é" * 100):
        longest = f"'{title}'!B200000:B200001"
        url = urlencode([("ranges", longest)] * most_ranges(longest))
        assert 6_000 < len(url) < 7_000
    assert most_ranges("x" * 9_000) == 1


@given(rows, st.integers(1, 20))
def test_every_row_is_read_in_so_many_spans_at_most(wanted: set[int], most: int) -> None:
    """However many rows there are, each is in one span, and spans do not overlap."""
    spans = joined([(row, row + 1) for row in sorted(wanted)], most)
    assert len(spans) == min(most, len(wanted))
    assert all(any(begin <= row < end for begin, end in spans) for row in wanted)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
