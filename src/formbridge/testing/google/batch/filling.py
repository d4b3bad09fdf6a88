"""Requests that fill cells from texts and from what stands beside them."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from itertools import pairwise

import attrs

from formbridge.testing.google.answers.shown import Shown
from formbridge.testing.google.batch.kinds import Scene, kind
from formbridge.testing.google.batch.pasting import Source, pasted, taken
from formbridge.testing.google.batch.texts import seen, typed, typist_of, with_value
from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, behaves
from formbridge.testing.google.errors import Refused
from formbridge.testing.google.grid.book import COLUMN_LIMIT, Book
from formbridge.testing.google.grid.cell import Content, is_blank, value_of
from formbridge.testing.google.grid.editing import grown, placed, ranged, require_edit
from formbridge.testing.google.grid.ranges import Area
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.messages import Body

WITH_VALUES = {"PASTE_NORMAL", "PASTE_VALUES", "PASTE_NO_BORDERS", "PASTE_FORMULA"}
"""Kinds of paste that a text has anything for."""


# --- pasteData ----------------------------------------------------------------------------------


@kind("pasteData", DOCUMENTED)
@behaves("pasted texts are understood as if they were typed, and the tab grows for them", ASSUMED)
def paste_data(book: Book, request: Body, scene: Scene) -> None:
    """Put the parts of a text into cells, from a coordinate on."""
    sheet, top, left = placed(book, request.get("coordinate"))
    data = request.get("data") or ""
    if request.get("html"):
        rows = table_in(data)
    elif request.get("delimiter"):
        rows = split(data, str(request["delimiter"]))
    else:
        raise Refused("Exactly one of delimiter or html must be set.")
    width = max(map(len, rows), default=0)
    to = Area(top, left, top + len(rows), left + width)
    if to.right > COLUMN_LIMIT:
        raise Refused(f"Cannot paste beyond column {COLUMN_LIMIT}.")
    require_edit(sheet, [to], scene.grant)
    grown(book, sheet, rows=to.bottom, columns=to.right)
    if (request.get("type") or "PASTE_NORMAL") in WITH_VALUES:
        _write(book, sheet, (top, left), rows, scene)


def _write(
    book: Book, sheet: Sheet, start: tuple[int, int], rows: Sequence[Sequence[str]], scene: Scene
) -> None:
    typist = typist_of(book, scene.now)
    top, left = start
    new: list[list[Content]] = []
    for old, row in zip(sheet.rows.slice(top, top + len(rows)), rows, strict=True):
        line = [*old, *[None] * (left + len(row) - len(old))]
        for column, text in enumerate(row, left):
            line[column] = typed(typist, line[column], text)
        new.append(line)
    sheet.rows.replace(top, new)


def split(data: str, delimiter: str) -> list[list[str]]:
    """Return the rows of a text; quotes keep a delimiter or a line's end in a part."""
    if len(delimiter) == 1 and delimiter not in '"\r\n':
        try:
            return list(csv.reader(io.StringIO(data, newline=""), delimiter=delimiter))
        except csv.Error:
            pass  # a part that is too long for that reader, or a byte 0
    return [line.split(delimiter) for line in re.split(r"\r\n|\r|\n", data)]


class _Table(HTMLParser):
    """Collects the cells of tables; text outside of any is one cell."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.loose = ""
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a row or a cell."""
        del attrs
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"}:
            if not self.rows:
                self.rows.append([])
            self.rows[-1].append("")
            self.inside = True
        elif tag == "br" and self.inside:
            self.rows[-1][-1] += "\n"

    def handle_endtag(self, tag: str) -> None:
        """End a cell."""
        if tag in {"td", "th"}:
            self.inside = False

    def handle_data(self, data: str) -> None:
        """Take text."""
        if self.inside:
            self.rows[-1][-1] += data
        else:
            self.loose += data


def table_in(html: str) -> list[list[str]]:
    """Return the rows of the tables in HTML; without any, its text as one cell."""
    parser = _Table()
    parser.feed(html)
    parser.close()
    rows = parser.rows or ([[parser.loose]] if parser.loose.strip() else [])
    return [[cell.strip() for cell in row] for row in rows]


# --- textToColumns ------------------------------------------------------------------------------

DELIMITERS: Mapping[str, str] = {"COMMA": ",", "SEMICOLON": ";", "PERIOD": ".", "SPACE": " "}
GUESSES = (",", ";", "\t", "|", ".", " ")


@kind("textToColumns", DOCUMENTED)
@behaves("the parts are understood as if they were typed, over what stood there", ASSUMED)
def text_to_columns(book: Book, request: Body, scene: Scene) -> None:
    """Split the texts of one column into it and the columns to its right."""
    sheet, area = ranged(book, request.get("source"))
    if area.width != 1:
        raise Refused("The source range must be exactly one column wide.")
    shown = Shown(book, now=scene.now)
    bottom = max(area.top, min(area.bottom, len(sheet.rows)))
    texts = [seen(shown, sheet, row, area.left) for row in range(area.top, bottom)]
    delimiter = _delimiter(request, texts)
    if not delimiter:
        return
    rows = [text.split(delimiter) if text else [] for text in texts]
    to = Area(area.top, area.left, bottom, area.left + max(map(len, rows), default=0))
    require_edit(sheet, [to], scene.grant)
    grown(book, sheet, columns=min(to.right, COLUMN_LIMIT))
    fitting = [row[: COLUMN_LIMIT - area.left] for row in rows]
    _write(book, sheet, (area.top, area.left), fitting, scene)


