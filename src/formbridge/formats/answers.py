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
    holds: Holds | None
    fails: Holds | None
    title: Get | None
    titles: str
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
        holds=_condition(table, "where"),
        fails=_condition(table, "unless"),
        title=_optional(table, "title"),
        titles=_titles(table),
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


def _section(parts: _Parts) -> Section:  # noqa: C901 - see read
    rules, get_type = parts.rules, parts.type
    otherwise = rules.get(ANY, parts.rule)
    holds, fails, prefix, flatten = parts.holds, parts.fails, parts.prefix, parts.flatten
    get_key, get_value, get_title, get_kind = parts.key, parts.value, parts.title, parts.kind
    keys_are_plain = parts.name is None

    def read(scope: Scope, found: Found, needed: bool) -> None:  # noqa: C901, FBT001, PLR0912 - one loop: what an answer costs is paid here
        items = parts.items if needed else parts.optional_items
        add_id, add_title = found.ids.append, found.titles.append
        add_kind, add_value = found.kinds.append, found.values.append
        rule = parts.rule
        titles = scope.table(parts.titles) if parts.titles else None
        for item in items(scope.record, scope):
            if holds is not None and not holds(item, scope):
                continue
            if fails is not None and fails(item, scope):
                continue
            key = get_key(item, scope)
            if not keys_are_plain or type(key) is not str or not key:
                key = _key(parts, key, scope)
                if key is None:
                    continue
            if get_type is not None:
                name = get_type(item, scope)
                rule = rules.get(name, otherwise) if type(name) is str else otherwise
            value = (rule.value or get_value)(item, scope)
            if rule.steps is not None and value is not ABSENT:
                value = rule.steps(value, item, scope)
            if value is ABSENT:
                _without_value(parts, scope)
                continue
            if titles is not None:
                title = titles.get(key)
            else:
                title = None if get_title is None else get_title(item, scope)
            if title is not None and type(title) is not str:
                title = None if title is ABSENT else title_of(title)
            kind = rule.kind if get_kind is None else Kind.of(text_of(get_kind(item, scope)))
            if flatten and type(value) is dict:
                for inner, leaf in _leaves(value, prefix + key, flatten):
                    found.add(inner, None, kind, leaf)
            else:
                add_id(prefix + key)
                add_title(title)
                add_kind(kind)
                add_value(value)

    return read


def _key(parts: _Parts, key: object, scope: Scope) -> str | None:
    """Return what was found as a question id, or None if the item is no answer."""
    if type(key) is int:
        key = str(key)
    if type(key) is str and key:
        return key if parts.name is None else parts.name(key)
    if key is ABSENT and "key" in parts.skips:
        return None
    problem = "is an empty text" if key == "" else f"is {type_name(key)}"
    remedy = "the id of a question is a text that is not empty, or a whole number"
    raise Undecodable(scope.place(parts.shown_key), problem, remedy)


def _without_value(parts: _Parts, scope: Scope) -> None:
    if "value" not in parts.skips:
        remedy = "an answer without a value cannot be told from one that was not given"
        raise Undecodable(scope.place(parts.shown_value), "is missing", remedy)


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


def _titles(table: Table) -> str:
    """Return the join that gives titles by the key of an answer, which is nearly always so."""
    title, key = table.get("title"), table.get("key")
    renamed = table.get("only") or table.get("skip")
    if isinstance(title, dict) and set(title) == {"join", "by"} and title["by"] == key:
        return "" if renamed else str(title["join"])
    return ""


def _condition(table: Table, key: str) -> Holds | None:
    value = table.get(key)
    return None if value is None else condition(value, table.at(key))


def _optional(table: Table, key: str) -> Get | None:
    value = table.get(key)
    return None if value is None else source(value, table.at(key))


def _skips(table: Table) -> frozenset[str]:
    place = table.at("skip_without")
    names = table.texts("skip_without", default=("value",))
    return frozenset(place.at(index).one_of(name, SKIPPABLE) for index, name in enumerate(names))
