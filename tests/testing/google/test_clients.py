"""Real clients, unchanged: through the proxy by environment variables alone, and directly."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import gspread
import pytest
from google.oauth2.credentials import Credentials
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

from formbridge.testing.google.serving import ROBOT, Served, serve

GSPREAD = """
import sys
import gspread

client = gspread.service_account(filename=sys.argv[1])
book = client.create("Made by gspread", folder_id=sys.argv[2])
sheet = book.sheet1
sheet.update([["Name", "Age"], ["Eva", 7]], "A1:B2")
sheet.append_row(["Ada", 36])
sheet.append_rows([["Bob", "=B2+1"]], value_input_option="USER_ENTERED")
assert sheet.get_all_records() == [
    {"Name": "Eva", "Age": 7}, {"Name": "Ada", "Age": 36}, {"Name": "Bob", "Age": 8}
], sheet.get_all_records()
sheet.format("A1:B1", {"textFormat": {"bold": True}})
assert sheet.find("Ada").address == "A3"
more = book.add_worksheet("More", rows=10, cols=3)
more.batch_update([{"range": "A1", "values": [[1]]}, {"range": "C10", "values": [["x"]]}])
assert more.get("A1:C10")[9] == ["", "", "x"]
book.share("ada@example.com", perm_type="user", role="writer", notify=False)
assert {one["emailAddress"] for one in book.list_permissions() if "emailAddress" in one} >= {
    "ada@example.com"
}
assert client.open("Made by gspread").id == book.id
assert client.open_by_key(book.id).worksheet("More").row_count == 10
try:
    client.open("Nowhere")
except gspread.SpreadsheetNotFound:
    pass
else:
    raise AssertionError("found what is not there")
book.del_worksheet(more)
print(book.id)
"""

README = """
import re
import sys
import gspread
from gspread.utils import ValueRenderOption

gc = gspread.service_account(filename=sys.argv[1])
sh = gc.create("A new spreadsheet", folder_id=sys.argv[2])
sh.share("otto@example.com", perm_type="user", role="writer")
assert gc.open("A new spreadsheet").id == gc.open_by_key(sh.id).id == gc.open_by_url(sh.url).id
worksheet = sh.add_worksheet(title="A worksheet", rows=100, cols=20)
assert sh.get_worksheet(1).id == sh.worksheet("A worksheet").id
assert [one.title for one in sh.worksheets()] == ["Sheet1", "A worksheet"]
worksheet.update_acell("B1", "Bingo!")
worksheet.update_cell(1, 2, "Bingo!")
worksheet.update([[1, 2], [3, 4]], "A2")
worksheet.update([["=A2/B2"]], "C2", raw=False)
assert worksheet.acell("B1").value == worksheet.cell(1, 2).value == "Bingo!"
assert worksheet.get("B1")[0][0] == "Bingo!"
assert worksheet.cell(2, 3, value_render_option=ValueRenderOption.formula).value == "=A2/B2"
assert worksheet.row_values(1) == ["", "Bingo!"]
assert worksheet.col_values(2) == ["Bingo!", "2", "4"]
assert worksheet.get_all_values() == [["", "Bingo!", ""], ["1", "2", "0.5"], ["3", "4", ""]]
cell = worksheet.find("Bingo!")
assert (cell.row, cell.col) == (1, 2)
assert [one.address for one in worksheet.findall(re.compile("[34]"))] == ["A3", "B3"]
assert worksheet.get("A2:B2", value_render_option=ValueRenderOption.unformatted) == [[1, 2]]
worksheet.format("A1:B1", {"textFormat": {"bold": True}})
cells = worksheet.range("A2:B3")
for one in cells:
    one.value = "Ada"
worksheet.update_cells(cells)
sh.del_worksheet(worksheet)
sh.sheet1.update([["x"], ["y"], ["Ada"]])
print(sh.id)
"""

PYGSHEETS = """
import sys
import pygsheets

