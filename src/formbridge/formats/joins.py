"""Joins: tables inside of a payload that say what its ids mean (question id → title)."""

from collections.abc import Callable, Mapping, Sequence

from formbridge.formats.each import Items, items_at
from formbridge.formats.paths import Each, Path, parse_path
from formbridge.formats.places import Table
from formbridge.formats.scope import ABSENT, Get, Scope, text_of
from formbridge.formats.sources import source

Build = Callable[[Scope], Mapping[str, object]]


def join_in(table: Table) -> Build:
    """Return what builds the table of one record; of two entries for a key the first counts."""
    paths = [
        parse_path(path, table.at("each"), stars=True)
        for path in table.texts("each") or _missing(table)
    ]
    key = table.need("key", "say which value of an item is its id")
    text = table.need("text", "say which value of an item is its text")
    gets = source(key, table.at("key")), source(text, table.at("text"))
    names = _plain(key, table), _plain(text, table)
    table.done()
    stages = [_plain_stages(path) for path in paths]
    if names[0] and names[1] and all(stages):
        return _plain_join([each for each in stages if each], names[0], names[1])
    return _join([items_at(path) for path in paths], *gets)


def _join(each: Sequence[Items], key: Get, text: Get) -> Build:
    def build(scope: Scope) -> Mapping[str, object]:
        found: dict[str, object] = {}
        inner = Scope(scope.envelope, scope.root, scope.record, scope.at)
        for items in each:
            for item in items(scope.record, inner):
                name = text_of(key(item, inner))
                value = ABSENT if name is None else text(item, inner)
                if name is not None and value is not ABSENT:
                    found.setdefault(name, value)
        return found

    return build


# --- nearly all joins are lists of objects with two plain keys: these, four times as fast --------

_Stages = tuple[tuple[str, ...], ...]


def _plain_join(each: Sequence[_Stages], key: str, text: str) -> Build:
    def build(scope: Scope) -> Mapping[str, object]:
        found: dict[str, object] = {}
        for stages in each:
            items = [scope.record]
            for names in stages:
                items = _inside(items, names)
            for item in items:
                if type(item) is dict and text in item and key in item:
                    name = item[key]
                    name = name if type(name) is str else text_of(name)
                    if name is not None and name not in found:
                        found[name] = item[text]
        return found

    return build


def _inside(items: list[object], names: tuple[str, ...]) -> list[object]:
    """Return all items of the lists, or values of the objects, that stand there in each item."""
    found: list[object] = []
    for item in items:
        inner = item
        for name in names:
            inner = inner.get(name) if type(inner) is dict else None
        if type(inner) is list:
            found += inner
        elif type(inner) is dict:
            found += inner.values()
    return found


def _plain(value: object, table: Table) -> str | None:
    names = parse_path(value, table.place).names if isinstance(value, str) else None
    return names[0] if names and len(names) == 1 else None


def _plain_stages(path: Path) -> _Stages | None:
    """Return the keys before each star, if there is nothing but keys and stars."""
    stages: list[tuple[str, ...]] = []
    names: list[str] = []
    for step in path.steps:
        if isinstance(step, str):
            names.append(step)
        elif isinstance(step, Each):
            stages.append(tuple(names))
            names = []
        else:
            return None
    return None if names or path.root or path.up or not stages else tuple(stages)


def _missing(table: Table) -> tuple[str, ...]:
    raise table.at("each").wrong("is missing", "write the path of the items, or a list of paths")
