"""Files of other kinds that become spreadsheets: comma or tab separated values."""

import csv
import io
from random import Random

from formbridge.testing.google.behaviour import ASSUMED, RECORDED, behaves
from formbridge.testing.google.drive.refusals import bad_request
from formbridge.testing.google.drive.times import day_of
from formbridge.testing.google.errors import Refused
from formbridge.testing.google.grid.book import CELL_LIMIT, COLUMN_LIMIT, Book
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.texts.typing import Typist

DELIMITERS = {"text/csv": ",", "text/plain": ",", "text/tab-separated-values": "\t"}
TIME_ZONE = "America/Los_Angeles"
"""The zone that imported spreadsheets have (recorded)."""


@behaves("an import makes one tab, called as the file, whatever was there", RECORDED)
@behaves("texts are read as if they were typed", ASSUMED)
@behaves("other types than CSV and TSV are not imported by this emulator", ASSUMED)
def imported(content: bytes, mime_type: str, *, title: str, ids: Random, now: int) -> Book:
    """Return the spreadsheet that a file becomes; its id is still to be given."""
    if mime_type not in DELIMITERS:
        raise bad_request()
    rows = read_rows(content, DELIMITERS[mime_type])
    width = max(map(len, rows), default=0)
    if width > COLUMN_LIMIT or max(1000, len(rows)) * max(26, width) > CELL_LIMIT:
        raise bad_request()
    book = Book(id="", title=title, time_zone=TIME_ZONE)
    sheet = Sheet(
        id=ids.randrange(1, 2**31),
        title=title[:100],
        row_count=max(1000, len(rows)),
        column_count=max(26, width),
    )
    book.sheets = [sheet]
    typist = Typist.of(book.locale, day_of(now))
    try:
        sheet.rows.extend([typist.content(text, None) for text in row] for row in rows)
    except Refused:
        raise bad_request() from None
    return book


def read_rows(content: bytes, delimiter: str) -> list[list[str]]:
    """Read separated values."""
    text = content.decode("utf-8-sig", "replace").replace("\0", "")
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        raise bad_request() from None