@behaves("the delimiter that is guessed is the one that most texts have", ASSUMED)
def _delimiter(request: Body, texts: Sequence[str]) -> str:
    name = request.get("delimiterType") or "AUTODETECT"
    if name in DELIMITERS:
        return DELIMITERS[name]
    if name == "CUSTOM":
        if not request.get("delimiter"):
            raise Refused("A delimiter must be set for the delimiterType CUSTOM.")
        return str(request["delimiter"])
    counts = {guess: sum(guess in text for text in texts) for guess in GUESSES}
    best = max(GUESSES, key=counts.__getitem__)
    return best if counts[best] else ""


# --- autoFill -----------------------------------------------------------------------------------


@kind("autoFill", DOCUMENTED)
@behaves("numbers in even steps go on, texts with a number count on, the rest repeats", ASSUMED)
def auto_fill(book: Book, request: Body, scene: Scene) -> None:
    """Go on with what stands in a source, in one direction."""
    sheet, source, to, rows = _spans(book, request)
    if to.empty:
        return
    require_edit(sheet, [to], scene.grant)
    grown(book, sheet, rows=to.bottom, columns=to.right)
    block = taken(book, sheet, source, scene)
    lines = [list(line) for line in zip(*block, strict=True)] if rows else block
    backwards = to.top < source.top or to.left < source.left
    alternate = bool(request.get("useAlternateSeries"))
    for offset, line in enumerate(lines):
        places = _places(to, source, offset, rows=rows)
        _fill(sheet, line[::-1] if backwards else line, places, alternate=alternate)


def _spans(book: Book, request: Body) -> tuple[Sheet, Area, Area, bool]:
    """Return the tab, the source, what is to be filled, and whether it goes along rows."""
    given = request.get("sourceAndDestination")
    if given is None:
        sheet, area = ranged(book, request.get("range"))
        return _detected(sheet, area)
    sheet, source = ranged(book, given.get("source"))
    rows, length = given.get("dimension") == "ROWS", given.get("fillLength") or 0
    to = _beside(source, length, rows=rows)
    if min(to) < 0 or to.right > COLUMN_LIMIT:
        raise Refused("The fill length goes beyond the edge of the sheet.")
    return sheet, source, to, rows


def _beside(source: Area, length: int, *, rows: bool) -> Area:
    top, left, bottom, right = source
    if rows and length > 0:
        return Area(bottom, left, bottom + length, right)
    if rows:
        return Area(top + length, left, top, right)
    if length > 0:
        return Area(top, right, bottom, right + length)
    return Area(top, left + length, bottom, left)


def _detected(sheet: Sheet, area: Area) -> tuple[Sheet, Area, Area, bool]:
    """Take what is filled at the range's top or left as the source for the rest."""

    def blank(row: int, column: int) -> bool:
        return is_blank(sheet.content(row, column))

    columns = range(area.left, area.right)
    bottom = area.top
    while bottom < area.bottom and not all(blank(bottom, column) for column in columns):
        bottom += 1
    if area.top < bottom < area.bottom:
        source = area._replace(bottom=bottom)
        return sheet, source, area._replace(top=bottom), True
    right = area.left
    while right < area.right and not all(blank(row, right) for row in range(area.top, bottom)):
        right += 1
    return sheet, area._replace(right=right), area._replace(left=right), False


def _places(to: Area, source: Area, offset: int, *, rows: bool) -> list[tuple[int, int]]:
    """Return the cells to fill for one line of the source, the nearest first."""
    if rows:
        order = range(to.top, to.bottom)
        steps = order if to.top >= source.top else reversed(order)
        return [(row, source.left + offset) for row in steps]
    order = range(to.left, to.right)
    steps = order if to.left >= source.left else reversed(order)
    return [(source.top + offset, column) for column in steps]


def _fill(
    sheet: Sheet, line: Sequence[Source], places: Sequence[tuple[int, int]], *, alternate: bool
) -> None:
    if not line:
        return
    series = _series([value_of(source.content) for source in line], alternate=alternate)
    for index, (row, column) in enumerate(places):
        source = line[index % len(line)]
        content = pasted(sheet.content(row, column), source, (row, column), "PASTE_NORMAL")
        if series is not None:
            content = with_value(content, series.at(index))
        sheet.put(row, column, content)


NUMBERED = re.compile(r"(.*?)(\d{1,15})(\D*)", re.DOTALL)


@attrs.frozen(kw_only=True)
class Series:
    """Values in even steps; ``around`` are texts before and behind the number."""

    last: float
    step: float
    around: tuple[str, str] | None = None

    def at(self, index: int) -> float | str:
        """Return the value that comes so many after the last."""
        number = self.last + self.step * (index + 1)
        if self.around is None:
            return number
        return f"{self.around[0]}{abs(int(number))}{self.around[1]}"


def _series(values: Sequence[object], *, alternate: bool) -> Series | None:
    """Return the series that values begin; None where they only repeat."""
    numbers = [value for value in values if isinstance(value, float)]
    if len(numbers) == len(values):
        return _even(numbers) if len(numbers) > 1 or alternate else None
    texts = [value for value in values if isinstance(value, str)]
    found = [match for text in texts if (match := NUMBERED.fullmatch(text))]
    around = {(match[1], match[3]) for match in found}
    if len(found) != len(values) or len(around) != 1:
        return None
    even = _even([float(match[2]) for match in found])
    return even and attrs.evolve(even, around=around.pop())


def _even(numbers: Sequence[float]) -> Series | None:
    steps = [later - earlier for earlier, later in pairwise(numbers)] or [1.0]
    if any(abs(step - steps[0]) > 1e-9 * max(1.0, abs(step)) for step in steps):
        return None
    return Series(last=numbers[-1], step=steps[0])
