"""Requests about protected ranges."""

from collections.abc import Iterator, Mapping
from typing import Any

from formbridge.testing.google.accounts.grants import Grant
from formbridge.testing.google.answers.masks import Mask, merged
from formbridge.testing.google.answers.objects import thing_body
from formbridge.testing.google.batch.kinds import Scene, kind
from formbridge.testing.google.batch.named import named_of, whole_body
from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, RECORDED, behaves
from formbridge.testing.google.errors import Refused
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.editing import PROTECTED, is_editor, ranged
from formbridge.testing.google.grid.ranges import GridRange
from formbridge.testing.google.grid.sheet import Sheet, Thing
from formbridge.testing.google.messages import Body

THINGS = "protectedRanges"
SETTABLE = ("description", "warningOnly", "editors")
BACKS = ("range", "namedRangeId", "tableId")


@kind("addProtectedRange", RECORDED)
@behaves("whoever protects is an editor, which the reply does not say yet", RECORDED)
@behaves("an id that is taken is refused", DOCUMENTED)
def add_protected_range(book: Book, body: Body, scene: Scene) -> Body:
    """Protect a range; reply with it."""
    given = body.get("protectedRange") or {}
    chosen = given.get("protectedRangeId") or scene.new_id(lambda one: bool(_find(book, one)))
    if _find(book, chosen) is not None:
        raise Refused(
            f"Cannot add protected range with ID {chosen}, "
            "a protected range with that ID already exists."
        )
    sheet, thing = _backed(book, given)
    thing |= _settings(given) | {"protectedRangeId": chosen}
    thing |= _unprotected(book, thing, given.get("unprotectedRanges"))
    named = thing["editors"]
    thing["editors"] = _with_owners(named, scene)
    sheet.list(THINGS).append(thing)
    return {"protectedRange": thing_body(THINGS, thing, scene.grant) | {"editors": named}}


@kind("updateProtectedRange", DOCUMENTED)
@behaves("only editors change a protected range, and they cannot shut themselves out", ASSUMED)
def update_protected_range(book: Book, body: Body, scene: Scene) -> None:
    """Change a protected range as far as the mask says."""
    given = body.get("protectedRange") or {}
    mask = Mask.parse(body.get("fields"), "ProtectedRange")
    sheet, old = _guarded(book, given.get("protectedRangeId"), scene.grant)
    new = merged(old, _clean(given), mask)
    new["protectedRangeId"] = old["protectedRangeId"]
    new.pop("requestingUserCanEdit", None)
    target, backed = sheet, {name: old[name] for name in BACKS if name in old}
    touched = [name for name in BACKS if mask.touches(name) and given.get(name) is not None]
    if touched:
        target, backed = _backed(book, {name: given[name] for name in touched})
    thing = {name: value for name, value in new.items() if name not in BACKS} | backed
    thing |= _unprotected(book, thing, thing.get("unprotectedRanges"))
    thing["editors"] = _with_owners(thing.get("editors") or {}, scene)
    _put(sheet, target, old, thing)


@kind("deleteProtectedRange", RECORDED)
def delete_protected_range(book: Book, body: Body, scene: Scene) -> None:
    """Remove a protection."""
    sheet, thing = _guarded(book, body.get("protectedRangeId"), scene.grant)
    sheet.list(THINGS).remove(thing)


def _all(book: Book) -> Iterator[tuple[Sheet, Thing]]:
    for sheet in book.sheets:
        for thing in sheet.things.get(THINGS, ()):
            yield sheet, thing


def _find(book: Book, number: int | None) -> tuple[Sheet, Thing] | None:
    found = (pair for pair in _all(book) if pair[1].get("protectedRangeId") == number)
    return next(found, None)


@behaves("how the refusal of an id that is missing reads", ASSUMED)
def _guarded(book: Book, number: int | None, grant: Grant) -> tuple[Sheet, Thing]:
    found = _find(book, number)
    if found is None:
        raise Refused(f"No protected range with id: {number or 0}")
    if not found[1].get("warningOnly") and not is_editor(found[1], grant):
        raise Refused(PROTECTED)
    return found


@behaves("a range, a named range or a table is protected: one of them", DOCUMENTED)
@behaves("how the refusal of none or of several reads", ASSUMED)
def _backed(book: Book, given: Mapping[str, Any]) -> tuple[Sheet, Thing]:
    """Return the tab of what is protected, and the fields that say what it is."""
    named = [name for name in BACKS if given.get(name) is not None]
    if len(named) != 1:
        raise Refused("Exactly one of range, namedRangeId or tableId must be set.")
    if named[0] == "namedRangeId":
        chosen = named_of(book, given["namedRangeId"])
        sheet, _area = ranged(book, chosen.range.body())
        return sheet, {"namedRangeId": chosen.id, "range": whole_body(chosen.range)}
    if named[0] == "tableId":
        return _table(book, given["tableId"])
    sheet, _area = ranged(book, given["range"])
    return sheet, {"range": whole_body(GridRange.of(given["range"]))}


def _table(book: Book, table_id: str) -> tuple[Sheet, Thing]:
    for sheet in book.sheets:
        for table in sheet.things.get("tables", ()):
            if table.get("tableId") == table_id:
                return sheet, {"tableId": table_id, "range": dict(table["range"])}
    raise Refused(f"No table with id: {table_id}")


def _settings(given: Mapping[str, Any]) -> Thing:
    """Return what a protection says beside its range, cleaned; ``editors`` is always there."""
    clean = _clean(given)
    return {name: clean[name] for name in SETTABLE if clean.get(name)} | {
        "editors": clean.get("editors") or {}
    }


def _clean(given: Mapping[str, Any]) -> Thing:
    editors = {name: value for name, value in (given.get("editors") or {}).items() if value}
    clean = {name: value for name, value in given.items() if value is not None}
    return clean | ({"editors": editors} if given.get("editors") is not None else {})


@behaves("only a protected tab has unprotected ranges", DOCUMENTED)
@behaves("how their refusal reads", ASSUMED)
def _unprotected(book: Book, thing: Thing, ranges: list[Body] | None) -> Thing:
    if not ranges:
        return {}
    if set(thing["range"]) - {"sheetId"}:
        raise Refused("Unprotected ranges are only supported on protected sheets.")
    for one in ranges:
        ranged(book, one)
    return {"unprotectedRanges": [whole_body(GridRange.of(one)) for one in ranges]}


@behaves("whose file it is can always edit", DOCUMENTED)
@behaves("in which order editors are listed", ASSUMED)
def _with_owners(editors: Mapping[str, Any], scene: Scene) -> Thing:
    """Return editors with the caller and with the owner of the file among them."""
    users = list(editors.get("users") or ())
    for one in (scene.owner, scene.grant.account.email):
        if one and one.casefold() not in {user.casefold() for user in users}:
            users.append(one)
    return {"users": users} | {
        name: value for name, value in editors.items() if name != "users" and value
    }


def _put(sheet: Sheet, target: Sheet, old: Thing, new: Thing) -> None:
    if target is sheet:
        things = sheet.list(THINGS)
        things[things.index(old)] = new
    else:
        sheet.list(THINGS).remove(old)
        target.list(THINGS).append(new)
