"""The folder in which spreadsheets are made: by id or name, found or made, and who may not."""

from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

from formbridge.adapters.sheets.calls.client import SheetsClient
from formbridge.adapters.sheets.calls.failures import Denied, Forbidden, Missing, Trashed
from formbridge.adapters.sheets.drive.folders import ensure_folder
from formbridge.adapters.sheets.settings import SheetsSettings
from formbridge.adapters.system.clock import SystemClock
from formbridge.domain.errors import TableUnavailable
from formbridge.testing.google import Fault, serve
from formbridge.testing.google.trouble.faults import Kind
from tests.adapters.sheets.places import CLUB, ROBOT, TESTER, Place, created, marks_of, somewhere


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """Return an emulator with nothing in it."""
    with somewhere(tmp_path) as it:
        yield it


def ensured(place: Place, **more: object) -> str:
    """Return the folder of a new process that remembers nothing, unless settings say so."""
    settings = place.settings(**more)
    return ensure_folder(place.client(settings), settings, clock=place.clock)


# --- by name ------------------------------------------------------------------------------------


def test_a_folder_is_made_where_there_is_none(place: Place) -> None:
    """In My Drive, with our mark; the second process finds it."""
    folder = ensured(place)
    assert place.calls == {"drive.list": 2, "drive.about": 1, "drive.create": 1, "drive.get": 1}
    file = place.file(folder)
    assert (file.name, file.parents) == (
        "FormBridge",
        (place.google.drive.root(place.account()).id,),
    )
    assert marks_of(file)["formbridge_home"]
    assert ensured(place) == folder
    assert place.calls == {"drive.list": 1}


@pytest.mark.parametrize("name", ["it's", "back\\slash", "🎉 2026", 'a "b"', " Forms ", "x" * 300])
def test_any_name_is_made_and_found(place: Place, name: str) -> None:
    """Nothing in a name ends a search."""
    folder = ensured(place, folder=name)
    assert place.file(folder).name == name.strip()
    assert ensured(place, folder=name) == folder
    assert len(place.folders()) == 1


def test_a_folder_that_people_made_is_found_and_marked(place: Place) -> None:
    """Wherever it lies; then it may be renamed."""
    above = place.make_folder("School")
    mine = place.make_folder(into=above.id)
    assert ensured(place) == mine.id
    place.google.drive.rename(mine.id, "Forms", by=place.account(), now=place.clock.now())
    assert ensured(place) == mine.id
    assert ensured(place, folder="Other") != mine.id


def test_capitals_make_another_name(place: Place) -> None:
    """Drive's search does not mind them, we do."""
    mine = place.make_folder("formbridge")
    assert ensured(place) != mine.id


def test_of_two_folders_of_one_name_everybody_takes_the_oldest(place: Place) -> None:
    """Unless one of them is marked: that is where the spreadsheets are."""
    oldest, younger = place.make_folder(), place.make_folder()
    assert ensured(place) == oldest.id
    assert marks_of(place.file(younger.id)) == {}
    eldest = attrs.evolve(place.file(younger.id), created=0)
    place.google.drive.put(eldest, now=place.clock.now())
    assert ensured(place) == oldest.id


def test_our_own_folder_comes_before_what_others_share(place: Place) -> None:
    """Whoever knows our address can share a folder of any name with it."""
    theirs = place.make_folder(by="eve@example.com")
    place.share(theirs.id, TESTER)
    mine = place.make_folder()
    assert ensured(place) == mine.id


def test_what_several_others_share_is_not_guessed(place: Place) -> None:
    """The sentence names them, and asks for the id."""
    key = place.robot()
    for email in ("ada@example.com", "eve@example.com"):
        place.share(place.make_folder(by=email).id, ROBOT)
    names = r"'FormBridge'.*\(ada@example\.com, eve@example\.com\); name the right one by its id"
    with pytest.raises(TableUnavailable, match=names):
        ensured(place, credentials=(key,))


def test_two_folders_that_one_person_shares_are_told_apart_by_age(place: Place) -> None:
    """There is nobody to be mistaken for."""
    key = place.robot()
    oldest, younger = (place.make_folder() for _ in range(2))
    for folder in (oldest, younger):
        place.share(folder.id, ROBOT)
    assert ensured(place, credentials=(key,)) == oldest.id


