"""JSON bodies: what Google's parser takes, cleans, and refuses in its own sentences."""

from typing import Any

import pytest

from formbridge.testing.google.errors import ApiError, sheets_answer
from formbridge.testing.google.messages import Body
from formbridge.testing.google.schema.bodies import read
from formbridge.testing.google.schema.discovery import Schema

BATCH = Schema(api="sheets", name="BatchUpdateSpreadsheetRequest")
VALUES = Schema(api="sheets", name="ValueRange")
FILE = Schema(api="drive", name="File")
SHEETS = "type.googleapis.com/google.apps.sheets.v4."
CELL = '{"requests":[{"updateCells":{"rows":[{"values":[{"userEnteredValue":%s}]}]}}]}'
IN_CELL = "requests[0].update_cells.rows[0].values[0].user_entered_value"


def refused(body: str, schema: Schema = BATCH, at: str = "") -> ApiError:
    """Return the error with which a body is refused."""
    with pytest.raises(ApiError) as caught:
        read(body.encode(), schema, at)
    assert caught.value.code == 400
    return caught.value


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            '{"requests":[{"addSheet":{"foo":1}}]}',
            (
                "Invalid JSON payload received. Unknown name \"foo\" at 'requests[0].add_sheet': "
                "Cannot find field."
            ),
        ),
        ('{"foo":1}', 'Invalid JSON payload received. Unknown name "foo": Cannot find field.'),
        (
            '{"requests":[{"insertDimension":{"range":{"dimension":"FOO"}}}]}',
            (
                "Invalid value at 'requests[0].insert_dimension.range.dimension' "
                f'({SHEETS}Dimension), "FOO"'
            ),
        ),
        (
            '{"requests":[{"updateCells":{"range":{"sheetId":"x"}}}]}',
            "Invalid value at 'requests[0].update_cells.range.sheet_id' (TYPE_INT32), \"x\"",
        ),
        (
            '{"requests":[{"updateCells":{"range":{"startRowIndex":1.5}}}]}',
            (
                "Invalid value at 'requests[0].update_cells.range.start_row_index.value' "
                "(TYPE_INT32), 1.5"
            ),
        ),
        (
            '{"requests":["repeatCell"]}',
            (
                f"Invalid value at 'requests[0]' ({SHEETS}BatchUpdateSpreadsheetRequest.Request), "
                '"repeatCell"'
            ),
        ),
        (
            '{"requests":[{"addSheet":{},"deleteSheet":{}}]}',
            (
                "Invalid value at 'requests[0]' (oneof), oneof field 'kind' is already set. "
                "Cannot set 'deleteSheet'"
            ),
        ),
        (
            '{"requests":[{"addSheet":[]}]}',
            (
                "Invalid JSON payload received. Unknown name \"addSheet\" at 'requests[0]': "
                "Proto field is not repeating, cannot start list."
            ),
        ),
        (
            CELL % '{"stringValue":5}',
            f"Invalid value at '{IN_CELL}.string_value' (TYPE_STRING), 5",
        ),
        (
            CELL % '{"boolValue":2}',
            f"Invalid value at '{IN_CELL}.bool_value' (TYPE_BOOL), 2",
        ),
        (
            CELL % '{"stringValue":{"a":1}}',
            f"Invalid value at '{IN_CELL}' (string_value), Starting an object on a scalar field",
        ),
        (
            "[]",
            'Invalid JSON payload received. Unknown name "": Root element must be a message.',
        ),
    ],
)
def test_what_does_not_fit_is_refused_in_googles_words(body: str, message: str) -> None:
    """Names, types, enums, groups and lists each have their sentence, with the path."""
    assert refused(body).message == message


def test_values_that_are_no_lists_are_refused_as_recorded() -> None:
    """The body of an update is called data, and a row is a ListValue."""
    error = refused('{"values": "A1:D4", "majorDimension": null}', VALUES, "data")
    message = "Invalid value at 'data.values' (type.googleapis.com/google.protobuf.ListValue), "
    assert sheets_answer(error).content["error"] == {
        "code": 400,
        "message": f'{message}"A1:D4"',
        "status": "INVALID_ARGUMENT",
        "details": [
            {
                "@type": "type.googleapis.com/google.rpc.BadRequest",
                "fieldViolations": [
                    {"field": "data.values", "description": f'{message}"A1:D4"'},
                ],
            }
        ],
    }


