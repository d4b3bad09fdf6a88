"""Which spreadsheets a table has: remembered, found by mark or name, or made, exactly once."""

import random
import threading
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

from formbridge.adapters.sheets.calls.client import SheetsClient
from formbridge.adapters.sheets.calls.failures import (
    Denied,
    Forbidden,
    Missing,
    Throttled,
    Trashed,
    Unknown,
)
from formbridge.adapters.sheets.drive import naming
from formbridge.adapters.sheets.drive.locating import Locator
from formbridge.adapters.sheets.settings import SheetsSettings
from formbridge.adapters.system.clock import SystemClock
from formbridge.domain.errors import TableBusy, TableUnavailable
from formbridge.domain.identity import TableKey
from formbridge.testing.google import Fault, serve
from formbridge.testing.google.trouble.faults import Kind
from tests.adapters.sheets.in_process import InProcess
from tests.adapters.sheets.places import (
    CLUB,
    ROBOT,
    TESTER,
    Place,
    created,
    marks_of,
    somewhere,
)

SHOP = TableKey(form_id="club", source="shop")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """Return an emulator with nothing in it."""
    with somewhere(tmp_path) as it:
        yield it


# --- made ---------------------------------------------------------------------------------------


def test_a_new_table_has_no_spreadsheet(place: Place) -> None:
    """Looking makes nothing, not even the folder."""
    assert place.locator().find(CLUB) == ()
    assert place.calls == {"drive.list": 1}
    assert place.folders() == place.spreadsheets() == []


def test_a_spreadsheet_is_made_in_the_folder_with_our_marks(place: Place) -> None:
    """One call makes it; titled, in its folder, marked; search is asked before and after."""
    folder = place.make_folder()
    locator = place.locator()
    locator.find(CLUB)
    place.calls.clear()
    book = locator.create(CLUB, number=1)
    assert place.calls == {"drive.get": 1, "drive.list": 2, "drive.create": 1}
    file = place.file(book)
    assert (file.name, file.parents) == ("club", (folder.id,))
    assert marks_of(file) == {
        "formbridge_table": naming.digest_of(CLUB),
        "formbridge_number": "1",
        "formbridge_folder": folder.id,
        "formbridge_version": "1",
    }
    assert place.google.books[book].title == "club"


def test_what_is_remembered_costs_no_call(place: Place) -> None:
    """No search per flush: after the first time the registry answers."""
    locator = place.locator()
    book = locator.create(CLUB, number=1)
    place.calls.clear()
    for _ in range(100):
        assert locator.find(CLUB) == (book,)
        assert locator.create(CLUB, number=1) == book
        place.clock.advance(3600)
    assert list(locator.known()) == [CLUB]
    assert place.calls == {}


def test_hundreds_of_tables_are_found_by_one_search(place: Place) -> None:
    """A new process that meets them all at once asks three times, not once for each."""
    locator = place.locator()
    tables = [TableKey(form_id=f"form {number}") for number in range(20)]
    books = [locator.create(table, number=1) for table in tables]
    place.calls.clear()
    other = place.locator()
    assert [other.find(table) for table in tables] == [(book,) for book in books]
    assert place.calls == {"drive.list": 3}


def test_two_sources_have_a_spreadsheet_each(place: Place) -> None:
    """Forms of one id that come from two places are two tables."""
    locator = place.locator()
    assert locator.create(CLUB, number=1) != locator.create(SHOP, number=1)
    assert {it.name for it in place.spreadsheets()} == {"club", "shop/club"}


def test_the_next_spreadsheet_is_numbered(place: Place) -> None:
    """A table that is full goes on in another one; both are found, in their order."""
    locator = place.locator()
    first = locator.create(CLUB, number=1)
    second = locator.create(CLUB, number=2)
    assert place.file(second).name == "club (2)"
    assert marks_of(place.file(second))["formbridge_number"] == "2"
    assert locator.find(CLUB) == (first, second)
    assert place.locator().find(CLUB) == (first, second)
    assert place.locator().create(CLUB, number=2) == second


def test_the_next_one_may_have_been_made_by_another_process(place: Place) -> None:
    """It is found by a search, although the registry knows the first one only."""
    locator = place.locator()
    first = locator.create(CLUB, number=1)
    second = place.locator().create(CLUB, number=2)
    assert locator.find(CLUB) == (first,)
    assert locator.create(CLUB, number=2) == second
    assert locator.find(CLUB) == (first, second)


def test_numbers_go_on_after_one_that_was_deleted(place: Place) -> None:
    """The first of two was deleted for good and forgotten: the next one is the third."""
    locator = place.locator()
    first, second = (locator.create(CLUB, number=number) for number in (1, 2))
    place.delete(first)
    locator.forget(CLUB)
    assert locator.find(CLUB) == (second,)
    third = locator.create(CLUB, number=2)
    assert marks_of(place.file(third))["formbridge_number"] == "3"
    assert place.locator().find(CLUB) == (second, third)


