"""One spreadsheet at work: what is known of it, and how changes get into it exactly once.

Read ``write`` first, then ``open``. Nothing here retries: what could not be written is answered,
and planned again by the sink.
"""

from array import array
from bisect import bisect
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from itertools import count
from typing import Any
from uuid import uuid4

import attrs

from formbridge.adapters.sheets import errors, setup
from formbridge.adapters.sheets.batches import Batch, Changing, fitting
from formbridge.adapters.sheets.cells import MOST_TEXT
from formbridge.adapters.sheets.client import SheetsClient
from formbridge.adapters.sheets.fence import NEVER, SETTLED_SECONDS, TokenFence
from formbridge.adapters.sheets.healing import heal
from formbridge.adapters.sheets.layout import FIRST_QUESTION, RESPONSE_ID, Layout
from formbridge.adapters.sheets.loading import (
    UNDO,
    Loaded,
    as_text,
    cells_of,
    column_name,
    index_of,
    load,
    look,
    quoted,
)
from formbridge.adapters.sheets.rows import Shaping, append
from formbridge.adapters.sheets.settings import SheetsSettings
from formbridge.adapters.sheets.undo import COPIED, PREFIX, Undo, runs
from formbridge.domain.errors import TableBusy
from formbridge.domain.index import NO_ROW, Block, Index
from formbridge.domain.ports import Clock
from formbridge.domain.tables import (
    Applied,
    Changes,
    Column,
    Stale,
    TableGone,
    TableNotNow,
    WriteOutcome,
)

Json = dict[str, Any]

HEALINGS = 5
"""How often rows are put right in a row before somebody who sorts all the time is waited for."""
MOST_RANGES = 100
"""Ranges of one read, at most: they stand in its URL."""
REFUSALS = 3
"""How often in a row Google may refuse what nobody else changed."""
FIRST_WAIT, LONGEST_WAIT = 1.0, 32.0
"""Seconds after a call whose outcome is unknown; they double."""

_ENTERED = "sheets(data(rowData(values(userEnteredValue))))"
_ECHO = f"updatedSpreadsheet({_ENTERED})"

tokens = count(1)


class Full(Exception):
    """The spreadsheet has as many cells as Google allows."""


@attrs.define(eq=False)
class Pending:
    """A call whose outcome is unknown: the token that it would leave, and when it was sent."""

    token: str
    batch: Batch | None
    changes: Changes | None
    sent: float


