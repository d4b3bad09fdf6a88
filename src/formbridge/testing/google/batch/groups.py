"""Groups of rows or columns, one inside another."""

from collections.abc import Iterator

from formbridge.testing.google.answers.masks import Mask
from formbridge.testing.google.batch.kinds import Scene, kind
from formbridge.testing.google.batch.sizes import set_sizes
from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, RECORDED, behaves
from formbridge.testing.google.errors import Refused
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.sheet import Sheet, Thing
from formbridge.testing.google.messages import Body
from formbridge.testing.google.moves.spans import Lines, lines_of, require_existing

LISTS = {"ROWS": "rowGroups", "COLUMNS": "columnGroups"}
CONTROLS = {"ROWS": "rowGroupControlAfter", "COLUMNS": "columnGroupControlAfter"}
DEEPEST = 8


@kind("addDimensionGroup", RECORDED)
@behaves("the first group shows its control after it", RECORDED)
@behaves("groups are at most 8 deep", ASSUMED)
def add_group(book: Book, body: Body, _scene: Scene) -> Body:
    """Put rows or columns into a group, inside or around those that are there."""
    lines = lines_of(book, body.get("range"))
    require_existing(lines, "group")
    depths = _depths(lines)
    for index in range(lines.start, lines.end):
        depths[index] = depths.get(index, 0) + 1
    if max(depths.values()) > DEEPEST:
        raise Refused(f"You can't have more than {DEEPEST} levels of {lines.noun} groups.")
    lines.sheet.grid[CONTROLS[lines.dimension]] = True
    return _reply(lines, depths)


@kind("deleteDimensionGroup", RECORDED)
@behaves("rows or columns that are in no group are refused", ASSUMED)
def delete_group(book: Book, body: Body, _scene: Scene) -> Body:
    """Take rows or columns out of their innermost group."""
    lines = lines_of(book, body.get("range"))
    require_existing(lines, "ungroup")
    depths = _depths(lines)
    inside = [index for index in range(lines.start, lines.end) if depths.get(index)]
    if not inside:
        raise Refused(f"There is no {lines.noun} group in the specified range.")
    for index in inside:
        depths[index] -= 1
    return _reply(lines, depths)


@kind("updateDimensionGroup", DOCUMENTED)
@behaves("what is in a group that is collapsed is hidden, and shown when it expands", DOCUMENTED)
def update_group(book: Book, body: Body, _scene: Scene) -> None:
    """Collapse or expand a group."""
    given = body.get("dimensionGroup") or {}
    lines = lines_of(book, given.get("range"))
    mask = Mask.parse(body.get("fields"), "DimensionGroup")
    group = next((one for one in _groups(lines) if _is(one, lines, given.get("depth") or 0)), None)
    if group is None:
        raise Refused("There is no dimension group with the specified range and depth.")
    if not mask.covers("collapsed"):
        raise Refused("Only the field 'collapsed' of a group can be updated.")
    collapsed = bool(given.get("collapsed"))
    group.pop("collapsed", None)
    if collapsed:
        group["collapsed"] = True
    set_sizes(lines, {"hiddenByUser": collapsed or None})


def _groups(lines: Lines) -> list[Thing]:
    return lines.sheet.list(LISTS[lines.dimension])


def _is(group: Thing, lines: Lines, depth: int) -> bool:
    span = group["range"]
    return (span["startIndex"], span["endIndex"], group["depth"]) == (lines.start, lines.end, depth)


@behaves("groups of one depth that touch become one", ASSUMED)
def _depths(lines: Lines) -> dict[int, int]:
    """Return in how many groups each row or column is."""
    depths: dict[int, int] = {}
    for group in _groups(lines):
        for index in range(group["range"]["startIndex"], group["range"]["endIndex"]):
            depths[index] = max(depths.get(index, 0), group["depth"])
    return depths


def _reply(lines: Lines, depths: dict[int, int]) -> Body:
    """Keep the groups that these depths make, and return them as a reply shows them."""
    known = {_key(group): group for group in _groups(lines)}
    made = list(_made(lines.sheet, lines.dimension, depths))
    lines.sheet.things[LISTS[lines.dimension]] = [known.get(_key(one), one) for one in made]
    shown = [_shown(group) for group in _groups(lines)]
    return {"dimensionGroups": shown} if shown else {}


def _key(group: Thing) -> tuple[int, int, int]:
    return group["range"]["startIndex"], -group["range"]["endIndex"], group["depth"]


def _made(sheet: Sheet, dimension: str, depths: dict[int, int]) -> list[Thing]:
    groups: list[Thing] = []
    for depth in range(1, max(depths.values(), default=0) + 1):
        for start, end in _runs(sorted(index for index in depths if depths[index] >= depth)):
            span = {
                "sheetId": sheet.id,
                "dimension": dimension,
                "startIndex": start,
                "endIndex": end,
            }
            groups.append({"range": span, "depth": depth})
    return sorted(groups, key=_key)


def _runs(indexes: list[int]) -> Iterator[tuple[int, int]]:
    """Yield each run of indexes without a gap, its end behind the last one."""
    start = 0
    for at, index in enumerate(indexes):
        if at + 1 == len(indexes) or indexes[at + 1] != index + 1:
            yield indexes[start], index + 1
            start = at + 1


def _shown(group: Thing) -> Body:
    span = {name: value for name, value in group["range"].items() if name != "sheetId" or value}
    return group | {"range": span}
