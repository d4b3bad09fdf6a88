"""What a response has once: its ids, its times, its status and its operation."""

from collections.abc import Callable, Mapping
from datetime import datetime

import attrs

from formbridge.domain.errors import Undecodable
from formbridge.domain.responses import Operation, Status
from formbridge.formats.places import Place, Table
from formbridge.formats.scope import ABSENT, Get, Scope, text_of, type_name
from formbridge.formats.sources import source, source_in
from formbridge.formats.times import Parse, moment_parser

EVENTS = ("upsert", "partial", "merge", "delete", "ignore")
"""What a payload may be about: a response, the first part of one, more answers of one, the end of
one, or nothing that concerns a table."""

OPERATIONS = {
    "upsert": Operation.UPSERT,
    "partial": Operation.UPSERT,
    "merge": Operation.MERGE,
    "delete": Operation.DELETE,
}
STATUSES = {status.value: status for status in Status}

ANY = "*"
_ID = "an id is a text that is not empty, or a whole number"


@attrs.frozen(kw_only=True, eq=False)
class Moment:
    """Where a time stands and how it is written; ``path`` is its source if that is a plain path."""

    get: Get
    parse: Parse
    required: bool
    shown: str


@attrs.frozen(kw_only=True, eq=False)
class Word:
    """Where a word of the backend stands, and which word of ours each of its words means."""

    get: Get | None
    words: Mapping[str, str]
    default: str
    shown: str

    def read(self, scope: Scope) -> str:
        """Return our word; raise ``Undecodable`` for one that the description does not know."""
        if self.get is None:
            return self.default
        found = self.get(scope.record, scope)
        if found is ABSENT or found is None:
            return self.default
        word = self.words.get(text_of(found) or "", self.words.get(ANY))
        if word is None:
            known = ", ".join(sorted(self.words))
            problem = f"is {type_name(found)} that the description does not know"
            raise Undecodable(_shown(scope, self.shown), problem, f"it knows {known}")
        return word


def id_reader(value: object, place: Place) -> Callable[[Scope], str]:
    """Return the function for an id; ``Undecodable`` is all but a text or a whole number."""
    get, shown = source(value, place), shown_source(value, place)

    def read(scope: Scope) -> str:
        found = get(scope.record, scope)
        if type(found) is str and found:
            return found
        if type(found) is int:
            return str(found)
        problem = "is an empty text" if found == "" else f"is {type_name(found)}"
        if found is ABSENT:
            problem = "is missing"
        raise Undecodable(_shown(scope, shown), problem, _ID)

    return read


def moment_in(value: object, place: Place) -> Moment | None:
    """Return where a time stands: a source, with ``time``, ``zone``, ``zones``, ``required``."""
    if value is None:
        return None
    table = Table(value if isinstance(value, dict) else {}, place)
    required = table.one("required", bool, False)  # noqa: FBT003 - the default of a key
    parse = moment_parser(table)
    get = source_in(table) if isinstance(value, dict) else source(value, place)
    return Moment(get=get, parse=parse, required=required, shown=shown_source(value, place))


def word_in(value: object, place: Place, *, known: tuple[str, ...], default: str) -> Word:
    """Return a status or event: ``{from = SOURCE, values = {their = "our"}, default = "our"}``."""
    if value is None:
        return Word(get=None, words={}, default=default, shown="")
    table = Table(place.expect(value, dict), place)
    origin = table.need("from", "say where it stands, as a source")
    given = table.table("values")
    words = {key: given.choice(key, known, "") for key in given.values}
    word = Word(
        get=source(origin, table.at("from")),
        words=words or {name: name for name in known},
        default=table.choice("default", known, default),
        shown=shown_source(origin, table.at("from")),
    )
    table.done()
    return word


def moment_of_record(moment: Moment | None, scope: Scope, *, needed: bool) -> datetime | None:
    """Return the time of a record, or None; raise ``Undecodable`` for one that cannot be read."""
    if moment is None:
        return None
    found = moment.get(scope.record, scope)
    if found is ABSENT or found is None or found == "":
        if moment.required and needed:
            problem = "is missing" if found is ABSENT else "is empty"
            raise Undecodable(_shown(scope, moment.shown), problem, "the format needs a time there")
        return None
    try:
        return moment.parse(found)
    except (ValueError, TypeError, ArithmeticError):
        problem = f"is {type_name(found)} that is no time as the description writes it"
        remedy = "write it as RFC 3339 (2026-03-02T08:00:00Z), or describe it with time = ..."
        raise Undecodable(_shown(scope, moment.shown), problem, remedy) from None


def shown_source(value: object, place: Place) -> str:
    """Return how errors name a source: by its path, or else by the key of the description."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict) and isinstance(value.get("path"), str):
        return str(value["path"])
    if isinstance(value, list) and value and isinstance(value[0], str):
        return value[0]
    return f"({place.key})"


def _shown(scope: Scope, shown: str) -> str:
    return scope.place(shown) if not shown.startswith("(") else f"{scope.at} {shown}"
