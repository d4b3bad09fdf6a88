"""The order of two versions of one response."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formbridge.domain.records import LOGGED_AT
from formbridge.domain.responses import Operation, Status
from formbridge.domain.revision import Revision, moment_of, revision_of
from tests.domain.strategies import START, delivery, response


def test_complete_beats_partial_then_edit_then_log() -> None:
    """The three rules of a revision, in their order."""
    partial = revision_of(
        response(status=Status.PARTIAL, updated_at=moment_of(10**15)), delivery(9)
    )
    early, late = revision_of(response(), delivery(0)), revision_of(response(), delivery(1))
    edited = revision_of(response(updated_at=START.replace(hour=9)), delivery(0))
    assert partial < early < late < edited


def test_a_delete_without_an_edit_time_is_as_old_as_its_record() -> None:
    """The time of the first submission says nothing about when it was withdrawn."""
    gone = response(operation=Operation.DELETE, submitted_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert revision_of(gone, delivery(5)).edited_at == delivery(5).time


def test_a_restored_record_keeps_the_time_at_which_a_log_first_took_it() -> None:
    """The header outlives the log that wrote it; nonsense in it is ignored."""
    restored = delivery(5)._replace(headers=((LOGGED_AT, b"1234"),))
    assert revision_of(response(), restored).logged_at == 1234
    assert delivery(5)._replace(headers=((LOGGED_AT, b"soon"),)).first_logged_at == delivery(5).time


numbers = st.integers(0, 2**53)


@given(st.builds(Revision, st.booleans(), numbers, numbers, numbers))
def test_a_revision_survives_its_text(revision: Revision) -> None:
    """What a store keeps is what it finds again."""
    assert Revision.decode(revision.encode()) == revision


@pytest.mark.parametrize("text", ["", "1.2.3", "1.2.3.4.5", "1.x.3.4"])
def test_a_damaged_revision_is_refused(text: str) -> None:
    """A store must not go on with half a revision."""
    with pytest.raises(ValueError, match=r".+"):
        Revision.decode(text)


def test_a_deleted_response_is_complete_whatever_its_status() -> None:
    """A withdrawal of a half-filled form is not outdone by its next half."""
    gone = response(operation=Operation.DELETE, status=Status.PARTIAL)
    assert revision_of(gone, delivery(0)).complete


def test_every_status_but_partial_counts_as_complete() -> None:
    """Only ``PARTIAL`` yields to every other."""
    complete = [it for it in Status if revision_of(response(status=it), delivery(0)).complete]
    assert set(complete) == set(Status) - {Status.PARTIAL}


@given(st.integers(0, 2**52))
def test_a_moment_keeps_its_microseconds(microseconds: int) -> None:
    """There and back, in UTC."""
    moment = moment_of(microseconds)
    assert moment.tzinfo is UTC
    assert revision_of(response(updated_at=moment), delivery(0)).edited_at == microseconds
