"""Copies of tabs, in the same spreadsheet or in another one."""

from typing import Any

import attrs

from formbridge.testing.google.batch.kinds import Scene
from formbridge.testing.google.batch.tabs import in_formulas, instead
from formbridge.testing.google.behaviour import ASSUMED, SEEN, behaves
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.sheet import Sheet, Thing

IDS = {
    "filterViews": "filterViewId",
    "protectedRanges": "protectedRangeId",
    "bandedRanges": "bandedRangeId",
    "charts": "chartId",
    "slicers": "slicerId",
}
"""How the ids of things are named that have numbers."""


@behaves("a copy is neither hidden nor protected", SEEN)
@behaves("formulas of a copy that name the model name the copy", SEEN)
@behaves("a copy's filters, charts and bands have new ids", ASSUMED)
def copied(book: Book, source: Sheet, *, sheet_id: int, title: str, scene: Scene) -> Sheet:
    """Return a copy of a tab for a spreadsheet; it is not placed there yet."""
    copy = attrs.evolve(source.clone(), id=sheet_id, title=title, hidden=False)
    copy.filter = _at(copy.filter, source.id, sheet_id)
    copy.things = {
        name: [_at(_renamed(book, name, thing, scene), source.id, sheet_id) for thing in things]
        for name, things in copy.things.items()
        if name != "protectedRanges"
    }
    in_formulas(copy, instead(source.title, title))
    return copy


def _renamed(book: Book, kind: str, thing: Thing, scene: Scene) -> Thing:
    """Return a thing with an id of its own."""
    if kind == "tables":
        return thing | {"tableId": f"{scene.new_id(lambda _: False):x}"}
    name = IDS.get(kind)
    if name is None or name not in thing:
        return thing
    taken = {one.get(name) for one in book.things()}
    return thing | {name: scene.new_id(taken.__contains__)}


def _at(value: Any, old: int, new: int) -> Any:
    """Return JSON that says the new id where it said the old one."""
    if isinstance(value, list):
        return [_at(item, old, new) for item in value]
    if not isinstance(value, dict):
        return value
    result = {name: _at(each, old, new) for name, each in value.items()}
    if "sheetId" in value and value["sheetId"] == old:
        result["sheetId"] = new
    return result


@behaves("metadata of a tab, its rows and columns is copied with it, under new ids", ASSUMED)
def copy_metadata(source: Book, model: Sheet, book: Book, copy: Sheet, scene: Scene) -> None:
    """Give a copy the metadata of its model."""
    for entry in list(source.metadata.values()):
        if entry.sheet == model.id:
            number = scene.new_id(book.metadata.__contains__)
            book.metadata[number] = attrs.evolve(entry, id=number, sheet=copy.id)
