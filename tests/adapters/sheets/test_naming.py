"""Titles, marks, searches, and what people give in place of an id."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formbridge.adapters.sheets.drive import naming
from formbridge.domain.identity import TableKey
from formbridge.testing.google.drive.words import Word, words

keys = st.builds(TableKey, form_id=st.text(), source=st.text(max_size=5))


def key(form_id: str, source: str = "") -> TableKey:
    """Return a table of a form."""
    return TableKey(form_id=form_id, source=source)


@pytest.mark.parametrize(
    "name", ["club", "Anmeldung 2026", "a'b\"c\\d", "🎉 party", "Ärger", "(x) = + - @"]
)
def test_a_readable_name_is_the_title(name: str) -> None:
    """What can be read on one line stands as it is, quotes, backslashes and emoji too."""
    assert naming.title_of(key(name)) == name


def test_the_source_stands_before_the_form() -> None:
    """Tables of two sources are told apart as everywhere."""
    assert naming.title_of(key("club", "shop")) == "shop/club"


def test_further_spreadsheets_are_numbered() -> None:
    """People see which one goes on."""
    assert naming.title_of(key("club"), number=2) == "club (2)"


@pytest.mark.parametrize(
    ("name", "readable"),
    [
        ("", "Form"),
        (" \t ", "Form"),
        ("a\nb", "a b"),
        ("a\x00\x07b", "a b"),
        (" padded ", "padded"),
        ("half \ud83d pair", "half pair"),
        ("A\u0308rger", "Ärger"),
        ("x" * 300, "x" * 200),
    ],
)
def test_what_cannot_be_read_is_made_readable(name: str, readable: str) -> None:
    """Its title says what can be read, and a digest, because two names may look alike."""
    title = naming.title_of(key(name))
    assert title.startswith(f"{readable} ~")
    assert title.endswith(naming.digest_of(key(name))[:8])


@given(keys)
def test_every_title_is_one_short_line(table: TableKey) -> None:
    """Whatever a form is called, its title can be sent, shown, and found again as it is."""
    title = naming.title_of(table)
    assert title
    assert title.isprintable() or not any(ord(char) < 32 for char in title)
    assert len(title.encode("utf-8")) <= 4 * 210
    assert naming.tidied(title) == title


@given(keys, keys)
def test_two_tables_share_neither_title_nor_mark(one: TableKey, other: TableKey) -> None:
    """What belongs to one table is never taken for another's."""
    assert (naming.title_of(one) == naming.title_of(other)) is (one == other)
    assert (naming.digest_of(one) == naming.digest_of(other)) is (one == other)


def test_the_digest_of_a_table_never_changes() -> None:
    """Spreadsheets are found by it years later: this is a sample of version 1."""
    assert naming.digest_of(key("club", "shop")) == "865d59e0f2ee124ade36243f34b6198c"


def test_marks_fit_into_drive() -> None:
    """A property of Drive has 124 bytes, key and value together."""
    marks = naming.marks_of(key("x" * 500), number=12, folder="1" + "A" * 32)
    assert all(len(f"{name}{value}".encode()) <= 124 for name, value in marks.items())
    assert marks["formbridge_number"] == "12"
    assert marks["formbridge_version"] == "1"
    assert len(marks["formbridge_table"]) == 32


def test_all_marks_are_taken_away_together() -> None:
    """A twin that goes into the trash is nobody's any more."""
    assert naming.no_marks().keys() >= naming.marks_of(key("a"), number=1, folder="f").keys()


@pytest.mark.parametrize(
    ("said", "number"), [("1", 1), ("12", 12), ("", 1), ("two", 1), ("-1", 1), ("9" * 9, 1)]
)
def test_a_number_that_is_none_counts_as_the_first(said: str, number: int) -> None:
    """Marks can be changed by programs of the same project, so anything may stand there."""
    assert naming.number_of({"formbridge_number": said}) == number


@given(st.text())
def test_a_quoted_text_is_read_as_it_was(text: str) -> None:
    """No name ends its own quotes: Drive reads exactly that text."""
    assert list(words(naming.quoted(text))) == [Word("text", text)]


def test_terms_are_written_as_drive_reads_them() -> None:
    """The mark's braces and the quotes are those of Drive's documentation."""
    query = naming.both("trashed=false", naming.has_mark("k", "it's"))
    assert query == r"trashed=false and appProperties has { key='k' and value='it\'s' }"


FOLDER = "1kgCbUDz0SbZ4nVg7TqLsyHWzSjJ3qFhP"


@pytest.mark.parametrize(
    "said",
    [
        FOLDER,
        f" {FOLDER} ",
        f"https://drive.google.com/drive/folders/{FOLDER}",
        f"https://drive.google.com/drive/u/0/folders/{FOLDER}?usp=sharing",
        f"https://drive.google.com/open?id={FOLDER}&authuser=0",
    ],
)
def test_ids_and_urls_of_folders_are_ids(said: str) -> None:
    """People copy either from the browser."""
    assert naming.folder_id(said) == FOLDER


def test_the_id_of_a_shared_drive_is_an_id() -> None:
    """They are shorter: 19 characters that begin with 0A."""
    assert naming.folder_id("0AKgCbUDz0SbZUk9PVA") == "0AKgCbUDz0SbZUk9PVA"


@pytest.mark.parametrize(
    "said",
    [
        "FormBridge",
        "root",
        "1 Forms of the whole school 2026",
        "1st_forms_of_the_school_2026",
        "FormBridge_Responses_2026_archive_B",
        "11111111111111111111",
        "Formulare/2026",
    ],
)
def test_names_are_no_ids(said: str) -> None:
    """A folder of that name is searched, and made where there is none."""
    assert naming.folder_id(said) is None
