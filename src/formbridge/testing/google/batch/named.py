"""Requests about named ranges."""

import re
from collections.abc import Mapping
from typing import Any

import attrs

from formbridge.testing.google.answers.masks import Mask, merged
from formbridge.testing.google.batch.kinds import Scene, kind
from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, RECORDED, SEEN, behaves
from formbridge.testing.google.errors import Refused
from formbridge.testing.google.grid.book import Book, NamedRange
from formbridge.testing.google.grid.editing import ranged
from formbridge.testing.google.grid.ranges import GridRange
from formbridge.testing.google.messages import Body

LONGEST = 250
NAME = re.compile(r"(?!\d)\w+")
LIKE_CELLS = re.compile(r"[A-Za-z]{1,3}\d+|[Rr]\d*[Cc]\d*|true|false", re.IGNORECASE)


@kind("addNamedRange", RECORDED)
@behaves("an id that is taken, and a name that is taken, are refused", DOCUMENTED)
def add_named_range(book: Book, body: Body, scene: Scene) -> Body:
    """Add a named range; reply with it."""
    given = body.get("namedRange") or {}
    chosen = given.get("namedRangeId") or str(scene.new_id(lambda one: str(one) in book.named))
    if chosen in book.named:
        raise Refused(
            f"Cannot add named range with ID {chosen}, a named range with that ID already exists."
        )
    named = NamedRange(
        id=chosen, name=_free_name(book, given.get("name")), range=_range(book, given.get("range"))
    )
    book.named[chosen] = named
    return {"namedRange": named_body(named)}


@kind("updateNamedRange", RECORDED)
@behaves("what a named range backs moves along with it", ASSUMED)
def update_named_range(book: Book, body: Body, scene: Scene) -> None:  # noqa: ARG001 - as all kinds
    """Change a named range as far as the mask says."""
    given = body.get("namedRange") or {}
    mask = Mask.parse(body.get("fields"), "NamedRange")
    old = named_of(book, given.get("namedRangeId"))
    new = merged(named_body(old), given, mask)
    changed = attrs.evolve(
        old,
        name=_free_name(book, new.get("name"), but=old.id),
        range=_range(book, new.get("range")) if mask.touches("range") else old.range,
    )
    book.named[old.id] = changed
    for thing in book.things():
        if thing.get("namedRangeId") == old.id and isinstance(thing, dict):
            thing["range"] = whole_body(changed.range)


@kind("deleteNamedRange", RECORDED)
def delete_named_range(book: Book, body: Body, scene: Scene) -> None:  # noqa: ARG001 - as all kinds
    """Remove a named range."""
    del book.named[named_of(book, body.get("namedRangeId")).id]


@behaves("how the refusal of an id that is missing reads", ASSUMED)
def named_of(book: Book, named_id: str | None) -> NamedRange:
    """Return the named range of an id."""
    if named_id not in book.named:
        raise Refused(f"No named range with id: {named_id or ''}")
    return book.named[named_id]


def named_body(named: NamedRange) -> Body:
    """Return a ``NamedRange`` as the API prints it."""
    return {"namedRangeId": named.id, "name": named.name, "range": named.range.body()}


def whole_body(given: GridRange) -> Body:
    """Return a range's JSON with its ``sheetId``, as things keep it."""
    return {"sheetId": given.sheet} | given.body()


@behaves("a name has letters, digits and underscores, and looks like no reference", DOCUMENTED)
@behaves("names differ by more than capitals", ASSUMED)
@behaves("how the refusal of a name that is taken reads", SEEN, "sheets.md 2.2")
@behaves("how the refusal of a name that is none reads", ASSUMED)
def _free_name(book: Book, name: str | None, *, but: str = "") -> str:
    name = name or ""
    if not NAME.fullmatch(name) or LIKE_CELLS.fullmatch(name) or len(name) > LONGEST:
        raise Refused(f"The name {name} is not a valid name for a named range.")
    for other in book.named.values():
        if other.id != but and other.name.casefold() == name.casefold():
            verb = "update" if but else "add"
            raise Refused(
                f"Cannot {verb} named range with name {name}, "
                "a named range with that name already exists."
            )
    return name


@behaves("bounds that are left out stay open, ends outside of the grid are cut", ASSUMED)
def _range(book: Book, body: Mapping[str, Any] | None) -> GridRange:
    if body is None:
        raise Refused("No range specified.")
    sheet, area = ranged(book, body)
    given = GridRange.of(body)
    return attrs.evolve(
        given,
        sheet=sheet.id,
        bottom=None if given.bottom is None else area.bottom,
        right=None if given.right is None else area.right,
    )
