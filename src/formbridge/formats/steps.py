"""Steps: what is done to a value on its way into a cell, one after another.

A step is a word (``"json"``) or a table that begins with its name (``{split = " "}``). Each takes
what it can use and lets everything else pass as it is: an odd value is never an error, and none is
ever lost.
"""

import re
from collections.abc import Callable, Sequence

from formbridge.formats.choices import CHOICE_STEPS
from formbridge.formats.json_text import NotJson, json_value
from formbridge.formats.places import Place, Table
from formbridge.formats.regexes import compile_regex
from formbridge.formats.scope import ABSENT, Scope, text_of
from formbridge.formats.steptypes import StepBuilder, Take
from formbridge.formats.texts import plain_text
from formbridge.formats.times import moment_parser

_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,30})(?:\.\d{1,30})?")


def steps(values: object, place: Place) -> Take | None:
    """Return one function for a list of steps, or None for none."""
    if values is None:
        return None
    taken = [_step(each, place.at(index)) for index, each in enumerate(place.expect(values, list))]
    if not taken:
        return None
    return taken[0] if len(taken) == 1 else _chain(taken)


def _chain(taken: Sequence[Take]) -> Take:
    def run(value: object, item: object, scope: Scope) -> object:
        for take in taken:
            value = take(value, item, scope)
        return value

    return run


def _step(value: object, place: Place) -> Take:
    if isinstance(value, str):
        return WORDS[place.one_of(value, WORDS)]
    table = Table(place.expect(value, dict), place)
    name = next(iter(table.values), "")
    table.get(place.one_of(name, TABLES))
    take = TABLES[name](table)
    table.done()
    return take


# --- words --------------------------------------------------------------------------------------


def _json(value: object, _item: object, _scope: Scope) -> object:
    if not isinstance(value, str):
        return value
    try:
        return json_value(value)
    except NotJson:
        return value


def _plain(value: object, _item: object, _scope: Scope) -> object:
    return each_of(value, lambda one: plain_text(one) if isinstance(one, str) else one)


def _one(value: object, _item: object, _scope: Scope) -> object:
    if isinstance(value, list) and len(value) <= 1:
        return value[0] if value else None
    return value


def _list(value: object, _item: object, _scope: Scope) -> object:
    return value if isinstance(value, list) or value is None else [value]


def _drop_empty(value: object, _item: object, _scope: Scope) -> object:
    return ABSENT if _is_empty(value) else value


def _is_empty(value: object) -> bool:
    if isinstance(value, dict):
        return all(map(_is_empty, value.values()))
    if isinstance(value, list):
        return all(map(_is_empty, value))
    return value is None or value == ""


def _number(value: object, _item: object, _scope: Scope) -> object:
    """Make a number of a text that is written exactly as a number is: no plus, no leading zero."""
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return json_value(value)
    return value


def _text(value: object, _item: object, _scope: Scope) -> object:
    def one(value: object) -> object:
        return value if isinstance(value, bool) else (text_of(value) or value)

    return each_of(value, one)


def each_of(value: object, function: Callable[[object], object]) -> object:
    """Apply a function to a value, or to each item of a list."""
    return [function(one) for one in value] if isinstance(value, list) else function(value)


WORDS: dict[str, Take] = {
    "drop_empty": _drop_empty,
    "json": _json,
    "list": _list,
    "number": _number,
    "one": _one,
    "plain": _plain,
    "text": _text,
}


# --- tables -------------------------------------------------------------------------------------


def _split(table: Table) -> Take:
    separator = table.one("split", str, "")
    if not separator:
        raise table.at("split").wrong("is empty", 'write what stands between, such as " "')

    def take(value: object, _item: object, _scope: Scope) -> object:
        if not isinstance(value, str):
            return value
        return [part.strip() for part in value.split(separator) if part.strip()]

    return take


def _map(table: Table) -> Take:
    known = table.one("map", dict, {})

    def one(value: object) -> object:
        text = text_of(value)
        return value if text is None else known.get(text, value)

    return lambda value, _item, _scope: each_of(value, one)


def _rows(table: Table) -> Take:
    pattern = compile_regex(table.one("rows", str, ""), table.at("rows"))

    def one(row: object) -> object:
        if not isinstance(row, dict):
            return row
        return {pattern.sub("", key, count=1) if len(key) < 1_000 else key: row[key] for key in row}  # noqa: PLR2004 - as regexes.LONGEST

    return lambda value, _item, _scope: each_of(value, one)


def _date(table: Table) -> Take:
    return _when(table, "date", lambda moment: moment.split("T")[0])


def _datetime(table: Table) -> Take:
    return _when(table, "datetime", lambda moment: moment)


def _when(table: Table, name: str, show: Callable[[str], str]) -> Take:
    """Return the step that writes a date or a moment as ISO 8601; what is none stays as it is."""
    keys = {"time": table.get(name), "zone": table.get("zone"), "zones": table.get("zones")}
    given = {key: value for key, value in keys.items() if value is not None}
    parse = moment_parser(Table(given, table.place))

    def one(value: object) -> object:
        try:
            return show(parse(value).isoformat()) if isinstance(value, (str, int)) else value
        except (ValueError, TypeError, ArithmeticError):
            return value

    return lambda value, _item, _scope: each_of(value, one)


TABLES: dict[str, StepBuilder] = {
    **CHOICE_STEPS,
    "date": _date,
    "datetime": _datetime,
    "map": _map,
    "rows": _rows,
    "split": _split,
}
