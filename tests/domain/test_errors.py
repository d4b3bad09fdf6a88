"""The tree of errors, and what each of them promises."""

import inspect
import re
from collections.abc import Iterator
from itertools import pairwise

import pytest

from formbridge.domain import errors
from formbridge.domain.errors import FormBridgeError

CLASSES = [
    it
    for _, it in inspect.getmembers(errors, inspect.isclass)
    if it.__module__ == errors.__name__ and issubclass(it, BaseException)
]
LINE = re.compile(r"^ {4}(?P<bars>[│ ]*)(?:[├└]── )(?P<name>\w+)(?P<rest>.*)$", re.MULTILINE)

every_error = pytest.mark.parametrize("kind", CLASSES)


def drawn() -> Iterator[tuple[str, str, bool]]:
    """Yield each error of the drawing: its name, its parent's, whether it may be retried."""
    path = {-1: "FormBridgeError"}
    for match in LINE.finditer(errors.__doc__ or ""):
        depth = len(match["bars"]) // 4
        path[depth] = match["name"]
        yield match["name"], path[depth - 1], "(retryable)" in match["rest"]


def test_the_drawing_is_the_tree() -> None:
    """Names, parents and what may be retried: the picture is as true as the code."""
    expected = {
        (it.__name__, it.__mro__[1].__name__, it.retryable)
        for it in CLASSES
        if it is not FormBridgeError
    }
    assert set(drawn()) == expected


@every_error
def test_every_error_says_whether_it_may_be_retried(kind: type[FormBridgeError]) -> None:
    """Whoever catches the root may ask."""
    assert isinstance(kind.retryable, bool)
    assert issubclass(kind, FormBridgeError)


@every_error
def test_what_may_not_be_retried_has_no_child_that_contradicts_silently(
    kind: type[FormBridgeError],
) -> None:
    """Once an error may be retried, all that stand below it may be, too."""
    said = [getattr(it, "retryable", False) for it in reversed(kind.__mro__)]
    assert all(later or not earlier for earlier, later in pairwise(said))


@every_error
def test_every_error_explains_itself(kind: type[FormBridgeError]) -> None:
    """In a sentence of its own."""
    assert (kind.__doc__ or "").strip().split("\n")[0].rstrip().endswith((".", ",", ":"))


def test_an_undecodable_payload_says_where_what_and_how() -> None:
    """In one line; the parts stay apart for programs."""
    error = errors.Undecodable("$.form_id", "a list stands here", "send a text")
    assert str(error) == "$.form_id: a list stands here; send a text"
    assert (error.field, error.problem, error.remedy) == (
        "$.form_id",
        "a list stands here",
        "send a text",
    )
    assert str(errors.Undecodable("$", "not JSON")) == "$: not JSON"


def test_errors_that_wait_say_how_long() -> None:
    """In seconds."""
    waits = [
        errors.TableBusy("locked", seconds=2.0),
        errors.StoreUnavailable("full", seconds=3.0),
        errors.TryLater("later", seconds=4.0),
    ]
    assert [it.seconds for it in waits] == [2.0, 3.0, 4.0]
    assert all(it.retryable for it in waits)


def test_a_rejection_names_no_response() -> None:
    """Its reasons are for the dead letters; its text is a count."""
    reasons = {"key": "alice has no address"}
    error = errors.Reject(reasons)
    reasons.clear()
    assert (str(error), dict(error.reasons)) == (
        "1 responses were rejected",
        {"key": "alice has no address"},
    )


def test_a_lost_assignment_names_its_partitions_in_order() -> None:
    """For people as text, for the bridge as a set."""
    error = errors.AssignmentLost(frozenset({3, 1}))
    assert (error.partitions, "[1, 3]" in str(error)) == ({1, 3}, True)
