"""Field masks: which parts of an answer are shown, and which parts of a thing change."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formbridge.testing.google.answers.masks import NO_FIELDS, Mask, merged, narrowed
from formbridge.testing.google.answers.selections import Unreadable, selections
from formbridge.testing.google.errors import ApiError, Refused, drive_answer
from formbridge.testing.google.messages import Body
from formbridge.testing.google.schema.discovery import Schema

BOOK = Schema(api="sheets", name="Spreadsheet")
FILES = Schema(api="drive", name="FileList")
ANSWER: Body = {
    "spreadsheetId": "s",
    "sheets": [
        {
            "properties": {"title": "A", "gridProperties": {"rowCount": 3}},
            "data": [
                {
                    "startRow": 1,
                    "rowData": [
                        {"values": [{"note": "n"}, {"hyperlink": "h"}]},
                        {"values": [{"hyperlink": "h"}]},
                        {"values": [{}, {"note": "m"}, {}]},
                        {"values": [{"hyperlink": "h"}]},
                    ],
                }
            ],
        },
        {"properties": {"title": "B"}},
    ],
}
NOTES: list[Body] = [{"values": [{"note": "n"}]}, {}, {"values": [{}, {"note": "m"}]}]


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("a", ["a"]),
        ("a.b,c/d", ["a.b", "c.d"]),
        ("a(b,c.d),e", ["a.b", "a.c.d", "e"]),
        ("a/b(c(d,e),f)", ["a.b.c.d", "a.b.c.e", "a.b.f"]),
        ("*", ["*"]),
        ("a,,b,", ["a", "b"]),
        ("", []),
    ],
)
def test_a_mask_is_a_list_of_paths(text: str, paths: list[str]) -> None:
    """Dots and slashes are the same, parentheses are multiplied out."""
    assert [".".join(path) for path in selections(text)] == paths


@pytest.mark.parametrize(
    "text", ["a(", "a(b", "a)", ")", ".", "a.", ".a", "a..b", "a()", "(a)", "a(b)c"]
)
def test_what_is_no_mask_is_refused(text: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(Unreadable):
        selections(text)


# --- what an answer shows ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ("spreadsheetId", {"spreadsheetId": "s"}),
        ("spreadsheet_id", {"spreadsheetId": "s"}),
        ("namedRanges", {}),
        (
            "sheets.properties.title",
            {"sheets": [{"properties": {"title": "A"}}, {"properties": {"title": "B"}}]},
        ),
        ("sheets/properties/tabColorStyle", {"sheets": [{"properties": {}}, {"properties": {}}]}),
        (
            "sheets(properties.gridProperties.rowCount,data.startRow)",
            {
                "sheets": [
                    {"properties": {"gridProperties": {"rowCount": 3}}, "data": [{"startRow": 1}]},
                    {"properties": {}},
                ]
            },
        ),
        (
            "sheets.*.title",
            {
                "sheets": [
                    {"properties": {"title": "A"}, "data": [{}]},
                    {"properties": {"title": "B"}},
                ]
            },
        ),
        ("sheets.data.rowData.values.formattedValue", {"sheets": [{"data": [{}]}, {}]}),
        (
            "sheets.data.rowData.values.note",
            {
                "sheets": [
                    {"data": [{"rowData": NOTES}]},
                    {},
                ]
            },
        ),
        ("*", ANSWER),
        ("", ANSWER),
        ("sheets.properties,sheets,spreadsheetId", ANSWER),
    ],
)
def test_an_answer_is_narrowed(fields: str, shown: Body) -> None:
    """Empty objects stay; rows and cells at the end without what is asked for go, as recorded."""
    assert narrowed(ANSWER, fields, BOOK) == shown


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ("foo", "foo"),
        ("sheets.sheetProperties", "sheets.sheetProperties"),
        ("sheets(properties(title,foo))", "sheets.properties.foo"),
        ("sheets.properties.title.x", "sheets.properties.title.x"),
        ("spreadsheetId, sheets", " sheets"),
    ],
)
def test_sheets_names_an_unknown_field_in_the_details(fields: str, path: str) -> None:
    """The message says nothing of it; a space belongs to a name."""
    with pytest.raises(ApiError, match=r"^Request contains an invalid argument\.$") as caught:
        narrowed(ANSWER, fields, BOOK)
    why = f"Error expanding 'fields' parameter. Cannot find matching fields for path '{path}'."
    assert caught.value.details[0]["fieldViolations"] == [{"field": fields, "description": why}]


def test_drive_names_an_unknown_field_in_its_message() -> None:
    """It allows spaces, and everything."""
    answer: Body = {"kind": "drive#fileList", "files": [{"id": "1", "name": "n"}]}
    assert narrowed(answer, "files( id ), nextPageToken", FILES) == {"files": [{"id": "1"}]}
    with pytest.raises(ApiError) as caught:
        narrowed(answer, "files(id,foo)", FILES)
    assert drive_answer(caught.value).content["error"]["errors"] == [
        {
            "message": "Invalid field selection foo",
            "domain": "global",
            "reason": "invalidParameter",
            "location": "fields",
            "locationType": "parameter",
        }
    ]


NAMES = st.sampled_from("abc")
JSON = st.recursive(
    st.integers(0, 9),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner),
    max_leaves=8,
)
MASKS = st.lists(
    st.lists(NAMES | st.just("*"), min_size=1, max_size=3).map(".".join), min_size=1, max_size=3
).map(",".join)


def is_part(part: object, whole: object) -> bool:
    """Tell whether nothing stands in ``part`` that does not stand in ``whole``."""
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(name in whole and is_part(each, whole[name]) for name, each in part.items())
    if isinstance(part, list) and isinstance(whole, list):
        return len(part) == len(whole) and all(map(is_part, part, whole))
    return part == whole


@given(st.dictionaries(NAMES, JSON), MASKS)
def test_narrowing_twice_is_narrowing_once_and_gives_a_part(answer: Body, fields: str) -> None:
    """Nothing new comes, and what was asked for stays."""
    before = json.dumps(answer)
    once = narrowed(answer, fields)
    assert narrowed(once, fields) == once
    assert is_part(once, answer)
    assert json.dumps(answer) == before


@given(
    st.text(alphabet="ab.,/()* ", max_size=15) | st.text(max_size=8),
    st.sampled_from([BOOK, FILES, None]),
)
def test_any_mask_is_read_or_refused(fields: str, schema: Schema | None) -> None:
    """Nothing else is raised."""
    try:
        narrowed(ANSWER, fields, schema)
    except ApiError as error:
        assert error.code == 400  # noqa: PT017 - both ends are right


# --- what an update changes ----------------------------------------------------------------------


def test_a_mask_tells_what_it_covers_and_what_it_touches() -> None:
    """Above a path, below it, and beside it."""
    text = "userEnteredFormat(backgroundColor, textFormat/bold),user_entered_value"
    mask = Mask.parse(text, "CellData")
    assert list(mask) == [
        "userEnteredFormat.backgroundColor",
        "userEnteredFormat.textFormat.bold",
        "userEnteredValue",
    ]
    assert mask.covers("userEnteredFormat.backgroundColor.red")
    assert not mask.covers("userEnteredFormat")
    assert mask.touches("userEnteredFormat")
    assert mask.touches("userEnteredValue.stringValue")
    assert not mask.touches("note")
    assert not mask.everything


@pytest.mark.parametrize("text", ["*", " * ", "note,*"])
def test_a_star_is_everything(text: str) -> None:
    """Then the new thing takes the old one's place."""
    mask = Mask.parse(text, "CellData")
    assert mask.everything
    assert "*" in list(mask)
    assert mask.covers("note")
    assert mask.touches("anything.at.all")
    new: Body = {"note": "n"}
    assert merged({"hyperlink": "h"}, new, mask) == new
    assert merged({}, new, mask) is not new