client = pygsheets.authorize(service_account_file=sys.argv[1])
book = client.create("Made by pygsheets")
sheet = book.sheet1
sheet.update_values("A1", [["Name", "Age"], ["Eva", 7]])
sheet.append_table(["Ada", 36], start="A1")
assert sheet.get_values("A1", "B3") == [["Name", "Age"], ["Eva", "7"], ["Ada", "36"]]
cell = sheet.cell("A1")
cell.note = "who"
cell.color = (1.0, 0.0, 0.0, 1.0)
assert sheet.cell("A1").note == "who"
book.share("ada@example.com", role="writer", type="user", emailMessage="hello")
book.add_worksheet("More", rows=5, cols=5)
assert [one.title for one in client.open_by_key(book.id).worksheets()] == ["Sheet1", "More"]
print(book.id)
"""

API_CLIENT = """
import sys
import google_auth_httplib2
import httplib2
from google.oauth2 import service_account
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

given = service_account.Credentials.from_service_account_file(
    sys.argv[1],
    scopes=["https://www.googleapis.com/auth/drive", "https://www.googleapis.com/auth/spreadsheets"],
)
http = google_auth_httplib2.AuthorizedHttp(given, http=httplib2.Http())
drive = build("drive", "v3", http=http)
sheets = build("sheets", "v4", http=http)
made = drive.files().create(
    body={
        "name": "Made by the API client",
        "mimeType": "application/vnd.google-apps.spreadsheet",
        "parents": [sys.argv[2]],
    },
    supportsAllDrives=True,
).execute()
book_id = made["id"]
sheets.spreadsheets().values().update(
    spreadsheetId=book_id,
    range="Sheet1!A1",
    valueInputOption="USER_ENTERED",
    body={"values": [["Name", "Age"], ["Eva", "=3+4"]]},
).execute()
appended = sheets.spreadsheets().values().append(
    spreadsheetId=book_id, range="A1:B1", valueInputOption="RAW", body={"values": [["Ada", 36]]}
).execute()
assert appended["updates"]["updatedRange"] == "Sheet1!A3:B3"
replies = sheets.spreadsheets().batchUpdate(
    spreadsheetId=book_id,
    body={"requests": [{"addSheet": {"properties": {"title": "More"}}}]},
).execute()
assert replies["replies"][0]["addSheet"]["properties"]["title"] == "More"
got = sheets.spreadsheets().values().get(
    spreadsheetId=book_id, range="Sheet1", valueRenderOption="UNFORMATTED_VALUE"
).execute()
assert got["values"] == [["Name", "Age"], ["Eva", 7], ["Ada", 36]], got
long = [f"Sheet1!A{row}:B{row}" for row in range(1, 200)]
ranges = sheets.spreadsheets().values().batchGet(spreadsheetId=book_id, ranges=long).execute()
assert len(ranges["valueRanges"]) == 199
answers = {}
batch = drive.new_batch_http_request(
    callback=lambda name, body, error: answers.__setitem__(name, (body, error))
)
batch.add(
    drive.permissions().create(
        fileId=book_id,
        body={"type": "user", "role": "reader", "emailAddress": "ada@example.com"},
        supportsAllDrives=True,
        sendNotificationEmail=False,
    ),
    request_id="share",
)
batch.add(drive.files().get(fileId="nothing"), request_id="missing")
batch.execute()
assert answers["share"][0]["role"] == "reader", answers
assert isinstance(answers["missing"][1], HttpError) and answers["missing"][1].resp.status == 404
print(book_id)
"""


PROGRAMS = {"gspread": GSPREAD, "gspread's README": README, "Google's own client": API_CLIENT}


@pytest.fixture
def served() -> Iterator[Served]:
    """A running service with a proxy."""
    with serve(proxy=True) as running:
        yield running


@pytest.fixture
def folder(served: Served) -> str:
    """The id of a Shared Drive in which the service account may make files."""
    key_file = served.service_account_file()
    assert key_file.is_file()
    tokens = served.google.tokens
    drive = served.google.drive.add_drive(
        "Team", by=tokens.accounts[ROBOT], now=served.google.clock.now()
    )
    return drive.id


def run(served: Served, program: str, *arguments: str) -> str:
    """Run a client with the proxy's variables and an error for each warning; return its output."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**kept, **served.environment},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_an_unchanged_client_works_through_the_proxy(
    served: Served, folder: str, program: str
) -> None:
    """It knows Google's addresses and a key file, and nothing of us."""
    key_file = served.service_account_file(through_proxy=True)
    assert "127.0.0.1" not in key_file.read_text("utf-8")
    book_id = run(served, program, str(key_file), folder)
    book = served.google.books[book_id]
    assert book.sheets[0].content(2, 0) == "Ada"


