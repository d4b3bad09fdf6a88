"""Conditions: which items of a section are answers (``where``, ``unless``)."""

from collections.abc import Callable

from formbridge.formats.paths import getter, parse_path
from formbridge.formats.places import Place, Table
from formbridge.formats.regexes import search_for
from formbridge.formats.scope import ABSENT, Scope, text_of

Holds = Callable[[object, Scope], bool]
_Test = Callable[[object], bool]


def condition(value: object, place: Place) -> Holds:
    """Return the function for a table (all of it must hold) or a list of tables (one must)."""
    if isinstance(value, list) and value:
        options = [condition(each, place.at(index)) for index, each in enumerate(value)]
        return lambda item, scope: any(holds(item, scope) for holds in options)
    if isinstance(value, dict) and value:
        tests = [
            (getter(parse_path(path, place.at(path))), _test(wanted, place.at(path)))
            for path, wanted in value.items()
        ]
        return lambda item, scope: all(test(get(item, scope)) for get, test in tests)
    raise place.wrong(
        "is no condition", 'write a table such as {type = "HIDDEN"}, or a list of them'
    )


def _test(wanted: object, place: Place) -> _Test:
    """Return the test for what a path should lead to."""
    if isinstance(wanted, dict):
        return _special(Table(wanted, place))
    if isinstance(wanted, list):
        return lambda found: any(_same(found, each) for each in wanted)
    return lambda found: _same(found, wanted)


def _special(table: Table) -> _Test:
    missing, pattern = table.get("missing"), table.get("matches")
    table.done()
    if pattern is not None and missing is None:
        search = search_for(table.one("matches", str, ""), table.at("matches"))
        return lambda found: search(text_of(found) or "") is not None
    if missing is None or pattern is not None:
        raise table.place.wrong(
            "is no test", 'write a value, a list of values, {missing = true} or {matches = "regex"}'
        )
    wanted = table.at("missing").expect(missing, bool)
    return lambda found: (found is ABSENT or found is None) is wanted


def _same(found: object, wanted: object) -> bool:
    """Compare as JSON does: false is not 0, and 1 is 1.0."""
    if isinstance(found, bool) or isinstance(wanted, bool):
        return found is wanted
    return found == wanted
