"""Conditional formats and alternating colours."""

import pytest

from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.messages import Body
from tests.testing.google.batch.applying import done, filled, refusal, span

RULE = {
    "ranges": [{"startRowIndex": 0, "endRowIndex": 2}],
    "booleanRule": {
        "condition": {"type": "NUMBER_GREATER", "values": [{"userEnteredValue": "3"}]},
        "format": {"backgroundColor": {"red": 0.5}},
    },
}
BAND = {"firstBandColor": {"red": 1}, "secondBandColor": {"blue": 1}}


def with_rules(count: int) -> tuple[Book, Sheet]:
    """Return a spreadsheet with as many rules, each of another number."""
    book, sheet = filled()
    for number in range(count):
        rule = {"ranges": [span(0, 0, 1, number + 1)], "booleanRule": RULE["booleanRule"]}
        done(book, "addConditionalFormatRule", {"rule": rule, "index": number})
    return book, sheet


def widths(sheet: Sheet) -> list[int]:
    """Return which rules there are, in their order."""
    return [rule["ranges"][0]["endColumnIndex"] for rule in sheet.list("conditionalFormats")]


def test_a_rule_is_kept_with_both_colours() -> None:
    """It goes before the one at its index, and says its colour twice."""
    book, sheet = with_rules(2)
    assert done(book, "addConditionalFormatRule", {"rule": RULE}) == {}
    assert "endColumnIndex" not in sheet.list("conditionalFormats")[0]["ranges"][0]
    style = sheet.list("conditionalFormats")[0]["booleanRule"]["format"]
    assert style["backgroundColor"] == {"red": 0.49803922}
    assert style["backgroundColorStyle"] == {"rgbColor": {"red": 0.49803922}}


def test_a_rule_is_deleted_and_shown() -> None:
    """Those behind it move up; an index without a rule is refused."""
    book, sheet = with_rules(3)
    reply = done(book, "deleteConditionalFormatRule", {"sheetId": 0, "index": 1})
    assert reply["rule"]["ranges"][0]["endColumnIndex"] == 2
    assert widths(sheet) == [1, 3]
    assert refusal(book, "deleteConditionalFormatRule", {"index": 2}) == (
        "Invalid requests[0].deleteConditionalFormatRule: "
        "No conditional format on sheet: 0 at index: 2"
    )


def test_a_rule_moves_or_is_replaced() -> None:
    """The reply names the old index of one that moved, the old rule of one that was replaced."""
    book, sheet = with_rules(3)
    moved = done(book, "updateConditionalFormatRule", {"sheetId": 0, "index": 0, "newIndex": 2})
    assert widths(sheet) == [2, 3, 1]
    assert moved["newIndex"] == 2
    assert "oldIndex" not in moved
    assert "oldRule" not in moved
    new = done(book, "updateConditionalFormatRule", {"index": 1, "rule": RULE})
    assert new["oldRule"]["ranges"][0]["endColumnIndex"] == 3
    assert new["newIndex"] == 1
    both = {"index": 0, "newIndex": 1, "rule": RULE}
    assert "Exactly one" in refusal(book, "updateConditionalFormatRule", both)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"ranges": []}, "range"),
        ({"ranges": [{}]}, "booleanRule or gradientRule"),
        ({"ranges": [{}], "booleanRule": {"format": {}}}, "ConditionType"),
        ({"ranges": [{}], "gradientRule": {}}, "No interpolationPointType specified."),
        (
            {"ranges": [{}], "gradientRule": {"minpoint": {"type": "NUMBER"}}},
            "InterpolationPoint.value is required.",
        ),
    ],
)
def test_rules_that_are_none(rule: Body, words: str) -> None:
    """Each is refused, and nothing is kept."""
    book, sheet = filled()
    assert words in refusal(book, "addConditionalFormatRule", {"rule": rule})
    assert sheet.list("conditionalFormats") == []


def test_a_scale_drops_the_value_of_its_ends() -> None:
    """MIN and MAX have no value, whatever is sent."""
    book, sheet = filled()
    points = {
        "minpoint": {"type": "MIN", "value": "2", "color": {"red": 1}},
        "maxpoint": {"type": "NUMBER", "value": "9", "color": {}},
    }
    done(book, "addConditionalFormatRule", {"rule": {"ranges": [{}], "gradientRule": points}})
    kept = sheet.list("conditionalFormats")[0]["gradientRule"]
    assert "value" not in kept["minpoint"]
    assert kept["maxpoint"]["value"] == "9"


def banded(book: Book, **more: object) -> Body:
    """Add alternating colours and return what the reply shows."""
    band = {"range": span(0, 0, 4, 2), "rowProperties": BAND, **more}
    reply: Body = done(book, "addBanding", {"bandedRange": band})["bandedRange"]
    return reply


def test_alternating_colours_are_added_changed_and_deleted() -> None:
    """The reply says the id and both forms of the colours; a mask changes a part."""
    book, sheet = filled()
    added = banded(book)
    assert added["rowProperties"]["firstBandColorStyle"] == {"rgbColor": {"red": 1}}
    assert added["rowProperties"]["firstBandColor"] == {"red": 1}
    number = added["bandedRangeId"]
    change = {"bandedRangeId": number, "rowProperties": {"firstBandColor": {"green": 1}}}
    body = {"bandedRange": change, "fields": "rowProperties.firstBandColor"}
    assert done(book, "updateBanding", body) == {}
    kept = sheet.list("bandedRanges")[0]["rowProperties"]
    assert kept["firstBandColorStyle"] == {"rgbColor": {"green": 1}}
    assert kept["secondBandColorStyle"] == {"rgbColor": {"blue": 1}}
    done(book, "deleteBanding", {"bandedRangeId": number})
    assert sheet.list("bandedRanges") == []
    assert "No banded range" in refusal(book, "deleteBanding", {"bandedRangeId": number})
    assert "No banded range" in refusal(book, "updateBanding", body)


def test_alternating_colours_do_not_overlap() -> None:
    """Nor is an id used twice, and colours are needed."""
    book, _ = filled()
    banded(book, bandedRangeId=5)
    again = {"range": span(3, 1, 6, 4), "rowProperties": BAND}
    assert refusal(book, "addBanding", {"bandedRange": again}) == (
        "Invalid requests[0].addBanding: You cannot add alternating background colors to a range "
        "that already has alternating background colors."
    )
    free = {"range": span(4, 0, 6, 4)}
    assert "rowProperties" in refusal(book, "addBanding", {"bandedRange": free})
    same = free | {"rowProperties": BAND, "bandedRangeId": 5}
    assert "already exists" in refusal(book, "addBanding", {"bandedRange": same})
