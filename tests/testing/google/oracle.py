"""Google's own discovery documents as a judge of bodies: types, enums, and no unknown fields.

They are those that google-api-python-client ships, not the copies that the emulator reads.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

Schema = Mapping[str, Any]

TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "array": (list,),
    "object": (dict,),
}


@cache
def document(api: str) -> Schema:
    """Return a document: ``sheets.v4``, ``drive.v3`` or ``drive.v2``."""
    name = f"discovery_cache/documents/{api}.json"
    content: Schema = json.loads(files("googleapiclient").joinpath(name).read_text())
    return content


def methods(api: str) -> Iterator[Schema]:
    """Yield every method."""

    def walk(resources: Schema) -> Iterator[Schema]:
        for resource in resources.values():
            yield from resource.get("methods", {}).values()
            yield from walk(resource.get("resources", {}))

    yield from walk(document(api)["resources"])


def violations(body: object, schema: str, *, api: str) -> list[str]:
    """Return what is wrong with a body, by the place in it."""
    return list(_wrong(body, {"$ref": schema}, api, "$"))


def _wrong(value: object, schema: Schema, api: str, place: str) -> Iterator[str]:
    if "$ref" in schema:
        schema = document(api)["schemas"][schema["$ref"]]
    kind = schema.get("type", "any")
    if kind == "any":
        return
    good = isinstance(value, TYPES[kind]) and not (isinstance(value, bool) and kind != "boolean")
    if not good:
        yield f"{place}: {type(value).__name__} instead of {kind}"
    elif "enum" in schema and value not in schema["enum"]:
        yield f"{place}: {value!r} is none of its values"
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _wrong(item, schema["items"], api, f"{place}[{number}]")
    elif isinstance(value, dict):
        yield from _wrong_object(value, schema, api, place)


def _wrong_object(
    value: Mapping[str, object], schema: Schema, api: str, place: str
) -> Iterator[str]:
    known, other = schema.get("properties", {}), schema.get("additionalProperties")
    for name, item in value.items():
        inner = known.get(name, other)
        if inner is None:
            yield f"{place}.{name}: unknown"
        else:
            yield from _wrong(item, inner, api, f"{place}.{name}")