def test_a_folder_in_the_trash_is_not_replaced(place: Place) -> None:
    """The spreadsheets are in it: a person decides, and the sentence says what."""
    folder = ensured(place)
    place.trash(folder)
    with pytest.raises(Trashed, match=rf"'FormBridge' \({folder}\) is in the trash; restore it"):
        ensured(place)
    place.delete(folder)
    assert ensured(place) != folder


def test_a_folder_of_the_registry_may_have_been_deleted(place: Place, tmp_path: Path) -> None:
    """Then its name is searched anew, and one is made."""
    path = tmp_path / "registry"
    folder = ensured(place, registry=path)
    place.calls.clear()
    assert ensured(place, registry=path) == folder
    assert place.calls == {"drive.get": 1}
    place.delete(folder)
    other = ensured(place, registry=path)
    assert [it.id for it in place.folders()] == [other]
    assert ensured(place, registry=path) == other


def test_a_renamed_folder_stays_the_one_of_the_registry(place: Place, tmp_path: Path) -> None:
    """Its id is known."""
    path = tmp_path / "registry"
    folder = ensured(place, registry=path)
    place.google.drive.rename(folder, "Forms", by=place.account(), now=place.clock.now())
    assert ensured(place, registry=path) == folder


def test_nothing_is_made_where_the_settings_say_so(place: Place) -> None:
    """The sentence says what to do instead."""
    with pytest.raises(TableUnavailable, match="no folder called 'FormBridge', and create is off"):
        ensured(place, create=False)
    assert place.folders() == []
    mine = place.make_folder()
    assert ensured(place, create=False) == mine.id


# --- by id --------------------------------------------------------------------------------------


@pytest.mark.parametrize("as_url", [True, False])
def test_a_folder_is_named_by_its_id(place: Place, *, as_url: bool) -> None:
    """Or by its address in the browser; one call, no search, no mark."""
    mine = place.make_folder("Whatever")
    said = f"https://drive.google.com/drive/u/0/folders/{mine.id}" if as_url else mine.id
    assert ensured(place, folder=said) == mine.id
    assert place.calls == {"drive.get": 1}
    assert marks_of(place.file(mine.id)) == {}


def test_an_id_that_is_nowhere_is_missing(place: Place) -> None:
    """No folder of that name is made."""
    with pytest.raises(Missing, match="is not there, or not shared; share it as Editor"):
        ensured(place, folder="1kgCbUDz0SbZ4nVg7TqLsyHWzSjJ3qFhP")
    assert place.folders() == []


def test_a_folder_that_is_not_shared_is_missing(place: Place) -> None:
    """The sentence names the account to share it with."""
    key = place.robot()
    mine = place.make_folder()
    with pytest.raises(Missing, match=f"{mine.id} is not there, or not shared with {ROBOT}"):
        ensured(place, folder=mine.id, credentials=(key,))


def test_a_folder_that_may_only_be_read_is_forbidden(place: Place) -> None:
    """A viewer cannot put anything there; what is there already is found."""
    key = place.robot()
    mine = place.make_folder()
    place.share(mine.id, ROBOT, "reader")
    for said in (mine.id, "FormBridge"):
        with pytest.raises(Forbidden, match=f"may only be read by {ROBOT}; share it as Editor"):
            ensured(place, folder=said, credentials=(key,))


def test_a_folder_by_id_in_the_trash_is_said_so(place: Place) -> None:
    """What would be made in it would be in the trash, too."""
    mine = place.make_folder()
    place.trash(mine.id)
    with pytest.raises(Trashed, match="is in the trash; restore it"):
        ensured(place, folder=mine.id)
    locator = place.locator(folder=mine.id)
    with pytest.raises(Trashed):
        locator.create(CLUB, number=1)
    assert place.calls["drive.create"] == 0


def test_what_is_no_folder_is_refused(place: Place) -> None:
    """People copy the address of a spreadsheet, too."""
    mine = place.make_sheet("club")
    with pytest.raises(TableUnavailable, match=rf"'club' \({mine.id}\), which is no folder"):
        ensured(place, folder=f"https://docs.google.com/spreadsheets/d/{mine.id}/edit")


# --- Shared Drives ------------------------------------------------------------------------------


def test_a_shared_drive_and_its_folders_are_folders(place: Place) -> None:
    """By id, or a folder in it by name; for a service account this is the usual way."""
    key = place.robot()
    drive = place.google.drive.add_drive("Team", by=place.account(), now=place.clock.now())
    place.share(drive.id, ROBOT, "fileOrganizer")
    folder = place.make_folder(into=drive.id)
    for said in (drive.id, folder.id, "FormBridge"):
        expected = drive.id if said == drive.id else folder.id
        assert ensured(place, folder=said, credentials=(key,)) == expected
        locator = place.locator(folder=said, credentials=(key,))
        book = created(locator, place.clock)
        assert place.file(book).parents == (expected,)
        assert place.file(book).drive_id == drive.id