@attrs.define(eq=False, kw_only=True)
class Book:
    """A spreadsheet by its id. ``ours``: we made it, so its time zone is ours to set."""

    client: SheetsClient
    id: str
    fence: TokenFence
    settings: SheetsSettings
    clock: Clock
    ours: bool = False
    warn: Callable[[str], None]
    token: int = attrs.field(init=False, factory=lambda: next(tokens))
    heals: int = attrs.field(init=False, default=0)
    _loaded: Loaded | None = attrs.field(init=False, default=None)
    _index: Index = attrs.field(init=False, factory=Index)
    _undo: Undo = attrs.field(init=False, factory=lambda: Undo(sheet=UNDO, rows=2, columns=PREFIX))
    _next_row: int = attrs.field(init=False, default=1)
    _pending: Pending | None = attrs.field(init=False, default=None)
    _refused: int = attrs.field(init=False, default=0)
    _wait: float = attrs.field(init=False, default=FIRST_WAIT)

    # --- what is known ---------------------------------------------------------------------------

    def open(self) -> None:
        """Know the spreadsheet as it stands, as far as that takes no call, unless one is due.

        Raises ``CallFailed``, ``TableUnavailable``, ``TableBusy``.
        """
        if self._pending is not None:
            self._resolve(self._pending)
        if self._loaded is None:
            self._load()

    def forget(self) -> None:
        """Know nothing any more: the next ``open`` reads everything."""
        self._loaded = None
        self.token = next(tokens)

    @property
    def exists(self) -> bool:
        """Whether it was ever written."""
        return self._loaded is not None and self._loaded.layout is not None

    @property
    def index(self) -> Index:
        """What is known of its responses."""
        return self._index

    @property
    def cells(self) -> int:
        """How many cells all of its grids have."""
        return 0 if self._loaded is None else self._loaded.cells

    @property
    def foreign_headers(self) -> Sequence[str]:
        """Headers of the columns that people added."""
        return self._loaded.layout.foreign_headers if self._loaded and self._loaded.layout else ()

    @property
    def columns(self) -> Mapping[int, Column]:
        """Our question columns that are there, by number; of two for one question the first."""
        loaded = self._loaded
        if loaded is None or loaded.layout is None:
            return {}
        questions: set[str] = set()
        columns: dict[int, Column] = {}
        for number, column in loaded.layout.columns(loaded.states.columns).items():
            if column.question_id not in questions:
                questions.add(column.question_id)
                columns[number] = column
        return columns

    def answered(self, ordinal: int, columns: Mapping[str, int]) -> frozenset[str]:
        """Return the questions, of those with these numbers, that are answered in a row.

        Raises ``CallFailed``, and ``TableBusy`` when the row is no longer where it was.
        """
        _, layout = self._written()
        row = self._index.at[ordinal]
        span = f"{quoted(layout.title)}!{row + 1}:{row + 1}"
        try:
            rows = _cells(self.client.read(self.id, fields=_ENTERED, ranges=[span]), 0)
        except errors.Invalid:  # the tab is renamed, or shorter than that
            rows = []
        cells = rows[0] if rows else []
        if self._index.by_id.get(_at(cells, layout.place(RESPONSE_ID))) != ordinal:
            self.forget()
            raise TableBusy("somebody moved rows of the table just now", seconds=0.1)
        return frozenset(
            question
            for question, number in columns.items()
            if layout.place(number) < len(cells) and cells[layout.place(number)]
        )

    # --- writing ---------------------------------------------------------------------------------

    def write(self, changes: Changes, numbers: Mapping[str, int]) -> WriteOutcome:
        """Write changes that were planned on what is known; the places are ordinals of the index.

        ``numbers`` are those of the snapshot's columns by question id. Raises ``CallFailed`` and
        ``Full``.
        """
        try:
            if not self.exists:
                return self._begin(changes)
            changing = self._changing(changes, numbers)
            if changing is None:
                return Stale()
            for batch in changing.batches():
                if not self._send(batch, changes):
                    return Stale()
            self._refused = 0
            return Applied()
        except errors.Invalid as error:
            return self._invalid(error)

    def tidy(self) -> None:
        """Empty the tab of undo if removed responses stand in it. Raises ``CallFailed``."""
        loaded = self._loaded
        if loaded is None or loaded.layout is None or self._pending is not None:
            return
        if any(entry.done == "remove" for entry in loaded.entries):
            batch = Batch(requests=self._undo.clear(), layout=loaded.layout, undo=self._undo)
            try:
                self._send(batch, None)
                loaded.entries = []
            except errors.Invalid:
                self.forget()

    def _changing(self, changes: Changes, numbers: Mapping[str, int]) -> Changing | None:
        """Find the rows that must change; None if the plan was made on what stands no more."""
        loaded, layout = self._written()
        new, relabelled = self._columns(changes, numbers)
        if (new or relabelled or not self.fence.anchors) and not self._unmoved():
            return None
        marks = [mark for mark in changes.removed if mark.place is not None]
        ordinals = [*changes.updated.places, *(mark.place for mark in marks)]
        ids = [*changes.updated.response_ids, *(mark.response_id for mark in marks)]
        rows = [self._index.at[ordinal] for ordinal in ordinals if ordinal is not None]
        if not self._verified(ids, rows):
            return None
        split = len(changes.updated)
        return Changing(
            changes=changes,
            layout=layout,
            numbers={**numbers, **{column.question_id: n for n, column in new.items()}},
            columns=new,
            relabelled=relabelled,
            rows=rows[:split],
            removed=list(zip(marks, rows[split:], strict=True)),
            zone=loaded.zone,
            undo=attrs.evolve(self._undo, start=0),
            limit=self.settings.largest_payload,
        )

    def _columns(
        self, changes: Changes, numbers: Mapping[str, int]
    ) -> tuple[dict[int, Column], dict[int, Column]]:
        """Return the columns that must be added here, and those that are labelled anew."""
        loaded, layout = self._written()
        free = max([FIRST_QUESTION - 1, *loaded.states.columns]) + 1
        missing = [it for it in changes.columns if it.question_id not in numbers]
        new = dict(enumerate(missing, free))
        relabelled = {
            numbers[column.question_id]: column
            for column in changes.columns
            if column.question_id in changes.relabelled and column.question_id in numbers
        }
        return new, {n: it for n, it in relabelled.items() if layout.place(n) >= 0}

    def _unmoved(self) -> bool:
        """Look whether the columns and headers are still those that the plan was made for."""
        loaded, layout = self._written()
        token, now = look(self.client, self.id, self.fence, loaded)
        if token == loaded.token and now == layout:
            return True
        if token == loaded.token:
            loaded.layout = now
            self.token = next(tokens)
        else:
            self.forget()
        return False

    def _verified(self, ids: Sequence[str], rows: Sequence[int]) -> bool:
        """Look whether these responses are still in these rows; else forget what is known."""
        if not rows:
            return True
        _, layout = self._written()
        order = sorted(set(rows))
        spans = [(first, first + length) for _, first, length in runs(order)]
        if len(spans) > MOST_RANGES:
            spans = [(order[0], order[-1] + 1)]
        place = layout.place(RESPONSE_ID)
        try:
            columns = self.client.values(
                self.id, [cells_of(layout, place, begin, end) for begin, end in spans]
            )
        except errors.Invalid:  # the tab is renamed, or shorter than that
            self.forget()
            return False
        found: dict[int, str] = {}
        for (begin, _), column in zip(spans, columns, strict=True):
            found.update(enumerate(map(as_text, column[0] if column else ()), begin))
        if all(found.get(row) == each for each, row in zip(ids, rows, strict=True)):
            return True
        self.forget()
        return False

    def _begin(self, changes: Changes) -> WriteOutcome:
        """Write to a spreadsheet for the first time: everything that it needs, and the rows."""
        loaded = self._loaded
        if loaded is None:
            return Stale()
        columns = setup.first_numbers(changes.columns)
        layout = setup.first_layout(loaded.tabs, columns, empty=self.ours or self._is_empty(loaded))
        zone, locale = (self.settings.time_zone, self.settings.locale) if self.ours else ("", "")
        numbers = {column.question_id: number for number, column in columns.items()}
        shaping = Shaping.of(layout, changes.columns, numbers, zone or loaded.zone)
        lines = [shaping.line(changes.added, n, appended=True) for n in range(len(changes.added))]
        fit = fitting(lines, 0, self.settings.largest_payload)
        token = self._new_token(layout.sheet)
        requests = [
            *self.fence.swap(NEVER, token, layout.sheet),
            *setup.setup(layout, loaded.tabs, columns, zone=zone, locale=locale),
            *layout.anchoring(),
            *append(layout.sheet, lines[:fit]),
        ]
        self._call(requests, token, None, None)
        self._loaded = setup.known(layout, loaded, columns, token=token, zone=zone or loaded.zone)
        self._index, self._undo = Index(), setup.first_undo(layout)
        cut = [line.response_id for line in lines[:fit] if line.cut]
        begun = Batch(requests=[], layout=layout, undo=self._undo, added=range(fit), cut=cut)
        self._applied(begun, changes, token)
        return Stale() if fit < len(lines) or changes.removed or changes.touched else Applied()

    def _is_empty(self, loaded: Loaded) -> bool:
        """Look whether nothing stands in the first tab."""
        first = next(iter(loaded.tabs.values()))
        found = self.client.values(self.id, [quoted(first.title)])
        return not any(cell not in ("", None) for column in found[0] for cell in column)

    # --- one call --------------------------------------------------------------------------------

    def _send(self, batch: Batch, changes: Changes | None) -> bool:
        """Make one call; return False if it wrote over what was not meant, which is put right."""
        loaded, layout = self._written()
        self._require_room(batch, changes)
        token = self._new_token(layout.sheet)
        anchors = layout.fence() if self.fence.anchors else []
        requests = [*self.fence.swap(loaded.token, token, layout.sheet), *anchors, *batch.requests]
        answer = self._call(requests, token, batch, changes)
        self._applied(batch, changes, token)
        if not batch.entries:
            return True
        copied = _echoed(answer)
        found = [
            attrs.evolve(entry, copied=copied[number] if number < len(copied) else ("", ""))
            for number, entry in enumerate(batch.entries)
        ]
        loaded.entries = found
        if any(entry.wrong for entry in found):
            self.forget()
            return False
        return True

    def _call(
        self, requests: Sequence[Json], token: str, batch: Batch | None, changes: Changes | None
    ) -> Json:
        sent = self.clock.monotonic()
        ranges, fields = self._echo(len(batch.entries) if batch is not None else 0)
        try:
            answer = self.client.change(self.id, requests, ranges=ranges, fields=fields)
        except errors.Unknown as error:
            if error.sent:
                self._pending = Pending(token, batch, changes, sent)
            raise
        self._wait = FIRST_WAIT
        return answer

    def _echo(self, entries: int) -> tuple[Sequence[str], str]:
        """Return what the answer shall show: the cells that so many new entries copied."""
        if not entries or self._loaded is None:
            return (), "spreadsheetId"
        begin, end = column_name(COPIED), column_name(COPIED + 1)
        title = self._loaded.tabs[UNDO].title
        return [f"{quoted(title)}!{begin}2:{end}{entries + 1}"], _ECHO

    def _require_room(self, batch: Batch, changes: Changes | None) -> None:
        """Raise ``Full`` before the wall, so that a write that fits is never refused."""
        loaded, layout = self._written()
        rows = loaded.tabs[layout.sheet].rows
        more = max(0, self._next_row + len(batch.added) - rows) * (
            layout.width + len(batch.columns)
        )
        more += rows * len(batch.columns)
        if changes is not None and batch.added and loaded.cells + more > self.settings.most_cells:
            raise Full

    def _applied(self, batch: Batch, changes: Changes | None, token: str) -> None:
        """Know what a call that was applied has changed."""
        loaded, _ = self._written()
        loaded.token = token
        layout = batch.layout.fenced() if self.fence.anchors else batch.layout
        loaded.layout = _relabelled(layout, batch)
        loaded.states.columns.update(batch.columns)
        loaded.states.columns.update(batch.relabelled)
        self._undo = batch.undo
        self.token = next(tokens)
        for response_id in batch.cut:
            self.warn(
                f"response {response_id!r} has a text of more than {MOST_TEXT:,} characters, which "
                f"no cell holds: it was cut in the spreadsheet {self.id}, and is whole in the log"
            )
        if changes is not None:
            self._learn(batch, changes)
        tab = loaded.tabs[layout.sheet]
        loaded.tabs[layout.sheet] = attrs.evolve(
            tab, rows=max(tab.rows, self._next_row), columns=layout.width
        )

    def _learn(self, batch: Batch, changes: Changes) -> None:
        index = self._index
        updated, added = changes.updated, changes.added
        for n in batch.updated:
            index.put(updated.response_ids[n], updated.revisions[n], updated.digests[n])
        for mark in batch.touched:
            index.put(mark.response_id, mark.revision, mark.digest)
        new = slice(batch.added.start, batch.added.stop)
        block = Block.of(added.revisions[new], added.digests[new])
        rows = range(self._next_row, self._next_row + len(batch.added))
        index.extend(added.response_ids[new], block, rows)
        self._next_row += len(batch.added)
        gone = sorted(row for _, row in batch.removed if row >= 0)
        for mark, _ in batch.removed:
            index.at[index.put(mark.response_id, mark.revision, mark.digest)] = NO_ROW
        if gone:
            _close_up(index.at, gone)
            self._next_row -= len(gone)

    # --- when things go wrong --------------------------------------------------------------------

    def unknown(self) -> TableNotNow:
        """Answer for a call whose outcome is unknown: it is looked at after a while."""
        seconds, self._wait = self._wait, min(2 * self._wait, LONGEST_WAIT)
        reason = "Google did not answer; whether it wrote is looked at before anything else"
        return TableNotNow(seconds=seconds, reason=reason)

    def _resolve(self, pending: Pending) -> None:
        """Find out whether a call landed, by the token that it would have left."""
        if not self.fence.guards:
            left = pending.sent + SETTLED_SECONDS - self.clock.monotonic()
            if left > 0:
                raise TableBusy(
                    "a write may land late; nothing else is written until then", seconds=left
                )
        loaded = self._loaded
        batch = pending.batch
        if loaded is None or batch is None or loaded.layout is None:
            self.forget()
            self._pending = None
            return
        token, layout = look(self.client, self.id, self.fence, loaded)
        self._pending = None
        if token == loaded.token:  # it did not land, and never will: the next write swaps the token
            loaded.layout = layout
            self.token = next(tokens)
        elif token == pending.token and not batch.entries:
            self._applied(batch, pending.changes, token)
            loaded.layout = layout
        else:
            self.forget()

    def _invalid(self, error: errors.Invalid) -> WriteOutcome:
        """Find out why a call was refused: mostly because somebody else changed something."""
        if "10000000 cells" in error.detail:
            raise Full from error
        if self._loaded is None or self._loaded.layout is None:
            self.forget()
        elif self._unmoved():
            self.forget()
            self._refused += 1
        if self._refused < REFUSALS:
            return Stale()
        self._refused = 0
        return TableGone(
            reason="Google refuses every write to the spreadsheet although nobody else changes it; "
            "look whether a range is protected against this account, and run "
            "formbridge doctor sheets --probe"
        )

    def _load(self) -> None:
        """Read everything; put right first what was written over by mistake."""
        for _ in range(HEALINGS):
            loaded = load(self.client, self.id, self.fence)
            self._loaded, self.token = loaded, next(tokens)
            if loaded.layout is None:
                self._index = Index()
                return
            tab = loaded.tabs[UNDO]
            self._undo = Undo(sheet=UNDO, rows=tab.rows, columns=tab.columns)
            requests = heal(loaded, self._undo)
            if not requests:
                self._index, self._next_row = index_of(loaded), 1 + _last(loaded)
                return
            self._heal(requests)
        self.forget()
        raise TableBusy("somebody keeps sorting the table", seconds=1.0)

    def _heal(self, requests: Sequence[Json]) -> None:
        loaded, layout = self._written()
        token = self._new_token(layout.sheet)
        anchors = layout.fence() if self.fence.anchors else []
        calls = [*self.fence.swap(loaded.token, token, layout.sheet), *anchors, *requests]
        self.heals += 1
        with suppress(errors.Invalid):  # somebody moved a column, or was faster: look again
            self._call(calls, token, None, None)

    def _written(self) -> tuple[Loaded, Layout]:
        """Return what is known of a spreadsheet that was written."""
        loaded = self._loaded
        if loaded is None or loaded.layout is None:
            raise AssertionError("open the book first")
        return loaded, loaded.layout

    @staticmethod
    def _new_token(sheet: int) -> str:
        return f"{sheet}-{uuid4().hex[:16]}"


