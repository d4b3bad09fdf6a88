"""What inserted rows and columns take over from their neighbours."""

from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, behaves
from formbridge.testing.google.grid.cell import Cell, Content
from formbridge.testing.google.grid.rows import Row
from formbridge.testing.google.moves.spans import Lines


@behaves("formats are taken over from before or after, as the request says", DOCUMENTED)
@behaves("so are heights and widths, and rules for data, but not that a row is hidden", ASSUMED)
def inherit(lines: Lines, *, before: bool) -> None:
    """Let rows or columns that were just inserted look like their neighbour."""
    model = lines.start - 1 if before else lines.end
    sizes = lines.sheet.sizes(lines.dimension)
    pixels = (sizes.get(model) or {}).get("pixelSize")
    if pixels is not None:
        sizes.update({index: {"pixelSize": pixels} for index in range(lines.start, lines.end)})
    if lines.dimension == "ROWS":
        _rows(lines, model)
    else:
        _columns(lines, model)


def _rows(lines: Lines, model: int) -> None:
    look = tuple(_look(content) for content in lines.sheet.rows.row(model))
    if any(content is not None for content in look):
        lines.sheet.rows.replace(lines.start, [look] * lines.count)


def _columns(lines: Lines, model: int) -> None:
    rows = lines.sheet.rows
    found: list[tuple[int, Row]] = []
    for index, row in enumerate(rows):
        look = _look(row[model]) if model < len(row) else None
        if look is not None:
            head = (*row, *(None,) * (lines.start - len(row)))[: lines.start]
            found.append((index, (*head, *(look,) * lines.count, *row[lines.end :])))
    for index, row in found:
        rows.set_row(index, row)


def _look(content: Content) -> Content:
    """Return a blank cell of the same look; None for one without."""
    if not isinstance(content, Cell):
        return None
    rules = {name: content.more[name] for name in ("dataValidation",) if name in content.more}
    return Cell(format=content.format, more=rules) if content.format or rules else None
