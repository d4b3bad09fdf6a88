"""Which of a table's changes go to which of its spreadsheets. Pure.

New rows go to the newest; a row that is there is changed where it stands. An older spreadsheet gets
a new column only if one of its own rows has an answer for it.
"""

from collections.abc import Iterator, Mapping

import attrs

from formbridge.adapters.sheets.book.book import Book
from formbridge.adapters.sheets.book.snapshot import SheetsSnapshot, split_place
from formbridge.domain.cells import KEEP
from formbridge.domain.tables import Changes, Mark, Rows


def parts_of(
    changes: Changes, snapshot: SheetsSnapshot
) -> Iterator[tuple[Book, Mapping[str, int], Changes]]:
    """Yield each spreadsheet that must change, the newest last, its columns, and its changes.

    The places in them are ordinals of that spreadsheet.
    """
    newest = len(snapshot.books) - 1
    for number, (book, numbers) in enumerate(zip(snapshot.books, snapshot.numbers, strict=True)):
        part = _part(changes, number, numbers, newest=number == newest) if newest else changes
        if not part.empty:
            yield book, numbers, part


def _part(changes: Changes, book: int, numbers: Mapping[str, int], *, newest: bool) -> Changes:
    updated = _updated(changes.updated, book)
    wanted = list(range(len(changes.columns)))
    if not newest:
        wanted = [
            index
            for index, column in enumerate(changes.columns)
            if column.question_id in numbers or _answered(updated, index)
        ]
    columns = tuple(changes.columns[index] for index in wanted)
    updated.cells = [[row[index] for index in wanted] for row in updated.cells]
    added = changes.added if newest else Rows()
    return Changes(
        token=changes.token,
        columns=columns,
        new_columns=sum(column.question_id not in numbers for column in columns),
        relabelled=tuple(each for each in changes.relabelled if each in numbers),
        added=added,
        updated=updated,
        removed=tuple(_marks(changes.removed, book, newest=newest)),
        touched=tuple(_marks(changes.touched, book, newest=newest)),
    )


def _answered(rows: Rows, index: int) -> bool:
    return any(row[index] is not None and row[index] is not KEEP for row in rows.cells)


def _updated(rows: Rows, book: int) -> Rows:
    places = [split_place(place) for place in rows.places]
    chosen = [index for index, (number, _) in enumerate(places) if number == book]
    part = rows.pick(chosen)
    part.places = [places[index][1] for index in chosen]
    return part


def _marks(marks: tuple[Mark, ...], book: int, *, newest: bool) -> Iterator[Mark]:
    for mark in marks:
        if mark.place is None:
            if newest:
                yield mark
            continue
        number, ordinal = split_place(mark.place)
        if number == book:
            yield attrs.evolve(mark, place=ordinal)