NAMES = ['it\'s "quoted"', "back\\slash", "🎉", "x" * 300, "a\nb\tc\x00", "", " ", "a/b", "Ärger"]


@pytest.mark.parametrize("name", NAMES)
def test_any_form_id_is_made_and_found(place: Place, name: str) -> None:
    """Quotes, backslashes, emoji, 300 characters, controls and nothing at all."""
    table = TableKey(form_id=name)
    book = place.locator().create(table, number=1)
    assert place.locator().find(table) == (book,)
    assert place.file(book).name == naming.title_of(table)


@pytest.mark.parametrize("name", NAMES)
def test_any_form_id_is_adopted_by_its_title(place: Place, name: str) -> None:
    """A person who writes the title by hand finds it filled."""
    table = TableKey(form_id=name)
    folder = place.make_folder()
    mine = place.make_sheet(naming.title_of(table), into=folder.id)
    assert place.locator().find(table) == (mine.id,)


# --- adopted ------------------------------------------------------------------------------------


def test_a_sheet_that_people_made_is_adopted(place: Place) -> None:
    """It gets our mark, in one call, and nothing is made."""
    folder = place.make_folder()
    mine = place.make_sheet("club", into=folder.id)
    locator = place.locator()
    assert locator.find(CLUB) == (mine.id,)
    assert place.calls == {"drive.list": 3, "drive.change": 2}  # the folder is marked, too
    assert marks_of(place.file(mine.id))["formbridge_table"] == naming.digest_of(CLUB)
    assert locator.create(CLUB, number=1) == mine.id
    assert place.locator().find(CLUB) == (mine.id,)
    assert place.calls == {"drive.list": 3}


def test_an_adopted_sheet_may_be_renamed_and_moved(place: Place) -> None:
    """From then on it is found by its mark, wherever it is, and whatever it is called."""
    folder, elsewhere = place.make_folder(), place.make_folder("Archive")
    mine = place.make_sheet("club", into=folder.id)
    place.locator().find(CLUB)
    place.google.drive.rename(mine.id, "Der Verein", by=place.account(), now=place.clock.now())
    place.move(mine.id, elsewhere.id)
    assert place.locator().find(CLUB) == (mine.id,)


def test_a_sheet_that_comes_between_is_adopted(place: Place) -> None:
    """A person made it after the search that found nothing."""
    folder = place.make_folder()
    locator = place.locator()
    assert locator.find(CLUB) == ()
    mine = place.make_sheet("club", into=folder.id)
    assert locator.create(CLUB, number=1) == mine.id
    assert len(place.spreadsheets()) == 1


def test_of_several_of_one_name_everybody_takes_the_oldest(place: Place) -> None:
    """By creation, whichever was changed last."""
    folder = place.make_folder()
    oldest, *others = (place.make_sheet("club", into=folder.id) for _ in range(3))
    place.google.drive.touch(others[1].id, place.account(), place.clock.now())
    assert {place.locator().find(CLUB) for _ in range(3)} == {(oldest.id,)}
    assert [marks_of(place.file(it.id)) for it in others] == [{}, {}]


def test_of_equally_old_ones_everybody_takes_the_first_by_id(place: Place) -> None:
    """Times of creation are told to the millisecond only."""
    folder = place.make_folder()
    made = [place.make_sheet("club", into=folder.id) for _ in range(4)]
    for it in made:
        same = attrs.evolve(place.file(it.id), created=place.clock.now())
        place.google.drive.put(same, now=place.clock.now())
    assert place.locator().find(CLUB) == (min(it.id for it in made),)


def test_our_mark_beats_a_name(place: Place) -> None:
    """An older sheet that people call alike is left alone."""
    folder = place.make_folder()
    mine = place.make_sheet("club", into=folder.id)
    place.trash(mine.id)
    book = place.locator().create(CLUB, number=1)
    place.google.drive.restore(mine.id, now=place.clock.now())
    assert place.locator().find(CLUB) == (book,)


def test_the_trash_is_not_adopted_from(place: Place) -> None:
    """What a person threw away stays there; a new one is made."""
    folder = place.make_folder()
    gone = place.make_sheet("club", into=folder.id)
    place.trash(gone.id)
    locator = place.locator()
    assert locator.find(CLUB) == ()
    assert locator.create(CLUB, number=1) != gone.id


