"""The calls of the values API, through the service in process."""

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formbridge.testing.clock import FakeClock
from formbridge.testing.google.google import Google
from formbridge.testing.google.grid.ranges import Area
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.messages import Answer, Request


class Client:
    """Talks to a service in process about one spreadsheet of 10 rows and 5 columns."""

    def __init__(self) -> None:
        self.google = Google(clock=FakeClock(), seed=1)
        grid = {"rowCount": 10, "columnCount": 5}
        body = {"sheets": [{"properties": {"sheetId": 0, "title": "T", "gridProperties": grid}}]}
        made = self.call("POST", "/v4/spreadsheets", body)
        self.id: str = made.content["spreadsheetId"]

    def call(self, verb: str, path: str, body: object = None, **params: Any) -> Answer:  # noqa: ANN401 - JSON
        """Make a call as the plain user."""
        headers = {"Authorization": "Bearer test-token", "Content-Type": "application/json"}
        target = path + (f"?{urlencode(params, doseq=True)}" if params else "")
        data = b"" if body is None else json.dumps(body).encode()
        return self.google.handle(Request.of(verb, target, headers=headers, body=data))

    def values(self, verb: str, path: str, body: object = None, **params: Any) -> Any:  # noqa: ANN401 - JSON
        """Make a call of the values API; return what it answers."""
        place = f"/v4/spreadsheets/{self.id}/values{quote(path, safe='/:')}"
        return self.call(verb, place, body, **params).content

    def put(self, text: str, values: object, option: str = "RAW", **params: Any) -> Any:  # noqa: ANN401 - JSON
        """Write values."""
        return self.values("PUT", f"/{text}", {"values": values}, valueInputOption=option, **params)

    def get(self, text: str, **params: Any) -> Any:  # noqa: ANN401 - JSON
        """Read values."""
        return self.values("GET", f"/{text}", **params).get("values")

    def append(self, text: str, values: object, **params: Any) -> Any:  # noqa: ANN401 - JSON
        """Append values."""
        path = f"/{text}:append"
        return self.values("POST", path, {"values": values}, **{"valueInputOption": "RAW"} | params)

    @property
    def sheet(self) -> Sheet:
        """The first tab, as it stands in the service."""
        return self.google.books[self.id].sheets[0]


@pytest.fixture
def client() -> Client:
    """Return a client."""
    return Client()


def message(answer: Any) -> str:  # noqa: ANN401 - JSON
    """Return what a refusal says."""
    error = answer["error"]
    assert (error["code"], error["status"]) == (400, "INVALID_ARGUMENT")
    return str(error["message"])


def test_render_options(client: Client) -> None:
    """What was typed is shown formatted, plain, and as the formula bar has it."""
    client.put("A1", [["=4/2", "2020-01-01", "x", 53, "TRUE"]], "USER_ENTERED")
    assert client.get("A1:E1") == [["2", "2020-01-01", "x", "53", "TRUE"]]
    plain = client.get("A1:E1", valueRenderOption="UNFORMATTED_VALUE")
    assert plain == [[2, 43831, "x", 53, True]]
    formulas = client.get("A1:E1", valueRenderOption="FORMULA")
    assert formulas == [["=4/2", 43831, "x", 53, True]]
    texts = client.get(
        "A1:E1", valueRenderOption="UNFORMATTED_VALUE", dateTimeRenderOption="FORMATTED_STRING"
    )
    assert texts == [[2, "2020-01-01", "x", 53, True]]


def test_raw_parses_nothing(client: Client) -> None:
    """RAW keeps texts that look like something else."""
    rows = [["=1+1", "007", "'x", True, 1.5]]
    client.put("A1", rows)
    assert client.get("A1:E1", valueRenderOption="UNFORMATTED_VALUE") == rows
    assert client.get("A1:E1") == [["=1+1", "007", "'x", "TRUE", "1.5"]]


