"""Steps for what people chose: labels, options by id, grids, entries of rows, files."""

from collections.abc import Callable, Mapping, Sequence

from formbridge.formats.paths import getter, parse_path
from formbridge.formats.places import Table
from formbridge.formats.scope import ABSENT, Get, Scope, text_of
from formbridge.formats.steptypes import StepBuilder, Take

_Look = Callable[[object], object]


def _paths(table: Table, name: str) -> list[Get]:
    texts = table.texts(name)
    return [getter(parse_path(text, table.at(name))) for text in texts]


def _present(value: object, gets: Sequence[Get], scope: Scope) -> list[object]:
    found = (get(value, scope) for get in gets)
    return [each for each in found if each is not ABSENT and each is not None]


def _first(table: Table) -> Take:
    """``{first = ["label", "other"]}``: of an object the first of these that is there."""
    gets = _paths(table, "first")

    def one(value: object, scope: Scope) -> object:
        if not isinstance(value, dict):
            return value
        return next(iter(_present(value, gets, scope)), value)

    return lambda value, _item, scope: (
        [one(each, scope) for each in value] if isinstance(value, list) else one(value, scope)
    )


def _pick(table: Table) -> Take:
    """``{pick = ["labels", "other"], with = " "}``: all that are there, as list or text."""
    gets = _paths(table, "pick")
    separator = table.get("with")
    joined = None if separator is None else table.at("with").expect(separator, str)

    def one(value: object, scope: Scope) -> object:
        if not isinstance(value, dict):
            return value
        parts: list[object] = []
        for found in _present(value, gets, scope):
            parts.extend(found) if isinstance(found, list) else parts.append(found)
        if not parts:
            return value
        if joined is None:
            return parts
        return joined.join(text for part in parts if (text := text_of(part)))

    return lambda value, _item, scope: (
        [one(each, scope) for each in value] if isinstance(value, list) else one(value, scope)
    )


def _options(table: Table) -> Take:
    """``{options = "options", id = "id", text = "text"}``: ids become texts of the item's list."""
    lookup = _lookup(table, "options")

    def take(value: object, item: object, scope: Scope) -> object:
        return _translate(value, lookup(item, scope))

    return take


def _join(table: Table) -> Take:
    """``{join = "choices"}``: ids become texts of a join."""
    name = table.at("join").one_of(table.one("join", str, ""), table.place.joins)
    return lambda value, _item, scope: _translate(value, _known(scope.table(name)))


def _grid(table: Table) -> Take:
    """``{grid = "rows", columns = "columns"}``: ``{row id: [column ids]}`` under their texts."""
    rows, columns = _lookup(table, "grid"), _lookup(table, "columns")

    def take(value: object, item: object, scope: Scope) -> object:
        if not isinstance(value, dict):
            return value
        row, column = rows(item, scope), columns(item, scope)
        found: dict[str, object] = {}
        for key, chosen in value.items():
            name = text_of(row(key)) or key
            found[key if name in found else name] = _single(_translate(chosen, column))
        return found

    return take


def _entries(table: Table) -> Take:
    """``{entries = ["text", "choice_id"], row = "row_id", column = "col_id", join = "options"}``.

    A list of objects, each with one choice or text, becomes the list of these; where they belong to
    rows, an object of them by row, and by column inside of it.
    """
    gets, row, column = _paths(table, "entries"), _paths(table, "row"), _paths(table, "column")
    join = table.get("join")
    name = None if join is None else table.at("join").one_of(str(join), table.place.joins)

    def take(value: object, _item: object, scope: Scope) -> object:
        if not isinstance(value, list):
            return value
        look = _known({} if name is None else scope.table(name))
        found: dict[str, object] = {}
        loose: list[object] = []
        for entry in value:
            chosen = next((look(each) for each in _present(entry, gets, scope)), entry)
            keys = [text_of(look(key)) or "" for key in _present(entry, [*row, *column], scope)]
            _put(found, keys, chosen) if keys else loose.append(chosen)
        if not found:
            return loose
        return found if not loose else [found, *loose]

    return take


def _put(found: dict[str, object], keys: list[str], chosen: object) -> None:
    """Add what was chosen under its row (and column); a second one there makes a list."""
    *outer, last = keys
    for key in outer:
        inner = found.setdefault(key, {})
        if not isinstance(inner, dict):
            inner = found[key] = {"": inner}
        found = inner
    if last not in found:
        found[last] = chosen
        return
    before = found[last]
    found[last] = [*before, chosen] if isinstance(before, list) else [before, chosen]


def _files(table: Table) -> Take:
    """``{files = ["url", "file_url"]}``: of each file the first of these, as a list of texts."""
    gets = _paths(table, "files")

    def take(value: object, _item: object, scope: Scope) -> object:
        if value is None:
            return None
        files = value if isinstance(value, list) else [value]
        return [next(iter(_present(file, gets, scope)), file) for file in files]

    return take


def _lookup(table: Table, name: str) -> Callable[[object, Scope], _Look]:
    """Return what makes the texts of an item's own options; their path is under ``name``."""
    path = getter(parse_path(table.one(name, str, ""), table.at(name)))
    key, text = (
        getter(parse_path(table.one(part, str, part), table.at(part))) for part in ("id", "text")
    )

    def look(item: object, scope: Scope) -> _Look:
        options = path(item, scope)
        found: dict[str, object] = {}
        for option in options if isinstance(options, list) else ():
            name = text_of(key(option, scope))
            if name is not None:
                found.setdefault(name, text(option, scope))
        return _known(found)

    return look


def _known(texts: Mapping[str, object]) -> _Look:
    def look(value: object) -> object:
        name = text_of(value)
        found = texts.get(name, ABSENT) if name is not None else ABSENT
        return value if found is ABSENT or found is None else found

    return look


def _translate(value: object, look: _Look) -> object:
    return [look(each) for each in value] if isinstance(value, list) else look(value)


def _single(value: object) -> object:
    return value[0] if isinstance(value, list) and len(value) == 1 else value


CHOICE_STEPS: dict[str, StepBuilder] = {
    "entries": _entries,
    "files": _files,
    "first": _first,
    "grid": _grid,
    "join": _join,
    "options": _options,
    "pick": _pick,
}
