"""Drive's search language, by itself."""

from contextlib import suppress
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formbridge.testing.google.accounts.grants import Account, Grant
from formbridge.testing.google.drive.query import search
from formbridge.testing.google.drive.terms import Searcher
from formbridge.testing.google.errors import ApiError
from formbridge.testing.google.files.drive import Drive
from formbridge.testing.google.files.file import FOLDER, SPREADSHEET, File

ME = Account(email="me@example.com")
FILES = Drive(ids=Random(1))  # noqa: S311 - ids, no secrets
WHO = Searcher(drive=FILES, grant=Grant(account=ME, client="app"))
ROOT = WHO.drive.root(ME).id

FILE = File(
    id="1a",
    name="Answers of O'Hara \\ 2026",
    mime_type=SPREADSHEET,
    parents=(ROOT,),
    owner=ME.email,
    created=1_767_225_600_000_000,
    modified=1_767_312_000_500_000,
    properties={"stage": "live"},
    app_properties={"app": {"form": "7"}},
    starred=frozenset({ME.email}),
)


def finds(query: str, file: File = FILE) -> bool:
    """Whether a search finds the file."""
    return search(query, WHO.terms()).matches(file)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        r"name = 'Answers of O\'Hara \\ 2026'",
        r'name = "Answers of O' + r"'Hara \\ 2026" + '"',
        "name = 'answers of o\\'hara \\\\ 2026'",
        "name != 'Other'",
        "name contains 'Ans'",
        "name contains 'hara'",
        "not name contains 'wers'",
        f"mimeType='{SPREADSHEET}'",
        "mimeType contains 'application/vnd'",
        f"mimeType != '{FOLDER}'",
        "trashed = false",
        "trashed=false and starred = true",
        "not trashed = true",
        "starred != false",
        f"'{ROOT}' in parents",
        "'root' in parents",
        f'parents in "{ROOT}"',
        "'me' in owners",
        "'ME@example.com' in owners",
        "createdTime = '2026-01-01T00:00:00'",
        "createdTime < '2026-01-01T00:00:01Z'",
        "modifiedTime > '2026-01-02T00:00:00.499Z' and modifiedTime <= '2026-01-02T00:00:00.500Z'",
        "modifiedTime >= '2026-01-02'",
        "createdTime = '2026-01-01T02:00:00+02:00'",
        "properties has { key='stage' and value='live' }",
        "appProperties has {value='7' and key='form'}",
        "sharedWithMe = false",
        "visibility = 'limited'",
        "fullText contains 'answers'",
        "fullText contains '\"of O\\'Hara\"'",
        "(trashed = true) or (name contains 'Answers')",
        "name = 'x' or name = 'y' or trashed = false",
    ],
)
def test_what_is_found(query: str) -> None:
    """Every documented term finds a file that it speaks of."""
    assert finds(query)


@pytest.mark.parametrize(
    "query",
    [
        "name = 'Answers'",
        "name contains 'swers'",
        "trashed = true",
        "starred = false",
        "properties has { key='stage' and value='dead' }",
        "appProperties has { key='stage' and value='live' }",
        "createdTime > '2026-01-01T00:00:00'",
        "'somebody@example.com' in owners",
        "fullText contains '\"O\\'Hara of\"'",
    ],
)
def test_what_is_not_found(query: str) -> None:
    """Terms that do not hold find nothing."""
    assert not finds(query)


def test_and_and_or_are_read_from_left_to_right() -> None:
    """An ``and`` behind an ``or`` takes the whole condition before it, as Google documents."""
    yes, no = "trashed = false", "trashed = true"
    assert finds(f"{yes} or {yes} and {yes}")
    assert not finds(f"{yes} or {yes} and {no}")
    assert finds(f"{yes} or ({yes} and {no})")
    assert finds(f"{no} and {no} or {yes}")