def test_pygsheets_works_through_the_proxy(served: Served) -> None:
    """It makes files in a My Drive, which only old service accounts have."""
    served.google.tokens.add_service_account(ROBOT, storage=True)
    key_file = served.service_account_file(through_proxy=True)
    book_id = run(served, PYGSHEETS, str(key_file))
    assert served.google.books[book_id].sheets[0].content(2, 0) == "Ada"


class Elsewhere(HTTPAdapter):
    """Sends what is meant for Google to another base URL: one of the ways to use the emulator."""

    def __init__(self, url: str) -> None:
        """Send it there."""
        super().__init__()
        self.base = urlsplit(url)

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:  # noqa: ANN401 - as requests has it
        """Send a request, with another scheme and host."""
        assert request.url is not None
        parts = urlsplit(request.url)
        request.url = parts._replace(scheme=self.base.scheme, netloc=self.base.netloc).geturl()
        return super().send(request, *args, **kwargs)


def test_gspread_works_at_the_base_url_with_the_token_that_everybody_knows(
    served: Served,
) -> None:
    """Without a proxy: an adapter in its session, which is public."""
    client = gspread.authorize(Credentials("test-token"))  # type: ignore[no-untyped-call]
    session = client.http_client.session
    for host in ("https://sheets.googleapis.com/", "https://www.googleapis.com/"):
        session.mount(host, Elsewhere(served.url))
    book = client.create("Direct")
    book.sheet1.append_row(["a", 1])
    assert book.sheet1.get_all_values() == [["a", "1"]]
    assert [one["name"] for one in client.list_spreadsheet_files()] == ["Direct"]
    session.close()


def test_a_key_file_leads_to_our_own_token_endpoint(served: Served) -> None:
    """For clients at the base URL: the file says where tokens come from."""
    said = json.loads(served.service_account_file().read_text("utf-8"))
    assert said["token_uri"] == f"{served.url}/token"
    assert Path(served.folder).stat().st_mode & 0o077 == 0


PROJECT = {
    "conftest.py": 'pytest_plugins = ["formbridge.testing.google.plugin"]',
    "test_it.py": """
from urllib.request import urlopen

def test_one(google):
    with urlopen(google.url + "/tokeninfo?access_token=" + google.token) as response:
        assert response.status == 200
    google.google.tokens.add_user("ada@example.com")
    assert google.service_account_file().is_file()

def test_two(google, google_proxy):
    assert "ada@example.com" not in google.google.tokens.accounts
    assert google_proxy.environment["HTTPS_PROXY"] == google_proxy.proxy
    assert google_proxy.ca_file.is_file()
""",
}


def test_the_fixture_is_a_fresh_service(tmp_path: Path) -> None:
    """As users write it, in a project of their own."""
    for name, text in PROJECT.items():
        (tmp_path / name).write_text(text, "utf-8")
    command = [sys.executable, "-W", "error", "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert "2 passed" in done.stdout, done.stdout + done.stderr
