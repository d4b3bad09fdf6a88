"""Sections: which items of a payload are answers, to which question, and what they say."""

import re
from collections.abc import Callable, Iterator, Mapping

import attrs

from formbridge.domain.answers import Kind
from formbridge.domain.errors import Undecodable
from formbridge.formats.conditions import Holds, condition
from formbridge.formats.each import Items, items_at
from formbridge.formats.paths import parse_path
from formbridge.formats.places import Table
from formbridge.formats.regexes import Search, search_for
from formbridge.formats.rules import ANY, Rule
from formbridge.formats.scalars import shown_source
from formbridge.formats.scope import ABSENT, Get, Scope, text_of, type_name
from formbridge.formats.sources import source
from formbridge.formats.steps import steps
from formbridge.formats.texts import title_of

SKIPPABLE = ("key", "value")


@attrs.define(eq=False)
class Found:
    """The answers of one record, in four lists that run beside each other."""

    ids: list[str] = attrs.field(factory=list)
    titles: list[str | None] = attrs.field(factory=list)
    kinds: list[object] = attrs.field(factory=list)
    values: list[object] = attrs.field(factory=list)

    def add(self, key: str, title: str | None, kind: object, value: object) -> None:
        """Append one answer."""
        self.ids.append(key)
        self.titles.append(title)
        self.kinds.append(kind)
        self.values.append(value)


Section = Callable[[Scope, Found, bool], None]
"""Adds the answers of a record; the flag says whether they must be there at all."""


@attrs.frozen(kw_only=True, eq=False)
class _Parts:
    """A section, compiled piece by piece."""

    items: Items
    optional_items: Items
    key: Get
    shown_key: str
    name: Callable[[str], str | None] | None
    prefix: str
    holds: tuple[Holds, ...]
    fails: tuple[Holds, ...]
    title: Get | None
    kind: Get | None
    type: Get | None
    value: Get
    shown_value: str
    skips: frozenset[str]
    flatten: str
    rule: Rule
    rules: Mapping[str, Rule]


def section_in(table: Table, rules: Mapping[str, Rule]) -> Section:
    """Return the function for one ``[[answers]]`` of a description."""
    text = table.need("each", 'write the path of the items, such as "data.fields.*"')
    path = parse_path(table.at("each").expect(text, str), table.at("each"), stars=True)
    required = table.one("required", bool, False)  # noqa: FBT003 - the default of a key
    optional = items_at(path)
    parts = _Parts(
        items=items_at(path, required=True) if required else optional,
        optional_items=optional,
        key=source(table.values.get("key", "@key"), table.at("key")),
        shown_key=shown_source(table.get("key") or "@key", table.at("key")),
        name=_name(table),
        prefix=table.one("prefix", str, ""),
        holds=_conditions(table, "where"),
        fails=_conditions(table, "unless"),
        title=_optional(table, "title"),
        kind=_optional(table, "kind"),
        type=_optional(table, "type"),
        value=source(table.get("value") or ".", table.at("value")),
        shown_value=shown_source(table.get("value") or ".", table.at("value")),
        skips=_skips(table),
        flatten=table.one("flatten", str, ""),
        rule=Rule(steps=steps(table.get("steps"), table.at("steps"))),
        rules=rules,
    )
    table.done()
    return _section(parts)


def _section(parts: _Parts) -> Section:
    rule_of = _rule_of(parts)

    def read(scope: Scope, found: Found, needed: bool) -> None:  # noqa: FBT001 - one of three
        items = parts.items if needed else parts.optional_items
        for item in items(scope.record, scope):
            if any(not holds(item, scope) for holds in parts.holds):
                continue
            if any(holds(item, scope) for holds in parts.fails):
                continue
            key = _key(parts, item, scope)
            if key is None:
                continue
            rule = rule_of(item, scope)
            value = (rule.value or parts.value)(item, scope)
            if value is not ABSENT and rule.steps is not None:
                value = rule.steps(value, item, scope)
            if value is ABSENT:
                _without_value(parts, scope)
                continue
            title = None if parts.title is None else _title(parts.title, item, scope)
            kind = rule.kind if parts.kind is None else _kind(parts.kind, item, scope)
            if parts.flatten and type(value) is dict:
                for inner, leaf in _leaves(value, key, parts.flatten):
                    found.add(inner, None, kind, leaf)
            else:
                found.add(key, title, kind, value)

    return read


