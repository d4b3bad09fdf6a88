"""Tabs added, deleted, copied and changed, and the properties of the spreadsheet."""

from formbridge.testing.google.answers.masks import Mask
from formbridge.testing.google.answers.properties import sheet_properties
from formbridge.testing.google.batch import locales
from formbridge.testing.google.batch.copies import copied, copy_metadata
from formbridge.testing.google.batch.grids import change_grid, new_grid
from formbridge.testing.google.batch.kinds import Scene, kind, sheet_of
from formbridge.testing.google.batch.tabs import (
    copy_title,
    forget,
    free_title,
    move_tab,
    new_sheet_id,
    place,
    rename,
    require_title,
)
from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, RECORDED, SEEN, behaves
from formbridge.testing.google.errors import Refused
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.colours import canonical
from formbridge.testing.google.grid.editing import require_edit
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.messages import Body
from formbridge.testing.google.moves.limits import require_room

__all__ = ["locales"]  # its kind belongs to this family

KEPT = ("rightToLeft", "tabColorStyle")
"""What of ``SheetProperties`` is kept as it is given."""


@kind("addSheet", RECORDED)
@behaves("a tab that is no grid is added by other requests", DOCUMENTED)
def add_sheet(book: Book, body: Body, scene: Scene) -> Body:
    """Add a tab; reply with its properties."""
    given = canonical(body.get("properties") or {})
    if given.get("sheetType", "GRID") not in {"GRID", "SHEET_TYPE_UNSPECIFIED"}:
        raise Refused(f"Cannot add a sheet of type {given['sheetType']}.")
    sheet = new_grid(
        Sheet(
            id=new_sheet_id(book, given.get("sheetId"), scene),
            title=require_title(book, given.get("title") or free_title(book)),
            hidden=bool(given.get("hidden")),
        ),
        given.get("gridProperties") or {},
    )
    require_room(book, sheet.cells, sheet.column_count)
    _keep(sheet, given, Mask(paths=((),)))
    place(book, sheet, given.get("index"))
    return {"properties": sheet_properties(book, sheet)}


@kind("deleteSheet", RECORDED)
@behaves("a spreadsheet keeps a tab that is not hidden", SEEN)
def delete_sheet(book: Book, body: Body, scene: Scene) -> None:
    """Delete a tab and all that belongs to it."""
    sheet = sheet_of(book, body.get("sheetId"))
    if len(book.sheets) == 1:
        raise Refused("You can't remove all the sheets in a document.")
    if not sheet.hidden and _only_visible(book, sheet):
        raise Refused("You can't remove all the visible sheets in a document.")
    require_edit(sheet, [sheet.area], scene.grant)
    forget(book, sheet)


def _only_visible(book: Book, sheet: Sheet) -> bool:
    return all(one.hidden for one in book.sheets if one is not sheet)


@kind("duplicateSheet", DOCUMENTED)
@behaves("a copy without an index comes first", SEEN)
def duplicate_sheet(book: Book, body: Body, scene: Scene) -> Body:
    """Copy a tab; reply with the properties of the copy."""
    source = sheet_of(book, body.get("sourceSheetId"))
    title = body.get("newSheetName") or copy_title(book, source.title)
    require_room(book, source.cells, source.column_count)
    copy = copied(
        book,
        source,
        sheet_id=new_sheet_id(book, body.get("newSheetId"), scene),
        title=require_title(book, title),
        scene=scene,
    )
    place(book, copy, body.get("insertSheetIndex") or 0)
    copy_metadata(book, source, book, copy, scene)
    return {"properties": sheet_properties(book, copy)}


@kind("updateSheetProperties", RECORDED)
@behaves("sheetId and sheetType cannot be changed: that they are named is no error", ASSUMED)
def update_sheet_properties(book: Book, body: Body, scene: Scene) -> None:
    """Change properties of a tab as far as the mask says."""
    raw = body.get("properties") or {}
    sheet = sheet_of(book, raw.get("sheetId"))
    mask = Mask.parse(body.get("fields"), "SheetProperties")
    given = canonical(raw)
    if mask.covers("title"):
        rename(book, sheet, require_title(book, given.get("title") or "", but=sheet))
    if mask.covers("hidden"):
        _hide(book, sheet, hidden=bool(given.get("hidden")))
    if mask.touches("gridProperties"):
        change_grid(book, sheet, given.get("gridProperties") or {}, mask, scene.grant)
    _keep(sheet, given, mask)
    if mask.covers("index"):
        move_tab(book, sheet, given.get("index"))


@behaves("the last visible tab cannot be hidden", RECORDED)
def _hide(book: Book, sheet: Sheet, *, hidden: bool) -> None:
    if hidden and _only_visible(book, sheet):
        raise Refused("You can't hide all the sheets in a document.")
    sheet.hidden = hidden


@behaves("the colour of a tab is cut to 8 bits, and cleared by none", RECORDED)
def _keep(sheet: Sheet, given: Body, mask: Mask) -> None:
    """Set what is only kept; both fields of the colour name the same."""
    for name in KEPT:
        named = mask.touches(name) or (name == "tabColorStyle" and mask.touches("tabColor"))
        if not named:
            continue
        if given.get(name):
            sheet.other[name] = given[name]
        else:
            sheet.other.pop(name, None)
