"""``formbridge run --sink sheets:…``: the log becomes spreadsheets, by the options of a user."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from formbridge import spreadsheets
from formbridge.cli.state import state_folder
from formbridge.compose import open_publisher
from formbridge.domain.records import Record
from formbridge.testing.google import Served, serve
from formbridge.testing.google.files.file import FOLDER, SPREADSHEET
from formbridge.testing.google.grid.book import fresh_book
from formbridge.testing.google.seeds import plant
from tests.adapters.sheets.seen import Tab
from tests.cli.conftest import CommandLine

LOG = "sqlite:log.db"
RUN = ("run", "--broker", LOG, "--sink", "sheets:Forms", "--until-idle")
ROBOT = "robot@project.iam.gserviceaccount.com"
ADA = "ada@example.com"
MENDED = """
name = "native"

[response]
form_id = ["form_id", "form"]
response_id = ["response_id", "id"]
submitted_at = ["submitted_at", "at"]

[[answers]]
each = "answers[*]"
key = "question_id"
value = "value"
"""
Payload = Callable[..., str]


@pytest.fixture
def google() -> Iterator[Served]:
    """An emulator at an address of its own."""
    with serve() as served:
        yield served


@pytest.fixture
def published(formbridge: CommandLine, payload: Payload) -> CommandLine:
    """A log with three responses of two forms."""
    lines = [payload("1"), payload("2"), payload("1", form_id="g")]
    formbridge.write("a.jsonl", "\n".join(lines))
    assert formbridge("publish", "a.jsonl", "--broker", LOG).code == 0
    return formbridge


def named(google: Served, name: str, kind: str = SPREADSHEET) -> str:
    """Return the id of the only file of a name and a type."""
    files = google.google.drive.all.values()
    (found,) = [it.id for it in files if (it.name, it.mime_type) == (name, kind)]
    return found


def read(google: Served, name: str) -> list[list[object]]:
    """Return what a person sees in the spreadsheet of a name."""
    return Tab.of(google.google, named(google, name)).read()


# --- responses become rows -----------------------------------------------------------------------


def test_a_log_becomes_spreadsheets_once(published: CommandLine, google: Served) -> None:
    """In a folder of that name; the second run finds nothing to do, and makes nothing."""
    first = published(*RUN, "--endpoint", google.url, "--time-zone", "Europe/Berlin")
    again = published(*RUN, "--endpoint", google.url, "--group", "again")
    assert (first.code, first.err) == (0, "")
    assert first.out == "sheets:Forms: 3 records read, 3 rows changed, 0 dead letters\n"
    assert again.out == "sheets:Forms: 3 records read, 0 rows changed, 0 dead letters\n"
    header, *rows = read(google, "f")
    assert header == ["Response ID", "Submitted at", "Updated at", "q"]
    assert [(row[0], row[3]) for row in rows] == [("1", 1), ("2", 1)]
    assert [row[0] for row in read(google, "g")[1:]] == ["1"]
    assert google.google.books[named(google, "f")].time_zone == "Europe/Berlin"
    assert google.google.drive.all[named(google, "f")].parents == (named(google, "Forms", FOLDER),)


def test_what_is_made_is_shared(published: CommandLine, google: Served) -> None:
    """With people and groups, each in the role that was said."""
    sharing = ("--share-with", ADA, "--share-with", "reader:group:team@example.com")
    assert published(*RUN, "--endpoint", google.url, *sharing).code == 0
    for file_id in (named(google, "f"), named(google, "g"), named(google, "Forms", FOLDER)):
        given = google.google.drive.all[file_id].permissions
        roles = {it.name: (it.type, it.role) for it in given}
        assert roles[ADA] == ("user", "writer")
        assert roles["team@example.com"] == ("group", "reader")


def test_a_form_may_have_a_spreadsheet_of_a_persons_own(
    published: CommandLine, google: Served
) -> None:
    """A service account writes into it, though it could make none: it needs no folder."""
    key = google.service_account_file()
    share = [{"email": ROBOT, "role": "writer"}]
    ours = [{"name": name, "id": f"book-{name}", "share": share} for name in ("club", "gym")]
    plant(google.google, {"spreadsheets": ours})
    given = (
        "--spreadsheet",
        "f=book-club",
        "--spreadsheet",
        "g=book-gym",
        "--credentials",
        str(key),
    )
    ended = published(*RUN, "--endpoint", google.url, *given)
    assert (ended.code, ended.err) == (0, "")
    assert [row[0] for row in read(google, "club")[1:]] == ["1", "2"]
    assert [row[0] for row in read(google, "gym")[1:]] == ["1"]


def test_several_sinks_of_both_kinds_run_together(published: CommandLine, google: Served) -> None:
    """The options of Google Sheets are for those that are there."""
    ended = published.json(
        *RUN, "--sink", "csv:out", "--sink", "sheets:More", "--endpoint", google.url
    )
    assert isinstance(ended, list)
    assert [(it["sink"], it["changed"]) for it in ended] == [
        ("sheets:Forms", 3),
        ("csv:out", 3),
        ("sheets:More", 3),
    ]


def test_titles_are_those_of_a_tab_that_a_person_filled_in(
    published: CommandLine, google: Served
) -> None:
    """In the spreadsheet itself; each has its own."""
    assert published(*RUN, "--endpoint", google.url).code == 0
    account = google.google.tokens.accounts["tester@example.com"]
    sheet = fresh_book("new", "new").sheets[0]
    sheet.id, sheet.title = 4711, "Questions"
    for row, line in enumerate((("Question ID", "Title"), ("q", "How many?"))):
        for column, text in enumerate(line):
            sheet.put(row, column, text)
    google.google.books[named(google, "f")].sheets.append(sheet)
    google.google.drive.touch(named(google, "f"), by=account, now=google.google.clock.now())
    ended = published(*RUN, "--endpoint", google.url, "--questions-tab", "--group", "again")
    assert (ended.code, ended.err) == (0, "")
    assert read(google, "f")[0][3] == "How many?"
    assert read(google, "g")[0][3] == "q"


def test_dead_letters_are_replayed_into_spreadsheets(
    published: CommandLine, google: Served
) -> None:
    """With the options of the run whose letters they are, and a description that was mended."""
    at = ("--endpoint", google.url)
    other = b'{"form": "f", "id": "9", "at": "2026-03-02T12:10:00Z", "answers": []}'
    publisher = open_publisher(LOG)
    publisher.publish([Record(key=b"f", value=other)])
    publisher.close()
    assert published(*RUN, *at).code == 1
    published.write("native.toml", MENDED)
    replay = ("dead-letters", "replay", "--all", "--broker", LOG, "--sink", "sheets:Forms")
    ended = published(*replay, *at, "--format", "native.toml")
    assert (ended.code, ended.out) == (0, "1 dead letter replayed\n"), ended.err
    assert [row[0] for row in read(google, "f")[1:]] == ["1", "2", "9"]


# --- where what can be rebuilt is kept -----------------------------------------------------------


def registries(folder: Path) -> list[str]:
    """Return the names of the registries of spreadsheets in a folder."""
    return sorted(it.name for it in folder.glob("sheets-*.json"))


def test_ids_are_remembered_beside_a_log_in_a_file(published: CommandLine, google: Served) -> None:
    """So that a later start searches for nothing."""
    published(*RUN, "--endpoint", google.url)
    assert len(registries(published.folder)) == 1
    before = google.google.troubles.log.last
    published(*RUN, "--endpoint", google.url, "--group", "again")
    calls = google.google.troubles.log.since(before)
    assert [it.method for it in calls if it.method == "drive.files.list"] == []


def test_ids_are_remembered_where_the_state_is_kept(published: CommandLine, google: Served) -> None:
    """A file for each folder and service; it is made with its folder."""
    published(*RUN, "--endpoint", google.url, "--state", "deep/state")
    assert registries(published.folder) == []
    (name,) = registries(published.folder / "deep" / "state")
    assert name.startswith("sheets-Forms-http-127-0-0-1")


def test_a_log_elsewhere_keeps_state_with_the_users(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """By XDG's rule; nowhere, if it may not be made."""
    kafka = "kafka://localhost:9092/responses"
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert state_folder(None, kafka) == tmp_path / "state" / "formbridge"
    assert state_folder("mine", kafka) == Path("mine")
    assert state_folder(None, "sqlite:deep/log.db") == Path("deep")
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    assert state_folder(None, kafka) is None


