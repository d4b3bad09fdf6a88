"""What is in files: uploads, downloads, imports and exports."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from zipfile import ZipFile

from hypothesis import assume, given
from hypothesis import strategies as st

from formbridge.testing.google.drive.exports import csv_of, tsv_of, xlsx_of
from formbridge.testing.google.google import Google
from formbridge.testing.google.grid.book import Book, fresh_book
from formbridge.testing.google.messages import Answer
from tests.testing.google.drive.talk import Talk

SHEET = "application/vnd.google-apps.spreadsheet"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CELL = st.text(st.characters(codec="utf-8"), max_size=6)


def with_rows(rows: list[list[str]]) -> Book:
    """Return a spreadsheet with texts."""
    book = fresh_book("1", "Book")
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            book.sheets[0].put(row, column, text or None)
    return book


def test_a_blob_comes_and_goes(me: Talk) -> None:
    """An upload of content alone is downloaded as it came."""
    made = me.send(
        "POST", "/upload/drive/v3/files", b"\0\r\n\xff", kind="image/x", uploadType="media"
    )
    file_id = made.content["id"]
    assert made.content["mimeType"] == "image/x"
    got = me.send("GET", f"files/{file_id}", alt="media")
    assert (got.body, got.headers["content-type"]) == (b"\0\r\n\xff", "image/x")
    assert me.file(file_id)["size"] == "4"
    me.send(
        "PATCH", f"/upload/drive/v3/files/{file_id}", b"new", kind="image/x", uploadType="media"
    )
    assert me.send("GET", f"files/{file_id}", alt="media").body == b"new"


def test_metadata_and_content_come_together(me: Talk) -> None:
    """A multipart upload names what it brings."""
    metadata = json.dumps({"name": "a.txt", "description": "b"})
    body = (
        f"--cut\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n{metadata}\r\n"
        "--cut\r\nContent-Type: text/plain\r\n\r\nline 1\r\nline 2\r\n--cut--\r\n"
    )
    kind = "multipart/related; boundary=cut"
    path = "/upload/drive/v3/files"
    made = me.send("POST", path, body.encode(), kind=kind, uploadType="multipart").content
    assert (made["name"], made["mimeType"]) == ("a.txt", "text/plain")
    assert me.send("GET", f"files/{made['id']}", alt="media").body == b"line 1\r\nline 2"


def test_an_upload_in_parts(me: Talk) -> None:
    """Parts are added up, a status may be asked for, and the last part makes the file."""
    body = json.dumps({"name": "big.bin"}).encode()
    begun = me.send("POST", "/upload/drive/v3/files", body, uploadType="resumable")
    place = begun.headers["location"].removeprefix("https://www.googleapis.com")
    path, _, query = place.partition("?")
    params = dict(part.split("=") for part in query.split("&"))

    def part(content: bytes, stated: str) -> Answer:
        return me.send("PUT", path, content, stated=stated, **params)

    assert begun.status == 200
    assert params["upload_id"]
    first = part(b"abc", "bytes 0-2/5")
    assert (first.status, first.headers["range"]) == (308, "bytes=0-2")
    assert part(b"", "bytes */5").headers["range"] == "bytes=0-2"
    done = part(b"de", "bytes 3-4/5")
    assert done.content["name"] == "big.bin"
    assert me.send("GET", f"files/{done.content['id']}", alt="media").body == b"abcde"
    assert part(b"de", "bytes 3-4/5").status == 404


def test_csv_becomes_a_spreadsheet(me: Talk, google: Google) -> None:
    """An upload that is converted is typed in, tab and spreadsheet named alike."""
    metadata = json.dumps({"name": "Numbers", "mimeType": SHEET})
    body = (
        f"--x\r\nContent-Type: application/json\r\n\r\n{metadata}\r\n"
        '--x\r\nContent-Type: text/csv\r\n\r\na,"b\nc",7\r\n--x--'
    )
    kind = "multipart/related; boundary=x"
    path = "/upload/drive/v3/files"
    made = me.send("POST", path, body.encode(), kind=kind, uploadType="multipart").content
    book = google.books[made["id"]]
    assert (book.title, book.sheets[0].title) == ("Numbers", "Numbers")
    assert book.sheets[0].rows.row(0) == ("a", "b\nc", 7.0)


def test_csv_replaces_a_spreadsheet(me: Talk, google: Google) -> None:
    """Version 2's upload throws all tabs away and shows the file in version 2's words."""
    file_id = me.create("Answers")
    google.books[file_id].sheets[0].put(5, 5, "old")
    path = f"/upload/drive/v2/files/{file_id}"
    body = me.send("PUT", path, b"1,x", kind="text/csv", uploadType="media", convert=True).content
    assert (body["kind"], body["title"], body["labels"]["trashed"]) == (
        "drive#file",
        "Answers",
        False,
    )
    assert body["userPermission"]["role"] == "owner"
    book = google.books[file_id]
    assert (book.id, book.title, book.time_zone) == (file_id, "Answers", "America/Los_Angeles")
    assert list(book.sheets[0].rows) == [(1.0, "x")]
    assert (book.sheets[0].row_count, book.sheets[0].column_count) == (1000, 26)


def test_only_blobs_are_downloaded_and_only_documents_exported(me: Talk) -> None:
    """Each refusal has Google's reason."""
    file_id = me.create("Answers")
    assert me.refused("GET", f"files/{file_id}", alt="media") == (403, "fileNotDownloadable")
    assert me.refused("GET", f"files/{file_id}/export", mimeType="image/png") == (400, "badRequest")
    blob = me.call("POST", "files", {"name": "a.txt", "mimeType": "text/plain"})["id"]
    export = f"files/{blob}/export"
    assert me.refused("GET", export, mimeType="text/csv") == (403, "fileNotExportable")


