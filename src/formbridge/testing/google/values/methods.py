"""The methods of ``spreadsheets.values``."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from formbridge.testing.google.behaviour import DOCUMENTED, RECORDED, SEEN, behaves
from formbridge.testing.google.errors import ApiError, invalid
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.ranges import Area
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.messages import Body
from formbridge.testing.google.routes import Call, Use, method
from formbridge.testing.google.texts.a1 import a1_of, placed
from formbridge.testing.google.texts.moments import today
from formbridge.testing.google.values.appending import append as append_rows
from formbridge.testing.google.values.filters import matches, places, printed
from formbridge.testing.google.values.reading import Options, Reader, dimension_of
from formbridge.testing.google.values.writing import (
    Target,
    Writer,
    Written,
    entries_of,
)
from formbridge.testing.google.values.writing import (
    clear as clear_area,
)

NAME = "spreadsheetId"

# --- reading ------------------------------------------------------------------------------------


@method("sheets.spreadsheets.values.get", Use.READ)
@behaves("values of a range, as they are shown, as they are, or as formulas", RECORDED)
def get(call: Call) -> Body:
    """Answer with the values of a range."""
    book = call.google.book(call, call.variables[NAME])
    sheet, area = placed(call.variables["range"], book)
    return _reader(call, book, Options.of(dict(call.params))).value_range(sheet, area)


@method("sheets.spreadsheets.values.batchGet", Use.READ)
@behaves("values of several ranges in their order", RECORDED)
def batch_get(call: Call) -> Body:
    """Answer with the values of several ranges."""
    book = call.google.book(call, call.variables[NAME])
    reader = _reader(call, book, Options.of(dict(call.params)))
    ranges = [placed(text, book) for text in call.params.get("ranges") or ()]
    found = [reader.value_range(sheet, area) for sheet, area in ranges]
    return _filled({NAME: book.id, "valueRanges": found})


@method("sheets.spreadsheets.values.batchGetByDataFilter", Use.READ)
@behaves("values of what filters select, with the filters", DOCUMENTED)
def batch_get_by_data_filter(call: Call) -> Body:
    """Answer with the values of the ranges that filters select."""
    book = call.google.book(call, call.variables[NAME])
    reader = _reader(call, book, Options.of(call.body))
    found = [
        {
            "valueRange": reader.value_range(match.sheet, match.area),
            "dataFilters": match.filters,
        }
        for match in matches(book, call.body.get("dataFilters") or (), call.grant.project)
    ]
    return _filled({NAME: book.id, "valueRanges": found})


def _reader(call: Call, book: Book, options: Options) -> Reader:
    return Reader(book=book, options=options, now=call.now)


# --- writing ------------------------------------------------------------------------------------


@method("sheets.spreadsheets.values.update", Use.WRITE)
@behaves("a table is written into a range, from its first cell on", RECORDED)
def update(call: Call) -> Body:
    """Write a table into a range."""
    option = _input_option(call.params)
    with call.google.changing(call, call.variables[NAME]) as book:
        writer = _writer(call, book, option)
        target = _target(book, call.variables["range"])
        written = _write(writer, target, call.body)
        return _update_body(
            call, book, written, target.area, _response_options(call.params, call.body)
        )


@method("sheets.spreadsheets.values.batchUpdate", Use.WRITE)
@behaves("several tables are written, or none of them", DOCUMENTED)
def batch_update(call: Call) -> Body:
    """Write tables into ranges."""
    option = _input_option(call.body)
    with call.google.changing(call, call.variables[NAME]) as book:
        writer = _writer(call, book, option)
        done: list[tuple[Written, Area, Body]] = []
        for index, data in enumerate(call.body.get("data") or ()):
            with numbered("data", index):
                target = _target(book, (data or {}).get("range") or "")
                done.append((_write(writer, target, data or {}), target.area, data or {}))
        responses = [
            _update_body(call, book, written, area, _response_options(call.body, data))
            for written, area, data in done
        ]
        return _totals(book, [written for written, _, _ in done], responses)


@method("sheets.spreadsheets.values.batchUpdateByDataFilter", Use.WRITE)
@behaves("a table is written into each range that its filter selects", DOCUMENTED)
def batch_update_by_data_filter(call: Call) -> Body:
    """Write tables into the ranges that filters select."""
    option = _input_option(call.body)
    with call.google.changing(call, call.variables[NAME]) as book:
        writer = _writer(call, book, option)
        done: list[tuple[Written, Area, Body]] = []
        for index, data in enumerate(call.body.get("data") or ()):
            with numbered("data", index):
                chosen = (data or {}).get("dataFilter") or {}
                for sheet, area in places(book, chosen, call.grant.project):
                    target = Target(sheet=sheet, area=area, name=a1_of(sheet.title, area))
                    done.append((_write(writer, target, data), area, data))
        responses = []
        for written, area, data in done:
            body = _update_body(call, book, written, area, _response_options(call.body, data))
            del body[NAME]
            responses.append(body | {"dataFilter": printed(data.get("dataFilter") or {})})
        return _totals(book, [written for written, _, _ in done], responses)


@method("sheets.spreadsheets.values.append", Use.WRITE)
@behaves("rows are written behind the table in a range; tableRange says which that was", RECORDED)
def append(call: Call) -> Body:
    """Append rows to a table."""
    option = _input_option(call.params)
    with call.google.changing(call, call.variables[NAME]) as book:
        sheet, area = placed(call.variables["range"], book)
        table, written = append_rows(
            _writer(call, book, option),
            sheet,
            area,
            entries_of(call.body.get("values"), dimension_of(call.body.get("majorDimension"))),
            inserting=call.params.get("insertDataOption") == "INSERT_ROWS",
            hostile=call.google.hostile_appends,
        )
        body: Body = {NAME: book.id}
        if table is not None:
            body["tableRange"] = a1_of(sheet.title, table)
        options = _response_options(call.params, call.body)
        body["updates"] = _update_body(call, book, written, written.area, options)
        return body


def _writer(call: Call, book: Book, option: str) -> Writer:
    day = today(call.now, book.time_zone)
    return Writer(book=book, grant=call.grant, option=option, today=day)


def _target(book: Book, text: str) -> Target:
    sheet, area = placed(text, book)
    return Target(sheet=sheet, area=area, name=text)


def _write(writer: Writer, target: Target, data: Body) -> Written:
    dimension = dimension_of(data.get("majorDimension"))
    return writer.write(target, entries_of(data.get("values"), dimension))


@behaves("a write says how its input is to be understood", SEEN)
def _input_option(given: Any) -> str:
    option = given.get("valueInputOption") or ""
    if option not in {"RAW", "USER_ENTERED"}:
        raise invalid("'valueInputOption' is required but not specified")
    return str(option)


@behaves("what is wrong with one of several is said with its index", SEEN)
@contextmanager
def numbered(name: str, index: int) -> Iterator[None]:
    """Say in refusals which of several things they are about."""
    try:
        yield
    except ApiError as error:
        raise invalid(f"Invalid {name}[{index}]: {error.message}") from error


# --- what was written ---------------------------------------------------------------------------


def _response_options(given: Any, data: Body) -> Options | None:
    """Return how written values are shown; None if they are not asked for."""
    if not given.get("includeValuesInResponse"):
        return None
    return Options.of(
        dict(given), prefix="response", dimension=data.get("majorDimension") or "ROWS"
    )


@behaves("updatedRange is what the table covers, nulls included", RECORDED)
@behaves("updatedData is all of the range that was asked for", DOCUMENTED)
def _update_body(
    call: Call, book: Book, written: Written, asked: Area, options: Options | None
) -> Body:
    sheet = written.sheet
    body: Body = {NAME: book.id, "updatedRange": a1_of(sheet.title, written.area)}
    body |= written.counts()
    if options is not None:
        whole = asked if asked.covers(written.area) else written.area
        body["updatedData"] = _reader(call, book, options).value_range(sheet, whole)
    return body


@behaves("totals count each row and column of a tab once", RECORDED)
def _totals(book: Book, done: Sequence[Written], responses: list[Body]) -> Body:
    totals: Body = {
        NAME: book.id,
        "totalUpdatedRows": len({(one.sheet.id, row) for one in done for row in one.rows}),
        "totalUpdatedColumns": len({(one.sheet.id, at) for one in done for at in one.columns}),
        "totalUpdatedCells": sum(one.cells for one in done),
        "totalUpdatedSheets": len({one.sheet.id for one in done if one.cells}),
        "responses": responses,
    }
    return _filled(totals)


def _filled(body: Body) -> Body:
    return {name: value for name, value in body.items() if value}


# --- clearing -----------------------------------------------------------------------------------


@method("sheets.spreadsheets.values.clear", Use.WRITE)
@behaves("the answer names the whole range that was cleared", RECORDED)
def clear(call: Call) -> Body:
    """Clear the values of a range."""
    with call.google.changing(call, call.variables[NAME]) as book:
        sheet, area = placed(call.variables["range"], book)
        clear_area(sheet, area, call.grant)
        return {NAME: book.id, "clearedRange": a1_of(sheet.title, area)}


@method("sheets.spreadsheets.values.batchClear", Use.WRITE)
@behaves("several ranges are cleared, or none of them; a wrong one is named range[1]", SEEN)
def batch_clear(call: Call) -> Body:
    """Clear the values of several ranges."""
    with call.google.changing(call, call.variables[NAME]) as book:
        cleared: list[str] = []
        for index, text in enumerate(call.body.get("ranges") or ()):
            with numbered("range", index):
                cleared += _cleared(call, [placed(text or "", book)])
        return _filled({NAME: book.id, "clearedRanges": cleared})


@method("sheets.spreadsheets.values.batchClearByDataFilter", Use.WRITE)
@behaves("the ranges that filters select are cleared", DOCUMENTED)
def batch_clear_by_data_filter(call: Call) -> Body:
    """Clear the values of the ranges that filters select."""
    with call.google.changing(call, call.variables[NAME]) as book:
        found = matches(book, call.body.get("dataFilters") or (), call.grant.project)
        cleared = _cleared(call, [(match.sheet, match.area) for match in found])
        return _filled({NAME: book.id, "clearedRanges": cleared})


def _cleared(call: Call, found: Iterable[tuple[Sheet, Area]]) -> list[str]:
    names: list[str] = []
    for sheet, area in found:
        clear_area(sheet, area, call.grant)
        names.append(a1_of(sheet.title, area))
    return names