@pytest.mark.parametrize("kind", ["outside", "other name", "capitals", "not a spreadsheet"])
def test_what_only_looks_like_it_is_not_adopted(place: Place, kind: str) -> None:
    """In another folder, under a name that differs, or of another type."""
    folder = place.make_folder()
    into = folder.id if kind != "outside" else ""
    name = {"other name": "club members", "capitals": "CLUB"}.get(kind, "club")
    if kind == "not a spreadsheet":
        place.make_folder(name, into=into)
    else:
        place.make_sheet(name, into=into)
    assert place.locator().find(CLUB) == ()


def test_a_sheet_of_another_table_is_not_adopted(place: Place) -> None:
    """Renamed by a person to what another form is called, it stays that of its own form."""
    book = place.locator().create(SHOP, number=1)
    place.google.drive.rename(book, "club", by=place.account(), now=place.clock.now())
    locator = place.locator()
    assert locator.find(CLUB) == ()
    assert locator.create(CLUB, number=1) != book
    assert place.locator().find(SHOP) == (book,)


def test_a_sheet_that_may_only_be_read_is_not_passed_over(place: Place) -> None:
    """Another one beside it would confuse people; the sentence says what can be done."""
    key = place.robot()
    folder = place.make_folder()
    place.share(folder.id, ROBOT, "reader")
    mine = place.make_sheet("club", into=folder.id)
    locator = place.locator(credentials=(key,))
    with pytest.raises(Forbidden, match=rf"'club' \({mine.id}\).*Editor with {ROBOT}.*rename it"):
        locator.find(CLUB)


# --- moved, trashed, deleted, un-shared ----------------------------------------------------------


def test_a_moved_spreadsheet_is_found_by_its_mark(place: Place) -> None:
    """Also by a process that remembers nothing, and beside another folder's of the same form."""
    book = place.locator().create(CLUB, number=1)
    other = place.locator(folder="Other").create(CLUB, number=1)
    elsewhere = place.make_folder("Archive")
    place.move(book, elsewhere.id)
    assert place.locator().find(CLUB) == (book,)
    assert place.locator(folder="Other").find(CLUB) == (other,)


def test_two_folders_have_a_spreadsheet_each(place: Place) -> None:
    """Two sinks of one account do not write into each other's."""
    one, other = (place.locator(folder=it).create(CLUB, number=1) for it in ("One", "Other"))
    assert one != other
    assert [place.locator(folder=it).find(CLUB) for it in ("One", "Other")] == [(one,), (other,)]


def test_the_registry_remembers_a_moved_spreadsheet(place: Place, tmp_path: Path) -> None:
    """Without a search."""
    book = place.locator(registry=tmp_path / "registry").create(CLUB, number=1)
    place.move(book, place.make_folder("Archive").id)
    place.calls.clear()
    assert place.locator(registry=tmp_path / "registry").find(CLUB) == (book,)
    assert place.calls == {}


def test_a_lost_registry_is_filled_again(place: Place, tmp_path: Path) -> None:
    """By the marks, with the next searches."""
    path = tmp_path / "registry"
    locator = place.locator(registry=path)
    books = [locator.create(table, number=1) for table in (CLUB, SHOP)]
    path.unlink()
    assert [locator.find(table) for table in (CLUB, SHOP)] == [(book,) for book in books]
    place.calls.clear()
    again = place.locator(registry=path)
    assert [again.find(table) for table in (CLUB, SHOP)] == [(book,) for book in books]
    assert list(again.known()) == sorted([CLUB, SHOP])
    assert place.calls == {}


def test_a_table_may_be_forgotten(place: Place) -> None:
    """It is searched anew when it is needed next."""
    locator = place.locator()
    book = locator.create(CLUB, number=1)
    place.delete(book)
    assert locator.find(CLUB) == (book,)
    locator.forget(CLUB)
    assert list(locator.known()) == []
    assert locator.find(CLUB) == ()
    assert locator.create(CLUB, number=1) != book


def test_a_good_spreadsheet_passes_in_one_call(place: Place) -> None:
    """Drive's cheapest one, none of the Sheets API."""
    locator = place.locator()
    book = locator.create(CLUB, number=1)
    place.calls.clear()
    locator.look(book)
    assert place.calls == {"drive.get": 1}


def test_a_deleted_spreadsheet_is_missing(place: Place) -> None:
    """The sentence says that it is gone for good."""
    locator = place.locator()
    book = locator.create(CLUB, number=1)
    place.delete(book)
    place.calls.clear()
    with pytest.raises(Missing, match=f"{book} was deleted for good") as failed:
        locator.look(book)
    assert type(failed.value) is Missing
    assert place.calls == {"drive.get": 1, "sheets.read": 1}


def test_a_spreadsheet_in_the_trash_is_said_so(place: Place) -> None:
    """Writes to it would succeed, and nobody would see them."""
    locator = place.locator()
    book = locator.create(CLUB, number=1)
    place.trash(book)
    with pytest.raises(Trashed, match=rf"{book} \('club'\) is in the trash; restore it"):
        locator.look(book)


