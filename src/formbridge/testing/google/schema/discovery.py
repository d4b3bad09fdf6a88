"""What Google's discovery documents say: methods, and the fields of each schema.

The documents lie beside this module (``documents/README.md``). Each is read when it is first asked
for; importing this module reads none.
"""

from collections.abc import Mapping
from functools import cache, cached_property
from importlib.resources import files
from json import loads
from re import compile as pattern

import attrs

from formbridge.testing.google.messages import Body
from formbridge.testing.google.schema.types import (
    ADDRESS,
    WELL_KNOWN,
    enum_type,
    group_of,
    is_wrapped,
    message_type,
)

DOCUMENTS: Mapping[str, str] = {"sheets": "sheets.v4", "drive": "drive.v3", "drive2": "drive.v2"}
"""The name of an API here, and its document."""

CAPITAL = pattern(r"[A-Z]")


@attrs.frozen(kw_only=True)
class Shape:
    """What a value may be.

    ``kind`` is ``int32``, ``int64``, ``float``, ``double``, ``bool``, ``string``, ``enum``,
    ``fieldmask``, ``message``, ``map``, ``list`` (a list inside a list: free content) or ``any``.
    ``message`` holds the fields of a nested message that has no name of its own; ``schema`` names
    those that have one; ``item`` is what a map holds.
    """

    kind: str
    schema: str = ""
    enum: tuple[str, ...] = ()
    item: "Field | None" = None
    message: Mapping[str, "Field"] | None = None


@attrs.frozen(kw_only=True, slots=False)
class Field:
    """A field of a message, with its name in JSON (camelCase).

    ``owner`` is the schema that has it (nothing for messages without a name).
    """

    api: str
    name: str
    shape: Shape
    owner: str = ""
    repeated: bool = False

    @cached_property
    def proto(self) -> str:
        """Its name in paths: ``row_index``."""
        return snake(self.name)

    @cached_property
    def group(self) -> str:
        """The name of the fields that exclude it, or nothing."""
        return group_of(self.api, self.owner, self.name)

    @cached_property
    def wrapped(self) -> bool:
        """Whether it is a scalar that is a message of its own."""
        return is_wrapped(self.api, self.owner, self.name)

    @cached_property
    def type_name(self) -> str:
        """Its type as errors print it: ``TYPE_INT32``, or an address."""
        kind = self.shape.kind
        if kind == "message":
            return message_type(self.api, self.shape.schema or self.name)
        if kind == "enum":
            return enum_type(self.api, self.owner, self.name)
        known = WELL_KNOWN.get(kind)
        return ADDRESS + known if known else f"TYPE_{'MESSAGE' if kind == 'map' else kind.upper()}"

    @cached_property
    def fields(self) -> Mapping[str, "Field"] | None:
        """What stands below: the message's fields; None where anything or nothing may."""
        if self.shape.kind != "message":
            return None
        return fields_of(self.api, self.shape.schema) if self.shape.schema else self.shape.message


@attrs.frozen(kw_only=True)
class Schema:
    """A message type of an API, by name."""

    api: str
    name: str

    @property
    def fields(self) -> Mapping[str, Field]:
        """Its fields by their JSON names."""
        return fields_of(self.api, self.name)


@cache
def document(api: str) -> Body:
    """Return a discovery document, reduced: ``methods`` is a list, ``schemas`` goes by name."""
    text = files("formbridge.testing.google.schema").joinpath("documents", f"{DOCUMENTS[api]}.json")
    found: Body = loads(text.read_text(encoding="utf-8"))
    return found


@cache
def fields_of(api: str, schema: str) -> Mapping[str, Field]:
    """Return the fields of a schema; a schema that does not exist has none."""
    return _fields(api, schema, document(api)["schemas"].get(schema, {}))


def field_of(api: str, owner: str, name: str, spec: Body) -> Field:
    """Return the field that a document describes, or a parameter as if it were one."""
    repeated = spec.get("type") == "array" or bool(spec.get("repeated"))
    shape = _shape(api, spec.get("items", spec))
    return Field(api=api, owner=owner, name=name, shape=shape, repeated=repeated)


def _fields(api: str, owner: str, message: Body) -> Mapping[str, Field]:
    properties = message.get("properties", {})
    return {name: field_of(api, owner, name, spec) for name, spec in properties.items()}


def _shape(api: str, spec: Body) -> Shape:
    if "$ref" in spec:
        return Shape(kind="message", schema=spec["$ref"])
    if "additionalProperties" in spec:
        return Shape(kind="map", item=field_of(api, "", "value", spec["additionalProperties"]))
    if "properties" in spec:
        return Shape(kind="message", message=_fields(api, "", spec))
    if "enum" in spec:
        return Shape(kind="enum", enum=tuple(spec["enum"]))
    return Shape(kind=_primitive(spec.get("type", "any"), spec.get("format", "")))


def _primitive(kind: str, form: str) -> str:
    if form in {"int32", "uint32", "int64", "uint64", "float", "double"}:
        return form.removeprefix("u")
    names = {
        "google-fieldmask": "fieldmask",
        "array": "list",
        "boolean": "bool",
        "number": "double",
    }
    return names.get(form) or names.get(kind) or ("int32" if kind == "integer" else kind)


def snake(name: str) -> str:
    """Return a camelCase name as messages print it: ``rowIndex`` is ``row_index``."""
    return CAPITAL.sub(lambda found: f"_{found[0].lower()}", name)
