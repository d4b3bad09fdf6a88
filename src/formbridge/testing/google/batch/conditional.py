"""Rules of conditional formats that are copied with the cells that they format."""

from copy import deepcopy

from formbridge.testing.google.behaviour import ASSUMED, behaves
from formbridge.testing.google.grid.ranges import Area, GridRange
from formbridge.testing.google.grid.sheet import Sheet, Thing

CARRYING = frozenset(
    {"PASTE_NORMAL", "PASTE_FORMAT", "PASTE_NO_BORDERS", "PASTE_CONDITIONAL_FORMATTING"}
)
RULES = "conditionalFormats"


@behaves("rules that format the source format the destination, too, unless it has them", ASSUMED)
def copy_rules(
    sheet: Sheet, area: Area, target: Sheet, to: Area, how: str, *, transposed: bool
) -> None:
    """Let the rules of an area also hold where it was pasted."""
    if how not in CARRYING:
        return
    for rule in list(sheet.things.get(RULES, ())):
        pieces = _pieces(sheet, rule, area, to, transposed=transposed)
        if not pieces:
            continue
        spans = [GridRange.covering(target.id, one).body() for one in pieces]
        ranges = [{"sheetId": target.id, **span} for span in spans]
        if target is sheet:
            rule["ranges"] += [one for one in ranges if one not in rule["ranges"]]
        else:
            target.list(RULES).append({**deepcopy(rule), "ranges": ranges})


def _pieces(sheet: Sheet, rule: Thing, area: Area, to: Area, *, transposed: bool) -> list[Area]:
    """Return the cells of the destination that a rule comes to format."""
    height, width = (area.width, area.height) if transposed else (area.height, area.width)
    found: list[Area] = []
    for body in rule["ranges"]:
        common = GridRange.of(body).area(sheet.row_count, sheet.column_count).common(area)
        if common.empty:
            continue
        inner = (common.top - area.top, common.left - area.left)
        size = (common.height, common.width)
        if transposed:
            inner, size = inner[::-1], size[::-1]
        if size == (height, width):
            return [to]
        found.extend(
            Area(top, left, top + size[0], left + size[1])
            for top in range(to.top + inner[0], to.bottom, height)
            for left in range(to.left + inner[1], to.right, width)
        )
    return found
