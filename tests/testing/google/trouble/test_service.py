"""Trouble around the real work: what is in the spreadsheet, the log and the search afterwards."""

import json
from typing import Any

import pytest

from formbridge.testing.clock import FakeClock
from formbridge.testing.google.google import Google
from formbridge.testing.google.grid.book import fresh_book
from formbridge.testing.google.messages import Answer, Request
from formbridge.testing.google.trouble.faults import Fault, Kind
from formbridge.testing.google.trouble.troubles import Cut

BEARER = "Bearer test-token"
OWNER = "tester@example.com"


class Client:
    """Somebody who calls the API, with a spreadsheet."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.google = Google(clock=self.clock, seed=5)
        owner = self.google.tokens.accounts[OWNER]
        self.id = self.google.drive.add_spreadsheet("s", owner=owner, now=self.clock.now()).id
        self.google.books[self.id] = fresh_book(self.id, "s")

    def call(self, verb: str, path: str, body: Any = None, token: str = BEARER) -> Answer:  # noqa: ANN401 - JSON
        """Make a call."""
        data = b"" if body is None else json.dumps(body).encode()
        headers = {"authorization": token, "content-type": "application/json"}
        return self.google.handle(Request.of(verb, path, headers=headers, body=data))

    def append(self, text: str) -> int | str:
        """Append a row; return the status, or that the connection was cut."""
        rows = [{"values": [{"userEnteredValue": {"stringValue": text}}]}]
        request = {"appendCells": {"sheetId": 0, "rows": rows, "fields": "*"}}
        try:
            path = f"/v4/spreadsheets/{self.id}:batchUpdate"
            return self.call("POST", path, {"requests": [request]}).status
        except Cut:
            return "cut"

    def rows(self) -> list[object]:
        """Return what stands in the first column."""
        return [row[0] for row in self.google.books[self.id].sheets[0].rows]


@pytest.fixture
def client() -> Client:
    """A client of a service without trouble."""
    return Client()


def test_a_blind_retry_writes_a_row_twice(client: Client) -> None:
    """After a cut that came after applying, who tries again has the row twice."""
    client.google.troubles.add(Fault(kind=Kind.CUT_AFTER, use="write"))
    assert [client.append("a"), client.append("a")] == ["cut", 200]
    assert client.rows() == ["a", "a"]


def test_a_late_write_comes_behind_others(client: Client) -> None:
    """A request that arrives late is applied to what stands there then."""
    client.google.troubles.add(Fault(kind=Kind.LATE, after_calls=2))
    assert [client.append(text) for text in "abc"] == ["cut", 200, 200]
    assert client.rows() == ["b", "c", "a"]


@pytest.mark.parametrize("kind", [Kind.REFUSE, Kind.CUT_BEFORE, Kind.ERROR, Kind.HTML])
def test_what_was_not_applied_has_changed_nothing(client: Client, kind: Kind) -> None:
    """The spreadsheet is the very same value as before."""
    before = client.google.books[client.id]
    client.google.troubles.add(Fault(kind=kind))
    assert client.append("a") != 200
    assert client.google.books[client.id] is before


def test_quotas_refuse_and_forgive(client: Client) -> None:
    """The 61st write in a minute is refused with nothing applied; a minute later it is not."""
    client.google.troubles.quotas.on = True
    assert [client.append("x") for _ in range(61)].count(429) == 1
    assert len(client.rows()) == 60
    client.clock.advance(60)
    assert client.append("y") == 200


def test_the_log_knows_who_called(client: Client) -> None:
    """Method, caller, spreadsheet and quota units of a call are written down."""
    client.append("a")
    note = client.google.troubles.log.since()[0]
    assert (note.method, note.who, note.file, note.units, note.status) == (
        "sheets.spreadsheets.batchUpdate",
        OWNER,
        client.id,
        1,
        200,
    )


def test_tokens_end_early_for_a_clock_that_is_ahead(client: Client) -> None:
    """With a service that is two hours ahead, a token of an hour has ended already."""
    token = "Bearer " + client.google.tokens.issue(OWNER)
    path = f"/v4/spreadsheets/{client.id}"
    assert client.call("GET", path, token=token).status == 200
    client.google.troubles.clock.skew = 7200
    assert client.call("GET", path, token=token).status == 401


def test_search_lags_behind_creation(client: Client) -> None:
    """A file that was just made is found by its id, and by search only later."""
    client.google.troubles.lag.seconds = 60
    client.clock.advance(100)
    made = client.call("POST", "/drive/v3/files", {"name": "new"}).content["id"]

    def found() -> bool:
        return made in [one["id"] for one in client.call("GET", "/drive/v3/files").content["files"]]

    assert client.call("GET", f"/drive/v3/files/{made}").status == 200
    assert not found()
    client.clock.advance(61)
    assert found()
