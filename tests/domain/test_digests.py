"""The digest of a content."""

import copy

from hypothesis import given
from hypothesis import strategies as st

from formbridge.domain.digests import digest_of, digester


@given(st.permutations(["a", "b", "c"]))
def test_the_order_of_questions_does_not_change_the_digest(order: list[str]) -> None:
    """The same answers are the same content, however a backend orders them."""
    values = {"a": 1, "b": "two", "c": ["three"]}
    expected = digester(("a", "b", "c"))([1, "two", ["three"]])
    assert digester(tuple(order))([values[it] for it in order]) == expected


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.decimals(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(values, max_size=5))
def test_equal_content_has_one_digest_of_63_bits(content: list[object]) -> None:
    """Eight bytes whose highest bit is free, whatever the content; a copy has the same."""
    digest = digest_of(0, content)
    assert digest == digest_of(0, copy.deepcopy(content))
    assert (len(digest), digest[0] >> 7) == (8, 0)


@given(st.lists(values, max_size=3), st.lists(values, max_size=3))
def test_different_content_has_different_digests(one: list[object], two: list[object]) -> None:
    """True is not 1, and 1 is not 1.0: a changed answer is never taken for the old one."""
    assert (repr(one) == repr(two)) == (digest_of(0, one) == digest_of(0, two))


def test_digests_are_the_same_in_every_process() -> None:
    """They are stored: a new Python or a new FormBridge must compute the same."""
    assert digest_of(0, ["yes", 1, None, ["a"]]).hex() == "5a34373e41c20414"


def test_a_question_that_is_not_there_is_not_one_that_is_blank() -> None:
    """The questions are part of the content."""
    assert digester(("a",))([None]) != digester(("a", "b"))([None, None])
    assert digester(("a",))(["x"]) != digester(("b",))(["x"])
