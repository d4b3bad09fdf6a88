"""Joins: tables inside of a payload that say what its ids mean (question id → title)."""

from collections.abc import Callable, Mapping

from formbridge.formats.each import items_at
from formbridge.formats.paths import parse_path
from formbridge.formats.places import Table
from formbridge.formats.scope import ABSENT, Scope, text_of
from formbridge.formats.sources import source

Build = Callable[[Scope], Mapping[str, object]]


def join_in(table: Table) -> Build:
    """Return what builds the table of one record; of two entries for a key the first counts."""
    each = [
        items_at(parse_path(path, table.at("each"), stars=True))
        for path in table.texts("each") or _missing(table)
    ]
    key = source(table.need("key", "say which value of an item is its id"), table.at("key"))
    text = source(table.need("text", "say which value of an item is its text"), table.at("text"))
    table.done()

    def build(scope: Scope) -> Mapping[str, object]:
        found: dict[str, object] = {}
        inner = Scope(envelope=scope.envelope, root=scope.root, record=scope.record, at=scope.at)
        for items in each:
            for item in items(scope.record, inner):
                name, value = text_of(key(item, inner)), text(item, inner)
                if name is not None and value is not ABSENT:
                    found.setdefault(name, value)
        return found

    return build


def _missing(table: Table) -> tuple[str, ...]:
    raise table.at("each").wrong("is missing", "write the path of the items, or a list of paths")
