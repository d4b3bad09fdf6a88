"""Rows and columns inserted, deleted, moved, sized and grouped, and what follows them."""

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formbridge.testing.google.accounts.grants import Account, Grant
from formbridge.testing.google.batch import dimensions  # noqa: F401 - registers its kinds
from formbridge.testing.google.batch.kinds import KINDS, Scene
from formbridge.testing.google.errors import Refused
from formbridge.testing.google.grid.book import Book, Metadata, NamedRange, fresh_book
from formbridge.testing.google.grid.cell import Cell, value_of
from formbridge.testing.google.grid.ranges import Area, GridRange
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.messages import Body
from formbridge.testing.google.moves.following import formula_after
from formbridge.testing.google.moves.shifting import delete, insert, move
from formbridge.testing.google.moves.shifts import Change, Deletion, Insertion, Relocation, Shift

SCENE = Scene(
    grant=Grant(account=Account(email="a@example.org")),
    ids=Random(1),  # noqa: S311 - ids, no secrets
    now=0,
)


def done(book: Book, name: str, body: Body) -> Body | None:
    """Apply one request and return its reply."""
    return KINDS[name](book, body, SCENE)


def small(rows: int = 6, columns: int = 4) -> tuple[Book, Sheet]:
    """Return a spreadsheet whose cells say where they are: ``A1``, ``B1``, …."""
    book = fresh_book("id", "Book")
    sheet = book.sheets[0]
    sheet.row_count, sheet.column_count = rows, columns
    for row in range(rows):
        for column in range(columns):
            sheet.put(row, column, f"{'ABCDEFGH'[column]}{row + 1}")
    return book, sheet


def span(dimension: str, start: int | None = None, end: int | None = None) -> Body:
    """Return a ``DimensionRange`` of the first tab."""
    bounds = {"startIndex": start, "endIndex": end}
    return {"dimension": dimension} | {key: at for key, at in bounds.items() if at is not None}


def first_column(sheet: Sheet) -> list[object]:
    """Return what stands in column A."""
    return [value_of(sheet.content(row, 0)) for row in range(sheet.row_count)]


def first_row(sheet: Sheet) -> list[object]:
    """Return what stands in row 1."""
    return [value_of(sheet.content(0, column)) for column in range(sheet.column_count)]


# --- cells --------------------------------------------------------------------------------------


def test_inserted_rows_and_columns_are_empty_and_push_the_others() -> None:
    """The tab grows by them."""
    book, sheet = small()
    done(book, "insertDimension", {"range": span("ROWS", 1, 3)})
    assert first_column(sheet) == ["A1", None, None, "A2", "A3", "A4", "A5", "A6"]
    done(book, "insertDimension", {"range": span("COLUMNS", 1, 2)})
    assert first_row(sheet) == ["A1", None, "B1", "C1", "D1"]


def test_an_insertion_at_the_end_must_inherit_from_before() -> None:
    """Otherwise there is nothing to inherit from; beyond the end is refused always."""
    book, sheet = small()
    with pytest.raises(Refused, match=r"less than the grid size \(6\) if inheritFromBefore"):
        done(book, "insertDimension", {"range": span("ROWS", 6, 7)})
    done(book, "insertDimension", {"range": span("ROWS", 6, 7), "inheritFromBefore": True})
    assert sheet.row_count == 7
    with pytest.raises(Refused, match=r"larger than current grid size \(7\)"):
        done(book, "insertDimension", {"range": span("ROWS", 8, 9), "inheritFromBefore": True})
    with pytest.raises(Refused):
        done(book, "insertDimension", {"range": span("ROWS", 0, 1), "inheritFromBefore": True})


