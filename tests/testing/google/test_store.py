"""The state in a file: all of it comes back, and what is no state is refused."""

import json
import time
from pathlib import Path

import pytest

from formbridge.testing.clock import FakeClock
from formbridge.testing.google.accounts.tokens import TEST_USER
from formbridge.testing.google.files.drive import Drive
from formbridge.testing.google.google import Google
from formbridge.testing.google.grid.book import Book, Metadata, NamedRange, fresh_book
from formbridge.testing.google.grid.cell import Cell, ErrorValue
from formbridge.testing.google.grid.ranges import Area, GridRange
from formbridge.testing.google.messages import Body, Request
from formbridge.testing.google.store import DRIVE, TOKENS, Store
from formbridge.testing.google.store_format import StoreError, from_json, to_json

ROBOT = "robot@project.iam.gserviceaccount.com"


def fresh() -> Google:
    """Return a service as it begins."""
    return Google(clock=FakeClock(), seed=1)


def rich_book(book_id: str) -> Book:
    """Return a spreadsheet with something of everything."""
    book = fresh_book(book_id, "Rich \ud83d")
    sheet = book.sheets[0]
    sheet.put(0, 0, "a\n\u2028\U0001f600")
    sheet.put(0, 1, 1.0)
    sheet.put(700, 2, Cell(formula="=1/0", format={"textFormat": {"bold": True}}, note="n"))
    sheet.put(1, 0, ErrorValue("REF", "gone"))
    sheet.put(1, 1, True)  # noqa: FBT003 - the content of a cell
    sheet.merges.append(Area(0, 0, 2, 2))
    sheet.row_sizes[3] = {"pixelSize": 9}
    sheet.list("protectedRanges").append({"protectedRangeId": 1, "$": "a dict with our mark"})
    sheet.filter = {"range": {"sheetId": 0}}
    book.named["x"] = NamedRange(id="x", name="N", range=GridRange(top=1))
    book.metadata[7] = Metadata(id=7, key="k", value="v", sheet=0, dimension="ROWS", end=1)
    return book


def filled() -> Google:
    """Return a service that holds something of everything."""
    google = fresh()
    google.tokens.add_service_account(ROBOT)
    google.tokens.add_client("c", secret="s")  # noqa: S106 - a test's
    google.tokens.issue(TEST_USER, source=google.tokens.issue_refresh(TEST_USER, client="c"))
    google.tokens.revoke(google.tokens.issue_refresh(TEST_USER))
    google.tokens.issue_code(TEST_USER)
    google.tokens.delegate(ROBOT, TEST_USER)
    owner = google.tokens.accounts[TEST_USER]
    file = google.drive.add_spreadsheet("Rich", owner=owner, now=5)
    google.drive.add(
        name="b", mime_type="text/plain", owner=owner, now=6, content=b"\xff\0", settings={"a": [1]}
    )
    google.drive.add_drive("Team", by=owner, now=7)
    google.books[file.id] = rich_book(file.id)
    return google


def told(google: Google) -> Body:
    """Return all that is kept, in a form that can be compared."""
    return {
        "tokens": {name: to_json(getattr(google.tokens, name)) for name in TOKENS},
        "drive": {name: to_json(getattr(google.drive, name)) for name in DRIVE},
        "books": to_json(google.books),
        "chance": google.ids.getstate(),
    }


def test_all_comes_back(tmp_path: Path) -> None:
    """Accounts, tokens, files, spreadsheets, and where the sequence of ids is."""
    google, file = filled(), tmp_path / "state.json"
    Store(google, file).save()
    other = fresh()
    assert Store(other, file).load()
    assert told(other) == told(google)
    assert other.drive.all == google.drive.all
    assert other.tokens.bearers == google.tokens.bearers
    assert file.stat().st_mode & 0o077 == 0


def test_every_attribute_is_kept_or_is_said_not_to_be() -> None:
    """Who adds an attribute has to decide."""
    google = fresh()
    assert set(vars(google.tokens)) == {*TOKENS, "clock"}
    assert set(vars(Drive(ids=google.ids))) == {*DRIVE, "ids"}
    assert set(vars(google)) == {
        *("books", "drive", "ids", "tokens"),
        *("apis_off", "clock", "hostile_appends", "lock", "troubles"),
    }


def test_there_is_no_state_at_first(tmp_path: Path) -> None:
    """A file that is absent is no error."""
    assert not Store(fresh(), tmp_path / "state.json").load()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (b"", "holds no state"),
        (b"\xff", "holds no state"),
        (b"[]", "holds no state"),
        (b'{"format": "other"}', "holds no state"),
        (b'{"format": "formbridge-google-emulator", "version": 2}', "another version"),
        (b'{"format": "formbridge-google-emulator", "version": 1}', "is damaged"),
    ],
)
def test_what_is_no_state_is_refused(tmp_path: Path, text: bytes, complaint: str) -> None:
    """A newer version's, too: to guess would lose data."""
    file = tmp_path / "state.json"
    file.write_bytes(text)
    google = fresh()
    with pytest.raises(StoreError, match=complaint):
        Store(google, file).load()
    assert told(google) == told(fresh())


@pytest.mark.parametrize(
    "value",
    [{"$": "os.system", "of": "x"}, {"$": "Account", "nobody": 1}, {"$": "Store"}],
)
def test_a_state_makes_no_other_objects(value: Body) -> None:
    """Only values of the classes that the format names."""
    with pytest.raises(StoreError):
        from_json(value)
    with pytest.raises(TypeError):
        to_json(Path())


def test_changes_are_written_while_the_service_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Soon after a call that may change something, and at the end without a call."""
    monkeypatch.setattr("formbridge.testing.google.store.OFTEN", 0.01)
    file = tmp_path / "state.json"
    google = filled()
    with Store(google, file) as store:
        store.handle(Request.of("POST", "/revoke", body=b"token=none"))
        while not file.exists():
            time.sleep(0.01)
        google.books["late"] = fresh_book("late", "Late")
    assert "late" in json.loads(file.read_text("utf-8"))["books"]
    assert [path.name for path in tmp_path.iterdir()] == ["state.json"]