def test_a_spreadsheet_in_a_trashed_folder_is_in_the_trash(place: Place) -> None:
    """All that is in a folder goes with it."""
    locator = place.locator()
    book = locator.create(CLUB, number=1)
    place.trash(place.folders()[0].id)
    with pytest.raises(Trashed):
        locator.look(book)


def test_a_spreadsheet_that_is_no_longer_shared_is_forbidden(place: Place) -> None:
    """Drive calls it missing; the Sheets API knows better."""
    key = place.robot()
    mine = place.make_sheet("club")
    place.share(mine.id, ROBOT)
    locator = place.locator(credentials=(key,), spreadsheets={"club": mine.id})
    locator.look(mine.id)
    place.google.drive.forbid(mine.id, place.file(mine.id).permissions[-1].id, now=0)
    with pytest.raises(
        Forbidden, match=f"no longer shared with us; share it as Editor with {ROBOT}"
    ):
        locator.look(mine.id)


def test_a_spreadsheet_that_may_only_be_read_is_forbidden(place: Place) -> None:
    """Somebody made an editor a viewer."""
    key = place.robot()
    mine = place.make_sheet("club")
    place.share(mine.id, ROBOT, "reader")
    with pytest.raises(Forbidden, match=f"may only be read; share it as Editor with {ROBOT}"):
        place.locator(credentials=(key,)).look(mine.id)


def test_one_of_ours_in_the_trash_is_not_replaced(place: Place) -> None:
    """Its rows are in the trash, too: a person decides, also if no registry remembers it."""
    book = place.locator().create(CLUB, number=1)
    place.trash(book)
    locator = place.locator()
    with pytest.raises(Trashed, match=f"{book}.*restore it, or delete it for good"):
        locator.find(CLUB)
    with pytest.raises(Trashed):
        locator.create(CLUB, number=1)
    place.delete(book)
    place.clock.advance(6)
    assert locator.find(CLUB) == ()


# --- named by the settings -----------------------------------------------------------------------


@pytest.mark.parametrize("named", ["club", "shop/club"])
@pytest.mark.parametrize("as_url", [True, False])
def test_a_named_spreadsheet_is_used_as_it_is(place: Place, named: str, *, as_url: bool) -> None:
    """By form id or by the table's name, as id or as URL; no call is made and no mark set."""
    mine = place.make_sheet("Whatever")
    said = f"https://docs.google.com/spreadsheets/d/{mine.id}/edit#gid=0" if as_url else mine.id
    locator = place.locator(spreadsheets={named: said})
    for _ in range(2):
        assert locator.find(SHOP) == (mine.id,)
        assert locator.create(SHOP, number=1) == mine.id
    assert list(locator.known()) == [SHOP]
    assert place.calls == {}
    assert marks_of(place.file(mine.id)) == {}


def test_a_named_spreadsheet_has_no_successor(place: Place) -> None:
    """Nothing is ever made for it: the sentence says what to do when it is full."""
    mine = place.make_sheet("Whatever")
    locator = place.locator(spreadsheets={"club": mine.id})
    with pytest.raises(TableUnavailable, match=r"'club' is full.*spreadsheets"):
        locator.create(CLUB, number=2)
    assert place.calls == {}


def test_a_named_spreadsheet_takes_the_place_of_one_that_was_made(
    place: Place, tmp_path: Path
) -> None:
    """The setting is the truth, with the registry of before; when it is gone, ours is back."""
    path = tmp_path / "registry"
    book = place.locator(registry=path).create(CLUB, number=1)
    mine = place.make_sheet("Whatever")
    assert place.locator(registry=path, spreadsheets={"club": mine.id}).find(CLUB) == (mine.id,)
    assert place.locator(registry=path).find(CLUB) == (book,)


def test_two_tables_are_never_written_into_one_spreadsheet(place: Place, tmp_path: Path) -> None:
    """Neither by the settings alone nor by what was made before."""
    path = tmp_path / "registry"
    mine = place.make_sheet("Whatever")
    locator = place.locator(registry=path, spreadsheets={"club": mine.id})
    assert locator.find(CLUB) == (mine.id,)
    with pytest.raises(TableUnavailable, match=r"'shop/club', but it belongs to 'club'"):
        locator.find(SHOP)
    book = place.locator(registry=path, spreadsheets={}).create(SHOP, number=1)
    with pytest.raises(TableUnavailable, match=r"'other', but it belongs to 'shop/club'"):
        place.locator(registry=path, spreadsheets={"other": book}).find(TableKey(form_id="other"))


