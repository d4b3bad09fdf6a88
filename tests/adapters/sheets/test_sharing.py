"""Who gets access to what is made, and what happens where Google refuses it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from formbridge.adapters.sheets.calls.failures import Throttled, Unknown
from formbridge.domain.errors import TableUnavailable
from formbridge.domain.identity import TableKey
from formbridge.testing.google import Answer, Fault, Request
from formbridge.testing.google.trouble.faults import Kind
from tests.adapters.sheets.places import CLUB, TESTER, Place, somewhere

EVERYBODY = (
    "ada@example.com",
    "reader:bob@example.com",
    "commenter:group:team@example.com",
    "reader:domain:example.org",
)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """Return an emulator with nothing in it."""
    with somewhere(tmp_path) as it:
        yield it


def held(place: Place, file_id: str) -> set[tuple[str, str, str]]:
    """Return type, name and role of everybody who has access to a file itself."""
    return {(it.type, it.name, it.role) for it in place.file(file_id).permissions}


OWNER = ("user", TESTER, "owner")
GIVEN = {
    ("user", "ada@example.com", "writer"),
    ("user", "bob@example.com", "reader"),
    ("group", "team@example.com", "commenter"),
    ("domain", "example.org", "reader"),
}


def test_what_is_made_is_shared_with_everybody(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder, and each spreadsheet: one call for each of them, and no emails."""
    asked: list[Request] = []
    handle = place.google.handle

    def spied(request: Request) -> Answer:
        asked.append(request)
        return handle(request)

    monkeypatch.setattr(place.google, "handle", spied)
    book = place.locator(share_with=EVERYBODY).create(CLUB, number=1)
    assert held(place, book) == GIVEN | {OWNER}
    assert held(place, place.folders()[0].id) == GIVEN | {OWNER}
    assert place.calls["drive.share"] == 8
    emails = [it.value("sendNotificationEmail") for it in asked if "permissions" in it.path]
    assert emails == ["false"] * 8


def test_what_people_made_is_not_shared(place: Place) -> None:
    """Who has access to an adopted sheet, or to a folder, its owner has decided."""
    folder = place.make_folder()
    mine = place.make_sheet("club", into=folder.id)
    locator = place.locator(share_with=EVERYBODY)
    assert locator.find(CLUB) == (mine.id,)
    locator.create(TableKey(form_id="other"), number=1)
    assert held(place, mine.id) == held(place, folder.id) == {OWNER}


def test_the_account_itself_stays_the_owner(place: Place) -> None:
    """Its own address among those to share with is passed over."""
    book = place.locator(share_with=(TESTER.upper(), "ada@example.com")).create(CLUB, number=1)
    assert held(place, book) == {OWNER, ("user", "ada@example.com", "writer")}


def test_who_we_are_is_asked_once(place: Place) -> None:
    """And not at all where nobody is to get access."""
    place.make_folder()
    locator = place.locator(share_with=("ada@example.com",))
    for number in (1, 2):
        locator.create(CLUB, number=number)
    assert place.calls["drive.about"] == 1
    place.locator(folder="FormBridge").create(TableKey(form_id="other"), number=1)
    assert place.calls["drive.about"] == 0


@pytest.mark.parametrize("kind", [Kind.CUT_BEFORE, Kind.CUT_AFTER])
def test_sharing_that_was_cut_is_gone_on_with(place: Place, tmp_path: Path, kind: Kind) -> None:
    """Nothing is used before it is shared; another process finishes it, and makes nothing."""
    path = tmp_path / "registry"
    place.make_folder()
    place.google.troubles.add(Fault(kind=kind, method="drive.permissions.create", nth=2))
    settings = {"registry": path, "share_with": EVERYBODY}
    with pytest.raises(Unknown):
        place.locator(**settings).create(CLUB, number=1)
    other = place.locator(**settings)
    assert other.find(CLUB) == ()
    book = other.create(CLUB, number=1)
    assert held(place, book) == GIVEN | {OWNER}
    assert place.calls["drive.create"] == 1
    assert other.find(CLUB) == (book,)


def test_sharing_that_is_throttled_waits(place: Place) -> None:
    """Google limits how often files are shared, too."""
    place.make_folder()
    fault = Fault(kind=Kind.ERROR, status=429, method="drive.permissions.create")
    place.google.troubles.add(fault)
    locator = place.locator(share_with=EVERYBODY)
    with pytest.raises(Throttled):
        locator.create(CLUB, number=1)
    book = locator.create(CLUB, number=1)
    assert held(place, book) == GIVEN | {OWNER}
    assert place.calls["drive.create"] == 1


@pytest.mark.parametrize("status", [400, 403])
def test_somebody_whom_google_refuses_is_named(place: Place, status: int) -> None:
    """The table waits for a person; the spreadsheet is there, and nothing is made again."""
    place.make_folder()
    fault = Fault(kind=Kind.ERROR, status=status, method="drive.permissions.create", times=None)
    place.google.troubles.add(fault)
    locator = place.locator(share_with=EVERYBODY)
    for _ in range(2):
        with pytest.raises(TableUnavailable, match=r"'club' was made, but.*ada@example.com as wri"):
            locator.create(CLUB, number=1)
    assert place.calls["drive.create"] == 1
    assert locator.find(CLUB) == ()
    place.google.troubles.clear()
    book = locator.create(CLUB, number=1)
    assert [it.id for it in place.spreadsheets()] == [book]
