"""The client's calls: what they send, what becomes of them, and how many there are."""

import json
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
import requests
from gspread.http_client import BackOffHTTPClient, HTTPClient

from formbridge.adapters.sheets.calls.client import Call, SheetsClient
from formbridge.adapters.sheets.calls.errors import (
    CallFailed,
    Denied,
    Forbidden,
    Invalid,
    Missing,
    Throttled,
    Unknown,
    domain_error,
)
from formbridge.adapters.sheets.calls.wire import at, encoded
from formbridge.adapters.sheets.settings import SheetsSettings
from formbridge.adapters.sheets.sharees import Sharee
from formbridge.adapters.system.clock import SystemClock
from formbridge.testing.clock import FakeClock
from formbridge.testing.google import Fault, Google, serve
from formbridge.testing.google.trouble.faults import Kind
from tests.adapters.sheets.in_process import ENDPOINT, emulated, opened

SHEET = "application/vnd.google-apps.spreadsheet"
FOLDER = "application/vnd.google-apps.folder"
ROWS = "sheets(data(rowData(values(userEnteredValue))))"


@attrs.frozen(kw_only=True)
class Rig:
    """An emulator, its clock, a client, and a spreadsheet."""

    google: Google
    clock: FakeClock
    client: SheetsClient
    book: str

    def count(self, method: str) -> int:
        """Return how many calls of a method came to Google."""
        return self.google.troubles.log.count(method)


@pytest.fixture(name="rig")
def _rig() -> Iterator[Rig]:
    google, clock = emulated()
    client = opened(google, clock)
    book = client.create_file({"name": "Club", "mimeType": SHEET})["id"]
    yield Rig(google=google, clock=clock, client=client, book=book)
    client.close()


def appended(*texts: str) -> dict[str, Any]:
    """Return a request that appends a row."""
    values = [{"userEnteredValue": {"stringValue": text}} for text in texts]
    rows = [{"values": values}]
    return {"appendCells": {"sheetId": 0, "rows": rows, "fields": "userEnteredValue"}}


# --- each call -----------------------------------------------------------------------------------


def test_a_change_is_one_write_and_shows_what_it_left_behind(rig: Rig) -> None:
    """A read that costs no read: the answer to the same call."""
    answer = rig.client.change(
        rig.book,
        [appended("Ada", "=1+1"), appended("Grüße 🎉")],
        ranges=["Sheet1!A1:A2"],
        fields=f"updatedSpreadsheet({ROWS})",
    )
    rows = answer["updatedSpreadsheet"]["sheets"][0]["data"][0]["rowData"]
    shown = [row["values"][0]["userEnteredValue"]["stringValue"] for row in rows]
    assert shown == ["Ada", "Grüße 🎉"]
    assert rig.client.calls == {"drive.create": 1, "sheets.write": 1}


def test_a_change_without_a_mask_answers_the_replies(rig: Rig) -> None:
    """New tabs have ids that somebody needs."""
    answer = rig.client.change(rig.book, [{"addSheet": {"properties": {"title": "Two"}}}])
    assert answer["replies"][0]["addSheet"]["properties"]["title"] == "Two"
    assert "updatedSpreadsheet" not in answer


def test_a_change_is_all_or_nothing(rig: Rig) -> None:
    """And says that it was not applied."""
    with pytest.raises(Invalid) as caught:
        rig.client.change(rig.book, [appended("Ada"), {"deleteSheet": {"sheetId": 7}}])
    assert "requests[1].deleteSheet" in caught.value.reason
    assert rig.client.values(rig.book, ["Sheet1!A1:B9"]) == [[]]


def test_values_come_by_column_and_as_they_are(rig: Rig) -> None:
    """Numbers are numbers, a gap is an empty text, and a range without values is none."""
    number = {"userEnteredValue": {"numberValue": 46023.5}}
    flag = {"userEnteredValue": {"boolValue": True}}
    rows = {"sheetId": 0, "rows": [{"values": [number, {}, flag]}], "fields": "userEnteredValue"}
    rig.client.change(rig.book, [{"appendCells": rows}, appended("x")])
    found = rig.client.values(rig.book, ["Sheet1!A1:C9", "Sheet1!D1:D9"])
    assert found == [[[46023.5, "x"], [], [True]], []]
    assert rig.client.calls["sheets.read"] == 1