def test_a_named_spreadsheet_may_go_to_another_table(place: Place, tmp_path: Path) -> None:
    """Once the settings say so for one table only."""
    path = tmp_path / "registry"
    mine, other = place.make_sheet("A"), place.make_sheet("B")
    place.locator(registry=path, spreadsheets={"a": mine.id}).find(TableKey(form_id="a"))
    swapped = {"a": other.id, "b": mine.id}
    locator = place.locator(registry=path, spreadsheets=swapped)
    assert locator.find(TableKey(form_id="b")) == (mine.id,)
    assert locator.find(TableKey(form_id="a")) == (other.id,)


def test_nothing_is_made_where_the_settings_say_so(place: Place) -> None:
    """The sentence names the title and the folder that would do."""
    locator = place.locator(create=False)
    assert locator.find(CLUB) == ()
    with pytest.raises(
        TableUnavailable, match=r"create is off; make one called 'club' in .*'FormB"
    ):
        locator.create(CLUB, number=1)
    assert place.folders() == place.spreadsheets() == []
    folder = place.make_folder()
    mine = place.make_sheet("club", into=folder.id)
    place.clock.advance(6)
    assert locator.find(CLUB) == (mine.id,)


# --- trouble ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault",
    [
        Fault(kind=Kind.CUT_AFTER, method="drive.files.create"),
        Fault(kind=Kind.ERROR, status=503, applied=True, method="drive.files.create"),
        Fault(kind=Kind.HTML, applied=True, method="drive.files.create"),
        Fault(kind=Kind.SLOW, seconds=100, method="drive.files.create"),
    ],
    ids=lambda fault: fault.label,
)
def test_a_create_that_was_applied_is_not_repeated(place: Place, fault: Fault) -> None:
    """No answer came: it is looked for at once, found, and used."""
    place.make_folder()
    place.google.troubles.add(fault)
    locator = place.locator()
    book = locator.create(CLUB, number=1)
    assert place.calls["drive.create"] == 1
    assert [it.id for it in place.spreadsheets()] == [book]
    assert locator.find(CLUB) == place.locator().find(CLUB) == (book,)


@pytest.mark.parametrize(
    "fault",
    [
        Fault(kind=Kind.CUT_BEFORE, method="drive.files.create"),
        Fault(kind=Kind.ERROR, status=500, method="drive.files.create"),
    ],
    ids=lambda fault: fault.label,
)
def test_a_create_is_repeated_after_two_looks_with_time_between(place: Place, fault: Fault) -> None:
    """Nobody knows that it was not applied; in the meantime the bridge does other work."""
    place.make_folder()
    place.google.troubles.add(fault)
    locator = place.locator()
    with pytest.raises(TableBusy, match="looked for again") as busy:
        locator.create(CLUB, number=1)
    assert busy.value.seconds == 30.0
    assert place.calls["drive.create"] == 1
    assert locator.find(CLUB) == ()
    place.clock.advance(29)
    with pytest.raises(TableBusy) as busy:
        locator.create(CLUB, number=1)
    assert busy.value.seconds == pytest.approx(1.0)
    assert place.calls["drive.create"] == 0
    place.clock.advance(1)
    book = locator.create(CLUB, number=1)
    assert place.calls["drive.create"] == 1
    assert [it.id for it in place.spreadsheets()] == [book]


def test_a_create_that_is_applied_late_is_found_by_the_second_look(place: Place) -> None:
    """The client gave up, the first look found nothing, and then it landed."""
    place.make_folder()
    late = Fault(kind=Kind.LATE, method="drive.files.create", after_seconds=20)
    place.google.troubles.add(late)
    locator = place.locator()
    book = created(locator, place.clock)
    assert place.calls["drive.create"] == 1
    assert [it.id for it in place.spreadsheets()] == [book]


def test_a_create_that_lands_after_the_second_one_stays_unused(place: Place) -> None:
    """Very late, it is the younger twin: everybody keeps to the older one."""
    place.make_folder()
    late = Fault(kind=Kind.LATE, method="drive.files.create", after_seconds=120)
    place.google.troubles.add(late)
    locator = place.locator()
    book = created(locator, place.clock)
    assert place.calls["drive.create"] == 2
    place.clock.advance(120)
    assert locator.find(CLUB) == place.locator().find(CLUB) == (book,)


@pytest.mark.parametrize("kind", [Kind.CUT_AFTER, Kind.CUT_BEFORE])
def test_a_crash_in_between_is_gone_on_from(place: Place, tmp_path: Path, kind: Kind) -> None:
    """What was begun stands in the registry: another process finds out what became of it."""
    place.make_folder()
    path = tmp_path / "registry"
    place.google.troubles.add(Fault(kind=kind, method="drive.files.create"))
    place.google.troubles.add(Fault(kind=Kind.ERROR, method="drive.files.list", nth=5))
    with pytest.raises((Unknown, TableBusy)):
        place.locator(registry=path).create(CLUB, number=1)
    place.google.troubles.clear()
    other = place.locator(registry=path)
    assert other.find(CLUB) == ()
    book = created(other, place.clock)
    assert place.calls["drive.create"] == (1 if kind is Kind.CUT_AFTER else 2)
    assert [it.id for it in place.spreadsheets()] == [book]


