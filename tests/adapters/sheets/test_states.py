"""The state of a row, and the lines of the hidden tab."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formbridge.adapters.sheets.book import states
from formbridge.domain.answers import Kind
from formbridge.domain.errors import NewerVersion
from formbridge.domain.revision import Revision
from formbridge.domain.tables import Column, LabelSource, Mark

IDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=40)
NUMBERS = st.integers(0, 2**62)
REVISIONS = st.builds(Revision, st.booleans(), NUMBERS, NUMBERS, NUMBERS)
DIGESTS = st.binary(min_size=8, max_size=8)


@given(IDS, REVISIONS, DIGESTS, IDS)
def test_a_state_comes_back_for_its_own_response_only(
    response_id: str, revision: Revision, digest: bytes, other: str
) -> None:
    """So a row that was written over is known by it."""
    text = states.state_of(response_id, revision, digest)
    assert states.read_state(response_id, text) == (revision, digest)
    if other != response_id:
        assert states.read_state(other, text) is None


@given(IDS, st.text(max_size=60))
def test_what_a_person_made_of_a_state_is_none(response_id: str, text: str) -> None:
    """And no error."""
    assert states.read_state(response_id, text) is None


@given(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=50),
    st.text(max_size=50),
    st.text(max_size=50),
    st.sampled_from(LabelSource),
    NUMBERS,
    st.sampled_from(Kind),
    st.integers(1, 3000),
)
def test_a_column_comes_back(  # noqa: PLR0913, PLR0917 - each is a field of it
    question: str,
    title: str,
    label: str,
    source: LabelSource,
    version: int,
    kind: Kind,
    times: int,
) -> None:
    """Also one whose id is longer than a cell may be; no cell of the line is."""
    column = Column(
        question_id=question * times,
        title=title,
        label=label,
        header=label,
        source=source,
        version=version,
        kind=kind,
    )
    line = states.column_line(7, column)
    assert all(len(cell) <= states.PIECE for cell in line)
    read = states.States()
    read.take([line])
    assert read.columns == {7: column}


def test_the_latest_mark_counts_in_any_order() -> None:
    """Two writers may append in any order."""
    early, late = (
        Mark(response_id="r1", revision=revision, digest=bytes(8), place=None)
        for revision in (
            Revision(complete=True, edited_at=n, logged_at=n, offset=n) for n in (1, 2)
        )
    )
    for lines in ([early, late], [late, early]):
        read = states.States()
        read.take(states.mark_line(states.GONE, mark) for mark in lines)
        assert read.marks == {"r1": (states.GONE, late.revision, late.digest)}


def test_lines_that_a_person_spoiled_say_nothing() -> None:
    """The rest of the tab counts."""
    read = states.States()
    spoiled = [("",), (), ("column", "x", "{}"), ("column", "4", "{"), ("gone", "r", "?"), ("hi",)]
    read.take(
        [*spoiled, states.column_line(5, Column(question_id="q", title="", label="", header=""))]
    )
    assert list(read.columns) == [5]
    assert read.marks == {}


def test_a_later_version_is_refused() -> None:
    """With a sentence, before anything is written."""
    with pytest.raises(NewerVersion, match="upgrade"):
        states.States().take([("version", "2", "")])
