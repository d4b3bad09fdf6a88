"""Rows of a plan as lines: for the table, or, to overwrite rows, for the journal."""

from collections.abc import Sequence

import attrs

from formbridge.adapters.csv.cells import Dialect
from formbridge.adapters.csv.layout import Layout
from formbridge.adapters.csv.side import Marked
from formbridge.adapters.csv.story import over
from formbridge.adapters.csv.table import CsvTable, Pending
from formbridge.domain.cells import KEEP, Cell, Update
from formbridge.domain.index import NO_ROW
from formbridge.domain.tables import Changes, Column, Mark, Rows

_JOURNAL = Dialect(newline="", also=";\t")  # a line of the journal fits any table


class Unwritable(Exception):
    """Rows that can never be written: response id → why, without the answer."""

    def __init__(self, reasons: dict[str, str]) -> None:
        super().__init__("rows that can never be written")
        self.reasons = reasons


def lines_of(
    table: CsvTable, layout: Layout, questions: Sequence[Column], rows: Rows
) -> tuple[list[str], bytes]:
    """Return the lines to append, and their bytes. Raises ``Unwritable``."""
    if not rows.response_ids:
        return [], b""
    columns: list[Sequence[Cell]] = [
        rows.response_ids,
        rows.submitted_at,  # type: ignore[list-item]  # nothing is kept in a new row
        rows.updated_at,  # type: ignore[list-item]  # as above
        *zip(*rows.cells, strict=True),
    ]
    if not layout.natural:
        columns = layout.arrange(columns, blank=[None] * len(rows))
    try:
        lines = table.dialect.lines(columns)
        return lines, "".join(lines).encode()
    except ValueError:
        raise Unwritable(_reasons(rows, questions)) from None


def _reasons(rows: Rows, questions: Sequence[Column]) -> dict[str, str]:
    """Say which cells cannot be written, by their question."""
    names = [
        "the response id",
        "the time",
        "the time",
        *(f"question {each.question_id!a}" for each in questions),
    ]
    reasons: dict[str, str] = {}
    for response_id, cells in zip(rows.response_ids, rows.cells, strict=True):
        for name, cell in zip(names, [response_id, None, None, *cells], strict=True):
            try:
                Dialect().quote(None if cell is KEEP else cell).encode()
            except UnicodeEncodeError:
                reasons[response_id] = f"{name} holds half of a surrogate pair, which is no text"
            except ValueError:
                reasons[response_id] = f"{name} holds a number with too many digits"
    return reasons


@attrs.define(eq=False)
class Journal:
    """What a write changes in rows that are there already."""

    updated: Marked | None = None
    pending: list[tuple[str, bytes, Pending]] = attrs.field(factory=list)
    removed: Sequence[Mark] = ()
    touched: Sequence[Mark] = ()

    @property
    def marks(self) -> bool:
        """Whether there is anything."""
        return bool(self.pending or self.removed or self.touched)

    def remember(self, table: CsvTable) -> None:
        """Take it into the table's memory."""
        index, pending = table.index, table.pending
        for response_id, version, row in self.pending:
            ordinal = index.put(response_id, version)
            begin = table.withdrawn.pop(response_id, NO_ROW)
            if begin != NO_ROW:
                index.at[ordinal] = begin
            pending[ordinal] = over(pending.get(ordinal), row)
        for mark in self.touched:
            index.put(mark.response_id, mark.version)
        for mark in self.removed:
            _withdraw(table, mark)


def _withdraw(table: CsvTable, mark: Mark) -> None:
    ordinal = table.index.put(mark.response_id, mark.version)
    begin = table.index.at[ordinal]
    if begin != NO_ROW:
        table.withdrawn[mark.response_id] = begin
        table.index.at[ordinal] = NO_ROW
    table.pending.pop(ordinal, None)


def journal_of(table: CsvTable, changes: Changes, updated: Rows) -> Journal:
    """Render the rows to overwrite. Raises ``Unwritable``."""
    journal = Journal(removed=changes.removed, touched=changes.touched)
    if not updated.response_ids:
        return journal
    questions = tuple(column.question_id for column in changes.columns)
    kept: dict[int, list[int]] = {}
    known: list[list[Cell]] = []
    for number, cells in enumerate(_rows(updated)):
        keeps = [place for place, cell in enumerate(cells) if cell is KEEP]
        if keeps:
            kept[number] = keeps
        known.append([None if cell is KEEP else cell for cell in cells])
    try:
        rows = attrs.evolve(_JOURNAL, guarded=table.dialect.guarded).lines(
            list(zip(*known, strict=True))
        )
        "".join(rows).encode()
    except ValueError:
        raise Unwritable(_reasons(updated, changes.columns)) from None
    journal.pending = [
        (response_id, version, Pending(questions, line, frozenset(kept.get(number, ()))))
        for number, (response_id, version, line) in enumerate(
            zip(updated.response_ids, updated.versions, rows, strict=True)
        )
    ]
    versions = b"".join(updated.versions)
    journal.updated = Marked(ids=updated.response_ids, versions=versions, rows=rows, kept=kept)
    return journal


def _rows(updated: Rows) -> list[list[Update]]:
    return [
        [response_id, submitted, changed, *cells]
        for response_id, submitted, changed, cells in zip(
            updated.response_ids,
            updated.submitted_at,
            updated.updated_at,
            updated.cells,
            strict=True,
        )
    ]
