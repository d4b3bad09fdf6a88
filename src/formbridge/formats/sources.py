"""Sources: the ways in which a description says where a value comes from.

A text is a path; a list is tried in order; a table names one of ``KINDS``, and may add ``regex``.
"""

import json
from collections.abc import Callable, Sequence
from hashlib import blake2b

from formbridge.domain.revision import moment_of
from formbridge.formats.paths import getter, parse_path
from formbridge.formats.places import Place, Table
from formbridge.formats.regexes import search_for
from formbridge.formats.scope import ABSENT, Get, Scope, text_of
from formbridge.formats.templates import template

_REMEDY = 'write a path ("data.id"), a list of sources, or a table such as {header = "x-id"}'
_ID_SIZE = 16


def source(value: object, place: Place) -> Get:
    """Return the function that finds what a source says, or ``ABSENT``."""
    if isinstance(value, str):
        return getter(parse_path(value, place))
    if isinstance(value, list) and value:
        return _first([source(each, place.at(index)) for index, each in enumerate(value)])
    if isinstance(value, dict):
        return source_in(Table(value, place))
    raise place.wrong("says nothing about where a value comes from", _REMEDY)


def source_in(table: Table, *, done: bool = True) -> Get:
    """Return the source that a table says; the caller may know more keys of it (``done=False``)."""
    named = [kind for kind in KINDS if table.get(kind) is not None]
    if len(named) != 1:
        problem = f"names {' and '.join(named)}" if named else "names no source"
        raise table.place.wrong(problem, "name exactly one of " + ", ".join(KINDS))
    get = KINDS[named[0]](table)
    if table.get("regex") is not None:
        get = _matched(get, table)
    if done:
        table.done()
    return get


def _first(sources: Sequence[Get]) -> Get:
    get_first, *others = sources

    def find(item: object, scope: Scope) -> object:
        found = get_first(item, scope)
        if found is not ABSENT and found is not None and found != "":
            return found
        for get in others:
            found = get(item, scope)
            if found is not ABSENT and found is not None and found != "":
                return found
        return found

    return find


def _matched(get: Get, table: Table) -> Get:
    search = search_for(table.one("regex", str, ""), table.at("regex"))

    def find(item: object, scope: Scope) -> object:
        text = text_of(get(item, scope))
        found = None if text is None else search(text)
        return ABSENT if found is None else found

    return find


def _path(table: Table) -> Get:
    return getter(parse_path(table.one("path", str, ""), table.at("path")))


def _of(table: Table) -> Get:
    return source(table.get("of"), table.at("of"))


def _const(table: Table) -> Get:
    constant = table.get("const")
    return lambda _item, _scope: constant


def _header(table: Table) -> Get:
    name = table.one("header", str, "").lower()
    table.place.headers.add(name)
    return lambda _item, scope: scope.envelope.headers.get(name, ABSENT)


def _route(table: Table) -> Get:
    search = search_for(table.one("route", str, ""), table.at("route"))

    def find(_item: object, scope: Scope) -> object:
        found = search(scope.envelope.route)
        return ABSENT if found is None else found

    return find


def _received_at(table: Table) -> Get:
    unit = table.choice("received_at", ("moment", "day"), "moment")

    def find(_item: object, scope: Scope) -> object:
        moment = moment_of(scope.envelope.received_at)
        return moment if unit == "moment" else moment.date().isoformat()

    return find


def _hash(table: Table) -> Get:
    parts = table.at("hash").expect(table.get("hash"), list)
    gets = [source(part, table.at("hash").at(index)) for index, part in enumerate(parts)]

    def find(item: object, scope: Scope) -> object:
        found = [get(item, scope) for get in gets]
        if all(value is ABSENT or value is None for value in found):
            return ABSENT
        text = json.dumps(found, sort_keys=True, default=str)
        return blake2b(text.encode(), digest_size=_ID_SIZE).hexdigest()

    return find


def _join(table: Table) -> Get:
    name = table.at("join").one_of(table.one("join", str, ""), table.place.joins)
    by = source(table.need("by", "say by which value to look up, as a source"), table.at("by"))

    def find(item: object, scope: Scope) -> object:
        key = by(item, scope)
        if type(key) is not str:
            key = text_of(key)
        return ABSENT if key is None else scope.table(name).get(key, ABSENT)

    return find


def _template(table: Table) -> Get:
    return template(table.one("template", str, ""), table.at("template"))


KINDS: dict[str, Callable[[Table], Get]] = {
    "path": _path,
    "of": _of,
    "const": _const,
    "header": _header,
    "route": _route,
    "received_at": _received_at,
    "hash": _hash,
    "join": _join,
    "template": _template,
}