def test_blanks(client: Client) -> None:
    """Blanks inside are empty texts, those at the ends are left out, in both directions."""
    client.put("A1", [["a", "", "c", ""], ["", "", ""], ["", "b", ""]])
    assert client.get("A1:E9") == [["a", "", "c"], [], ["", "b"]]
    columns = client.get("A1:E9", majorDimension="COLUMNS")
    assert columns == [["a"], ["", "", "b"], ["c"]]
    assert "values" not in client.values("GET", "/D5:E9")


def test_counts(client: Client) -> None:
    """Nulls leave cells alone and do not count, empty texts clear and count."""
    client.put("A1", [["a", "b"], ["c", "d"]])
    answer = client.put("A1:B2", [[None, ""], [None, None]])
    assert answer == {
        "spreadsheetId": client.id,
        "updatedRange": "T!A1:B2",
        "updatedRows": 1,
        "updatedColumns": 1,
        "updatedCells": 1,
    }
    assert client.get("T") == [["a"], ["c", "d"]]
    assert client.put("B2", []) == {"spreadsheetId": client.id, "updatedRange": "T!B2"}


def test_columns_and_values_in_the_answer(client: Client) -> None:
    """Columns are written as columns, and shown as such with all of the range that was named."""
    client.put("A3", [["old"]])
    body = {"majorDimension": "COLUMNS", "values": [["1", "2"], ["3"]]}
    answer = client.values(
        "PUT",
        "/A1:B3",
        body,
        valueInputOption="USER_ENTERED",
        includeValuesInResponse=True,
        responseValueRenderOption="UNFORMATTED_VALUE",
    )
    assert (answer["updatedRange"], answer["updatedCells"]) == ("T!A1:B2", 3)
    assert answer["updatedData"] == {
        "range": "T!A1:B3",
        "majorDimension": "COLUMNS",
        "values": [[1, 2, "old"], [3]],
    }


@pytest.mark.parametrize(
    ("text", "rows", "place"),
    [
        ("A1:B1", [[1, 2, 3]], "column [C]"),
        ("A1:B1", [[1], [2]], "row [2]"),
        ("'T'!A9", [[1], [2], [3]], "row [11]"),
        ("T!E1", [[1, 2]], "column [F]"),
    ],
)
def test_what_does_not_fit(client: Client, text: str, rows: object, place: str) -> None:
    """More than a range or the tab has room for is refused with the range as it was given."""
    expected = f"Requested writing within range [{text}], but tried writing to {place}"
    assert message(client.put(text, rows)) == expected
    assert "values" not in client.values("GET", "/T")


def test_refusals(client: Client) -> None:
    """Ranges, options and values that are none are refused in Google's words."""
    assert message(client.put("Nope!A1", [[1]])) == "Unable to parse range: Nope!A1"
    expected = "Range (T!A11) exceeds grid limits. Max rows: 10, max columns: 5"
    assert message(client.put("A11", [[1]])) == expected
    assert message(client.values("GET", "/A11")) == expected
    no_option = client.values("PUT", "/A1", {"values": [[1]]})
    assert message(no_option) == "'valueInputOption' is required but not specified"
    assert message(client.put("A1", [["x" * 50_001]])).startswith("Your input contains more than")
    nested = message(client.put("A1", [[1], [{"a": ["b"]}]]))
    assert nested.startswith('Invalid values[1][0]: struct_value {\n  fields {\n    key: "a"')


def test_batch_update(client: Client) -> None:
    """Several tables: totals count each row and column once."""
    data = [
        {"range": "A1:B1", "values": [[1, 2]]},
        {"range": "B1:C2", "values": [[3, 4], [None, 5]]},
    ]
    body = {"valueInputOption": "RAW", "data": data}
    answer = client.values("POST", ":batchUpdate", body)
    assert {name: answer[name] for name in answer if name.startswith("total")} == {
        "totalUpdatedRows": 2,
        "totalUpdatedColumns": 3,
        "totalUpdatedCells": 5,
        "totalUpdatedSheets": 1,
    }
    assert [one["updatedRange"] for one in answer["responses"]] == ["T!A1:B1", "T!B1:C2"]
    assert client.get("T") == [["1", "3", "4"], ["", "", "5"]]


