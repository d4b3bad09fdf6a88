"""Seed files: what they set up, and what they are told where they are wrong."""

import json
from pathlib import Path

import pytest

from formbridge.testing.clock import FakeClock
from formbridge.testing.google.accounts.tokens import TEST_USER
from formbridge.testing.google.google import Google
from formbridge.testing.google.grid.cell import Cell
from formbridge.testing.google.messages import Body
from formbridge.testing.google.seed_parts import SeedError
from formbridge.testing.google.seeds import plant, read

ROBOT = "robot@project.iam.gserviceaccount.com"
ADA = "ada@example.com"

SEED: Body = {
    "users": [{"email": ADA, "name": "Ada", "token": "ada-token"}],
    "service_accounts": [{"email": ROBOT, "key_file": "robot.json", "token": "robot-token"}],
    "oauth_clients": [{"id": "app", "secret": "s"}],
    "api_keys": [{"key": "AIza-1"}],
    "refresh_tokens": [{"token": "1//ada", "email": ADA, "client": "app"}],
    "delegations": [{"service_account": ROBOT, "user": ADA}],
    "shared_drives": [{"name": "Team", "owner": ADA, "share": [{"email": ROBOT}]}],
    "folders": [{"name": "Forms", "owner": ADA, "in": "Team"}],
    "spreadsheets": [
        {
            "name": "Responses",
            "id": "responses",
            "owner": ADA,
            "in": "Forms",
            "locale": "de_DE",
            "share": [{"anyone": "reader"}, {"domain": "example.com", "role": "commenter"}],
            "sheets": [
                {"title": "Answers", "rows": [["Name", 7], [], [True, None, "", "=B1+1"]]},
                {"column_count": 3, "row_count": 4, "id": 99},
            ],
        },
        {"name": "Mine"},
    ],
}


@pytest.fixture
def google() -> Google:
    """The plain start."""
    return Google(clock=FakeClock(), seed=1)


def test_a_seed_sets_up_people_files_and_rows(google: Google, tmp_path: Path) -> None:
    """Everything that a seed may say, at once."""
    plant(google, SEED, folder=tmp_path, token_uri="http://127.0.0.1:1/token")  # noqa: S106 - an address
    tokens, drive = google.tokens, google.drive
    ada, robot = tokens.grant("ada-token"), tokens.grant("robot-token")
    assert ada is not None
    assert robot is not None
    assert tokens.refreshing["1//ada"].client == "app"
    assert (ROBOT, ADA) in tokens.delegates
    key_file = json.loads((tmp_path / "robot.json").read_text("utf-8"))
    assert key_file["token_uri"] == "http://127.0.0.1:1/token"  # noqa: S105 - an address
    book = google.books["responses"]
    assert (book.title, book.locale) == ("Responses", "de_DE")
    answers, second = book.sheets
    assert answers.rows.row(0) == ("Name", 7.0)
    assert answers.rows.row(2) == (True, None, None, Cell(formula="=B1+1"))
    assert (answers.row_count, answers.column_count) == (1000, 26)
    assert (second.id, second.title) == (99, "Sheet2")
    assert (second.row_count, second.column_count) == (4, 3)
    assert drive.may(robot, "responses", write=True)  # by the Shared Drive
    mine = next(book for book in google.books.values() if book.title == "Mine")
    assert [sheet.title for sheet in mine.sheets] == ["Sheet1"]
    assert drive.all[mine.id].owner == TEST_USER


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ({"users": 7}, "users: a list is needed"),
        ({"users": ["ada"]}, r"users\[0\]: an object is needed"),
        ({"users": [{"email": 7}]}, r"users\[0\].email: a text is needed"),
        ({"service_accounts": [{"email": "r", "storage": 1}]}, "storage: true or false is needed"),
        ({"folders": [{"name": "a", "in": "Nowhere"}]}, "'Nowhere' is not known"),
        ({"spreadsheets": [{"name": "a", "owner": "b@c"}]}, "'b@c' is not known"),
        ({"spreadsheets": [{"name": "a", "sheets": [{"rows": 7}]}]}, "a list of rows is needed"),
        ({"spreadsheets": [{"name": "a", "sheets": [{"rows": [[{}]]}]}]}, "a cell is"),
        ({"spreadsheets": [{"name": "a", "sheets": [{"id": -1}]}]}, "a number is needed"),
        ({"spreadsheets": [{"name": "a", "share": [{"anyone": "king"}]}]}, "one of reader"),
    ],
)
def test_a_seed_that_is_wrong_is_told_where(google: Google, said: Body, complaint: str) -> None:
    """The complaint names the place."""
    with pytest.raises(SeedError, match=complaint):
        plant(google, said)


def test_a_seed_file_is_json_or_toml(tmp_path: Path) -> None:
    """By its name; both say the same."""
    (tmp_path / "a.json").write_text('{"users": [{"email": "a@example.com"}]}', "utf-8")
    (tmp_path / "a.toml").write_text('[[users]]\nemail = "a@example.com"\n', "utf-8")
    assert read(tmp_path / "a.json") == read(tmp_path / "a.toml")


@pytest.mark.parametrize("text", ["", "[]", "{", '{"people": []}'])
def test_a_file_that_is_no_seed_is_refused(tmp_path: Path, text: str) -> None:
    """Also one that says something unknown, which may be a slip."""
    (tmp_path / "a.json").write_text(text, "utf-8")
    with pytest.raises(SeedError):
        read(tmp_path / "a.json")
    with pytest.raises(SeedError):
        read(tmp_path / "absent.json")
