"""Laws of bodies, over every schema: what fits comes back equal, what does not fit is named."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from formbridge.testing.google.errors import ApiError
from formbridge.testing.google.messages import Body
from formbridge.testing.google.schema.bodies import checked, read
from formbridge.testing.google.schema.discovery import Field, Schema, document, snake
from formbridge.testing.google.schema.fitting import fits, plain

DEPTH = 4
SCHEMAS = [
    Schema(api=api, name=name) for api in ("sheets", "drive") for name in document(api)["schemas"]
]
WORDS = st.text(st.characters(codec="utf-8"), max_size=8)
SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "int32": st.integers(-(2**31), 2**31 - 1),
    "int64": st.integers(-(2**63), 2**63 - 1).map(str),
    "double": st.floats(allow_nan=False, allow_infinity=False),
    "float": st.floats(-1e30, 1e30),
    "bool": st.booleans(),
    "string": WORDS,
    "fieldmask": WORDS,
    "any": WORDS | st.none() | st.integers(-9, 9) | st.dictionaries(WORDS, WORDS, max_size=2),
    "list": st.lists(WORDS | st.none() | st.booleans() | st.integers(-9, 9), max_size=3),
}


def values(field: Field, depth: int) -> st.SearchStrategy[Any]:
    """Generate what a field may hold."""
    one = single(field, depth)
    return st.lists(one, max_size=2) if field.repeated else one


def single(field: Field, depth: int) -> st.SearchStrategy[Any]:
    """Generate one value."""
    shape = field.shape
    if shape.kind == "enum":
        return st.sampled_from(shape.enum)
    if shape.kind == "map" and shape.item is not None:
        return st.dictionaries(WORDS, values(shape.item, depth - 1), max_size=2)
    if shape.kind == "message":
        return messages(field.fields or {}, depth - 1)
    return SCALARS[shape.kind]


@st.composite
def messages(draw: st.DrawFn, fields: Mapping[str, Field], depth: int = DEPTH) -> Body:
    """Generate a message with some of its fields, one of each group."""
    names = [
        name
        for name, field in fields.items()
        if depth or field.shape.kind not in {"message", "map"}
    ]
    chosen = draw(st.lists(st.sampled_from(names), unique=True, max_size=3)) if names else []
    body: Body = {}
    groups: set[str] = set()
    for name in chosen:
        field = fields[name]
        if field.group not in groups - {""}:
            body[name] = draw(values(field, depth))
            groups.add(field.group)
    return body


def encoded(body: object) -> bytes:
    """Write JSON as a client does."""
    return json.dumps(body).encode()


@given(st.data())
def test_every_body_that_fits_comes_back_equal(data: st.DataObject) -> None:
    """Reading changes nothing in what is written as the documentation says."""
    schema = data.draw(st.sampled_from(SCHEMAS))
    body = data.draw(messages(schema.fields))
    if not any(value is None for value in body.values()):
        assert read(encoded(body), schema) == body


@given(st.data())
def test_reading_twice_is_reading_once(data: st.DataObject) -> None:
    """What came back is read as it is, also where names had underscores and nulls stood."""
    schema = data.draw(st.sampled_from(SCHEMAS))
    body = data.draw(messages(schema.fields))
    odd = {snake(name): value for name, value in body.items()} | dict.fromkeys(
        set(schema.fields) - set(body)
    )
    once = read(encoded(odd), schema)
    assert once == read(encoded(once), schema)
    assert once == {name: value for name, value in body.items() if value is not None}


@given(st.data(), WORDS)
def test_an_unknown_name_is_refused_by_name(data: st.DataObject, name: str) -> None:
    """Wherever it stands, the error says where."""
    schema = data.draw(st.sampled_from([each for each in SCHEMAS if each.api == "sheets"]))
    assume(name not in schema.fields and snake(name) not in map(snake, schema.fields))
    body = data.draw(messages(schema.fields)) | {name: 1}
    with pytest.raises(ApiError) as caught:
        read(encoded(body), schema, "data")
    assert caught.value.code == 400
    assert f"Unknown name \"{name}\" at 'data'" in caught.value.message


WRONG: dict[str, list[Any]] = {
    "int32": ["x", 1.5, True, 2**31, "", " 1"],
    "int64": ["x", 1.5, False, 2**63],
    "double": ["x", True, "NaN"],
    "float": ["x", False, 1e39],
    "bool": ["x", 2, ""],
    "string": [5, True, 1.5],
    "fieldmask": [5],
    "enum": ["NO SUCH NAME", 10**6, True, ""],
    "message": [5, "x", True],
    "map": [5, "x"],
    "list": [5, "x", True],
}


@given(st.data())
def test_a_value_of_the_wrong_type_is_refused_by_its_field(data: st.DataObject) -> None:
    """The text names the field, and the details do."""
    schema = data.draw(st.sampled_from([each for each in SCHEMAS if each.fields]))
    field = data.draw(st.sampled_from(list(schema.fields.values())))
    assume(field.shape.kind in WRONG)
    body = data.draw(messages(schema.fields))
    assume(field.group not in {schema.fields[name].group for name in body} - {""})
    body[field.name] = data.draw(st.sampled_from(WRONG[field.shape.kind]))
    with pytest.raises(ApiError) as caught:
        read(encoded(body), schema)
    assert caught.value.code == 400
    assert field.proto in caught.value.message
    assert any(field.proto in each["field"] for each in caught.value.details[0]["fieldViolations"])


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        WORDS | st.sampled_from(["requests", "values", "rows", "range", "addSheet", "criteria"]),
        inner, max_size=3,
    ),
    max_leaves=12,
)  # fmt: skip


@given(st.sampled_from(SCHEMAS), ANY)
def test_any_json_is_read_or_refused(schema: Schema, value: object) -> None:
    """Nothing else is raised."""
    try:
        read(encoded(value), schema)
    except ApiError as error:
        assert error.code == 400  # noqa: PT017 - both ends are right


ODD = st.sampled_from([None, "1", 1.0, True, [], [[]], {}, 1 << 60, "", "TRUE", -1, [None]])


def bent(body: object, data: st.DataObject) -> object:
    """Put something odd in the place of a value, somewhere."""
    if isinstance(body, dict) and body and data.draw(st.integers(0, 3)):
        name = data.draw(st.sampled_from(sorted(body)))
        return {**body, name: bent(body[name], data)}
    return data.draw(ODD) if data.draw(st.booleans()) else body


@given(st.data())
def test_the_short_way_takes_what_the_long_way_leaves_unchanged(data: st.DataObject) -> None:
    """And nothing else: what it does not take, the long way reads or refuses."""
    schema = data.draw(st.sampled_from(SCHEMAS))
    body = bent(data.draw(messages(schema.fields)), data)
    if fits(body, schema):
        assert repr(checked(body, schema)) == repr(body)


def test_most_bodies_take_the_short_way() -> None:
    """A large append is not read value by value."""
    cell = {"userEnteredValue": {"stringValue": "a"}}
    body = {"requests": [{"appendCells": {"rows": [{"values": [cell]}], "fields": "*"}}]}
    assert fits(plain(encoded(body)), Schema(api="sheets", name="BatchUpdateSpreadsheetRequest"))
