"""Revision and digest in one row of bytes."""

from hypothesis import given
from hypothesis import strategies as st

from formbridge.domain.revision import Revision
from formbridge.domain.versions import (
    VERSION_SIZE,
    digest_in,
    edited_at_in,
    latest_edit,
    revision_in,
    version_of,
)

numbers = st.integers(-(2**63), 2**63 - 1)
versions = st.tuples(
    st.builds(Revision, st.booleans(), numbers, numbers, numbers),
    st.binary(min_size=8, max_size=8),
)


@given(st.lists(versions, min_size=1))
def test_each_of_many_versions_is_read_as_it_was(known: list[tuple[Revision, bytes]]) -> None:
    """Side by side, all of one size."""
    data = b"".join(version_of(*revision, digest) for revision, digest in known)
    assert len(data) == len(known) * VERSION_SIZE
    assert [(revision_in(data, n), digest_in(data, n)) for n in range(len(known))] == known
    assert edited_at_in(data[:VERSION_SIZE]) == known[0][0].edited_at
    assert latest_edit(data) == max(revision.edited_at for revision, _ in known)


def test_the_latest_edit_of_none_is_0() -> None:
    """As a table's that took nothing."""
    assert latest_edit(b"") == 0
