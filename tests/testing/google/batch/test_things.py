"""Requests about charts, slicers and tables."""

from random import Random

import pytest

from formbridge.testing.google.accounts.grants import Account, Grant
from formbridge.testing.google.answers.spreadsheet import spreadsheet_body
from formbridge.testing.google.batch.kinds import Scene, apply_all
from formbridge.testing.google.errors import ApiError
from formbridge.testing.google.grid.book import Book, fresh_book
from formbridge.testing.google.messages import Body
from tests.testing.google.oracle import violations

GRANT = Grant(account=Account(email="one@example.com"))
SCENE = Scene(grant=GRANT, ids=Random(1), now=0)  # noqa: S311 - ids, no secrets
SOURCE = {
    "sources": [{"startRowIndex": 0, "endRowIndex": 3, "startColumnIndex": 0, "endColumnIndex": 1}]
}
COLUMN = {"startRowIndex": 0, "endRowIndex": 3, "startColumnIndex": 0, "endColumnIndex": 1}
SOURCE = {"sources": [COLUMN]}
SPEC = {
    "title": "Chart",
    "basicChart": {
        "chartType": "COLUMN",
        "series": [{"series": {"sourceRange": SOURCE}, "targetAxis": "LEFT_AXIS"}],
        "headerCount": 1,
    },
}
HERE = {"overlayPosition": {"anchorCell": {"sheetId": 0, "rowIndex": 0, "columnIndex": 2}}}
USUAL = {"hiddenDimensionStrategy": "SKIP_HIDDEN_ROWS_AND_COLUMNS"}
SQUARE = {"startRowIndex": 0, "endRowIndex": 3, "startColumnIndex": 0, "endColumnIndex": 2}
LIST = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "Open"}]}}


@pytest.fixture
def book() -> Book:
    """Return a spreadsheet with a few cells."""
    book = fresh_book("id", "title")
    book.sheets[0].rows.extend([("a", None), (1.0, 2.0)])
    return book


def apply(book: Book, *requests: Body) -> list[Body]:
    """Apply requests."""
    return apply_all(book, requests, SCENE)


def sheets(book: Book) -> list[Body]:
    """Return the tabs as the API shows them."""
    body = spreadsheet_body(book, SCENE.grant)
    assert violations(body, "Spreadsheet", api="sheets.v4") == []
    found: list[Body] = body["sheets"]
    return found


def refusal(book: Book, request: Body) -> ApiError:
    """Apply a request that is refused; return how."""
    with pytest.raises(ApiError) as refused:
        apply(book, request)
    return refused.value


def test_a_chart_is_kept_as_it_was_given_with_the_usual_size(book: Book) -> None:
    """The reply is what the tab shows."""
    [reply] = apply(book, {"addChart": {"chart": {"chartId": 3, "spec": SPEC, "position": HERE}}})
    [chart] = sheets(book)[0]["charts"]
    assert reply == {"addChart": {"chart": chart}}
    position = {"anchorCell": {"columnIndex": 2}, "widthPixels": 600, "heightPixels": 371}
    assert chart == {"chartId": 3, "spec": SPEC | USUAL, "position": {"overlayPosition": position}}


def test_a_chart_on_a_new_sheet_makes_a_tab_of_its_own(book: Book) -> None:
    """It is no grid, and goes with its chart."""
    apply(
        book, {"addChart": {"chart": {"chartId": 3, "spec": SPEC, "position": {"newSheet": True}}}}
    )
    tab = sheets(book)[1]
    assert (tab["properties"]["title"], tab["properties"]["sheetType"]) == ("Chart1", "OBJECT")
    assert "gridProperties" not in tab["properties"]
    assert tab["charts"][0]["position"] == {"sheetId": tab["properties"]["sheetId"]}
    assert apply(book, {"deleteEmbeddedObject": {"objectId": 3}}) == [{}]
    assert len(sheets(book)) == 1


def test_a_chart_gets_another_specification_whole(book: Book) -> None:
    """The title that the second does not say is gone."""
    apply(book, {"addChart": {"chart": {"chartId": 3, "spec": SPEC, "position": HERE}}})
    pie = {"pieChart": {"series": {"sourceRange": SOURCE}, "legendPosition": "RIGHT_LEGEND"}}
    assert apply(book, {"updateChartSpec": {"chartId": 3, "spec": pie}}) == [{}]
    assert sheets(book)[0]["charts"][0]["spec"] == pie | USUAL


def test_an_object_is_moved_as_far_as_the_mask_says(book: Book) -> None:
    """The reply says where it is now."""
    apply(book, {"addChart": {"chart": {"chartId": 3, "spec": SPEC, "position": HERE}}})
    overlay = {"anchorCell": {"rowIndex": 4}, "widthPixels": 100, "heightPixels": 50}
    move = {"objectId": 3, "newPosition": {"overlayPosition": overlay}, "fields": "widthPixels"}
    [reply] = apply(book, {"updateEmbeddedObjectPosition": move})
    wanted = {"anchorCell": {"columnIndex": 2}, "widthPixels": 100, "heightPixels": 371}
    assert reply["updateEmbeddedObjectPosition"]["position"] == {"overlayPosition": wanted}
    border = {"objectId": 3, "border": {"color": {"red": 1}}, "fields": "color"}
    apply(book, {"updateEmbeddedObjectBorder": border})
    [chart] = sheets(book)[0]["charts"]
    assert chart["border"] == {"color": {"red": 1}, "colorStyle": {"rgbColor": {"red": 1}}}