def test_looks_from_before_a_call_was_lost_do_not_count(place: Place, tmp_path: Path) -> None:
    """Another process looked while the call was still under way, which says nothing of its end."""
    place.make_folder()
    one, other = (place.locator(registry=tmp_path / "registry") for _ in range(2))
    lost = Fault(kind=Kind.CUT_BEFORE, method="drive.files.create", hold=50)
    place.google.troubles.add(lost)
    looked: list[float] = []

    def between() -> None:
        if not looked and place.clients[0].calls["drive.create"]:
            with pytest.raises(TableBusy) as busy:
                other.create(CLUB, number=1)
            looked.append(busy.value.seconds)

    place.google.troubles.between = between
    with pytest.raises(TableBusy) as busy:
        one.create(CLUB, number=1)
    assert looked == [30.0]
    assert busy.value.seconds == 30.0
    assert place.calls["drive.create"] == 1


def test_folders_that_share_a_registry_make_one_each(place: Place, tmp_path: Path) -> None:
    """What one of them has begun, and does not know the end of, is not the other's."""
    path = tmp_path / "registry"
    one, other = place.make_folder("One"), place.make_folder("Other")
    place.google.troubles.add(Fault(kind=Kind.CUT_BEFORE, method="drive.files.create"))
    waiting = place.locator(registry=path, folder="One")
    with pytest.raises(TableBusy):
        waiting.create(CLUB, number=1)
    second = place.locator(registry=path, folder="Other").create(CLUB, number=1)
    first = created(waiting, place.clock)
    assert place.file(first).parents == (one.id,)
    assert place.file(second).parents == (other.id,)


def test_what_was_begun_is_left_when_nothing_is_to_be_made(place: Place, tmp_path: Path) -> None:
    """The setting was switched off since: what people made is taken."""
    path = tmp_path / "registry"
    folder = place.make_folder()
    place.google.troubles.add(Fault(kind=Kind.CUT_BEFORE, method="drive.files.create"))
    with pytest.raises(TableBusy):
        place.locator(registry=path).create(CLUB, number=1)
    mine = place.make_sheet("club", into=folder.id)
    assert place.locator(registry=path, create=False).find(CLUB) == (mine.id,)


@pytest.mark.parametrize("status", [429, 403])
def test_a_create_that_was_refused_is_tried_again_at_once(place: Place, status: int) -> None:
    """A 429 is no ambiguity: nothing was applied, and nothing has to be waited for."""
    place.make_folder()
    fault = Fault(kind=Kind.ERROR, status=status, method="drive.files.create")
    place.google.troubles.add(fault)
    locator = place.locator()
    with pytest.raises((Throttled, Forbidden, Denied)):
        locator.create(CLUB, number=1)
    assert locator.create(CLUB, number=1)
    assert place.calls["drive.create"] == 2


def test_a_connection_that_was_refused_is_no_ambiguity(place: Place) -> None:
    """Nothing was sent."""
    place.make_folder()
    place.google.troubles.add(Fault(kind=Kind.REFUSE, method="drive.files.create"))
    locator = place.locator()
    with pytest.raises(Unknown):
        locator.create(CLUB, number=1)
    assert locator.create(CLUB, number=1)


@pytest.mark.parametrize("names_only", [True, False])
@pytest.mark.parametrize("lag", [3, 45, 290])
def test_search_that_lags_makes_no_twins(place: Place, lag: int, *, names_only: bool) -> None:
    """Two processes that know nothing of each other end with the same spreadsheet."""
    place.make_folder()
    place.clock.advance(600)
    place.google.troubles.lag.seconds = lag
    place.google.troubles.lag.names_only = names_only
    one, other = place.locator(), place.locator()
    books = set(alternately(place, one, other))
    assert len(books) == 1
    assert {it.id for it in place.spreadsheets()} == books
    if names_only:
        assert place.clock.slept == []


def alternately(place: Place, *locators: Locator) -> Iterator[str]:
    """Let each create the first spreadsheet of a table, in turns; yield what they return."""
    waiting = list(locators)
    for _ in range(200):
        for locator in list(waiting):
            try:
                book = locator.create(CLUB, number=1)
            except TableBusy:
                continue
            waiting.remove(locator)
            yield book
        if not waiting:
            return
        place.clock.sleep(5)
    raise AssertionError("it never became known what there is")