def _key(parts: _Parts, item: object, scope: Scope) -> str | None:
    """Return the question id of an item, or None if the item is no answer."""
    key = parts.key(item, scope)
    if type(key) is int:
        key = str(key)
    if type(key) is not str or not key:
        if key is ABSENT and "key" in parts.skips:
            return None
        problem = "is an empty text" if key == "" else f"is {type_name(key)}"
        place = scope.place(parts.shown_key)
        remedy = "the id of a question is a text that is not empty, or a whole number"
        raise Undecodable(place, "is missing" if key is ABSENT else problem, remedy)
    if parts.name is None:
        return parts.prefix + key if parts.prefix else key
    name = parts.name(key)
    return None if name is None else parts.prefix + name


def _without_value(parts: _Parts, scope: Scope) -> None:
    if "value" not in parts.skips:
        remedy = "an answer without a value cannot be told from one that was not given"
        raise Undecodable(scope.place(parts.shown_value), "is missing", remedy)


def _title(get: Get, item: object, scope: Scope) -> str | None:
    """Return a title; texts are made plain where a shape is built, once for all that look alike."""
    title = get(item, scope)
    if type(title) is str:
        return title
    if title is ABSENT or title is None:
        return None
    return title_of(title)


def _kind(get: Get, item: object, scope: Scope) -> Kind:
    return Kind.of(text_of(get(item, scope)))


def _rule_of(parts: _Parts) -> Callable[[object, Scope], Rule]:
    """Return the function that chooses the rule for an item: by its type, else ``*``, else none."""
    if parts.type is None:
        return lambda _item, _scope: parts.rule
    rules, get = parts.rules, parts.type
    otherwise = rules.get(ANY, parts.rule)

    def choose(item: object, scope: Scope) -> Rule:
        name = get(item, scope)
        return rules.get(name, otherwise) if type(name) is str else otherwise

    return choose


def _leaves(value: Mapping[str, object], key: str, between: str) -> Iterator[tuple[str, object]]:
    """Yield what is inside of nested objects, with the keys on the way joined."""
    waiting = [(key, value)]
    while waiting:
        outer, inside = waiting.pop()
        nested: list[tuple[str, Mapping[str, object]]] = []
        for name, inner in inside.items():
            if type(inner) is dict:
                nested.append((f"{outer}{between}{name}", inner))
            else:
                yield f"{outer}{between}{name}", inner
        waiting.extend(reversed(nested))


def _name(table: Table) -> Callable[[str], str | None] | None:
    """Return what ``only`` and ``skip`` make of a key: None for one that is no question."""
    only, skip = _regex(table, "only"), _regex(table, "skip")
    if only is None and skip is None:
        return None

    def name(key: str) -> str | None:
        if skip is not None and skip(key) is not None:
            return None
        return key if only is None else only(key)

    return name


def _regex(table: Table, key: str) -> Search | None:
    pattern = table.get(key)
    if pattern is None:
        return None
    place = table.at(key)
    search = search_for(place.expect(pattern, str), place)
    if key == "skip" or re.compile(str(pattern)).groups:
        return search
    return lambda text: None if search(text) is None else text


def _conditions(table: Table, key: str) -> tuple[Holds, ...]:
    value = table.get(key)
    return () if value is None else (condition(value, table.at(key)),)


def _optional(table: Table, key: str) -> Get | None:
    value = table.get(key)
    return None if value is None else source(value, table.at(key))


def _skips(table: Table) -> frozenset[str]:
    place = table.at("skip_without")
    names = table.texts("skip_without", default=("value",))
    return frozenset(place.at(index).one_of(name, SKIPPABLE) for index, name in enumerate(names))