def test_batch_update_is_all_or_nothing(client: Client) -> None:
    """One table that cannot be written keeps all others out, and is named."""
    data = [{"range": "A1", "values": [[1]]}, {"range": "A1:B1", "values": [["x" * 50_001]]}]
    answer = client.values("POST", ":batchUpdate", {"valueInputOption": "RAW", "data": data})
    assert message(answer) == (
        "Invalid data[1]: Your input contains more than the maximum of 50000 characters "
        "in a single cell."
    )
    assert client.get("T") is None


def test_batch_get(client: Client) -> None:
    """Several ranges are answered in their order; none is an answer too."""
    client.put("A1", [["a", "b"]])
    answer = client.values("GET", ":batchGet", ranges=["B1", "T!A:A", "C1"])
    assert [one["range"] for one in answer["valueRanges"]] == ["T!B1", "T!A1:A10", "T!C1"]
    assert [one.get("values") for one in answer["valueRanges"]] == [[["b"]], [["a"]], None]
    assert client.values("GET", ":batchGet") == {"spreadsheetId": client.id}


def test_append(client: Client) -> None:
    """Rows go behind the table, whose range is told; the tab grows where it has to."""
    assert "tableRange" not in client.append("T", [["h1", "h2"]])
    answer = client.append("A1", [[n, n] for n in range(12)], includeValuesInResponse=True)
    assert answer["tableRange"] == "T!A1:B1"
    assert answer["updates"]["updatedRange"] == "T!A2:B13"
    assert answer["updates"]["updatedData"]["values"][0] == ["0", "0"]
    assert (client.sheet.row_count, client.sheet.column_count) == (13, 5)
    wide = client.append("A1", [[1, 2, 3, 4, 5, 6]])
    assert message(wide) == (
        "Requested writing within range [T!A14], but tried writing to column [F]"
    )
    assert client.sheet.row_count == 13


def test_append_over_what_is_behind_or_between(client: Client) -> None:
    """OVERWRITE writes over what stands behind the table; INSERT_ROWS moves it down."""
    client.put("A1", [["a"], [""], ["total"]])
    client.append("A1", [["b"], ["c"]], insertDataOption="INSERT_ROWS")
    assert client.get("T") == [["a"], ["b"], ["c"], [], ["total"]]
    assert client.sheet.row_count == 12
    client.append("A1", [["d"], ["e"]])
    assert client.get("T") == [["a"], ["b"], ["c"], ["d"], ["e"]]


def test_ten_million_cells(client: Client) -> None:
    """An append that would make the spreadsheet too large is refused."""
    client.sheet.row_count = 2_000_000
    client.put("A2000000", [["last"]])
    answer = client.append("T", [["x"]])
    assert message(answer) == (
        "This action would increase the number of cells in the workbook above the limit of "
        "10000000 cells."
    )


def test_clear(client: Client) -> None:
    """Clearing takes values and leaves formats; the answer names all of the range."""
    client.put("A1", [["5%", "x"], ["=1", "y"]], "USER_ENTERED")
    answer = client.values("POST", "/A1:A99:clear")
    assert answer == {"spreadsheetId": client.id, "clearedRange": "T!A1:A10"}
    assert client.get("T") == [["", "x"], ["", "y"]]
    client.put("A1", [[0.5]])
    assert client.get("A1") == [["50%"]]
    answer = client.values("POST", ":batchClear", {"ranges": ["B1", "T!B2"]})
    assert answer["clearedRanges"] == ["T!B1", "T!B2"]
    wrong = client.values("POST", ":batchClear", {"ranges": ["A1", "A11:Z"]})
    assert message(wrong) == (
        "Invalid range[1]: Range (T!A11:Z) exceeds grid limits. Max rows: 10, max columns: 5"
    )
    assert client.get("T") == [["50%"]]