def test_search_that_never_shows_it_is_not_waited_for_forever(place: Place) -> None:
    """After five minutes, which is the longest lag ever seen, it is used as it is."""
    place.make_folder()
    place.clock.advance(10_000)
    place.google.troubles.lag.seconds = 5_000
    book = created(place.locator(), place.clock)
    assert 300 <= sum(place.clock.slept) <= 330
    assert [it.id for it in place.spreadsheets()] == [book]


def test_what_people_delete_meanwhile_is_made_again(place: Place) -> None:
    """It was not listed yet, and when it was to be, it was gone."""
    place.make_folder()
    place.clock.advance(600)
    place.google.troubles.lag.seconds = 60
    locator = place.locator()
    with pytest.raises(TableBusy):
        locator.create(CLUB, number=1)
    gone = place.spreadsheets()[0].id
    place.delete(gone)
    place.google.troubles.lag.seconds = 0
    book = created(locator, place.clock)
    assert book != gone
    assert place.locator().find(CLUB) == (book,)


# --- races --------------------------------------------------------------------------------------


@pytest.mark.parametrize("nth", range(1, 9))
def test_a_process_that_comes_between_is_met(place: Place, nth: int) -> None:
    """Whenever the other one makes it, both use the same; an empty twin goes into the trash."""
    place.make_folder()
    one, other = place.locator(), place.locator()
    calls = 0

    def between() -> None:
        nonlocal calls
        calls += 1
        place.clock.advance(0.4)
        if calls == nth:
            made.append(other.create(CLUB, number=1))

    made: list[str] = []
    place.google.troubles.between = between
    made.append(one.create(CLUB, number=1))
    place.google.troubles.between = None
    made.append(other.create(CLUB, number=1))
    assert len(set(made)) == 1
    assert [it.id for it in place.spreadsheets()] == made[:1]
    assert place.locator().find(CLUB) == (made[0],)


@pytest.mark.parametrize("written", [True, False])
def test_a_twin_that_somebody_wrote_into_is_left(place: Place, *, written: bool) -> None:
    """Only what is empty, and what we made ourselves, goes into the trash."""
    folder = place.make_folder()
    twins: list[str] = []

    def between() -> None:
        place.clock.advance(0.4)
        ours = place.spreadsheets()
        if not ours or twins:
            return
        twins.append(ours[0].id)
        older = place.make_sheet("club", into=folder.id)
        marked = attrs.evolve(older, created=0, app_properties=ours[0].app_properties)
        place.google.drive.put(marked, now=place.clock.now())
        if written:
            place.client(place.settings()).change(twins[0], [APPEND])

    place.google.troubles.between = between
    book = place.locator().create(CLUB, number=1)
    assert twins
    assert book not in twins
    left = {it.id for it in place.spreadsheets()} - {book}
    assert left == (set(twins) if written else set())


APPEND = {
    "appendCells": {
        "sheetId": 0,
        "rows": [{"values": [{"userEnteredValue": {"stringValue": "mine"}}]}],
        "fields": "userEnteredValue",
    }
}


class Turns(InProcess):
    """Carries calls of several threads one after the other, in an order that chance draws."""

    def __init__(self, place: Place, chance: random.Random, threads: int) -> None:
        """Expect that many threads."""
        super().__init__(place.google, place.clock)
        self.chance = chance
        self.threads = threads
        self.waiting: list[threading.Event] = []
        self.lock = threading.Lock()

    def send(self, *args: object, **kwargs: object) -> object:
        """Wait for a turn, and let a little time pass, as each call takes some."""
        turn = threading.Event()
        with self.lock:
            self.waiting.append(turn)
            self._wake()
        assert turn.wait(30)
        self.clock.advance(self.chance.choice([0.1, 0.5, 3.0]))
        return super().send(*args, **kwargs)

    def end(self) -> None:
        """One thread fewer."""
        with self.lock:
            self.threads -= 1
            self._wake()

    def _wake(self) -> None:
        """Wake one of those who wait, as soon as all do."""
        if self.waiting and len(self.waiting) == self.threads:
            self.waiting.pop(self.chance.randrange(len(self.waiting))).set()


def race(place: Place, seed: int, registry: Path | None) -> list[str]:
    """Let three processes make the same spreadsheet at once, and its folder; return the ids."""
    turns = Turns(place, random.Random(seed), 3)  # noqa: S311 - reproducible, no secret
    settings = place.settings(registry=registry)
    books: list[str] = []

    def work() -> None:
        client = SheetsClient.of(settings, clock=place.clock, transport=turns)
        try:
            books.append(created(Locator(client, settings, clock=place.clock), place.clock))
        finally:
            client.close()
            turns.end()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return books


