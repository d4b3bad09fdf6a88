"""The digest of a content."""

import copy

from hypothesis import given
from hypothesis import strategies as st

from formbridge.domain.arrivals import arrival_of
from formbridge.domain.cells import Cell, packed
from formbridge.domain.digests import digest_of, fingerprint_of
from formbridge.testing.builders import a_delivery, a_response


def digest(**answers: object) -> bytes:
    """Return the digest of a response with these answers."""
    return arrival_of(a_response(answers=answers), a_delivery()).digest


@given(st.permutations(["a", "b", "c"]))
def test_the_order_of_questions_does_not_change_the_digest(order: list[str]) -> None:
    """The same answers are the same content, however a backend orders them."""
    values = {"a": 1, "b": "two", "c": ["three"]}
    assert digest(**{it: values[it] for it in order}) == digest(**values)


scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
values = st.recursive(
    scalars | st.decimals(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(scalars, max_size=5))
def test_equal_content_has_one_digest_of_63_bits(cells: list[Cell]) -> None:
    """Eight bytes whose highest bit is free, whatever the content; a copy has the same."""
    digest = digest_of(0, packed(cells))
    assert digest == digest_of(0, packed(copy.deepcopy(cells)))
    assert (len(digest), digest[0] >> 7) == (8, 0)


@given(st.lists(scalars, max_size=3), st.lists(scalars, max_size=3))
def test_different_content_has_different_digests(one: list[Cell], two: list[Cell]) -> None:
    """True is not 1, and 1 is not 1.0: a changed answer is never taken for the old one."""
    same = digest_of(0, packed(one)) == digest_of(0, packed(two))
    assert (repr(one) == repr(two)) == same


@given(st.lists(values, max_size=3), st.lists(values, max_size=3))
def test_different_values_have_different_fingerprints(one: list[object], two: list[object]) -> None:
    """Those go by the values themselves, whatever is in them; a copy has the same."""
    assert (repr(one) == repr(two)) == (fingerprint_of(one) == fingerprint_of(copy.deepcopy(two)))


def test_digests_are_the_same_in_every_process() -> None:
    """They are stored: a new Python or a new FormBridge must compute the same."""
    assert digest_of(0, packed(["yes", 1, None, "a"])).hex() == "7e1e5b912f6a03b8"


def test_a_question_that_is_not_there_is_not_one_that_is_blank() -> None:
    """The questions are part of the content."""
    assert digest(a=None) != digest(a=None, b=None)
    assert digest(a="x") != digest(b="x")