def test_data_filters(client: Client) -> None:
    """Filters select ranges by A1, by grid and by metadata, for reading, writing and clearing."""
    location = {
        "dimensionRange": {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 1, "endIndex": 2}
    }
    entry = {"metadataKey": "k", "location": location, "visibility": "DOCUMENT"}
    request = {"createDeveloperMetadata": {"developerMetadata": entry}}
    client.call("POST", f"/v4/spreadsheets/{client.id}:batchUpdate", {"requests": [request]})
    by_key = {"developerMetadataLookup": {"metadataKey": "k"}}
    data = [
        {"dataFilter": by_key, "values": [["b1"], ["b2"]]},
        {"dataFilter": {"a1Range": "A1"}, "values": [["a1"]]},
    ]
    body = {"valueInputOption": "RAW", "data": data}
    answer = client.values("POST", ":batchUpdateByDataFilter", body)
    assert [one["updatedRange"] for one in answer["responses"]] == ["T!B1:B2", "T!A1"]
    assert answer["responses"][0]["dataFilter"] == by_key
    grid = {
        "gridRange": {
            "startRowIndex": 0,
            "endRowIndex": 10,
            "startColumnIndex": 1,
            "endColumnIndex": 2,
        }
    }
    body = {"dataFilters": [by_key, {"a1Range": "A1:B1"}, grid]}
    answer = client.values("POST", ":batchGetByDataFilter", body)
    assert [one["valueRange"]["range"] for one in answer["valueRanges"]] == ["T!B1:B10", "T!A1:B1"]
    assert answer["valueRanges"][0]["dataFilters"] == [by_key, grid]
    answer = client.values("POST", ":batchClearByDataFilter", {"dataFilters": [by_key]})
    assert answer["clearedRanges"] == ["T!B1:B10"]
    assert client.get("T") == [["a1"]]


def test_protected_cells(client: Client) -> None:
    """Cells that others protected can neither be written nor cleared."""
    area = {"startRowIndex": 0, "endRowIndex": 1}
    client.sheet.things["protectedRanges"] = [{"protectedRangeId": 1, "range": area, "editors": {}}]
    assert message(client.put("A1", [[1]])).startswith("You are trying to edit a protected cell")
    assert message(client.values("POST", "/T:clear")).startswith("You are trying to edit")
    assert client.put("A2", [[1]])["updatedCells"] == 1


def test_merged_cells(client: Client) -> None:
    """Of a merge the first cell takes a value, the others take none."""
    client.sheet.merges.append(Area(0, 0, 2, 2))
    client.put("A1:B2", [[1, 2], [3, 4]])
    assert client.get("T") == [["1"]]


cells = st.one_of(
    st.booleans(),
    st.integers(-(10**9), 10**9),
    st.floats(-1e9, 1e9).map(lambda number: round(number, 6)),
    st.text(alphabet="abc=+' \n0", min_size=1, max_size=5),
)
tables = st.lists(st.lists(cells, min_size=1, max_size=4), min_size=1, max_size=5).map(
    lambda rows: [[*row, *["x"] * (max(map(len, rows)) - len(row))] for row in rows]
)


@given(tables, st.integers(0, 4), st.integers(0, 3), st.integers(1, 5), st.integers(1, 4))
def test_laws(table: list[list[Any]], top: int, left: int, height: int, width: int) -> None:
    """RAW comes back unformatted, twice is once, and a part of a range is a part of its table."""
    client = Client()
    client.put("A1", table)
    plain = {"valueRenderOption": "UNFORMATTED_VALUE"}
    assert client.get("T", **plain) == table
    before = client.get("T")
    client.put("A1", table)
    assert client.get("T") == before
    right, bottom = chr(ord("A") + left + width - 1), top + height
    part = client.get(f"{chr(ord('A') + left)}{top + 1}:{right}{bottom}", **plain) or []
    expected = [row[left : left + width] for row in table[top:bottom]]
    assert part == (expected if any(expected) else [])