@pytest.mark.parametrize("text", ["", "  ", ",", None])
def test_an_empty_mask_is_refused(text: str | None) -> None:
    """In Google's words, which say what to write instead."""
    with pytest.raises(Refused) as caught:
        Mask.parse(text, "CellData")
    assert str(caught.value) == NO_FIELDS


@pytest.mark.parametrize(
    ("text", "named"),
    [("foo", "foo"), ("note.x", "note.x"), ("textFormat.fooBar", "text_format.foo_bar")],
)
def test_an_unknown_field_is_refused_by_name(text: str, named: str) -> None:
    """As Google's messages name fields."""
    with pytest.raises(Refused) as caught:
        Mask.parse(text, "CellData")
    assert str(caught.value) == f"Invalid field: {named}"


def test_a_change_sets_and_clears_what_the_mask_names() -> None:
    """All else stays; neither the old nor the new is changed."""
    old: Body = {
        "note": "n",
        "userEnteredFormat": {"wrapStrategy": "CLIP", "textFormat": {"bold": True}},
    }
    new: Body = {"hyperlink": "not named", "userEnteredFormat": {"backgroundColor": {"red": 1}}}
    before = json.dumps([old, new])
    mask = Mask.parse("note,userEnteredFormat(backgroundColor,textFormat.bold)", "CellData")
    assert merged(old, new, mask) == {
        "userEnteredFormat": {"wrapStrategy": "CLIP", "backgroundColor": {"red": 1}}
    }
    assert json.dumps([old, new]) == before


def test_what_is_emptied_is_gone_and_what_is_set_empty_stays() -> None:
    """Lists are taken as a whole; a missing thing is cleared."""
    mask = Mask.parse("userEnteredFormat.textFormat,textFormatRuns.startIndex", "CellData")
    old: Body = {
        "userEnteredFormat": {"textFormat": {"bold": True}},
        "textFormatRuns": [{"startIndex": 1}],
    }
    assert merged(old, {}, mask) == {}
    assert merged(old, {"userEnteredFormat": {}, "textFormatRuns": [{"startIndex": 2}]}, mask) == {
        "userEnteredFormat": {},
        "textFormatRuns": [{"startIndex": 2}],
    }


TEXT = st.fixed_dictionaries({"bold": st.booleans()})
STYLE = st.fixed_dictionaries({}, optional={"wrapStrategy": st.just("CLIP"), "textFormat": TEXT})
CELLS = st.fixed_dictionaries(
    {}, optional={"note": st.sampled_from("xy"), "userEnteredFormat": STYLE}
)
PARTS = ["note", "userEnteredFormat", "userEnteredFormat(wrapStrategy,textFormat.bold)"]
SOME = st.lists(st.sampled_from(PARTS), min_size=1, max_size=3).map(",".join)


@given(CELLS, CELLS, SOME)
def test_a_change_made_twice_is_made_once(old: Body, new: Body, fields: str) -> None:
    """And what the mask does not touch is as it was."""
    mask = Mask.parse(fields, "CellData")
    once = merged(old, new, mask)
    assert merged(once, new, mask) == once
    for path in ("note", "userEnteredFormat"):
        if not mask.touches(path):
            assert once.get(path) == old.get(path)
        elif mask.covers(path):
            assert once.get(path) == new.get(path)
