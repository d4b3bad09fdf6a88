"""What a store knows of the responses of a table."""

from hypothesis import given
from hypothesis import strategies as st

from formbridge.domain.index import NO_ROW, Index
from formbridge.domain.revision import Revision
from formbridge.domain.versions import version_of

DIGEST = b"8 bytes."
STEPS = st.lists(
    st.tuples(st.booleans(), st.sampled_from("abc"), st.integers(-5, 99), st.booleans())
)


def edited(moment: int) -> bytes:
    """Return a version that was edited then."""
    return version_of(*Revision(complete=True, edited_at=moment, logged_at=0, offset=0), DIGEST)


@given(STEPS)
def test_the_newest_edit_counts_whatever_took_its_place(
    steps: list[tuple[bool, str, int, bool]],
) -> None:
    """Of all that came, whether it was appended or put, and whenever somebody asks."""
    index, newest, latest = Index(), 0, dict[str, int]()
    for appended, response_id, moment, asked in steps:
        if appended:
            index.extend([response_id], edited(moment), [7])
        else:
            index.put(response_id, edited(moment))
        newest, latest[response_id] = max(newest, moment), moment
        if asked:
            assert index.newest == newest
    assert index.newest == newest
    for response_id, moment in latest.items():
        stored = index.find(response_id)
        assert stored is not None
        assert (stored.revision.edited_at, stored.digest) == (moment, DIGEST)


def test_a_response_that_is_put_has_no_row_until_somebody_says_where() -> None:
    """Its place is its ordinal, once there is a row."""
    index = Index()
    ordinal = index.put("a", edited(1))
    assert index.at[ordinal] == NO_ROW
    known = index.find("a")
    assert known is not None
    assert known.place is None
    index.at[ordinal] = 40
    known = index.find("a")
    assert known is not None
    assert known.place == ordinal
    assert index.part([ordinal, ordinal]) == edited(1) * 2
