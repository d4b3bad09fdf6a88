"""Headers as one blob."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formbridge.adapters.sqlite.headers import decoded, encoded
from formbridge.domain.errors import BadInput
from formbridge.domain.records import Headers

pairs = st.tuples(st.text(st.characters(exclude_categories=["Cs"])), st.binary(max_size=300))


@given(headers=st.lists(pairs, max_size=12).map(tuple))
def test_headers_survive_whatever_they_hold(headers: Headers) -> None:
    """Order, repetition, empty names and any bytes."""
    assert decoded(encoded(headers)) == headers


def test_no_headers_are_no_blob() -> None:
    """A record without headers pays nothing for them."""
    assert encoded(()) is None


def test_the_form_is_fixed() -> None:
    """The bytes that docs/reference/stored/sqlite.md describes, for ever."""
    blob = encoded((("a", b"xyz"), ("bc", b"")))
    assert blob == (
        b"\x13\x00\x00\x00" + b"\x01\x00\x03\x00\x00\x00a" + b"\x02\x00\x00\x00\x00\x00bc" + b"xyz"
    )


@pytest.mark.parametrize(
    "headers",
    [
        (("a", "text"),),
        (("a", None),),
        ((b"a", b"x"),),
        (("\ud800", b"x"),),
        (("a" * 70_000, b"x"),),
    ],
    ids=["text value", "no value", "bytes name", "half a character", "long name"],
)
def test_what_does_not_fit_is_refused(headers: Headers) -> None:
    """A mistake of the caller, named without the value."""
    with pytest.raises(BadInput):
        encoded(headers)


def test_the_page_of_stored_forms_shows_the_same_bytes() -> None:
    """What is documented is what is written."""
    page = Path(__file__).parents[3] / "docs" / "reference" / "stored" / "sqlite.md"
    blob = encoded((("a", b"xyz"), ("bc", b""))) or b""
    assert blob.hex(" ") in page.read_text(encoding="utf-8")