def test_all_that_is_wrong_is_said_at_once() -> None:
    """Sentences stand on lines of their own; those of the whole body name no field."""
    error = refused('{"x":1,"responseRanges":["a",5],"y":2}')
    assert error.message.split("\n") == [
        'Invalid JSON payload received. Unknown name "x": Cannot find field.',
        "Invalid value at 'response_ranges[1]' (TYPE_STRING), 5",
        'Invalid JSON payload received. Unknown name "y": Cannot find field.',
    ]
    assert [list(each) for each in error.details[0]["fieldViolations"]] == [
        ["description"], ["field", "description"], ["description"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "read_as"),
    [
        ('{"requests":[{"add_sheet":{}}]}', {"requests": [{"addSheet": {}}]}),
        ('{"requests":{"addSheet":{}}}', {"requests": [{"addSheet": {}}]}),
        ('{"requests":[[{"addSheet":{}}],null]}', {"requests": [{"addSheet": {}}]}),
        ('{"requests":null}', {}),
        ("", {}),
        ('{"includeSpreadsheetInResponse":"Yes"}', {"includeSpreadsheetInResponse": True}),
        ('{"includeSpreadsheetInResponse":0}', {"includeSpreadsheetInResponse": False}),
        ("{responseRanges:['A1',],}", {"responseRanges": ["A1"]}),
        ('{"responseRanges":["a"],"responseRanges":["b"]}', {"responseRanges": ["a", "b"]}),
    ],
)
def test_what_google_takes_comes_back_clean(given: str, read_as: Body) -> None:
    """Nulls go, names become camelCase, one value is a list, words are truth."""
    assert read(given.encode(), BATCH) == read_as


@pytest.mark.parametrize(
    ("given", "read_as"),
    [
        ('{"startIndex":"3","endIndex":4.0}', {"startIndex": 3, "endIndex": 4}),
        ('{"startIndex":{"value":3},"endIndex":{}}', {"startIndex": 3, "endIndex": 0}),
        ('{"dimension":"columns"}', {"dimension": "COLUMNS"}),
        ('{"dimension":1}', {"dimension": "ROWS"}),
    ],
)
def test_numbers_and_enums_may_be_written_in_several_ways(given: str, read_as: Body) -> None:
    """Numbers as texts, with a point or as messages; enums in any case or by number."""
    assert read(given.encode(), Schema(api="sheets", name="DimensionRange")) == read_as


def test_cells_of_values_keep_what_they_hold() -> None:
    """Nulls and objects in rows stay; what is wrong with them is said by the method."""
    body = b'{"values":[["a",null,1,true,{"x":[1]}],[]],"range":null}'
    assert read(body, VALUES) == {"values": [["a", None, 1, True, {"x": [1]}], []]}


@pytest.mark.parametrize(("row", "place"), [('"x"', 0), ("[],5", 1)])
def test_a_row_that_is_no_list_is_named(row: str, place: int) -> None:
    """The place of the row stands in the path."""
    message = refused(f'{{"values":[{row}]}}', VALUES, "data").message
    assert message.startswith(f"Invalid value at 'data.values[{place}]' (type.googleapis.com/")


def test_a_null_leaves_a_group_open() -> None:
    """A client that writes nulls for the fields that it does not set is understood."""
    body = CELL % '{"numberValue":null,"stringValue":"x"}'
    rows: Any = read(body.encode(), BATCH)["requests"][0]["updateCells"]["rows"]
    assert rows == [{"values": [{"userEnteredValue": {"stringValue": "x"}}]}]


def test_drive_leaves_out_names_that_it_does_not_know() -> None:
    """Clients send fields of older versions, and nulls."""
    assert read(b'{"name":"x","withLink":false,"parents":null,"size":5}', FILE) == {
        "name": "x",
        "size": "5",
    }


def test_numbers_beyond_every_limit_are_refused() -> None:
    """No number becomes infinite."""
    assert "range of double" in refused('{"values":[[1e999]]}', VALUES).message
    assert "range of double" in refused(f'{{"values":[[1{"0" * 400}]]}}', VALUES).message
    assert read(b'{"values":[[100000000000000000000]]}', VALUES) == {"values": [[1e20]]}


@pytest.mark.parametrize("body", ['{"values":' + "[" * 101 + "]" * 101 + "}", "[" * 100_000])
def test_bottomless_nesting_is_refused(body: str) -> None:
    """A hundred levels are read, no more."""
    assert "Message too deep" in refused(body, VALUES).message