def _relabelled(layout: Layout, batch: Batch) -> Layout:
    """Return the layout with the headers that were written."""
    spots = list(layout.spots)
    for number, column in batch.relabelled.items():
        place = layout.place(number)
        spots[place] = attrs.evolve(spots[place], header=column.header)
    return attrs.evolve(layout, spots=tuple(spots))


def _last(loaded: Loaded) -> int:
    """Return the last row in which one of our cells holds something."""
    both = zip(loaded.ids, loaded.row_states, strict=True)
    return max((row for row, (a, b) in enumerate(both, 1) if a or b), default=0)


def _close_up(places: "array[int]", gone: Sequence[int]) -> None:
    """Let rows move up by those above them that are gone."""
    for number, row in enumerate(places):
        if row != NO_ROW:
            places[number] = row - bisect(gone, row)


def _echoed(answer: Json) -> list[tuple[str, str]]:
    """Return the copied cells that an answer shows, by entry."""
    spreadsheet = answer.get("updatedSpreadsheet", {})
    return [(_at(row, 0), _at(row, 1)) for row in _cells(spreadsheet, 0)]


def _cells(spreadsheet: Json, number: int) -> list[list[Json]]:
    """Return what was entered in the cells of the n-th range."""
    sheets = spreadsheet.get("sheets") or [{}]
    data = sheets[0].get("data") or [{}]
    rows = data[number].get("rowData", [])
    return [[cell.get("userEnteredValue") or {} for cell in row.get("values", [])] for row in rows]


def _at(cells: Sequence[Json], place: int) -> str:
    value = cells[place] if place < len(cells) else {}
    return str(next(iter(value.values()), ""))