@pytest.mark.parametrize("shared", [True, False])
def test_processes_that_race_use_one_folder_and_one_spreadsheet(
    tmp_path: Path, *, shared: bool
) -> None:
    """Whatever the order of their calls; with a registry between them or without."""
    for seed in range(10):
        with somewhere(tmp_path) as place:
            books = race(place, seed, tmp_path / f"registry {seed}" if shared else None)
            assert len(books) == 3
            assert len(set(books)) == 1
            assert [it.id for it in place.spreadsheets()] == books[:1]
            assert len(place.folders()) == 1
            assert place.locator().find(CLUB) == (books[0],)


def test_a_race_with_faults_and_lag_ends_with_one(tmp_path: Path) -> None:
    """Every fifth call that makes something is lost, before or after it was applied."""
    for seed in range(10):
        with somewhere(tmp_path) as place:
            place.google.troubles.lag.seconds = seed % 5 * 10
            for kind in (Kind.CUT_AFTER, Kind.CUT_BEFORE):
                fault = Fault(
                    kind=kind, method="drive.files.create", chance=0.2, times=None, seed=seed
                )
                place.google.troubles.add(fault)
            books = race(place, seed, None)
            assert len(books) == 3
            assert len(set(books)) == 1
            place.google.troubles.clear()
            place.clock.advance(100)
            assert place.locator().find(CLUB) == (books[0],)


# --- who may ------------------------------------------------------------------------------------


def test_a_service_account_learns_that_it_owns_nothing(place: Place) -> None:
    """In somebody's folder, where it may write: with the four remedies, and nothing half done."""
    key = place.robot()
    folder = place.make_folder()
    place.share(folder.id, ROBOT)
    locator = place.locator(credentials=(key,))
    assert locator.find(CLUB) == ()
    for _ in range(2):
        with pytest.raises(Denied, match=r"\(1\).*\(2\).*\(3\).*\(4\)") as failed:
            locator.create(CLUB, number=1)
        assert failed.value.code == "storageQuotaExceeded"
    mine = place.make_sheet("club", into=folder.id)
    assert locator.create(CLUB, number=1) == mine.id


def test_a_service_account_works_on_a_shared_drive(place: Place) -> None:
    """The first remedy: the folder is there, and its files belong to nobody."""
    key = place.robot()
    drive = place.google.drive.add_drive("Team", by=place.account(), now=place.clock.now())
    place.share(drive.id, ROBOT, "fileOrganizer")
    folder = place.make_folder(into=drive.id)
    locator = place.locator(credentials=(key,))
    book = locator.create(CLUB, number=1)
    assert (place.file(book).drive_id, place.file(book).parents) == (drive.id, (folder.id,))
    for said in ("FormBridge", folder.id, drive.id):
        other = place.locator(credentials=(key,), folder=said)
        assert other.find(CLUB) == ((book,) if said != drive.id else ())
    locator.look(book)


def test_two_accounts_find_each_others_spreadsheets(place: Place) -> None:
    """Marks are private to an app, so another one's are found by name, and marked, too."""
    ada = place.user("ada@example.com")
    folder = place.make_folder()
    place.share(folder.id, "ada@example.com")
    book = place.locator(folder=folder.id).create(CLUB, number=1)
    other = place.locator(folder=folder.id, credentials=(ada,))
    assert other.find(CLUB) == (book,)
    assert place.locator(folder=folder.id, credentials=(ada,)).find(CLUB) == (book,)
    assert place.locator(folder=folder.id).find(CLUB) == (book,)


# --- over HTTP ----------------------------------------------------------------------------------


def test_all_of_it_over_http(tmp_path: Path) -> None:
    """Through sockets, with a service account on a Shared Drive, and a call that is cut."""
    with serve() as served:
        google = served.google
        key = served.service_account_file()
        owner = google.tokens.accounts[TESTER]
        drive = google.drive.add_drive("Team", by=owner, now=google.clock.now())
        robot = google.tokens.accounts[ROBOT]
        settings = SheetsSettings(
            endpoint=served.url, credentials=(key,), folder=drive.id, registry=tmp_path / "r"
        )
        place = Place(google, None, tmp_path)  # type: ignore[arg-type]  # time passes by itself
        google.drive.permit(
            drive.id,
            attrs.evolve(
                google.drive.all[drive.id].permissions[0],
                id="robot",
                name=robot.email,
                role="organizer",
            ),
            now=0,
        )
        client = SheetsClient.of(settings, clock=SystemClock())
        try:
            locator = Locator(client, settings, clock=SystemClock())
            table = TableKey(form_id="it's a \\ 🎉")
            assert locator.find(table) == ()
            google.troubles.add(Fault(kind=Kind.CUT_AFTER, method="drive.files.create"))
            book = locator.create(table, number=1)
            assert client.calls["drive.create"] == 1
            assert [it.id for it in place.spreadsheets()] == [book]
            locator.look(book)
            google.drive.trash(book, by=owner, now=google.clock.now())
            with pytest.raises(Trashed):
                locator.look(book)
        finally:
            client.close()
