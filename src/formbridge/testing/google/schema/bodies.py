"""JSON bodies, held against the schema of their message, as Google's parser writes a message.

Names are known in camelCase and with underscores; ``null`` leaves a field as it is; numbers may be
texts; one value stands for a list of one. What comes back has the names of the documentation, no
nulls (but inside ``values``), and valid types. All that is wrong is said in one error.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, RECORDED, SEEN, behaves
from formbridge.testing.google.errors import ApiError
from formbridge.testing.google.messages import Body
from formbridge.testing.google.schema import syntax
from formbridge.testing.google.schema.discovery import Field, Schema, Shape
from formbridge.testing.google.schema.fitting import Unusual, fits, plain
from formbridge.testing.google.schema.refusals import (
    Violation,
    invalid_value,
    refusal,
    unknown_name,
)
from formbridge.testing.google.schema.scalars import Unfit, number, printed, scalar
from formbridge.testing.google.schema.syntax import DEEPEST, Members

NO_LIST = "Proto field is not repeating, cannot start list."
NO_MESSAGE = "Root element must be a message."
NO_NAME = "Proto fields must have a name."
NO_FIELD = "Cannot find field."
NO_OBJECT = "Starting an object on a scalar field"

Fields = Mapping[str, Field]


@attrs.define(eq=False)
class _Reading:
    """One body while it is read: what is wrong so far, and how deep the value lies."""

    lenient: bool
    violations: list[Violation] = attrs.field(factory=list)
    depth: int = 0

    def wrong(self, violation: Violation) -> None:
        self.violations.append(violation)

    def enter(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise _too_deep()

    def leave(self) -> None:
        self.depth -= 1


def _below(path: str, field: Field) -> str:
    return f"{path}.{field.proto}" if path else field.proto


@behaves("values nested more than 100 deep are refused", SEEN)
def _too_deep() -> ApiError:
    message = "Invalid JSON payload received. Message too deep. Max recursion depth reached"
    return ApiError(400, message, reason="parseError")


@behaves("no body is an empty message", RECORDED)
def read(body: bytes, schema: Schema, at: str = "") -> Body:
    """Return the JSON body of a message; raise a 400 in Google's words.

    ``at`` is the name of the body in the request's message, which the paths in errors begin with.
    Drive leaves out names that it does not know, Sheets refuses them.
    """
    if not body:
        return {}
    try:
        found: Body = plain(body)
    except Unusual:
        return checked(syntax.read(body), schema, at)
    return found if fits(found, schema) else checked(syntax.read(body), schema, at)


def checked(value: object, schema: Schema, at: str = "") -> Body:
    """Return the cleaned copy of a message that ``syntax.read`` or ``json.loads`` gave."""
    reading = _Reading(lenient=schema.api != "sheets")
    found: Body = {}
    if isinstance(value, (Members, dict)):
        found = _message(reading, value, schema.fields, at)
    else:
        reading.wrong(unknown_name("", at, NO_MESSAGE))
    if reading.violations:
        raise refusal(reading.violations)
    return found


# --- messages -----------------------------------------------------------------------------------


@behaves("names that Drive does not know are left out", SEEN)
def _message(reading: _Reading, value: Members | Body, fields: Fields, path: str) -> Body:
    result: Body = {}
    groups: set[str] = set()
    reading.enter()
    for name, each in _pairs(value):
        field = _named(name, fields)
        if field is None:
            if not reading.lenient:
                reading.wrong(unknown_name(path, name, NO_FIELD if name else NO_NAME))
        elif each is not None and _is_alone(reading, field, groups, name, path):
            _put(result, field.name, _field(reading, each, field, name, path))
    reading.leave()
    return result


def _pairs(value: Members | Body) -> Iterable[tuple[str, Any]]:
    return value.items() if isinstance(value, dict) else value


@behaves("names are known in camelCase and with underscores", DOCUMENTED)
def _named(name: str, fields: Fields) -> Field | None:
    found = fields.get(name)
    if found is None and "_" in name:
        found = next((field for field in fields.values() if field.proto == name), None)
    return found


@behaves("a second field of a group is refused; null takes no place in it", SEEN)
def _is_alone(reading: _Reading, field: Field, groups: set[str], name: str, path: str) -> bool:
    if field.group and field.group in groups:
        text = f"oneof field '{field.group}' is already set. Cannot set '{name}'"
        reading.wrong(invalid_value(path, "oneof", text))
        return False
    groups.add(field.group)
    return True


@behaves("a name that comes again adds to lists and messages, else the last one holds", ASSUMED)
def _put(result: Body, name: str, value: Any) -> None:
    known = result.get(name)
    if isinstance(known, list) and isinstance(value, list):
        known.extend(value)
    elif isinstance(known, dict) and isinstance(value, dict):
        known.update(value)
    elif value is not None:
        result[name] = value


# --- fields -------------------------------------------------------------------------------------


def _field(reading: _Reading, value: object, field: Field, name: str, above: str) -> Any:
    path = _below(above, field)
    if field.repeated:
        return _list(reading, value, field, path)
    if _is_list(value) and field.shape.kind != "any":
        return reading.wrong(unknown_name(above, name, NO_LIST))
    return _one(reading, value, field, path)


def _is_list(value: object) -> bool:
    return isinstance(value, list) and not isinstance(value, Members)


@behaves("a value that is no list is read as a list of one", RECORDED)
@behaves("lists within lists of messages are read as one list", SEEN)
def _list(reading: _Reading, value: object, field: Field, path: str) -> list[Any]:
    if not isinstance(value, list) or isinstance(value, Members):
        found = _one(reading, value, field, path)
        return [] if found is None else [found]
    result: list[Any] = []
    reading.enter()
    for count, each in enumerate(value):
        if _is_list(each) and field.shape.kind not in {"list", "any"}:
            result.extend(_list(reading, each, field, f"{path}[{count}]"))
        elif each is not None or field.shape.kind == "any":
            found = _one(reading, each, field, f"{path}[{count}]")
            if found is not None or field.shape.kind == "any":
                result.append(found)
    reading.leave()
    return result


def _one(reading: _Reading, value: object, field: Field, path: str) -> Any:
    """Return one value that is no list (but where lists are values)."""
    kind = field.shape.kind
    if kind == "any":
        return free(value, reading.depth)
    if kind == "list":
        return _row(reading, value, field, path)
    if isinstance(value, (Members, dict)):
        return _nested(reading, value, field, path)
    try:
        return scalar(value, field.shape)
    except Unfit:
        where = f"{path}.value" if field.wrapped else path
        return reading.wrong(invalid_value(where, field.type_name, printed(value)))


@behaves("a number that is a message of its own may be given as one", SEEN)
def _nested(reading: _Reading, value: Members | Body, field: Field, path: str) -> Any:
    if field.shape.kind == "map" and field.shape.item is not None:
        return _map(reading, value, field.shape.item, path)
    if field.fields is not None:
        return _message(reading, value, field.fields, path)
    if field.wrapped:
        inner = attrs.evolve(field, name="value", owner="")
        boxed = _message(reading, value, {"value": inner}, path)
        return boxed.get("value", UNSET[inner.shape.kind])
    above = path.rpartition(".")[0]
    return reading.wrong(invalid_value(above, field.proto, NO_OBJECT))


UNSET: Mapping[str, Any] = {"int32": 0, "bool": False}


@behaves("a null in a map of Drive's says that the entry is to be removed", DOCUMENTED)
def _map(reading: _Reading, value: Members | Body, item: Field, path: str) -> Body:
    result: Body = {}
    reading.enter()
    for count, (name, each) in enumerate(_pairs(value)):
        if each is not None:
            _put(result, name, _field(reading, each, item, name, f"{path}[{count}]"))
        elif reading.lenient:
            result[name] = None
    reading.leave()
    return result


# --- values without a schema --------------------------------------------------------------------

ROW = Field(api="sheets", name="values", shape=Shape(kind="any"), repeated=True)


@behaves("a row is a list; its cells keep their nulls", RECORDED)
@behaves("an object in place of a row may only hold its values", ASSUMED)
def _row(reading: _Reading, value: object, field: Field, path: str) -> Any:
    if isinstance(value, (Members, dict)):
        return _message(reading, value, {"values": ROW}, path).get("values", [])
    if isinstance(value, list):
        return free(value, reading.depth)
    return reading.wrong(invalid_value(path, field.type_name, printed(value)))


def free(value: Any, depth: int = 0) -> Any:
    """Return a value of any kind: objects become dictionaries, nulls stay."""
    if depth > DEEPEST:
        raise _too_deep()
    if isinstance(value, (Members, dict)):
        return {name: free(each, depth + 1) for name, each in _pairs(value)}
    if isinstance(value, list):
        return [each if each.__class__ is str else free(each, depth + 1) for each in value]
    return _finite(value)


@behaves("whole numbers of more than 64 bits are read as numbers with a point", SEEN)
def _finite(value: Any) -> Any:
    if not isinstance(value, int) or -(1 << 63) <= value < 1 << 64:
        return value
    try:
        return float(number(value))
    except Unfit:
        message = "Invalid JSON payload received. Number exceeds the range of double."
        raise ApiError(400, message, reason="parseError") from None
