"""The syntax of bodies: JSON, what Google takes beyond it, and where its parser stops."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formbridge.testing.google.errors import ApiError
from formbridge.testing.google.schema.bodies import free
from formbridge.testing.google.schema.syntax import read

ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.text() | st.floats(-1e9, 1e9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


def stopped(body: bytes) -> str:
    """Return the sentence and the place at which the parser stopped."""
    with pytest.raises(ApiError) as caught:
        read(body)
    assert (caught.value.code, caught.value.reason) == (400, "parseError")
    return caught.value.message.removeprefix("Invalid JSON payload received. ")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"nonsense", "Unexpected token.\nnonsense\n^"),
        (b'{"a":', "Unexpected end of string. Expected a value.\n\n^"),
        (b'{"a": 1', "Unexpected end of string. Expected , or } after key:value pair.\n1\n ^"),
        (b'{"a": "abc', "Closing quote expected in string.\n\n^"),
        (b"[1,", "Unexpected end of string. Expected a value or ] within an array.\n\n^"),
        (b'{"a":NaN}', 'Unexpected token.\n{"a":NaN}\n     ^'),
        (b'{"a":1} x', 'Parsing terminated before end of input.\n{"a":1} x\n        ^'),
        (b'{"a" 1}', 'Expected : between key:value pair.\n{"a" 1}\n     ^'),
        (b"{5:1}", "Expected an object key or }.\n{5:1}\n ^"),
        (b"[1 2]", "Expected , or ] after array value.\n[1 2]\n   ^"),
        (b"[012]", "Octal/hex numbers are not valid JSON values.\n[012]\n ^"),
        (b"[1-2]", "Unable to parse number.\n[1-2]\n ^"),
    ],
)
def test_the_parser_says_where_it_stopped(body: bytes, message: str) -> None:
    """A sentence, the bytes around the place, and a mark below it."""
    assert stopped(body) == message


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"\xef\xbb\xbf[1]", [1]),
        (b"['a\\'b', \"c\",]", ["a'b", "c"]),
        (b'["\\ud800A", "\\ud83d\\ude00"]', ["\ufffdA", "\U0001f600"]),
        (b"['\\ud83d\\ude00\\n']", ["\U0001f600\n"]),
        (b'["a\xff\xfeb"]', ["a  b"]),
        (b"[1.]", [1.0]),
        (b"{a_1:{$b:true}}", {"a_1": {"$b": True}}),
        (b'["a\tb\n"]', ["a\tb\n"]),
    ],
)
def test_more_than_json_is_read(body: bytes, value: object) -> None:
    """Marks of byte order, single quotes, bare keys, commas at the end, bytes that are no text."""
    assert free(read(body)) == value


@given(ANY)
def test_json_is_read_as_it_is(value: object) -> None:
    """What Python writes as JSON comes back equal."""
    assert free(read(json.dumps(value).encode())) == value


@given(
    st.binary(max_size=60)
    | st.text(alphabet="{}[]:,'\"\\u0d8ex-.1 tfn\n", max_size=40).map(str.encode)
)
def test_nothing_but_a_refusal_is_raised(body: bytes) -> None:
    """Any bytes are read or refused with a 400."""
    try:
        free(read(body))
    except ApiError as error:
        assert error.code == 400  # noqa: PT017 - both ends are right
