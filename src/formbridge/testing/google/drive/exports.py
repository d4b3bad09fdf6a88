"""Spreadsheets as files of other kinds."""

from collections.abc import Callable, Mapping, Sequence

from formbridge.testing.google.answers.shown import Shown
from formbridge.testing.google.behaviour import ASSUMED, RECORDED, SEEN, behaves
from formbridge.testing.google.drive.access import readable
from formbridge.testing.google.drive.refusals import bad_request, forbidden
from formbridge.testing.google.drive.xlsx import workbook
from formbridge.testing.google.files.file import FOLDER, NATIVE, SHORTCUT, SPREADSHEET
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.messages import Answer
from formbridge.testing.google.routes import Call, Use, method

NEEDS_QUOTES = frozenset('",\r\n')


@method("drive.files.export", Use.READ)
@behaves("only files of Google's editors are exported", SEEN)
@behaves("PDF, OpenDocument and zipped HTML are not made by this emulator", ASSUMED)
def export(call: Call) -> Answer:
    """Answer ``files.export``."""
    file = readable(call, shared=True)
    if not file.mime_type.startswith(NATIVE) or file.mime_type in {FOLDER, SHORTCUT}:
        raise forbidden("fileNotExportable", "Export only supports Docs Editors files.")
    wanted = call.params.get("mimeType") or ""
    make = EXPORTERS.get(wanted)
    if file.mime_type != SPREADSHEET or make is None:
        raise bad_request("The requested conversion is not supported.", location="convertTo")
    content = make(call.google.books[file.id], call.now)
    return Answer(body=content, headers={"content-type": wanted})


@behaves("CSV has the first tab alone, no end of line at the end, CRLF between rows", RECORDED)
def csv_of(book: Book, now: int) -> bytes:
    """Return a spreadsheet's first tab as comma separated values."""
    return _separated(book, now, ",", _quoted)


@behaves("TSV has blanks for tabs and ends of lines in cells", SEEN)
def tsv_of(book: Book, now: int) -> bytes:
    """Return a spreadsheet's first tab as tab separated values."""
    return _separated(book, now, "\t", _on_one_line)


def _separated(book: Book, now: int, delimiter: str, written: Callable[[str], str]) -> bytes:
    rows = texts(book, book.sheets[0], now) if book.sheets else []
    lines = (delimiter.join(written(text) for text in row) for row in rows)
    return "\r\n".join(lines).encode("utf-8", "replace")


def texts(book: Book, sheet: Sheet, now: int) -> Sequence[Sequence[str]]:
    """Return what a person sees in a tab, as far as anything stands there, in rows of one width."""
    shown = Shown(book, now=now)
    rows = [
        [
            shown.text(shown.seen(content, sheet, row, column), shown.value(sheet, row, column))
            for column, content in enumerate(cells)
        ]
        for row, cells in enumerate(sheet.rows)
    ]
    while rows and not any(rows[-1]):
        rows.pop()
    width = max((len(row) - _blanks(row) for row in rows), default=0)
    return [(row + [""] * width)[:width] for row in rows]


def _blanks(row: list[str]) -> int:
    """Return how many empty texts stand at a row's end."""
    return next((index for index, text in enumerate(reversed(row)) if text), len(row))


def _quoted(text: str) -> str:
    if not NEEDS_QUOTES & set(text):
        return text
    return '"' + text.replace('"', '""') + '"'


def _on_one_line(text: str) -> str:
    return " ".join(text.replace("\t", " ").splitlines()) if text else text


def xlsx_of(book: Book, now: int) -> bytes:
    """Return a spreadsheet as a workbook: its tabs and their values."""
    shown = Shown(book, now=now)
    tabs = {
        sheet.title: [
            [shown.value(sheet, row, column) for column in range(len(cells))]
            for row, cells in enumerate(sheet.rows)
        ]
        for sheet in book.sheets
    }
    return workbook(tabs)


EXPORTERS: Mapping[str, Callable[[Book, int], bytes]] = {
    "text/csv": csv_of,
    "text/tab-separated-values": tsv_of,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": xlsx_of,
}
