"""A person edits a spreadsheet as the grid allows, as a script or at random."""

import pytest

from formbridge.testing.clock import FakeClock
from formbridge.testing.google.errors import ApiError
from formbridge.testing.google.google import Google
from formbridge.testing.google.grid.book import fresh_book
from formbridge.testing.google.grid.cell import cell_of, value_of
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.person import Person
from formbridge.testing.google.person.chance import THOUGHTS

TAB = "Sheet1"
ROWS = (("name", "score"), ("Cem", 2.0), ("Ana", 3.0), ("Bo", 1.0))


class Desk:
    """A person in front of a spreadsheet with a header and three rows."""

    def __init__(self, *, seed: int = 1) -> None:
        self.google = Google(clock=FakeClock(), seed=seed)
        owner = self.google.tokens.accounts["tester@example.com"]
        file = self.google.drive.add_spreadsheet("Survey", owner=owner, now=self.google.clock.now())
        self.id = file.id
        book = fresh_book(file.id, "Survey")
        book.sheets[0].grid["frozenRowCount"] = 1
        for row, contents in enumerate(ROWS):
            for column, content in enumerate(contents):
                book.sheets[0].put(row, column, content)
        self.google.books[file.id] = book
        self.person = Person(self.google, owner)

    @property
    def sheet(self) -> Sheet:
        """The first tab."""
        return self.google.books[self.id].sheets[0]

    def names(self) -> list[object]:
        """Return what stands in the first column."""
        return [value_of(self.sheet.content(row, 0)) for row in range(len(self.sheet.rows))]


@pytest.fixture
def desk() -> Desk:
    """A person and a spreadsheet."""
    return Desk()


def test_sorting_leaves_the_header(desk: Desk) -> None:
    """Rows under the frozen ones are sorted by a column, either way."""
    assert desk.person.sort(desk.id, TAB, "A") == "sorted Sheet1 by A"
    assert desk.names() == ["name", "Ana", "Bo", "Cem"]
    desk.person.sort(desk.id, TAB, "B", descending=True)
    assert desk.names() == ["name", "Ana", "Cem", "Bo"]


def test_sorting_a_range_tears_rows_apart(desk: Desk) -> None:
    """Who selects one column sorts only that one."""
    desk.person.sort_range(desk.id, TAB, "A2:A4", "A")
    assert desk.names() == ["name", "Ana", "Bo", "Cem"]
    assert desk.sheet.content(1, 1) == 2.0


def test_a_filter_hides_rows_and_goes_away(desk: Desk) -> None:
    """Rows with a hidden text are hidden, until the filter is taken off."""
    desk.person.filter(desk.id, TAB, "A", ["Ana"])
    assert desk.sheet.row_sizes[2]["hiddenByFilter"]
    desk.person.clear_filter(desk.id, TAB)
    assert not desk.sheet.row_sizes.get(2, {}).get("hiddenByFilter")


def test_rows_and_columns(desk: Desk) -> None:
    """Rows are inserted, moved, hidden, resized and deleted, counted from 1; columns by letter."""
    desk.person.insert_rows(desk.id, TAB, 2)
    assert desk.names() == ["name", None, "Cem", "Ana", "Bo"]
    desk.person.move_rows(desk.id, TAB, 5, 2)
    assert desk.names() == ["name", "Bo", None, "Cem", "Ana"]
    desk.person.delete_rows(desk.id, TAB, 3)
    assert desk.names() == ["name", "Bo", "Cem", "Ana"]
    desk.person.hide_rows(desk.id, TAB, 3)
    desk.person.resize_columns(desk.id, TAB, "B", 222)
    assert desk.sheet.row_sizes[2]["hiddenByUser"]
    assert desk.sheet.column_sizes[1]["pixelSize"] == 222
    desk.person.move_columns(desk.id, TAB, "B", "A")
    assert desk.names()[0] == "score"


def test_typing_understands_what_is_typed(desk: Desk) -> None:
    """Numbers become numbers, formulas formulas, an apostrophe keeps a text."""
    for at, text in (("C2", "3.5"), ("C3", "=B2+1"), ("C4", "'007"), ("C5", "true"), ("A2", "")):
        desk.person.type(desk.id, TAB, at, text)
    found = [cell_of(desk.sheet.content(row, 2)) for row in range(1, 5)]
    assert [found[0].value, found[2].value, found[3].value] == [3.5, "007", True]
    assert found[1].formula == "=B2+1"
    assert desk.names()[1] is None


