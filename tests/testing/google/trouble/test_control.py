"""The control API: everything that can be done from code can be done over HTTP."""

import json
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from formbridge.testing.clock import FakeClock
from formbridge.testing.google.google import Google
from formbridge.testing.google.grid.book import fresh_book
from formbridge.testing.google.messages import Answer, Request
from formbridge.testing.google.trouble.control import COMMANDS

OWNER = "tester@example.com"
CALL = Request.of("GET", "/v4/spreadsheets/abc")


class Remote:
    """A service that is told things over HTTP."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.google = Google(clock=self.clock, seed=3)
        account = self.google.tokens.accounts[OWNER]
        file = self.google.drive.add_spreadsheet("Survey", owner=account, now=self.clock.now())
        self.book_id = file.id
        book = fresh_book(file.id, "Survey")
        for row, text in enumerate(("name", "b", "c", "a")):
            book.sheets[0].put(row, 0, text)
        book.sheets[0].grid["frozenRowCount"] = 1
        self.google.books[file.id] = book

    def ask(self, verb: str, path: str, body: object = None, **headers: str) -> Answer:
        """Send something to the control API."""
        data = b"" if body is None else json.dumps(body).encode()
        request = Request.of(verb, "/_emulator" + path, headers=headers, body=data)
        return self.google.handle(request)

    def told(self, verb: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        """Send something; return what is answered with 200."""
        answer = self.ask(verb, path, body)
        assert answer.status == 200, answer.body
        return answer.content

    def edit(self, name: str, **args: object) -> str:
        """Let the owner do something; return the sentence."""
        body = {"spreadsheetId": self.book_id, "edit": name, "args": args}
        return str(self.told("POST", "/person", body)["done"])

    def column(self) -> list[object]:
        """Return what stands in the first column."""
        sheet = self.google.books[self.book_id].sheets[0]
        return [sheet.content(row, 0) for row in range(len(sheet.rows))]


@pytest.fixture
def remote() -> Remote:
    """A service with one spreadsheet."""
    return Remote()


def test_a_fault_is_armed_listed_and_disarmed(remote: Remote) -> None:
    """A fault comes and goes by its id."""
    number = remote.told("POST", "/faults", {"kind": "error", "status": 500, "times": None})["id"]
    assert remote.google.handle(CALL).status == 500
    listed = remote.told("GET", "/faults")["faults"]
    assert [(fault["id"], fault["label"], fault["struck"]) for fault in listed] == [
        (number, "500", 1)
    ]
    remote.told("DELETE", f"/faults/{number}")
    assert remote.told("GET", "/faults")["faults"] == []
    assert remote.ask("DELETE", f"/faults/{number}").status == 404


def test_no_fault_strikes_the_control_api(remote: Remote) -> None:
    """Whatever was armed, it can be cleared."""
    remote.told("POST", "/faults", {"kind": "refuse", "times": None})
    remote.told("DELETE", "/faults")
    assert remote.google.troubles.faults == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/quotas", {"on": True, "user": 7}),
        ("/latency", {"on": True, "median": 0.1}),
        ("/lag", {"seconds": 60, "names_only": True}),
        ("/appends", {"hostile": True}),
        ("/apis", {"sheets": False, "drive": True}),
    ],
)
def test_settings_are_changed_and_read(remote: Remote, path: str, body: dict[str, Any]) -> None:
    """What was set is what is read."""
    remote.told("PATCH", path, body)
    found = remote.told("GET", path)
    assert {name: found[name] for name in body} == body


def test_time_passes_on_command(remote: Remote) -> None:
    """A month passes at once; skew is the service's only."""
    start = remote.told("GET", "/clock")["now"]
    assert (
        remote.told("PATCH", "/clock", {"advance": 2_592_000})["now"] == start + 2_592_000_000_000
    )
    assert remote.clock.now() == start + 2_592_000_000_000
    assert remote.told("PATCH", "/clock", {"skew": -10})["now"] == remote.clock.now() - 10_000_000
    assert remote.told("PATCH", "/clock", {"now": start})["now"] == start


def test_late_requests_land_when_time_is_advanced(remote: Remote) -> None:
    """Nobody has to call the service for what is late to arrive."""
    remote.told("POST", "/faults", {"kind": "error", "status": 503})
    remote.google.handle(CALL)
    landed: list[str] = []
    remote.told("POST", "/faults", {"kind": "late", "after_seconds": 30})
    with pytest.raises(Exception, match="cut before applying"):
        remote.google.troubles.around(CALL, lambda: landed.append("x") or Answer())
    remote.told("PATCH", "/clock", {"advance": 31})
    assert landed == ["x"]