def test_an_insertion_inherits_its_look_from_before_or_after() -> None:
    """Formats and sizes, but no contents."""
    for dimension, place in (("ROWS", (1, 0)), ("COLUMNS", (0, 1))):
        for before in (True, False):
            book, sheet = small()
            red, green = {"italic": True}, {"bold": True}
            sheet.put(0, 0, Cell(value="x", format={"textFormat": red}))
            sheet.put(*place, Cell(value="y", format={"textFormat": green}))
            sheet.sizes(dimension).update({0: {"pixelSize": 40}, 1: {"pixelSize": 50}})
            done(
                book,
                "insertDimension",
                {"range": span(dimension, 1, 2), "inheritFromBefore": before},
            )
            look = red if before else green
            assert sheet.content(*place) == Cell(format={"textFormat": look})
            sizes = [sheet.sizes(dimension)[index]["pixelSize"] for index in range(3)]
            assert sizes == [40, 40 if before else 50, 50]


def test_deleted_rows_and_columns_are_gone() -> None:
    """The tab shrinks by them."""
    book, sheet = small()
    done(book, "deleteDimension", {"range": span("ROWS", 1, 3)})
    assert first_column(sheet) == ["A1", "A4", "A5", "A6"]
    done(book, "deleteDimension", {"range": span("COLUMNS", 2)})
    assert first_row(sheet) == ["A1", "B1"]


def test_a_tab_keeps_a_row_that_is_not_frozen() -> None:
    """All rows, all that are not frozen, and rows beyond the grid are refused."""
    book, sheet = small()
    with pytest.raises(Refused, match="You can't delete all the rows on the sheet"):
        done(book, "deleteDimension", {"range": span("ROWS")})
    with pytest.raises(Refused, match="You can't delete all the columns on the sheet"):
        done(book, "deleteDimension", {"range": span("COLUMNS", 0, 4)})
    sheet.grid["frozenRowCount"] = 1
    with pytest.raises(Refused, match="not possible to delete all non-frozen rows"):
        done(book, "deleteDimension", {"range": span("ROWS", 1, 6)})
    with pytest.raises(Refused, match="Tried to delete row index 6 but there are only 6 rows"):
        done(book, "deleteDimension", {"range": span("ROWS", 6, 7)})


@pytest.mark.parametrize(
    ("start", "end", "to", "after"),
    [(1, 3, 4, "142356"), (3, 5, 1, "145236"), (0, 1, 6, "234561"), (5, 6, 0, "612345")],
)
def test_a_move_counts_its_destination_before_the_move(
    start: int, end: int, to: int, after: str
) -> None:
    """Rows go to before the row that had the index."""
    book, sheet = small()
    done(book, "moveDimension", {"source": span("ROWS", start, end), "destinationIndex": to})
    assert first_column(sheet) == [f"A{digit}" for digit in after]


def test_a_move_into_itself_or_through_a_merge_is_refused() -> None:
    """Nothing changes then."""
    book, sheet = small()
    sheet.merges.append(Area(1, 0, 3, 2))
    for source, to in (((3, 6), 4), ((1, 2), 5), ((4, 5), 2), ((0, 1), 7)):
        with pytest.raises(Refused):
            done(book, "moveDimension", {"source": span("ROWS", *source), "destinationIndex": to})
    assert first_column(sheet) == [f"A{row}" for row in range(1, 7)]


def test_appended_rows_make_the_tab_longer() -> None:
    """There must be room for them, and at least one."""
    book, sheet = small()
    done(book, "appendDimension", {"dimension": "ROWS", "length": 4})
    assert sheet.row_count == 10
    with pytest.raises(Refused, match="above the limit of 10000000 cells"):
        done(book, "appendDimension", {"dimension": "ROWS", "length": 2_500_000})
    with pytest.raises(Refused, match="18278"):
        done(book, "appendDimension", {"dimension": "COLUMNS", "length": 18_275})
    with pytest.raises(Refused):
        done(book, "appendDimension", {"dimension": "ROWS"})
    with pytest.raises(Refused, match="No grid with id: 5"):
        done(book, "appendDimension", {"sheetId": 5, "dimension": "ROWS", "length": 1})