def test_an_export_is_what_people_see(me: Talk, google: Google) -> None:
    """Values come as they are shown, in rows of one width, without an end of line at the end."""
    file_id = me.create("Answers")
    sheet = google.books[file_id].sheets[0]
    for place, value in {(0, 0): "a", (0, 2): 1.5, (2, 1): True}.items():
        sheet.put(*place, value)
    got = me.send("GET", f"files/{file_id}/export", mimeType="text/csv")
    assert (got.status, got.body) == (200, b"a,,1.5\r\n,,\r\n,TRUE,")


@given(st.lists(st.lists(CELL, max_size=4), max_size=5))
def test_csv_is_read_as_it_was_written(rows: list[list[str]]) -> None:
    """Any texts come back from an export, as far as anything stands there."""
    read = list(csv.reader(io.StringIO(csv_of(with_rows(rows), 0).decode(), newline="")))
    width = max((len(row) for row in read), default=0)
    wanted = [(row + [""] * 4)[:4] for row in rows]
    while wanted and not any(wanted[-1]):
        wanted.pop()
    assert [(row + [""] * 4)[:4] for row in read] == wanted
    assert all(len(row) == width or width == 1 for row in read)


@given(st.lists(st.lists(CELL, max_size=4), max_size=5))
def test_tsv_has_a_line_for_each_row(rows: list[list[str]]) -> None:
    """No text of a cell makes another cell or another row."""
    text = tsv_of(with_rows(rows), 0).decode()
    lines = text.split("\r\n")
    assert len({line.count("\t") for line in lines}) == 1
    assert len(lines) <= max(1, len(rows))


def texts_of(packed: bytes) -> list[list[str]]:
    """Read the values of a workbook's first tab, as they are written."""
    with ZipFile(io.BytesIO(packed)) as archive:
        for name in archive.namelist():
            root = ET.fromstring(archive.read(name))  # noqa: S314 - made by ourselves
    rows = root.iter("{http://schemas.openxmlformats.org/spreadsheetml/2006/main}row")
    return [["".join(cell.itertext()) for cell in row] for row in rows]


@given(st.lists(st.lists(CELL, max_size=4), max_size=5))
def test_a_workbook_holds_the_texts(rows: list[list[str]]) -> None:
    """All parts are XML whatever stands in cells, and the texts are there that XML can hold."""
    clean = [[re.sub("[\x00-\x08\x0b-\x1f\ufffe\uffff]", "", text) for text in row] for row in rows]
    assume(clean == rows)
    while rows and not any(rows[-1]):
        rows.pop()
    read = texts_of(xlsx_of(with_rows(rows), 0))
    assert [(row + [""] * 4)[:4] for row in read] == [(row + [""] * 4)[:4] for row in rows]


@given(st.text(max_size=6))
def test_any_title_and_text_make_xml(text: str) -> None:
    """What XML cannot hold is left out."""
    book = with_rows([[text]])
    book.sheets[0].title = text or "Sheet1"
    assert len(texts_of(xlsx_of(book, 0))) <= 1


def test_a_workbook_has_values_of_each_kind(me: Talk, google: Google) -> None:
    """Numbers, truth and texts are told apart."""
    file_id = me.create("Answers")
    sheet = google.books[file_id].sheets[0]
    for place, value in {(0, 0): "a & <b>", (0, 1): 1.5, (1, 0): True}.items():
        sheet.put(*place, value)
    got = me.send("GET", f"files/{file_id}/export", mimeType=XLSX)
    assert texts_of(got.body) == [["a & <b>", "1.5"], ["1"]]