def test_headers_and_tabs_are_renamed(desk: Desk) -> None:
    """A header is a cell like any other; so is a tab's name free to change."""
    desk.person.rename_header(desk.id, TAB, "B", "points")
    assert desk.sheet.content(0, 1) == "points"
    desk.person.rename_tab(desk.id, TAB, "Answers")
    assert desk.sheet.title == "Answers"


def test_a_tab_is_dragged_to_where_it_is_dropped(desk: Desk) -> None:
    """To the right as to the left: the API counts places before the move."""
    for title in ("B", "C"):
        desk.person.add_tab(desk.id, title)
    desk.person.move_tab(desk.id, TAB, 2)
    assert [sheet.title for sheet in desk.google.books[desk.id].sheets] == ["B", TAB, "C"]
    desk.person.move_tab(desk.id, "C", 1)
    assert [sheet.title for sheet in desk.google.books[desk.id].sheets] == ["C", "B", TAB]


def test_looks_and_notes(desk: Desk) -> None:
    """A colour, bold text and a note stay with their cell."""
    desk.person.colour(desk.id, TAB, "A2:B2", "#ff0000")
    desk.person.bold(desk.id, TAB, "A2")
    desk.person.note(desk.id, TAB, "A2", "called back")
    cell = cell_of(desk.sheet.content(1, 0))
    assert cell.note == "called back"
    assert cell.value == "Cem"
    assert cell.format is not None
    assert cell.format["backgroundColor"]["red"] == 1
    assert cell.format["textFormat"]["bold"] is True


def test_the_file_is_renamed_trashed_and_restored(desk: Desk) -> None:
    """What is done to the file is seen in Drive."""
    desk.person.rename_file(desk.id, "Poll")
    assert desk.google.drive.all[desk.id].name == "Poll"
    assert desk.google.books[desk.id].title == "Poll"
    desk.person.trash(desk.id)
    assert desk.google.drive.all[desk.id].trashed
    desk.person.restore(desk.id)
    assert not desk.google.drive.all[desk.id].trashed


def test_a_person_needs_the_right_to_write(desk: Desk) -> None:
    """Who may not write changes nothing, neither cells nor the file."""
    stranger = Person(desk.google, desk.google.tokens.add_user("stranger@example.com"))
    before = desk.google.books[desk.id]
    for act in (
        lambda: stranger.type(desk.id, TAB, "A1", "x"),
        lambda: stranger.trash(desk.id),
        lambda: stranger.random(1).edit(desk.id),
    ):
        with pytest.raises(ApiError) as refused:
            act()
        assert refused.value.code == 403
    assert desk.google.books[desk.id] is before


@pytest.mark.parametrize("at", ["", "A", "1", "A0", "AAAA1", "A1:"])
def test_what_is_no_cell_is_refused(desk: Desk, at: str) -> None:
    """A person's script with a mistake is told so."""
    with pytest.raises(ApiError):
        desk.person.type(desk.id, TAB, at, "x")


def test_an_edit_is_all_or_nothing(desk: Desk) -> None:
    """What the grid refuses leaves the spreadsheet as it was."""
    before = desk.google.books[desk.id]
    with pytest.raises(ApiError, match="deleteDimension"):
        desk.person.delete_rows(desk.id, TAB, 1, 5000)
    assert desk.google.books[desk.id] is before


def test_the_same_seed_makes_the_same_edits() -> None:
    """Chance is reproducible: two persons with one seed leave the same table behind."""

    def history(seed: int) -> tuple[list[str], list[object]]:
        desk = Desk()
        someone = desk.person.random(seed)
        return [someone.edit(desk.id) for _ in range(60)], list(desk.sheet.rows)

    assert history(5) == history(5)
    assert history(5)[0] != history(6)[0]


def test_every_edit_is_made_at_random_sooner_or_later() -> None:
    """No edit in the list is one that is never possible."""
    for name in THOUGHTS:
        desk = Desk()
        others = {"clear_filter": "filter", "restore": "trash"}
        if name in others:
            desk.person.random(1, only=[others[name]]).edit(desk.id)
        assert desk.person.random(2, only=[name]).edit(desk.id), name


def test_edits_can_be_chosen(desk: Desk) -> None:
    """Only what was named happens; what is unknown is refused at once."""
    someone = desk.person.random(1, only=["insert_rows"])
    assert all(someone.edit(desk.id).startswith("inserted") for _ in range(5))
    with pytest.raises(ValueError, match="fly"):
        desk.person.random(1, only=["fly"])


def test_nobody_edits_a_file_that_is_gone(desk: Desk) -> None:
    """A hook between calls never breaks a call."""
    act = desk.person.random(1).sometimes("gone")
    assert act() == ""
