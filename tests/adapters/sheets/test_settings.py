"""What may be said about Google is checked when it is said, by its name."""

from pathlib import Path
from typing import Any

import pytest

from formbridge.adapters.sheets.settings import Fence, SheetsSettings
from formbridge.adapters.sheets.sharees import Sharee
from formbridge.domain.errors import BadSetting

BOOK = "1AbCdEfGhIjKlMnOpQrStUvWxYz-0123456789_abcd"


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ({"folder": " "}, "folder"),
        ({"endpoint": "127.0.0.1:8085"}, "endpoint"),
        ({"endpoint": "ftp://127.0.0.1"}, "endpoint"),
        ({"endpoint": "http://127.0.0.1:port"}, "endpoint"),
        ({"endpoint": "http://127.0.0.1:8085?x=1"}, "endpoint"),
        ({"endpoint": "https://me:secret@example.com"}, "endpoint"),
        ({"subject": "ada"}, "subject"),
        ({"share_with": "ada"}, "share_with"),
        ({"share_with": ["anyone"]}, "share_with"),
        ({"share_with": ["owner:ada@example.com"]}, "share_with"),
        ({"spreadsheets": {"f1": "my sheet"}}, "spreadsheets"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"time_zone": "../../etc/passwd"}, "time_zone"),
        ({"time_zone": ""}, "time_zone"),
        ({"locale": "german"}, "locale"),
        ({"reads_per_minute": 0}, "reads_per_minute"),
        ({"writes_per_minute": -1}, "writes_per_minute"),
        ({"processes": 0}, "processes"),
        ({"connect_timeout": 0}, "connect_timeout"),
        ({"timeout": float("inf")}, "timeout"),
        ({"timeout": float("nan")}, "timeout"),
        ({"largest_payload": 100}, "largest_payload"),
        ({"most_cells": 10_000_001}, "most_cells"),
    ],
)
def test_what_cannot_work_is_refused_by_its_name(said: dict[str, Any], named: str) -> None:
    """At the start, before anything is read."""
    with pytest.raises(BadSetting, match=rf"^{named}\b") as caught:
        SheetsSettings(**said)
    assert "secret" not in str(caught.value)


def test_http_is_for_this_machine_only() -> None:
    """Answers are personal data, and tokens open everything."""
    with pytest.raises(BadSetting, match="in the clear; use https"):
        SheetsSettings(endpoint="http://sheets.example.com")
    assert not SheetsSettings(endpoint="https://sheets.example.com").local


@pytest.mark.parametrize(
    ("endpoint", "local"),
    [
        ("http://127.0.0.1:8085", True),
        ("http://127.0.0.1:8085/", True),
        ("http://localhost:8085", True),
        ("http://[::1]:8085", True),
        ("https://127.0.0.1.example.com", False),
        ("", False),
    ],
)
def test_what_is_this_machine(endpoint: str, *, local: bool) -> None:
    """The emulator's plain user is for this machine, whoever else calls himself like it."""
    settings = SheetsSettings(endpoint=endpoint)
    assert settings.local is local
    assert not settings.endpoint.endswith("/")


@pytest.mark.parametrize(
    "said",
    [
        BOOK,
        f" {BOOK}\n",
        f"https://docs.google.com/spreadsheets/d/{BOOK}",
        f"https://docs.google.com/spreadsheets/d/{BOOK}/edit?gid=0#gid=0",
        f"https://docs.google.com/a/example.com/spreadsheets/u/1/d/{BOOK}/edit",
    ],
)
def test_a_spreadsheet_is_named_by_its_id_or_as_the_browser_shows_it(said: str) -> None:
    """Nobody has to find the id in an address."""
    assert SheetsSettings(spreadsheets={"f1": said}).spreadsheets == {"f1": BOOK}


@pytest.mark.parametrize(
    ("text", "kind", "role", "address"),
    [
        ("ada@example.com", "user", "writer", "ada@example.com"),
        ("group:team@example.com", "group", "writer", "team@example.com"),
        ("reader:bob@example.com", "user", "reader", "bob@example.com"),
        ("commenter:domain:example.com", "domain", "commenter", "example.com"),
    ],
)
def test_who_gets_access_is_said_in_one_word(text: str, kind: str, role: str, address: str) -> None:
    """What it is and what it may do are written before the address."""
    (sharee,) = SheetsSettings(share_with=text).sharees
    assert sharee == Sharee(address=address, kind=kind, role=role)


def test_a_sharee_is_what_drive_takes() -> None:
    """A domain has a name, everybody else an email address."""
    assert Sharee.of("reader:ada@example.com").permission == {
        "type": "user",
        "role": "reader",
        "emailAddress": "ada@example.com",
    }
    assert Sharee.of("domain:example.com").permission == {
        "type": "domain",
        "role": "writer",
        "domain": "example.com",
    }


def test_one_credential_need_not_be_a_list() -> None:
    """Nor need paths be paths: a file of settings knows none."""
    assert SheetsSettings(credentials="key.json").credentials == (Path("key.json"),)
    two = SheetsSettings(credentials=["a.json", Path("b.json")], registry="ids.json")
    assert two.credentials == (Path("a.json"), Path("b.json"))
    assert two.registry == Path("ids.json")


def test_unsaid_it_is_what_google_allows_one_account() -> None:
    """The published quota, a margin below the limits, and the fence that nobody sees."""
    settings = SheetsSettings()
    assert (settings.reads_per_minute, settings.writes_per_minute) == (60, 60)
    assert settings.largest_payload < 2_000_000
    assert settings.most_cells < 10_000_000
    assert settings.fence is Fence.METADATA