@pytest.mark.parametrize(
    ("platform", "place"),
    [("linux", ".local/state/formbridge"), ("darwin", "Library/Application Support/formbridge")],
)
def test_without_a_word_of_xdg_the_systems_own_place_is_taken(
    platform: str, place: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A relative XDG_STATE_HOME counts as none, as XDG says."""
    monkeypatch.setenv("XDG_STATE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", platform)
    assert state_folder(None, "kafka://localhost:9092/responses") == tmp_path / place


def test_a_user_without_a_home_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container whose user has no entry."""
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr(os, "getuid", lambda: 987_654_321)
    assert state_folder(None, "kafka://localhost:9092/responses") is None


# --- at the start --------------------------------------------------------------------------------


def test_what_would_stop_every_write_is_told_before_anything_is_read(
    published: CommandLine, google: Served
) -> None:
    """In the doctor's words, with the remedies; nothing was taken from the log."""
    key = google.service_account_file()
    plant(
        google.google,
        {"folders": [{"name": "Forms", "share": [{"email": ROBOT, "role": "writer"}]}]},
    )
    refused = published(*RUN, "--endpoint", google.url, "--credentials", str(key))
    assert (refused.code, refused.out) == (1, "")
    assert refused.err.startswith("formbridge: Google Sheets, right to create: ")
    assert refused.err.count("\n") == 1
    for words in ("Shared Drive", "OAuth", "domain-wide delegation", "name it in spreadsheets"):
        assert words in refused.err
    later = published(*RUN, "--endpoint", google.url)
    assert later.out == "sheets:Forms: 3 records read, 3 rows changed, 0 dead letters\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--sink", "sheets:F", "--credentials", "absent.json"], "absent.json cannot be read"),
        (["--sink", "sheets:F", "--endpoint", "http://example.com"], "for this machine only"),
        (["--sink", "sheets:F", "--endpoint", "nowhere"], "is no base URL"),
        (["--sink", "sheets:F", "--share-with", "ada"], "'ada' is nobody"),
        (["--sink", "sheets:F", "--time-zone", "Mars"], "time_zone: 'Mars'"),
        (["--sink", "sheets:F", "--spreadsheet", "f"], "--spreadsheet 'f' is not NAME=VALUE"),
        (["--sink", "sheets:F", "--spreadsheet", "f=1 2"], "is no id or URL"),
        (
            ["--sink", "sheets:F", "--spreadsheet", "f=1abcd", "--spreadsheet", "f=2abcd"],
            "--spreadsheet f stands there twice",
        ),
        (["--sink", "sheets:F", "--sheets-option", "colour=red"], "unknown setting 'colour'"),
        (["--sink", "sheets:F", "--sheets-option", "fence"], "write reads_per_minute=300"),
        (
            ["--sink", "sheets:F", "--subject", ADA, "--sheets-option", "subject=x@example.com"],
            "subject is said twice",
        ),
        (["--sink", "csv:out", "--credentials", "a.jsonl"], "--credentials is for a sink sheets:"),
        (["--sink", "csv:out", "--spreadsheet", "f=1"], "--spreadsheet is for a sink sheets:"),
        (["--sink", "csv:out", "--sheets-option", "a=b"], "--sheets-option is for a sink sheets:"),
        (["--sink", "csv:out", "--time-zone", "UTC"], "--time-zone is for a sink sheets:"),
        (["--sink", "sheets:"], "names no folder"),
        (["--sink", "csv:out", "--questions-tab"], "--questions-tab is for a sink sheets:"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(
    arguments: list[str], says: str, published: CommandLine
) -> None:
    """Before anything is called."""
    ended = published("run", "--broker", LOG, "--until-idle", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert says in ended.err
    assert ended.err.count("\n") == 1


@pytest.mark.parametrize(
    "command",
    [
        RUN,
        ("dead-letters", "replay", "--all", "--broker", LOG, "--sink", "sheets:Forms"),
        ("sheets", "folder", "Forms"),
        ("doctor", "sheets"),
        ("doctor", "sheets", "--probe"),
    ],
)
def test_without_the_extra_a_sentence_says_what_to_install(
    command: tuple[str, ...], published: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever names a sink for it meant to have it."""
    monkeypatch.setattr(spreadsheets, "find_spec", lambda _name: None)
    ended = published(*command)
    assert ended.code == 2
    assert "pip install 'formbridge[sheets]'" in ended.err


# --- the folder ----------------------------------------------------------------------------------


def test_a_folder_is_made_and_shared_by_one_command(
    formbridge: CommandLine, google: Served
) -> None:
    """A second time it is found."""
    command = ("sheets", "folder", "Forms", "--endpoint", google.url, "--share-with", ADA)
    first, again = formbridge(*command), formbridge.json(*command)
    folder = named(google, "Forms", FOLDER)
    link = f"https://drive.google.com/drive/folders/{folder}"
    assert (first.code, first.out) == (0, f"Forms: {link}\n")
    assert again == {"id": folder, "link": link}
    assert ADA in {it.name for it in google.google.drive.all[folder].permissions}


def test_a_folder_that_could_hold_nothing_is_not_made(
    formbridge: CommandLine, google: Served
) -> None:
    """A service account has no My Drive to speak of."""
    key = google.service_account_file()
    command = ("sheets", "folder", "Forms", "--endpoint", google.url, "--credentials", str(key))
    ended = formbridge(*command)
    assert (ended.code, ended.out) == (1, "")
    assert "Shared Drive" in ended.err


def test_keys_are_shown_by_no_message(formbridge: CommandLine, google: Served) -> None:
    """Whatever is wrong with a file."""
    said = json.loads(google.service_account_file().read_text())
    formbridge.write("key.json", json.dumps(said | {"private_key": "SECRET"}))
    command = ("sheets", "folder", "Forms", "--endpoint", google.url)
    ended = formbridge(*command, "--credentials", "key.json")
    assert ended.code == 2
    assert "SECRET" not in ended.err + ended.out