def test_charts_are_refused_in_googles_words(book: Book) -> None:
    """A kind of chart and a position are needed; a basic chart of nothing is Google's own 500."""
    chart = {"spec": {"title": "x"}, "position": HERE}
    assert "must be set on chartSpec" in refusal(book, {"addChart": {"chart": chart}}).message
    none = refusal(book, {"addChart": {"chart": {"spec": SPEC}}})
    assert "One of EmbeddedObjectPosition.overlayPosition" in none.message
    empty = {"spec": {"basicChart": {}}, "position": HERE}
    assert refusal(book, {"addChart": {"chart": empty}}).code == 500


def test_a_slicer_applies_to_pivot_tables_by_default(book: Book) -> None:
    """Its specification is updated by a mask."""
    spec = {"dataRange": SQUARE, "title": "S", "columnIndex": 1}
    [reply] = apply(book, {"addSlicer": {"slicer": {"spec": spec, "position": HERE}}})
    slicer = reply["addSlicer"]["slicer"]
    assert slicer["spec"] == spec | {"applyToPivotTables": True}
    update = {"slicerId": slicer["slicerId"], "spec": {"title": "T"}, "fields": "title"}
    apply(book, {"updateSlicerSpec": update})
    assert sheets(book)[0]["slicers"][0]["spec"] == slicer["spec"] | {"title": "T"}


def test_a_table_lists_all_of_its_columns_named_by_their_headers(book: Book) -> None:
    """A name that is given is written into its header cell."""
    column = {"columnIndex": 1, "columnType": "DROPDOWN", "dataValidationRule": LIST}
    table = {"name": "T", "range": SQUARE, "columnProperties": [column]}
    [reply] = apply(book, {"addTable": {"table": table}})
    [seen] = sheets(book)[0]["tables"]
    assert reply == {"addTable": {"table": seen}}
    assert seen["columnProperties"] == [{"columnName": "a"}, column | {"columnName": "Column 1"}]
    assert book.sheets[0].content(0, 1) == "Column 1"


def test_the_columns_of_a_table_are_replaced_whole(book: Book) -> None:
    """A column that is not sent keeps its header and loses its type."""
    column = {"columnIndex": 1, "columnType": "DATE", "columnName": "b"}
    table = {"tableId": "t", "range": SQUARE, "columnProperties": [column]}
    apply(book, {"addTable": {"table": table}})
    first = {"tableId": "t", "columnProperties": [{"columnName": "c", "columnType": "DOUBLE"}]}
    apply(book, {"updateTable": {"table": first, "fields": "columnProperties"}})
    [seen] = sheets(book)[0]["tables"]
    assert seen["columnProperties"] == [
        {"columnName": "c", "columnType": "DOUBLE"},
        {"columnIndex": 1, "columnName": "b"},
    ]
    nameless = {"tableId": "t", "columnProperties": [{"columnType": "TEXT"}]}
    update = {"table": nameless, "fields": "columnProperties"}
    assert "must have a value" in refusal(book, {"updateTable": update}).message


def test_a_table_goes_with_what_stands_in_it(book: Book) -> None:
    """Cells beside it stay."""
    book.sheets[0].put(1, 5, "beside")
    apply(book, {"addTable": {"table": {"tableId": "t", "range": SQUARE}}})
    assert apply(book, {"deleteTable": {"tableId": "t"}}) == [{}]
    assert "tables" not in sheets(book)[0]
    assert book.sheets[0].content(1, 0) is None
    assert book.sheets[0].content(1, 5) == "beside"


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        ({"addTable": {"table": {"range": SQUARE}}}, "alternating background colors"),
        ({"addTable": {}}, "No range"),
        (
            {
                "addTable": {
                    "table": {"range": {"startRowIndex": 5, "endRowIndex": 7}, "name": "t1"}
                }
            },
            "that name already exists",
        ),
        ({"updateTable": {}}, "At least one field"),
        ({"updateTable": {"table": {"tableId": "9"}, "fields": "name"}}, "No table with id: 9"),
        ({"deleteTable": {}}, "No table with id"),
        ({"addChart": {}}, "must be set on chartSpec"),
        ({"updateChartSpec": {"chartId": 9, "spec": SPEC}}, "No chart with id: 9"),
        ({"addSlicer": {}}, "dataRange"),
        ({"updateSlicerSpec": {"slicerId": 9, "fields": "title"}}, "No slicer with id: 9"),
        ({"updateSlicerSpec": {"slicerId": 9}}, "At least one field"),
        ({"deleteEmbeddedObject": {}}, "No embedded object with id: 0"),
        ({"updateEmbeddedObjectPosition": {"objectId": 9}}, "No embedded object with id: 9"),
        ({"updateEmbeddedObjectBorder": {"objectId": 9, "fields": "*"}}, "No embedded object"),
        ({"addDataSource": {}}, "bigquery.readonly"),
        ({"refreshDataSource": {"isAll": True}}, "bigquery.readonly"),
    ],
)
def test_requests_that_cannot_be_done_are_refused(
    book: Book, request_: Body, sentence: str
) -> None:
    """Whatever is missing: Google's shape of error, and never an error of ours."""
    apply(book, {"addTable": {"table": {"name": "T1", "range": SQUARE}}})
    refused = refusal(book, request_)
    assert sentence in refused.message
    assert refused.code in {400, 403}
