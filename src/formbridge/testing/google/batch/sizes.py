"""Sizes of rows and columns, and whether they are hidden."""

from formbridge.testing.google.answers.masks import Mask
from formbridge.testing.google.batch.kinds import Scene, kind
from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, RECORDED, behaves
from formbridge.testing.google.errors import Refused
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.cell import Cell, Content, cell_of
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.messages import Body
from formbridge.testing.google.moves.spans import Lines, lines_of, require_existing

CHANGED = ("pixelSize", "hiddenByUser")
USUAL = {"ROWS": 21, "COLUMNS": 100}
"""How high a row and how wide a column is in pixels (recorded)."""

ADVANCES = {
    **dict.fromkeys("iljI|.,:;'!", 500),
    **dict.fromkeys('ftr()[]{}-/\\" ', 690),
    **dict.fromkeys("mMW@%", 1800),
    **dict.fromkeys("ABCDEFGHKLNOPQRSTUVXYZ&w", 1336),
}
"""How wide letters are, in 2048ths of the size of the type; other ones ``ADVANCE``."""

ADVANCE = 1100
TYPE_SIZE = 13
"""The size in pixels of 10 points, as Google's servers measure them."""

PADDING = 7


@kind("updateDimensionProperties", DOCUMENTED)
@behaves("metadata and what filters hide cannot be set by it", ASSUMED)
@behaves("a size below 0 is refused; none is the usual one", ASSUMED)
def update_dimension_properties(book: Book, body: Body, _scene: Scene) -> None:
    """Set sizes of rows or columns, or hide and show them."""
    lines = lines_of(book, body.get("range"))
    require_existing(lines, "update")
    mask = Mask.parse(body.get("fields"), "DimensionProperties")
    wrong = [path for path in mask if path not in {*CHANGED, "*"}]
    if wrong:
        raise Refused(f"Field {wrong[0]} cannot be updated.")
    given = body.get("properties") or {}
    if (given.get("pixelSize") or 0) < 0:
        raise Refused(f"pixelSize[{given['pixelSize']}] must be >= 0")
    names = {name for name in CHANGED if mask.covers(name)}
    set_sizes(lines, {name: given.get(name) or None for name in names})


def set_sizes(lines: Lines, values: dict[str, object]) -> None:
    """Set what is known of rows or columns; None is the usual."""
    sizes = lines.sheet.sizes(lines.dimension)
    for index in range(lines.start, lines.end):
        both = sizes.get(index, {}) | values
        size = {name: value for name, value in both.items() if value is not None}
        if size:
            sizes[index] = size
        else:
            sizes.pop(index, None)


@kind("autoResizeDimensions", RECORDED)
@behaves("a column becomes as wide as its widest text and some pixels", RECORDED)
@behaves("a column without text keeps its width; a row becomes as high as its lines", ASSUMED)
def auto_resize_dimensions(book: Book, body: Body, _scene: Scene) -> None:
    """Make rows or columns as large as what is in them."""
    lines = lines_of(book, body.get("dimensions"))
    require_existing(lines, "resize")
    for index in range(lines.start, lines.end):
        one = Lines(sheet=lines.sheet, dimension=lines.dimension, start=index, end=index + 1)
        pixels = _width(lines.sheet, index) if one.dimension == "COLUMNS" else _height(one)
        if pixels is not None:
            set_sizes(one, {"pixelSize": pixels if pixels != USUAL[one.dimension] else None})


def _width(sheet: Sheet, column: int) -> int | None:
    widths = [_text_width(row[column]) for row in sheet.rows if column < len(row)]
    widest = max(widths, default=0)
    return int(widest + PADDING) if widest else None


def _height(lines: Lines) -> int:
    row = lines.sheet.rows.row(lines.start)
    count = max((_text(content).count("\n") + 1 for content in row), default=1)
    return USUAL["ROWS"] + (count - 1) * 17


def _text_width(content: Content) -> float:
    lines = _text(content).split("\n")
    points = 10.0
    if isinstance(content, Cell) and content.format:
        points = (content.format.get("textFormat") or {}).get("fontSize") or points
    units = max(sum(ADVANCES.get(letter, ADVANCE) for letter in line) for line in lines)
    return units / 2048 * TYPE_SIZE * points / 10


def _text(content: Content) -> str:
    value = cell_of(content).value
    if isinstance(value, float):
        return f"{value:.10g}"
    return "" if value is None else str(value)