def test_the_log_of_calls(remote: Remote) -> None:
    """The log says what was called by whom and what came of it; control is not in it."""
    token = {"authorization": "Bearer test-token"}
    remote.google.handle(Request.of("GET", "/v4/spreadsheets/abc", headers=token))
    remote.told("POST", "/faults", {"kind": "error"})
    remote.google.handle(CALL)
    log = remote.told("GET", "/calls")
    seen = [(call["method"], call["who"], call["file"], call["fault"]) for call in log["calls"]]
    assert seen == [
        ("sheets.spreadsheets.get", OWNER, "abc", ""),
        ("sheets.spreadsheets.get", "", "abc", "503"),
    ]
    assert len(remote.told("GET", f"/calls?since={log['last'] - 1}")["calls"]) == 1
    assert remote.told("GET", "/calls/counters")["fault"] == {"503": 1}
    remote.told("DELETE", "/calls")
    assert remote.told("GET", "/calls")["calls"] == []


def test_bodies_are_kept_only_on_request(remote: Remote) -> None:
    """What people answered does not end up in a log by itself."""
    request = Request.of("POST", "/v4/spreadsheets", body=b"{}")
    remote.google.troubles.around(request, Answer)
    remote.told("PATCH", "/calls", {"keep_requests": True})
    remote.google.troubles.around(request, Answer)
    assert [call["request"] for call in remote.told("GET", "/calls")["calls"]] == [None, "{}"]


def test_a_person_edits(remote: Remote) -> None:
    """The owner sorts and types, and the answer says so."""
    assert remote.edit("sort", tab="Sheet1", by="A") == "sorted Sheet1 by A"
    assert remote.column() == ["name", "a", "b", "c"]
    remote.edit("type", tab="Sheet1", at="A3", text="42")
    assert remote.column() == ["name", "a", 42.0, "c"]


def test_a_person_edits_at_random_between_calls(remote: Remote) -> None:
    """The same seed does the same; between calls, somebody acts before each."""
    body = {"spreadsheetId": remote.book_id, "seed": 4, "never": ["trash"]}
    done = remote.told("POST", "/person/random", {**body, "times": 5})["done"]
    assert done == Remote().told("POST", "/person/random", {**body, "times": 5})["done"]
    remote.told("POST", "/person/between", body)
    version = remote.google.books[remote.book_id].version
    remote.google.handle(CALL)
    assert remote.google.books[remote.book_id].version > version
    remote.told("DELETE", "/person/between")
    assert remote.google.troubles.between is None


def test_people_are_described(remote: Remote) -> None:
    """What a person can do is listed, each in a sentence."""
    edits = remote.told("GET", "/person")
    assert edits["insert_rows"] == "Insert empty rows above a row."
    assert all(sentence.endswith((".", ":")) or sentence for sentence in edits.values())
    assert {"do", "tab", "random"}.isdisjoint(edits)


def test_reset(remote: Remote) -> None:
    """Trouble ends; files go only where that is said."""
    remote.told("POST", "/faults", {"kind": "error"})
    remote.told("POST", "/reset")
    assert remote.google.troubles.faults == []
    assert remote.google.books
    remote.told("POST", "/reset", {"data": True})
    assert not remote.google.books
    assert not remote.google.drive.all


@pytest.mark.parametrize(
    ("verb", "path", "body", "status"),
    [
        ("GET", "/nonsense", None, 404),
        ("POST", "/clock", {}, 405),
        ("POST", "/faults", {}, 400),
        ("POST", "/faults", [], 400),
        ("POST", "/faults", {"kind": "nonsense"}, 400),
        ("POST", "/faults", {"kind": "error", "colour": 1}, 400),
        ("POST", "/faults", {"kind": "error", "times": "two"}, 400),
        ("POST", "/faults", {"kind": "error", "path": "("}, 400),
        ("POST", "/faults", {"kind": "slow", "seconds": float("nan")}, 400),
        ("PATCH", "/quotas", {"user": "many"}, 400),
        ("PATCH", "/quotas", {"_used": {}}, 400),
        ("PATCH", "/appends", {"hostile": "very"}, 400),
        ("PATCH", "/appends", {"colour": 1}, 400),
        ("PATCH", "/apis", {"gmail": False}, 400),
        ("PATCH", "/apis", {"sheets": "off"}, 400),
        ("PATCH", "/clock", {"advance": "a day"}, 400),
        ("PATCH", "/clock", {"advance": 1e12}, 400),
        ("PATCH", "/clock", {"now": -1}, 400),
        ("PATCH", "/clock", {"colour": 1}, 400),
        ("GET", "/calls?since=x", None, 400),
        ("POST", "/person", {}, 400),
        ("POST", "/person", {"spreadsheetId": "x", "edit": "sort"}, 404),
        ("POST", "/person", {"spreadsheetId": "BOOK", "edit": "do"}, 400),
        ("POST", "/person", {"spreadsheetId": "BOOK", "edit": "sort"}, 400),
        ("POST", "/person", {"spreadsheetId": "BOOK", "edit": "sort", "args": {"tab": 1}}, 400),
        ("POST", "/person", {"spreadsheetId": "BOOK", "edit": "trash", "account": "x"}, 404),
        ("POST", "/person/random", {"spreadsheetId": "BOOK", "only": ["fly"]}, 400),
    ],
)
def test_what_is_wrong_is_refused(
    remote: Remote, verb: str, path: str, body: object, status: int
) -> None:
    """What is misspelt, of a wrong type or missing is named in Google's shape of errors."""
    if isinstance(body, dict) and body.get("spreadsheetId") == "BOOK":
        body["spreadsheetId"] = remote.book_id
    answer = remote.ask(verb, path, body)
    assert answer.status == status
    assert answer.content["error"]["code"] == status
    assert answer.content["error"]["message"]