def test_cells_are_inserted_and_deleted_in_a_part_of_the_rows() -> None:
    """Only what is below, or to the right, is shifted."""
    book, sheet = small(3, 3)
    area = {"startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 1}
    done(book, "insertRange", {"range": area, "shiftDimension": "ROWS"})
    assert first_column(sheet) == [None, "A1", "A2", "A3"]
    assert first_row(sheet) == [None, "B1", "C1"]
    done(book, "deleteRange", {"range": area, "shiftDimension": "ROWS"})
    assert first_column(sheet) == ["A1", "A2", "A3", None]
    done(book, "insertRange", {"range": area, "shiftDimension": "COLUMNS"})
    assert first_row(sheet) == [None, "A1", "B1", "C1"]
    assert first_column(sheet)[1:] == ["A2", "A3", None]
    done(book, "deleteRange", {"range": area, "shiftDimension": "COLUMNS"})
    assert first_row(sheet) == ["A1", "B1", "C1", None]


def test_a_shift_that_cuts_a_merge_is_refused() -> None:
    """Merges below must be shifted as a whole."""
    book, sheet = small()
    sheet.merges.append(Area(3, 0, 4, 2))
    area = {"startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 1}
    for name in ("insertRange", "deleteRange"):
        with pytest.raises(Refused):
            done(book, name, {"range": area, "shiftDimension": "ROWS"})
    with pytest.raises(Refused):
        done(book, "insertRange", {"range": area})
    done(book, "insertRange", {"range": area | {"endColumnIndex": 2}, "shiftDimension": "ROWS"})
    assert sheet.merges == [Area(4, 0, 5, 2)]


# --- what follows -------------------------------------------------------------------------------


def furnished() -> tuple[Book, Sheet]:
    """Return a spreadsheet with one of everything that has a place, around row 3."""
    book, sheet = small(10, 5)
    line = {"sheetId": 0, "startRowIndex": 2, "endRowIndex": 3}
    block = line | {"startColumnIndex": 1, "endColumnIndex": 3}
    book.sheets.append(Sheet(id=9, title="It's"))
    book.sheets[1].put(0, 0, Cell(formula="=SUM(Sheet1!B3:C3)"))
    sheet.put(0, 4, Cell(formula='=B3&"B3"&$C$3'))
    sheet.row_sizes[2] = {"hiddenByUser": True}
    sheet.column_sizes[1] = {"pixelSize": 7}
    sheet.merges.append(Area(2, 1, 3, 3))
    sheet.filter = {
        "range": block,
        "filterSpecs": [{"columnIndex": 1, "filterCriteria": {"hiddenValues": ["x"]}}],
        "sortSpecs": [{"dimensionIndex": 2, "sortOrder": "ASCENDING"}],
    }
    sheet.list("protectedRanges").append({"protectedRangeId": 1, "range": dict(line)})
    sheet.list("bandedRanges").append({"bandedRangeId": 2, "range": dict(block)})
    sheet.list("conditionalFormats").append(
        {
            "ranges": [dict(block)],
            "booleanRule": {
                "condition": {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": "=B3>1"}]}
            },
        }
    )
    sheet.list("rowGroups").append(
        {"range": {"sheetId": 0, **span("ROWS", 2, 3)}, "depth": 1},
    )
    anchor = {"sheetId": 0, "rowIndex": 2, "columnIndex": 1}
    book.sheets[1].list("charts").append(
        {
            "chartId": 3,
            "spec": {"sources": [dict(block)]},
            "position": {"overlayPosition": {"anchorCell": {"sheetId": 9, "rowIndex": 2}}},
        }
    )
    sheet.list("charts").append(
        {"chartId": 4, "position": {"overlayPosition": {"anchorCell": anchor}}}
    )
    book.named["n"] = NamedRange(
        id="n", name="n", range=GridRange(top=2, bottom=3, left=1, right=3)
    )
    book.metadata[1] = Metadata(id=1, key="row", sheet=0, dimension="ROWS", start=2, end=3)
    book.metadata[2] = Metadata(id=2, key="column", sheet=0, dimension="COLUMNS", start=1, end=2)
    book.metadata[3] = Metadata(id=3, key="other", sheet=9, dimension="ROWS", start=2, end=3)
    return book, sheet


def rows_of(book: Book, sheet: Sheet) -> set[tuple[int, int]]:
    """Return every place, by rows, at which something of ``furnished`` lies."""
    found: set[tuple[int, int]] = {(merge.top, merge.bottom) for merge in sheet.merges}
    found |= {(index, index + 1) for index in sheet.row_sizes}

    def look(value: Any) -> None:  # noqa: ANN401 - JSON
        if isinstance(value, list):
            for item in value:
                look(item)
        elif isinstance(value, dict):
            if "startRowIndex" in value:
                found.add((value["startRowIndex"], value["endRowIndex"]))
            if "dimension" in value:
                found.add((value["startIndex"], value["endIndex"]))
            if value.get("sheetId") == 0 and "rowIndex" in value:
                found.add((value["rowIndex"], value["rowIndex"] + 1))
            for item in value.values():
                look(item)

    for thing in book.things():
        look(thing)
    found |= {(named.range.top or 0, named.range.bottom or 0) for named in book.named.values()}
    found |= {(one.start, one.end) for one in book.metadata.values() if one.id == 1}
    return found


@pytest.mark.parametrize(
    ("change", "row"),
    [
        (lambda book, sheet: insert(book, sheet, "ROWS", 0, 2), 4),
        (lambda book, sheet: insert(book, sheet, "ROWS", 2, 1), 3),
        (lambda book, sheet: insert(book, sheet, "ROWS", 3, 1), 2),
        (lambda book, sheet: delete(book, sheet, "ROWS", 0, 2), 0),
        (lambda book, sheet: move(book, sheet, "ROWS", 2, 1, to=7), 6),
        (lambda book, sheet: move(book, sheet, "ROWS", 5, 2, to=0), 4),
    ],
)
def test_everything_that_has_a_place_follows(change: Any, row: int) -> None:  # noqa: ANN401
    """Merges, sizes, filters, protection, rules, groups, charts, names, metadata, formulas."""
    book, sheet = furnished()
    change(book, sheet)
    assert rows_of(book, sheet) == {(row, row + 1)}
    cell = f"B{row + 1}"
    rule = sheet.list("conditionalFormats")[0]["booleanRule"]["condition"]["values"][0]
    assert rule == {"userEnteredValue": f"={cell}>1"}
    formulas = [c.formula for r in sheet.rows for c in r if isinstance(c, Cell)]
    assert formulas in ([f'={cell}&"B3"&$C${row + 1}'], [])
    assert book.sheets[1].content(0, 0) == Cell(formula=f"=SUM(Sheet1!{cell}:C{row + 1})")
    assert book.metadata[3].start == 2


def test_what_lies_on_deleted_rows_only_is_deleted() -> None:
    """A chart stays without its data; formulas say that their cells are lost."""
    book, sheet = furnished()
    delete(book, sheet, "ROWS", 2, 1)
    assert sheet.filter is None
    assert not sheet.merges
    assert not sheet.row_sizes
    assert {name for name, things in sheet.things.items() if things} == {"charts"}
    assert book.sheets[1].list("charts")[0]["spec"] == {"sources": []}
    assert not book.named
    assert set(book.metadata) == {2, 3}
    assert sheet.content(0, 4) == Cell(formula='=#REF!&"B3"&#REF!')


def test_filters_name_the_same_columns_after_a_change_of_columns() -> None:
    """Criteria of a deleted column are deleted."""
    book, sheet = furnished()
    insert(book, sheet, "COLUMNS", 0, 1)
    assert sheet.filter is not None
    assert sheet.filter["filterSpecs"][0]["columnIndex"] == 2
    assert sheet.filter["sortSpecs"][0]["dimensionIndex"] == 3
    assert book.metadata[2].start == 2
    assert sheet.column_sizes == {2: {"pixelSize": 7}}
    delete(book, sheet, "COLUMNS", 2, 1)
    assert sheet.filter["filterSpecs"] == []
    assert 2 not in book.metadata
    assert not sheet.column_sizes
    assert not sheet.merges[1:]


def test_frozen_rows_follow_what_is_inserted_or_deleted_among_them() -> None:
    """Below them nothing changes."""
    book, sheet = small()
    sheet.grid["frozenRowCount"] = 2
    insert(book, sheet, "ROWS", 1, 2)
    assert sheet.grid["frozenRowCount"] == 4
    insert(book, sheet, "ROWS", 4, 1)
    assert sheet.grid["frozenRowCount"] == 4
    delete(book, sheet, "ROWS", 0, 3)
    assert sheet.grid["frozenRowCount"] == 1
    delete(book, sheet, "ROWS", 0, 1)
    assert "frozenRowCount" not in sheet.grid


# --- formulas -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "after"),
    [
        ("=A1+A2", "=A1+A4"),
        ("=$A$2", "=$A$4"),
        ("=SUM(A1:A5)", "=SUM(A1:A7)"),
        ("=SUM(A:B)", "=SUM(A:B)"),
        ("=SUM(A2:A)", "=SUM(A4:A)"),
        ("=SUM(1:1)+SUM(2:3)", "=SUM(1:1)+SUM(4:5)"),
        ('="A2"&A2&"it""s A2"', '="A2"&A4&"it""s A2"'),
        ("=Sheet1!A2+Other!A2+'It''s'!A2", "=Sheet1!A4+Other!A2+'It''s'!A2"),
        ("='Sheet1'!A2", "=Sheet1!A4"),
        ("=LOG10(A2)+A2_total+x.A2", "=LOG10(A4)+A2_total+x.A2"),
        ("=TRUE+1E5+a2", "=TRUE+1E5+A4"),
    ],
)
def test_references_in_formulas_follow_two_inserted_rows(formula: str, after: str) -> None:
    """Texts, names, functions, numbers and other tabs are left alone."""
    change = Change(sheet=0, dimension="ROWS", shift=Insertion(1, 2))
    titles = {"sheet1": 0, "other": 1, "it's": 2}
    assert formula_after(formula, 0, titles, change) == after


@pytest.mark.parametrize(
    ("formula", "after"),
    [
        ("=B1", "=#REF!"),
        ("=A1+C1", "=A1+B1"),
        ("=SUM(A1:C1)", "=SUM(A1:B1)"),
        ("=SUM(B:B)", "=SUM(#REF!)"),
        ("=SUM(B1:C1)", "=SUM(B1)"),
    ],
)
def test_references_in_formulas_follow_a_deleted_column(formula: str, after: str) -> None:
    """What is lost says so; what is left of a range is meant."""
    change = Change(sheet=0, dimension="COLUMNS", shift=Deletion(1, 2))
    assert formula_after(formula, 0, {}, change) == after


# --- laws ---------------------------------------------------------------------------------------

SIZE = 12


@st.composite
def shifts(draw: st.DrawFn) -> tuple[Shift, list[int | None]]:
    """Return a shift, and a list of ``SIZE`` numbers after it, done the plain way."""
    plain: list[int | None] = list(range(SIZE))
    start = draw(st.integers(0, SIZE - 1))
    end = draw(st.integers(start + 1, SIZE))
    kind = draw(st.sampled_from(["insert", "delete", "move"]))
    if kind == "insert":
        plain[start:start] = [None] * (end - start)
        return Insertion(start, end - start), plain
    if kind == "delete":
        del plain[start:end]
        return Deletion(start, end), plain
    to = draw(st.one_of(st.integers(0, start), st.integers(end, SIZE)))
    block = plain[start:end]
    rest = [*plain[:start], *plain[end:]]
    at = to if to <= start else to - len(block)
    return Relocation(start, end, to), [*rest[:at], *block, *rest[at:]]


@given(shifts())
def test_a_shift_knows_where_each_row_is(made: tuple[Shift, list[int | None]]) -> None:
    """Its arithmetic agrees with a list that is changed the plain way."""
    shift, plain = made
    for index in range(SIZE):
        assert shift.index(index) == (plain.index(index) if index in plain else None)


@given(shifts(), st.integers(0, SIZE - 1), st.integers(0, SIZE - 1))
def test_a_shifted_range_keeps_its_cells(
    made: tuple[Shift, list[int | None]], one: int, two: int
) -> None:
    """A range that is neither left nor entered by a move covers what it covered."""
    shift, plain = made
    start, end = min(one, two), max(one, two) + 1
    after = shift.span(start, end)
    kept = {index for index in range(start, end) if shift.index(index) is not None}
    covered = set() if after is None else {n for n in plain[after[0] : after[1]] if n is not None}
    if isinstance(shift, Relocation):
        assert covered - kept <= set(range(shift.start, shift.end))
        assert kept - covered <= set(range(shift.start, shift.end))
    else:
        assert covered == kept


@given(shifts(), st.sampled_from(["ROWS", "COLUMNS"]))
def test_cells_follow_the_arithmetic(made: tuple[Shift, list[int | None]], dimension: str) -> None:
    """Rows and columns of a tab are where the shift says, formulas name the same cells."""
    shift, plain = made
    book = fresh_book("id", "Book")
    sheet = book.sheets[0]
    sheet.row_count = sheet.column_count = SIZE
    rows = dimension == "ROWS"
    for index in range(SIZE):
        sheet.put(*((index, 0) if rows else (0, index)), f"n{index}")
    book.sheets.append(Sheet(id=5, title="Other"))
    book.sheets[1].put(0, 0, Cell(formula="=Sheet1!C1" if not rows else "=Sheet1!A3"))
    if isinstance(shift, Insertion):
        insert(book, sheet, dimension, shift.at, shift.count)
    elif isinstance(shift, Deletion):
        if shift.end - shift.start == SIZE:
            return
        delete(book, sheet, dimension, shift.start, shift.end - shift.start)
    elif isinstance(shift, Relocation):
        move(book, sheet, dimension, shift.start, shift.end - shift.start, to=shift.to)
    found = first_column(sheet) if rows else first_row(sheet)
    assert found == [None if index is None else f"n{index}" for index in plain]
    formula = book.sheets[1].content(0, 0)
    assert isinstance(formula, Cell)
    if 2 not in plain:
        assert formula.formula == "=#REF!"
    else:
        at = plain.index(2)
        assert formula.formula == (f"=Sheet1!A{at + 1}" if rows else f"=Sheet1!{chr(65 + at)}1")


# --- sizes and groups ---------------------------------------------------------------------------


def test_sizes_are_set_and_cleared_as_the_mask_says() -> None:
    """Read-only fields are refused."""
    book, sheet = small()
    body: Body = {
        "range": span("ROWS", 1, 3),
        "properties": {"pixelSize": 40, "hiddenByUser": True},
        "fields": "pixelSize",
    }
    done(book, "updateDimensionProperties", body)
    assert sheet.row_sizes == {1: {"pixelSize": 40}, 2: {"pixelSize": 40}}
    done(book, "updateDimensionProperties", body | {"fields": "*"})
    assert sheet.row_sizes[1] == {"pixelSize": 40, "hiddenByUser": True}
    done(book, "updateDimensionProperties", body | {"fields": "*", "properties": {}})
    assert not sheet.row_sizes
    for fields in ("", "hiddenByFilter", "developerMetadata", "nonsense"):
        with pytest.raises(Refused):
            done(book, "updateDimensionProperties", body | {"fields": fields})


def test_a_column_becomes_as_wide_as_its_text() -> None:
    """A column without text keeps its width."""
    book, sheet = small()
    sheet.put(0, 0, "A" * 1024)
    sheet.column_sizes[1] = {"pixelSize": 9}
    for row in range(6):
        sheet.put(row, 1, None)
    done(book, "autoResizeDimensions", {"dimensions": span("COLUMNS", 0, 2)})
    assert sheet.column_sizes == {0: {"pixelSize": 8691}, 1: {"pixelSize": 9}}
    sheet.put(1, 0, "one\ntwo")
    done(book, "autoResizeDimensions", {"dimensions": span("ROWS", 0, 2)})
    assert sheet.row_sizes == {1: {"pixelSize": 38}}


def groups(book: Book, *ranges: tuple[int, int]) -> list[tuple[int, int, int]]:
    """Add groups of columns and return all: start, end, depth."""
    reply: Body = {}
    for start, end in ranges:
        reply = done(book, "addDimensionGroup", {"range": span("COLUMNS", start, end)}) or {}
    return shown(reply)


def shown(reply: Body | None) -> list[tuple[int, int, int]]:
    """Return the groups of a reply: start, end, depth."""
    found = (reply or {}).get("dimensionGroups", [])
    return [(one["range"]["startIndex"], one["range"]["endIndex"], one["depth"]) for one in found]


@pytest.mark.parametrize(
    ("ranges", "after"),
    [
        ([(2, 4), (1, 5)], [(1, 5, 1), (2, 4, 2)]),
        ([(1, 5), (2, 4)], [(1, 5, 1), (2, 4, 2)]),
        ([(1, 4), (2, 5)], [(1, 5, 1), (2, 4, 2)]),
    ],
)
def test_groups_nest_as_documented(
    ranges: list[tuple[int, int]], after: list[tuple[int, int, int]]
) -> None:
    """A group around, inside, or across another one makes two depths."""
    book, sheet = small(3, 8)
    assert groups(book, *ranges) == after
    assert sheet.grid == {"columnGroupControlAfter": True}


def test_a_group_is_deleted_from_the_inside() -> None:
    """The depth of what is named is one less; no group left leaves an empty reply."""
    book, _ = small(3, 8)
    groups(book, (1, 5), (2, 4))
    reply = done(book, "deleteDimensionGroup", {"range": span("COLUMNS", 3, 5)})
    assert shown(reply) == [(1, 4, 1), (2, 3, 2)]
    done(book, "deleteDimensionGroup", {"range": span("COLUMNS", 1, 4)})
    assert done(book, "deleteDimensionGroup", {"range": span("COLUMNS", 2, 3)}) == {}
    with pytest.raises(Refused):
        done(book, "deleteDimensionGroup", {"range": span("COLUMNS", 1, 4)})


def test_a_collapsed_group_hides_what_is_in_it() -> None:
    """It is named by its range and depth."""
    book, sheet = small(3, 8)
    groups(book, (1, 3))
    group: Body = {"range": span("COLUMNS", 1, 3), "depth": 1, "collapsed": True}
    done(book, "updateDimensionGroup", {"dimensionGroup": group, "fields": "collapsed"})
    assert sheet.column_sizes == {1: {"hiddenByUser": True}, 2: {"hiddenByUser": True}}
    assert sheet.list("columnGroups")[0]["collapsed"]
    group["collapsed"] = False
    done(book, "updateDimensionGroup", {"dimensionGroup": group, "fields": "*"})
    assert not sheet.column_sizes
    with pytest.raises(Refused):
        done(
            book,
            "updateDimensionGroup",
            {"dimensionGroup": group | {"depth": 2}, "fields": "collapsed"},
        )


@pytest.mark.parametrize(
    "name",
    [
        "insertDimension", "deleteDimension", "moveDimension", "appendDimension", "insertRange",
        "deleteRange", "updateDimensionProperties", "autoResizeDimensions", "addDimensionGroup",
        "deleteDimensionGroup", "updateDimensionGroup",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"range": None, "source": None, "dimensions": None, "dimensionGroup": None},
        {"range": {"dimension": "ROWS", "startIndex": -1, "endIndex": 1}, "fields": "*"},
        {"range": {"dimension": "ROWS", "startIndex": 2, "endIndex": 2}, "fields": "*"},
        {"range": {"sheetId": 77, "dimension": "ROWS"}, "fields": "*"},
        {"range": {"dimension": "DIMENSION_UNSPECIFIED"}, "fields": "*"},
    ],
)
def test_a_request_that_means_nothing_is_refused(name: str, body: Body) -> None:
    """A missing or wrong range is the caller's error, whatever is asked."""
    book, sheet = small()
    with pytest.raises(Refused):
        done(book, name, body)
    assert (sheet.row_count, sheet.column_count) == (6, 4)
