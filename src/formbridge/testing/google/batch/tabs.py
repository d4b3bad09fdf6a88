"""Tabs: their titles and ids, their order, and copies of them."""

from collections.abc import Callable
from typing import Any

import attrs

from formbridge.testing.google.batch.kinds import Scene
from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, SEEN, behaves
from formbridge.testing.google.errors import Refused
from formbridge.testing.google.formulas.references import Reference, rewritten
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.cell import Cell, Content
from formbridge.testing.google.grid.sheet import Sheet

How = Callable[[Reference], Reference | None]

LONGEST_TITLE = 100


# --- titles and ids -----------------------------------------------------------------------------


@behaves("a title is not empty, has at most 100 characters, and is no other tab's", SEEN)
def require_title(book: Book, title: str, *, but: Sheet | None = None) -> str:
    """Return a title that a tab may have; capitals make no difference."""
    if not title:
        raise Refused("The sheet name cannot be empty.")
    if len(title) > LONGEST_TITLE:
        raise Refused(f"The sheet name cannot be greater than {LONGEST_TITLE} characters.")
    other = book.titled(title)
    if other is not None and other is not but:
        raise Refused(f'A sheet with the name "{title}" already exists. Please enter another name.')
    return title


@behaves("a fresh tab is called Sheet and how many there are", ASSUMED)
def free_title(book: Book) -> str:
    """Return a title for a tab that was given none."""
    number = len(book.sheets) + 1
    while book.titled(f"Sheet{number}"):
        number += 1
    return f"Sheet{number}"


@behaves("a copy is called 'Copy of' its model", SEEN)
@behaves("a copy has a number behind its title when that is taken", ASSUMED)
def copy_title(book: Book, title: str) -> str:
    """Return a title for a copy."""
    wanted = base = f"Copy of {title}"[:LONGEST_TITLE]
    number = 0
    while book.titled(wanted):
        number += 1
        wanted = f"{base[: LONGEST_TITLE - 1 - len(str(number))]} {number}"
    return wanted


@behaves("an id that is in use, or below 0, is refused", SEEN)
def new_sheet_id(book: Book, wanted: int | None, scene: Scene) -> int:
    """Return the id for a new tab: the one that is asked for, or one that is free."""
    if wanted is None:
        return scene.new_id(lambda number: book.sheet(number) is not None)
    if wanted < 0:
        raise Refused("Sheet id must be non-negative.")
    if book.sheet(wanted) is not None:
        raise Refused(f"Sheet with id {wanted} already exists.")
    return wanted


# --- order --------------------------------------------------------------------------------------


@behaves("without an index a tab is added at the end", DOCUMENTED)
@behaves("an index behind the last tab is the end; one below 0 is refused", ASSUMED)
def place(book: Book, sheet: Sheet, index: int | None) -> None:
    """Add a tab before the one that has the index."""
    if index is not None and index < 0:
        raise Refused(f"index[{index}] must be >= 0")
    book.sheets.insert(len(book.sheets) if index is None else index, sheet)


@behaves("a tab is moved to an index as counted before the move", DOCUMENTED)
@behaves("its own index and the next one change nothing", DOCUMENTED)
def move_tab(book: Book, sheet: Sheet, index: int | None) -> None:
    """Move a tab to before the one that has the index, or to the end."""
    if index is not None and index < 0:
        raise Refused(f"index[{index}] must be >= 0")
    old = book.sheets.index(sheet)
    new = len(book.sheets) if index is None else min(index, len(book.sheets))
    book.sheets.pop(old)
    book.sheets.insert(new - 1 if new > old else new, sheet)


# --- formulas that name a tab -------------------------------------------------------------------


@behaves("formulas name a tab by its new title once it is renamed", SEEN)
def rename(book: Book, sheet: Sheet, title: str) -> None:
    """Give a tab another title."""
    how = instead(sheet.title, title)
    sheet.title = title
    for one in book.sheets:
        in_formulas(one, how)


@behaves("a formula that names a deleted tab has lost its cells", SEEN)
def forget(book: Book, sheet: Sheet) -> None:
    """Remove a tab with all that belongs to it, and what other tabs know of it."""
    book.sheets.remove(sheet)
    book.named = {name: one for name, one in book.named.items() if one.range.sheet != sheet.id}
    book.metadata = {name: one for name, one in book.metadata.items() if one.sheet != sheet.id}
    for other in book.sheets:
        in_formulas(other, instead(sheet.title, None))
        for name, things in other.things.items():
            other.things[name] = [_without(thing, sheet.id) for thing in things]


def instead(old: str, title: str | None) -> How:
    """Return what replaces a title in references; None loses them."""

    def how(reference: Reference) -> Reference | None:
        if not reference.tab or reference.tab.casefold() != old.casefold():
            return reference
        return None if title is None else Reference(reference.first, reference.last, title)

    return how


def in_formulas(sheet: Sheet, how: How) -> None:
    """Rewrite all formulas of a tab, those of rules included."""
    found = [(index, row) for index, row in enumerate(sheet.rows) if Cell in map(type, row)]
    for index, row in found:
        new = tuple(_content(content, how) for content in row)
        if any(one is not two for one, two in zip(row, new, strict=True)):
            sheet.rows.set_row(index, new)
    sheet.filter = _texts(sheet.filter, how)
    sheet.things = _texts(sheet.things, how)


def _content(content: Content, how: How) -> Content:
    if not isinstance(content, Cell) or not (content.formula or content.more):
        return content
    formula = content.formula and rewritten(content.formula, how)
    more = _texts(dict(content.more), how)
    if formula == content.formula and more == content.more:
        return content
    return attrs.evolve(content, formula=formula, more=more)


def _texts(value: Any, how: How) -> Any:
    if isinstance(value, str):
        return rewritten(value, how) if value.startswith("=") else value
    if isinstance(value, list):
        return [_texts(item, how) for item in value]
    if isinstance(value, dict):
        return {name: _texts(each, how) for name, each in value.items()}
    return value


def _without(value: Any, gone: int) -> Any:
    """Return JSON without the ranges of a tab that is gone."""
    if isinstance(value, list):
        return [_without(item, gone) for item in value if not _is_of(item, gone)]
    if isinstance(value, dict):
        return {
            name: _without(each, gone) for name, each in value.items() if not _is_of(each, gone)
        }
    return value


def _is_of(value: object, gone: int) -> bool:
    ranged = isinstance(value, dict) and any(name.endswith("RowIndex") for name in value)
    return isinstance(value, dict) and ranged and (value.get("sheetId") or 0) == gone
