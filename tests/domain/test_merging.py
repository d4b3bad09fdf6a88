"""What a row with merges remembers."""

from hypothesis import given
from hypothesis import strategies as st

from formbridge.domain.digests import digest_of
from formbridge.domain.merging import log_place, merged_mark, replaced_at
from formbridge.domain.revision import Revision


def test_a_merged_row_remembers_where_it_was_replaced() -> None:
    """The mark of a merge is no digest, and a digest is no mark."""
    revision = Revision(complete=True, edited_at=0, logged_at=1_700_000_000_000_000, offset=7)
    place = log_place(revision)
    assert replaced_at(revision, merged_mark(42)) == 42
    assert replaced_at(revision, digest_of(0, b"anything")) == place
    assert log_place(revision._replace(offset=8)) > place


@given(st.integers(0, 1 << 62))
def test_a_mark_keeps_its_place_and_is_never_a_digest(place: int) -> None:
    """The highest bit tells them apart."""
    mark = merged_mark(place)
    assert replaced_at(Revision(complete=True, edited_at=0, logged_at=0, offset=0), mark) == place
    assert (len(mark), mark[0] >> 7) == (8, 1)