def test_a_body_that_is_no_json_is_refused(remote: Remote) -> None:
    """Half a body is named as what it is."""
    answer = remote.google.handle(Request.of("POST", "/_emulator/faults", body=b"{"))
    assert answer.status == 400


def test_pages_of_other_hosts_may_not_control(remote: Remote) -> None:
    """A page that a developer has open somewhere cannot reach the emulator."""
    headers = {"host": "127.0.0.1:8085", "origin": "https://evil.example"}
    assert remote.ask("POST", "/reset", {}, **headers).status == 403
    headers["origin"] = "http://127.0.0.1:8085"
    assert remote.ask("POST", "/reset", {}, **headers).status == 200


def test_every_command_is_documented() -> None:
    """The module's docstring is the manual; no command is missing in it."""
    from formbridge.testing.google.trouble import control  # noqa: PLC0415 - its text

    lines = [" ".join(line.split()) for line in (control.__doc__ or "").splitlines()]
    for verb, path in COMMANDS:
        if verb != "GET" or path not in {"latency", "lag"}:
            start = f"``{verb} /_emulator/{path}".rstrip("/")
            assert any(line.startswith(start) for line in lines), start


@pytest.mark.parametrize(
    ("api", "path"), [("sheets", "/v4/spreadsheets/abc"), ("drive", "/drive/v3/about?fields=user")]
)
def test_an_api_that_is_off_says_where_it_is_enabled(remote: Remote, api: str, path: str) -> None:
    """Google's sentence, its reason and the page; the other API goes on, and a reset enables it."""
    headers = {"Authorization": "Bearer test-token"}
    remote.told("PATCH", "/apis", {api: False})
    refused = remote.google.handle(Request.of("GET", path, headers=headers))
    remote.told("POST", "/reset")
    again = remote.google.handle(Request.of("GET", path, headers=headers))
    error = refused.content["error"]
    assert (refused.status, error["details"][0]["reason"]) == (403, "SERVICE_DISABLED")
    assert f"/apis/api/{api}.googleapis.com/overview?project=" in error["message"]
    assert again.status in {200, 404}


def test_every_answer_tells_the_time_of_the_service(remote: Remote) -> None:
    """Which is how a client learns that a clock is wrong."""
    right = remote.google.handle(CALL).headers["date"]
    remote.told("PATCH", "/clock", {"skew": -600})
    wrong = remote.google.handle(CALL).headers["date"]
    assert parsedate_to_datetime(right) - parsedate_to_datetime(wrong) == timedelta(minutes=10)


def test_hostile_appends_write_over_hidden_rows(remote: Remote) -> None:
    """As Google was seen to do; without the setting they go behind them."""
    path = f"/v4/spreadsheets/{remote.book_id}/values/A1:append?valueInputOption=RAW"
    headers = {"authorization": "Bearer test-token"}
    append = Request.of("POST", path, headers=headers, body=b'{"values": [["new"]]}')
    remote.edit("hide_rows", tab="Sheet1", row=3, count=2)
    assert remote.google.handle(append).content["updates"]["updatedRange"] == "Sheet1!A5"
    remote.edit("hide_rows", tab="Sheet1", row=3, count=3)
    remote.told("PATCH", "/appends", {"hostile": True})
    assert remote.google.handle(append).content["updates"]["updatedRange"] == "Sheet1!A3"