@pytest.mark.parametrize(
    "query",
    [
        "name",
        "sharedWithMe",
        "name =",
        "name = Answers",
        "name = 'open",
        "name = 'a' 'b'",
        "name = 'a' and",
        "name == 'a'",
        "name > 'a'",
        'name = "T with a " inside"',
        "title = 'a'",
        "('a' = name",
        "(name = 'a'",
        "name = 'a')",
        "trashed = 'maybe'",
        "trashed",
        "createdTime > 'yesterday'",
        "createdTime > '2026-13-01'",
        "createdTime contains '2026'",
        "properties has { key='a' }",
        "properties has { key='a' and key='b' }",
        "properties = 'a'",
        "mimeType in 'a'",
        "'a' contains name",
        "'me' in",
        "in in in",
        "visibility = 'somewhat'",
        "name = 'a' & name = 'b'",
        "not",
        "(" * 500 + "trashed = true" + ")" * 500,
        "not " * 500 + "trashed = true",
    ],
)
def test_what_says_nothing_is_an_invalid_value(query: str) -> None:
    """All else is Google's 400 that names the parameter."""
    with pytest.raises(ApiError) as caught:
        finds(query)
    assert (caught.value.code, caught.value.message) == (400, "Invalid Value")
    assert (caught.value.reason, caught.value.location) == ("invalid", "q")


def test_a_parent_that_is_not_there_is_a_404() -> None:
    """A folder that nobody knows is said to be missing, without its name."""
    with pytest.raises(ApiError) as caught:
        finds("'nowhere' in parents")
    assert (caught.value.code, caught.value.message) == (404, "File not found: .")


PIECES = st.sampled_from(
    ["name", "trashed", "parents", "has", "in", "and", "or", "not", "contains", "=", "!=", "<", "(",
     ")", "{", "}", "'a'", '"b"', "'", "\\", "true", "key", "value", "properties", "7", "\n", "é"]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(PIECES, max_size=12).map(" ".join)))
def test_no_text_breaks_the_reader(query: str) -> None:
    """Whatever is asked, the answer is a predicate or the error of the API."""
    with suppress(ApiError):
        assert search(query, WHO.terms()).matches(FILE) in {True, False}


def quoted(text: str) -> str:
    """Write a text as Google documents it."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


@given(st.text(min_size=1), st.text(min_size=1))
def test_every_name_can_be_searched_for(name: str, other: str) -> None:
    """A name with its quotes and backslashes escaped finds its file, and no other one."""
    named = File(id="1", name=name, mime_type=FOLDER)
    assert finds(f"name = {quoted(name)}", named)
    assert finds(f"name = {quoted(other)}", named) is (name.casefold() == other.casefold())


TERMS = {
    "trashed = false": True,
    "starred = false": False,
    "name != 'x'": True,
    "'b@x' in owners": False,
}


@st.composite
def conditions(draw: st.DrawFn, depth: int = 3) -> tuple[str, bool]:
    """Draw a search and what it must say of the file."""
    text, value = draw(factors(depth))
    for _ in range(draw(st.integers(0, 3))):
        more, other = draw(factors(depth))
        both = draw(st.booleans())
        text, value = (
            f"{text} {'and' if both else 'or'} {more}",
            (value and other if both else value or other),
        )
    return text, value


@st.composite
def factors(draw: st.DrawFn, depth: int) -> tuple[str, bool]:
    """Draw one part of a search."""
    kind = draw(st.integers(0, 2 if depth else 0))
    if kind == 0:
        return draw(st.sampled_from(sorted(TERMS.items())))
    if kind == 1:
        text, value = draw(factors(depth - 1))
        return f"not {text}", not value
    text, value = draw(conditions(depth - 1))
    return f"({text})", value


@given(conditions())
def test_conditions_mean_what_they_say(condition: tuple[str, bool]) -> None:
    """Any composition agrees with a model that reads from left to right."""
    text, value = condition
    assert finds(text) is value
