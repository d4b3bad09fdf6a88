"""One call's worth of changes: the requests, what they write over, and what is known afterwards.

A call goes through a strict order: what will be written over is copied first; then columns come,
rows change, rows are added, and rows are removed last, from below, so that no number shifts.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from formbridge.adapters.sheets.book import states
from formbridge.adapters.sheets.book.cells import text
from formbridge.adapters.sheets.book.layout import ANCHOR_KEY, OURS, Layout, entry, naming
from formbridge.adapters.sheets.book.rows import Line, Shaping, append, overwrite, put
from formbridge.adapters.sheets.book.setup import BOLD, state_lines
from formbridge.adapters.sheets.book.slicing import Load, Rest
from formbridge.adapters.sheets.book.undo import (
    APPEND,
    HEADER,
    REMOVE,
    UPDATE,
    Entry,
    Undo,
    appended,
    spots_of,
)
from formbridge.domain.index import NO_ROW
from formbridge.domain.tables import Changes, Column, Mark, Rows

Json = dict[str, Any]


@attrs.frozen(kw_only=True, eq=False)
class Batch:
    """What one call does, without its fence. ``columns`` are new ones, by number.

    ``added`` are row numbers of the changes' added rows, ``updated`` of the updated ones; ``cut``
    are responses with a text that no cell can hold whole.
    """

    requests: list[Json]
    layout: Layout
    columns: Mapping[int, Column] = attrs.field(factory=dict)
    relabelled: Mapping[int, Column] = attrs.field(factory=dict)
    entries: Sequence[Entry] = ()
    undo: Undo
    added: range = range(0)
    updated: range = range(0)
    removed: Sequence[tuple[Mark, int]] = ()
    touched: Sequence[Mark] = ()
    cut: Sequence[str] = ()

    @property
    def copies(self) -> int:
        """How many entries have copies of what was written over; they come first."""
        return sum(entry.done != APPEND for entry in self.entries)


@attrs.frozen(kw_only=True, eq=False)
class Changing:
    """What must change in one spreadsheet, with the rows (by number, from 0) that it concerns.

    ``rows`` are those of ``changes.updated``; ``removed`` has a row for each mark that has one.
    """

    changes: Changes
    layout: Layout
    numbers: Mapping[str, int]
    columns: Mapping[int, Column]
    relabelled: Mapping[int, Column]
    rows: Sequence[int]
    removed: Sequence[tuple[Mark, int]]
    zone: str
    undo: Undo
    limit: int

    def batches(self) -> Iterator[Batch]:
        """Yield the calls in their order, each with as much as ``limit`` bytes hold."""
        changes = self.changes
        wide = self.layout.extended(self.columns)
        shaping = Shaping.of(wide, changes.columns, self.numbers, self.zone)
        rest = Rest(
            updated=_lines(shaping, changes.updated, appended=False),
            added=_lines(shaping, changes.added, appended=True),
            touched=changes.touched,
            removed=[
                *((mark, NO_ROW) for mark in changes.removed if mark.place is None),
                *sorted(self.removed, key=lambda each: each[1], reverse=True),
            ],
        )
        yield self._batch(rest, rest.take(self.limit), self.layout, first=True)
        while rest:
            yield self._batch(rest, rest.take(self.limit), wide, first=False)

    def _batch(self, rest: Rest, load: Load, before: Layout, *, first: bool) -> Batch:
        """Build one call; columns and labels go with the first one."""
        relabelled = self.relabelled if first else {}
        columns = self.columns if first else {}
        removed = [(mark, row) for mark, row in load.removed if row != NO_ROW]
        entries = self._entries(load.updated, removed, relabelled, spots_of(before))
        if load.added:
            entries.append(self._appended(load.added, before))
        rows = [self.rows[n] for n in load.updated] + [row for _, row in removed]
        headers = [before.place(number) for number in relabelled]
        undo, room = self.undo.room(len(entries), before.width)
        requests = [
            *(room + undo.record(entries) if entries else ()),
            *undo.copy_rows(before, rows),
            *_after(undo, len(rows)).copy_headers(before, headers),
            *_new_columns(before, columns),
            *_labels(before, relabelled),
        ]
        for number in load.updated:
            requests.extend(overwrite(before.sheet, self.rows[number], rest.updated[number]))
        requests += append(before.sheet, [rest.added[number] for number in load.added])
        requests += state_lines(
            [
                *(states.column_line(*it) for it in (*columns.items(), *relabelled.items())),
                *(states.mark_line(states.GONE, mark) for mark, _ in load.removed),
                *(states.mark_line(states.SAME, mark) for mark in load.touched),
            ]
        )
        requests += _deletions(before.sheet, [row for _, row in removed])
        return Batch(
            requests=requests,
            layout=before.extended(columns),
            columns=columns,
            relabelled=relabelled,
            entries=entries,
            undo=undo if entries else self.undo,
            added=load.added,
            updated=load.updated,
            removed=load.removed,
            touched=load.touched,
            cut=rest.cut(load),
        )

    def _appended(self, numbers: range, before: Layout) -> Entry:
        rows = self.changes.added
        made = [states.state_of(rows.response_ids[n], *rows.version(n)) for n in numbers]
        return appended(made, spots_of(before))

    def _entries(
        self,
        overwritten: range,
        removed: Sequence[tuple[Mark, int]],
        relabelled: Mapping[int, Column],
        spots: str,
    ) -> list[Entry]:
        rows = self.changes.updated
        return [
            *(
                Entry(
                    done=UPDATE,
                    expected=rows.response_ids[n],
                    written=states.state_of(rows.response_ids[n], *rows.version(n)),
                    columns=spots,
                )
                for n in overwritten
            ),
            *(
                Entry(done=REMOVE, expected=mark.response_id, number=row, columns=spots)
                for mark, row in removed
            ),
            *(
                Entry(
                    done=HEADER,
                    expected=self.layout.spots[self.layout.place(number)].header,
                    written=column.header,
                    number=number,
                )
                for number, column in relabelled.items()
            ),
        ]


def _after(undo: Undo, entries: int) -> Undo:
    return attrs.evolve(undo, start=undo.start + entries)


def _lines(shaping: Shaping, rows: Rows, *, appended: bool) -> list[Line]:
    return [shaping.line(rows, number, appended=appended) for number in range(len(rows))]


def _new_columns(layout: Layout, columns: Mapping[int, Column]) -> list[Json]:
    """Return requests that insert our new columns behind the last one that we know of."""
    if not columns:
        return []
    begin, sheet = layout.width, layout.sheet
    span = {"sheetId": sheet, "dimension": "COLUMNS"}
    span |= {"startIndex": begin, "endIndex": begin + len(columns)}
    headers = [text(column.header) | {"userEnteredFormat": BOLD} for column in columns.values()]
    anchors: list[Json] = []
    for place, number in enumerate(columns, begin):
        anchors += [naming(number, sheet, place), entry(OURS + number, ANCHOR_KEY, sheet, place)]
    fields = "userEnteredValue,userEnteredFormat.textFormat.bold"
    area = {"sheetId": sheet, "startColumnIndex": begin, "endColumnIndex": begin + len(columns)}
    # Else the numbers of a question that comes behind a column of dates are shown as dates.
    plain = {"range": area, "cell": {}, "fields": "userEnteredFormat.numberFormat"}
    return [
        {"insertDimension": {"range": span, "inheritFromBefore": True}},
        {"repeatCell": plain},
        put(sheet, 0, begin, headers, fields),
        *anchors,
    ]


def _labels(layout: Layout, relabelled: Mapping[int, Column]) -> list[Json]:
    return [
        put(layout.sheet, 0, layout.place(number), [text(column.header)])
        for number, column in relabelled.items()
    ]


def _deletions(sheet: int, rows: Sequence[int]) -> list[Json]:
    """Return requests that delete rows, the lowest first.

    As many empty ones come at the end before: Google refuses to delete all rows under the header.
    """
    if not rows:
        return []
    more = {"sheetId": sheet, "dimension": "ROWS", "length": len(rows)}
    deletions = [
        {
            "deleteDimension": {
                "range": {
                    "sheetId": sheet,
                    "dimension": "ROWS",
                    "startIndex": row,
                    "endIndex": row + 1,
                }
            }
        }
        for row in sorted(rows, reverse=True)
    ]
    return [{"appendDimension": more}, *deletions]