def test_a_spreadsheet_is_read_by_its_mask(rig: Rig) -> None:
    """Nothing comes that nobody asked for."""
    rig.client.change(rig.book, [appended("Ada", "36")])
    found = rig.client.read(rig.book, fields=f"spreadsheetId,{ROWS}", ranges=["Sheet1!B1"])
    cell = found["sheets"][0]["data"][0]["rowData"][0]["values"][0]
    assert found["spreadsheetId"] == rig.book
    assert cell == {"userEnteredValue": {"stringValue": "36"}}


def test_files_are_found_on_all_pages(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first page is not all there is."""
    monkeypatch.setattr("formbridge.adapters.sheets.calls.client.PAGE", "2")
    for number in range(4):
        rig.client.create_file({"name": f"Club {number}", "mimeType": SHEET})
        rig.clock.advance(1)
    found = rig.client.files("name contains 'Club' and trashed = false", fields="name")
    assert [it["name"] for it in found] == ["Club", "Club 0", "Club 1", "Club 2", "Club 3"]
    assert rig.client.calls["drive.list"] == 3


def test_files_of_one_shared_drive_are_told_from_all_others(rig: Rig) -> None:
    """A search on one drive is complete; one on all drives may not be."""
    me = rig.google.tokens.accounts["tester@example.com"]
    drive = rig.google.drive.add_drive("Team", by=me, now=rig.clock.now()).id
    body = {"name": "Club", "mimeType": SHEET, "parents": [drive]}
    there = rig.client.create_file(body)["id"]
    named = "name = 'Club'"
    assert [it["id"] for it in rig.client.files(named, fields="id", drive=drive)] == [there]
    assert {it["id"] for it in rig.client.files(named, fields="id")} == {there, rig.book}


def test_a_file_is_marked_moved_and_thrown_away(rig: Rig) -> None:
    """Its place, its name, its properties: one call each."""
    folder = rig.client.create_file({"name": "Forms", "mimeType": FOLDER})["id"]
    before = rig.client.file(rig.book, fields="parents")["parents"][0]
    rig.client.change_file(
        rig.book,
        {"name": "Club 2", "appProperties": {"mark": "1"}},
        add_parent=folder,
        remove_parent=before,
    )
    after = rig.client.file(rig.book, fields="name,parents,appProperties,trashed")
    expected = {"name": "Club 2", "parents": [folder], "appProperties": {"mark": "1"}}
    assert after == {**expected, "trashed": False}
    rig.client.change_file(rig.book, {"trashed": True})
    assert rig.client.file(rig.book, fields="trashed") == {"trashed": True}


def test_a_file_is_shared_without_an_email(rig: Rig) -> None:
    """Sixty forms would be sixty emails."""
    rig.client.share(rig.book, Sharee.of("reader:ada@example.com").permission)
    found = rig.client.file(rig.book, fields="permissions(emailAddress,role)")["permissions"]
    assert {"emailAddress": "ada@example.com", "role": "reader"} in found
    asked = rig.google.troubles.log.since()
    assert [it.path for it in asked if "permissions" in it.path]
    assert rig.client.calls["drive.share"] == 1


def test_drive_says_who_it_is(rig: Rig) -> None:
    """For the doctor, and for the sentences of others."""
    assert rig.client.about("user")["user"]["emailAddress"] == "tester@example.com"
    assert rig.client.who == ()


def test_a_body_is_sent_as_short_as_it_can_be() -> None:
    """How much fits into a request depends on it; what is no JSON is a mistake of ours."""
    assert encoded({"a": ["ü", 1.5, None, True]}) == '{"a":["ü",1.5,null,true]}'.encode()
    with pytest.raises(ValueError, match="not JSON compliant"):
        encoded({"a": float("nan")})


def test_only_the_host_of_an_address_is_replaced() -> None:
    """Paths, queries and escapes stay."""
    url = "https://sheets.googleapis.com/v4/spreadsheets/s/values/'T'!A%2F1?fields=a%2Cb"
    assert at("http://127.0.0.1:9", url) == url.replace("https://sheets.googleapis.com", ENDPOINT)
    assert at("https://example.com/google", url).startswith("https://example.com/google/v4/")
    assert at("", url) == url


def test_an_id_with_a_slash_leads_nowhere_else(rig: Rig) -> None:
    """Ids come from settings and from registries."""
    with pytest.raises(Missing):
        rig.client.file("../about", fields="id")
    with pytest.raises(CallFailed):
        rig.client.read(f"{rig.book}/values/A1", fields="spreadsheetId")


# --- what becomes of a call ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "kind", "landed"),
    [
        (Fault(kind=Kind.REFUSE), Unknown, False),
        (Fault(kind=Kind.CUT_BEFORE), Unknown, False),
        (Fault(kind=Kind.CUT_AFTER), Unknown, True),
        (Fault(kind=Kind.SLOW, seconds=61), Unknown, True),
        (Fault(kind=Kind.CUT_AFTER, hold=61), Unknown, True),
        (Fault(kind=Kind.ERROR, status=503), Unknown, False),
        (Fault(kind=Kind.ERROR, status=500, applied=True), Unknown, True),
        (Fault(kind=Kind.HTML, applied=True), Unknown, True),
        (Fault(kind=Kind.ERROR, status=429), Throttled, False),
    ],
)
def test_a_call_goes_out_once_whatever_befalls_it(
    rig: Rig, fault: Fault, kind: type[CallFailed], *, landed: bool
) -> None:
    """No back-off of gspread's repeats it: whether that is safe, only the caller knows."""
    rig.google.troubles.add(attrs.evolve(fault, use="write"))
    with pytest.raises(kind) as caught:
        rig.client.change(rig.book, [appended("Ada")])
    assert type(caught.value) is kind
    assert rig.count("sheets.spreadsheets.batchUpdate") == 1
    rig.clock.sleep(60)
    assert rig.client.values(rig.book, ["Sheet1!A1:A9"]) == ([[["Ada"]]] if landed else [[]])


def test_a_refused_connection_is_known_not_to_have_been_used(rig: Rig) -> None:
    """Nobody needs to look whether the call was applied."""
    for kind, sent in ((Kind.REFUSE, False), (Kind.CUT_BEFORE, True), (Kind.SLOW, True)):
        rig.google.troubles.add(Fault(kind=kind, seconds=61 if kind is Kind.SLOW else 0))
        with pytest.raises(Unknown) as caught:
            rig.client.about("user")
        assert caught.value.sent is sent


def test_no_client_of_gspreads_that_repeats_is_used(rig: Rig) -> None:
    """It repeats writes, never gives up, and waits for what will never pass."""
    for wire in rig.client.wires:
        assert isinstance(wire.http, HTTPClient)
        assert not isinstance(wire.http, BackOffHTTPClient)


def test_a_spreadsheet_that_is_not_there_or_not_ours(rig: Rig) -> None:
    """Deleted for good, or no longer shared."""
    with pytest.raises(Missing, match="the spreadsheet s1: there is no such file"):
        rig.client.read("s1", fields="spreadsheetId")
    rig.google.tokens.add_user("ada@example.com")
    rig.client.wires[0].http.auth.token = rig.google.tokens.issue("ada@example.com")
    with pytest.raises((Missing, Forbidden)) as caught:
        rig.client.change(rig.book, [appended("Ada")])
    assert caught.value.reason.startswith(f"the spreadsheet {rig.book}: ")


@pytest.mark.parametrize("api", ["sheets", "drive"])
def test_an_api_that_is_off_stops_the_whole_store(rig: Rig, api: str) -> None:
    """With the address at which it is enabled."""
    rig.google.apis_off.add(api)
    calls = {
        "sheets": lambda: rig.client.read(rig.book, fields="spreadsheetId"),
        "drive": lambda: rig.client.about("user"),
    }
    with pytest.raises(Denied, match=rf"https://console\.\S+{api}\.googleapis\.com"):
        calls[api]()


def test_a_service_account_cannot_make_a_spreadsheet_in_my_drive(rig: Rig) -> None:
    """Google's message names one way out; ours all four."""
    rig.google.tokens.add_service_account("robot@p.iam.gserviceaccount.com")
    token = rig.google.tokens.issue("robot@p.iam.gserviceaccount.com")
    rig.client.wires[0].http.auth.token = token
    with pytest.raises(Denied, match=r"making 'Club' in Google Drive: .*\(4\)"):
        rig.client.create_file({"name": "Club", "mimeType": SHEET})


@pytest.mark.parametrize("body", [b"[]", b'"ok"', b"<html>sign in to this network</html>"])
def test_an_answer_that_makes_no_sense_is_not_taken_for_one(rig: Rig, body: bytes) -> None:
    """A hotel's network answers everything with 200."""
    real = rig.client.wires[0].http.session.send

    def answered(request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:  # noqa: ANN401 - as requests'
        response = real(request, **kwargs)
        response._content = body  # noqa: SLF001 - requests has no other way in
        return response

    rig.client.wires[0].http.session.send = answered  # type: ignore[method-assign]
    with pytest.raises(Unknown):
        rig.client.about("user")


@pytest.mark.parametrize("error", ['"invalid_grant"', '{"message": "no code"}', "null", "[]", "5"])
def test_an_error_without_the_shape_of_googles_is_one_all_the_same(rig: Rig, error: str) -> None:
    """What gspread raises is another error where ``error`` is no object with a code."""
    real = rig.client.wires[0].http.session.send

    def answered(request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:  # noqa: ANN401 - as requests'
        response = real(request, **kwargs)
        response._content = f'{{"error": {error}}}'.encode()  # noqa: SLF001 - as above
        response.status_code = 500
        return response

    rig.client.wires[0].http.session.send = answered  # type: ignore[method-assign]
    with pytest.raises(Unknown):
        rig.client.about("user")


def test_no_answer_stands_in_what_is_printed_of_an_error(rig: Rig) -> None:
    """Google repeats what was sent; a traceback would print it."""
    secret = {"userEnteredValue": {"numberValue": "my diagnosis"}}
    rows = {"sheetId": 0, "rows": [{"values": [secret]}], "fields": "userEnteredValue"}
    with pytest.raises(Invalid) as caught:
        rig.client.change(rig.book, [{"appendCells": rows}])
    assert "diagnosis" in caught.value.detail  # else this test would show nothing
    error = domain_error(caught.value)
    error.__cause__ = caught.value
    printed = "".join(traceback.format_exception(error))
    assert "StoreBroken" in printed
    assert "Invalid" in printed
    assert "diagnosis" not in printed


def test_whoever_observes_hears_of_each_call(rig: Rig) -> None:
    """What it was, how long it took, and what became of it."""
    heard: list[Call] = []
    rig.client.observe = heard.append
    rig.google.troubles.add(Fault(kind=Kind.SLOW, seconds=3))
    rig.client.read(rig.book, fields="spreadsheetId")
    rig.google.troubles.add(Fault(kind=Kind.ERROR, status=503))
    with pytest.raises(Unknown):
        rig.client.about("user")
    assert heard == [
        Call(kind="sheets.read", seconds=3.0, outcome="ok"),
        Call(kind="drive.about", seconds=0.0, outcome="Unknown"),
    ]


# --- how many ------------------------------------------------------------------------------------


def test_a_minute_of_full_load_is_never_refused(rig: Rig) -> None:
    """The budget is kept before Google keeps it, whichever minute Google counts."""
    rig.google.troubles.quotas.on = True
    begun, done = rig.clock.monotonic(), 0
    while rig.clock.monotonic() - begun < 300:
        rig.client.change(rig.book, [appended("x")])
        done += 1
    assert done >= 290
    assert rig.google.troubles.log.count("429", kind="status") == 0
    assert rig.count("sheets.spreadsheets.batchUpdate") == rig.client.calls["sheets.write"] == done


def test_reads_do_not_take_from_writes(rig: Rig) -> None:
    """Google counts them apart."""
    for _ in range(30):
        rig.client.read(rig.book, fields="spreadsheetId")
    assert rig.client.wires[0].reads.left == 30
    assert rig.client.wires[0].writes.left == 60


def test_who_would_have_to_wait_for_long_is_told_instead(rig: Rig) -> None:
    """The bridge has other tables to write, and a membership to keep."""
    settings = SheetsSettings(endpoint=ENDPOINT, writes_per_minute=2)
    client = opened(rig.google, rig.clock, settings)
    client.change(rig.book, [appended("x")])
    with pytest.raises(Throttled) as caught:
        client.change(rig.book, [appended("x")])
    assert 2 < caught.value.seconds <= 61
    assert client.calls["sheets.write"] == rig.count("sheets.spreadsheets.batchUpdate")
    rig.clock.sleep(caught.value.seconds)
    client.change(rig.book, [appended("x")])
    client.close()


def test_several_processes_share_the_quota_of_an_account(rig: Rig) -> None:
    """Each gets an equal part, and at least one call a minute."""
    for processes, left in ((4, 15), (100, 1)):
        settings = SheetsSettings(endpoint=ENDPOINT, processes=processes)
        client = opened(rig.google, rig.clock, settings)
        assert client.wires[0].reads.left == left
        client.close()


def test_429_halves_the_pace_and_says_how_long(rig: Rig) -> None:
    """Somebody else uses the same account."""
    rig.google.troubles.add(Fault(kind=Kind.ERROR, status=429, use="write"))
    with pytest.raises(Throttled) as caught:
        rig.client.change(rig.book, [appended("x")])
    assert caught.value.seconds == 1.0
    assert rig.client.wires[0].writes.allowance == 30
    assert rig.client.wires[0].reads.allowance == 60
    rig.clock.sleep(120)
    assert rig.client.wires[0].writes.allowance == 60


def test_retry_after_is_honoured(rig: Rig) -> None:
    """Before it is over, nothing goes out."""
    send = rig.client.wires[0].http.session.send

    def answered(request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:  # noqa: ANN401 - as requests'
        response = send(request, **kwargs)
        response.headers["Retry-After"] = "40"
        return response

    rig.client.wires[0].http.session.send = answered  # type: ignore[method-assign]
    rig.google.troubles.add(Fault(kind=Kind.ERROR, status=429, use="write"))
    with pytest.raises(Throttled) as caught:
        rig.client.change(rig.book, [appended("x")])
    assert caught.value.seconds == 40
    with pytest.raises(Throttled):
        rig.client.change(rig.book, [appended("x")])
    assert rig.count("sheets.spreadsheets.batchUpdate") == 1


def test_drive_is_paced_too_once_it_says_so(rig: Rig) -> None:
    """Its 403 of too many calls is none of permission."""
    rig.google.troubles.quotas.on = True
    rig.google.troubles.quotas.drive_user = 500  # five searches
    for _ in range(5):
        rig.client.files("trashed = false", fields="id")
    with pytest.raises(Throttled) as caught:
        rig.client.files("trashed = false", fields="id")
    assert caught.value.seconds == 1.0
    assert rig.client.wires[0].drive.allowance == 300


# --- several accounts ----------------------------------------------------------------------------


@pytest.fixture(name="three")
def _three(tmp_path: Path) -> Iterator[tuple[Google, FakeClock, SheetsClient, str]]:
    """Three service accounts that share one spreadsheet, and the work."""
    clock = FakeClock(start=time.time_ns() // 1000)  # google-auth signs by the machine's clock
    google = Google(clock=clock, seed=1)
    owner = opened(google, clock)
    book = owner.create_file({"name": "Club", "mimeType": SHEET})["id"]
    files = []
    for number in range(3):
        name = f"robot{number}@p.iam.gserviceaccount.com"
        files.append(tmp_path / f"{number}.json")
        files[-1].write_text(json.dumps(google.tokens.add_service_account(name)), "utf-8")
        owner.share(book, Sharee.of(name).permission)
    owner.close()
    client = opened(google, clock, SheetsSettings(endpoint=ENDPOINT, credentials=files))
    google.troubles.log.clear()
    yield google, clock, client, book
    client.close()


def test_several_accounts_share_the_work(
    three: tuple[Google, FakeClock, SheetsClient, str],
) -> None:
    """Each has a quota of its own: three times as many calls a minute."""
    google, clock, client, book = three
    google.troubles.quotas.on = True
    begun, done = clock.monotonic(), 0
    while clock.monotonic() - begun < 60:
        client.change(book, [appended("x")])
        done += 1
    calls = [google.troubles.log.count(name, kind="who") for name in client.who]
    assert done >= 177
    assert max(calls) - min(calls) <= 1
    assert client.calls["token"] == 3


def test_the_account_that_has_the_most_left_calls_first(
    three: tuple[Google, FakeClock, SheetsClient, str],
) -> None:
    """A burst is spread too: it leaves something of each for the next one."""
    google, _, client, book = three
    for _ in range(9):
        client.change(book, [appended("x")])
    assert [google.troubles.log.count(name, kind="who") for name in client.who] == [3, 3, 3]


def test_one_account_that_is_refused_leaves_the_work_to_the_others(
    three: tuple[Google, FakeClock, SheetsClient, str],
) -> None:
    """Its pace is halved, theirs is not."""
    google, _, client, book = three
    google.troubles.add(Fault(kind=Kind.ERROR, status=429, use="write"))
    with pytest.raises(Throttled) as caught:
        client.change(book, [appended("x")])
    assert caught.value.seconds == 0
    client.change(book, [appended("x")])
    assert sorted(wire.writes.allowance for wire in client.wires) == [30, 60, 60]


def test_drive_is_the_first_accounts(three: tuple[Google, FakeClock, SheetsClient, str]) -> None:
    """A file's mark belongs to the account that made it: another one would not find it."""
    google, _, client, _ = three
    for _ in range(5):
        client.files("trashed = false", fields="id")
    assert google.troubles.log.count(client.who[0], kind="who") == 5


def test_an_account_that_may_not_is_named(
    three: tuple[Google, FakeClock, SheetsClient, str],
) -> None:
    """With several of them nobody could guess whom to share with."""
    google, clock, client, _ = three
    owner = opened(google, clock)
    other = owner.create_file({"name": "Other", "mimeType": SHEET})["id"]
    owner.close()
    with pytest.raises(Forbidden, match=f"share it as Editor with {client.who[0]}"):
        client.read(other, fields="spreadsheetId")


# --- sockets -------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["drive.about.get", "oauth2.token"])
def test_every_call_has_a_time_out(method: str) -> None:
    """Through a socket: without one, gspread would wait for ever, and google-auth two minutes."""
    with serve() as served:
        settings = SheetsSettings(
            endpoint=served.url, timeout=0.2, credentials=served.service_account_file()
        )
        client = SheetsClient.of(settings, clock=SystemClock())
        served.google.troubles.add(Fault(kind=Kind.SLOW, seconds=1.5, method=method))
        with pytest.raises(Unknown, match="no answer came in time") as caught:
            client.about("user")
        assert caught.value.sent is (method != "oauth2.token")
        client.close()


@pytest.mark.parametrize(
    ("kind", "sent"), [(Kind.CUT_BEFORE, True), (Kind.CUT_AFTER, True), (Kind.REFUSE, True)]
)
def test_a_real_socket_shows_what_the_carrier_in_this_process_shows(
    kind: Kind, *, sent: bool
) -> None:
    """Else all other tests would show nothing. A reset of an open connection was sent, too."""
    with serve() as served:
        client = SheetsClient.of(SheetsSettings(endpoint=served.url), clock=SystemClock())
        served.google.troubles.add(Fault(kind=kind))
        with pytest.raises(Unknown, match="lost before an answer came") as caught:
            client.about("user")
        assert caught.value.sent is sent
        served.listener.refuse()
        client.close()
        with pytest.raises(Unknown, match="cannot be reached") as caught:
            client.about("user")
        assert not caught.value.sent
        client.close()


def test_it_is_closed_twice_without_harm(rig: Rig) -> None:
    """And leaves no connection behind."""
    rig.client.close()
    rig.client.close()


def test_nobody_pays_for_google_who_does_not_use_it() -> None:
    """``import formbridge`` loads no SDK, nor do the settings of the sink."""
    code = (
        "import sys, formbridge, formbridge.adapters.sheets.settings;"
        "print({'gspread', 'google', 'requests'} & set(sys.modules))"
    )
    loaded = subprocess.check_output([sys.executable, "-c", code], text=True)
    assert loaded.strip() == "set()"