# --- service accounts ---------------------------------------------------------------------------


def test_a_service_account_makes_no_folder_that_could_hold_nothing(place: Place) -> None:
    """It could: folders need no storage. But every spreadsheet in it would be refused."""
    key = place.robot()
    with pytest.raises(Denied, match=rf"that {ROBOT} sees.*\(1\).*\(2\).*\(3\).*\(4\)") as failed:
        ensured(place, credentials=(key,))
    assert failed.value.code == "storageQuotaExceeded"
    assert place.folders() == []
    mine = place.make_folder()
    place.share(mine.id, ROBOT)
    assert ensured(place, credentials=(key,)) == mine.id


def test_an_old_service_account_has_storage(place: Place) -> None:
    """Those made before April 2025 may own files."""
    key = place.robot(storage=True)
    folder = ensured(place, credentials=(key,))
    assert place.file(folder).owner == ROBOT


def test_a_service_account_acts_for_a_user(place: Place) -> None:
    """The third remedy: the folder is the user's."""
    key = place.robot()
    place.google.tokens.delegate(ROBOT, TESTER)
    folder = ensured(place, credentials=(key,), subject=TESTER)
    assert place.file(folder).owner == TESTER


# --- trouble ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "calls"), [(Kind.CUT_AFTER, 1), (Kind.CUT_BEFORE, 2), (Kind.LATE, 1)]
)
def test_one_folder_is_made_whatever_happens_to_the_call(
    place: Place, kind: Kind, calls: int
) -> None:
    """It waits by itself, and looks twice before it makes it again."""
    place.google.troubles.add(Fault(kind=kind, method="drive.files.create"))
    folder = ensured(place)
    assert [it.id for it in place.folders()] == [folder]
    assert place.calls["drive.create"] == calls
    assert place.clock.slept == ([] if kind is Kind.CUT_AFTER else [30.0])


def test_search_that_lags_makes_no_second_folder(place: Place) -> None:
    """Two processes, one after the other, while search knows nothing yet."""
    place.clock.advance(600)
    place.google.troubles.lag.seconds = 20
    assert ensured(place) == ensured(place)
    assert len(place.folders()) == 1


@pytest.mark.parametrize("nth", range(1, 7))
def test_a_process_that_comes_between_is_met(place: Place, nth: int) -> None:
    """Both use the same folder; an empty twin goes into the trash."""
    calls = 0

    def between() -> None:
        nonlocal calls
        calls += 1
        place.clock.advance(0.4)
        if calls == nth:
            made.append(ensured(place))

    made: list[str] = []
    place.google.troubles.between = between
    made.append(ensured(place))
    place.google.troubles.between = None
    made.append(ensured(place))
    assert len(set(made)) == 1
    assert [it.id for it in place.folders()] == made[:1]


def test_a_twin_with_something_in_it_is_left(place: Place) -> None:
    """A person put a file there at once: a folder takes its files with it into the trash."""
    twins: list[str] = []

    def between() -> None:
        place.clock.advance(0.4)
        folders = place.folders()
        if folders and not twins:
            twins.append(folders[0].id)
            older = attrs.evolve(
                place.make_folder(), created=0, app_properties=folders[0].app_properties
            )
            place.google.drive.put(older, now=place.clock.now())
            place.make_sheet("mine", into=twins[0])

    place.google.troubles.between = between
    folder = ensured(place)
    assert folder not in twins
    assert {it.id for it in place.folders()} == {folder, *twins}


# --- over HTTP ----------------------------------------------------------------------------------


def test_a_folder_is_made_over_http(tmp_path: Path) -> None:
    """Through sockets, as the command does it."""
    with serve() as served:
        settings = SheetsSettings(
            endpoint=served.url, registry=tmp_path / "registry", share_with=("ada@example.com",)
        )
        client = SheetsClient.of(settings, clock=SystemClock())
        try:
            folder = ensure_folder(client, settings, clock=SystemClock())
            assert ensure_folder(client, settings, clock=SystemClock()) == folder
        finally:
            client.close()
        held = served.google.drive.all[folder].permissions
        assert {(it.name, it.role) for it in held} == {
            (TESTER, "owner"),
            ("ada@example.com", "writer"),
        }
