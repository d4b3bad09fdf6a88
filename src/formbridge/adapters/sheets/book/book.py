"""One spreadsheet: what is known of it, and the calls by which that is found out.

``writing`` puts changes into it. Nothing in either retries: what could not be done is answered, and
planned again by the sink.
"""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from itertools import count
from typing import Any

import attrs

from formbridge.adapters.sheets.book.batches import Batch
from formbridge.adapters.sheets.book.entered import AFTERWARDS, DELETED, ENTERED, entered, text_at
from formbridge.adapters.sheets.book.fence import TokenFence, new_token
from formbridge.adapters.sheets.book.healing import heal
from formbridge.adapters.sheets.book.known import Known
from formbridge.adapters.sheets.book.layout import RESPONSE_ID, Layout
from formbridge.adapters.sheets.book.loading import (
    UNDO,
    as_text,
    cells_of,
    column_name,
    joined,
    load,
    look,
    most_ranges,
    quoted,
)
from formbridge.adapters.sheets.book.pending import Pending
from formbridge.adapters.sheets.book.undo import COPIED, runs
from formbridge.adapters.sheets.calls import errors
from formbridge.adapters.sheets.calls.client import SheetsClient
from formbridge.adapters.sheets.settings import SheetsSettings
from formbridge.domain.errors import TableBusy
from formbridge.domain.index import Index
from formbridge.domain.ports import Clock
from formbridge.domain.tables import Changes, Column, TableNotNow

Json = dict[str, Any]

HEALINGS = 5
"""How often rows are put right in a row before somebody who sorts all the time is waited for."""
FIRST_WAIT, LONGEST_WAIT = 1.0, 32.0
"""Seconds after a call whose outcome is unknown; they double."""

_tokens = count(1)


def no_tabs(_titles: AbstractSet[str], _columns: Sequence[Column]) -> list[Json]:
    """Return no requests: the default."""
    return []


@attrs.define(eq=False, kw_only=True)
class Book:
    """A spreadsheet by its id. ``ours``: we made it, so its time zone is ours to set.

    ``first_tabs`` returns what its first write makes besides, for tabs and columns that are there.
    ``token`` changes with everything that is learnt of it. ``heals`` counts how often rows were put
    right that had been written over.
    """

    client: SheetsClient
    id: str
    fence: TokenFence
    settings: SheetsSettings
    clock: Clock
    warn: Callable[[str], None]
    ours: bool = False
    first_tabs: Callable[[AbstractSet[str], Sequence[Column]], list[Json]] = no_tabs
    token: int = attrs.field(init=False, factory=lambda: next(_tokens))
    heals: int = attrs.field(init=False, default=0)
    refused: int = attrs.field(init=False, default=0)
    _known: Known | None = attrs.field(init=False, default=None)
    _pending: Pending | None = attrs.field(init=False, default=None)
    _wait: float = attrs.field(init=False, default=FIRST_WAIT)

    # --- what is known ---------------------------------------------------------------------------

    def open(self) -> None:
        """Know the spreadsheet. Calls Google only for the first time, and after a surprise.

        Raises ``CallFailed``, ``TableUnavailable``, ``TableBusy``.
        """
        if self._pending is not None:
            self._resolve(self._pending)
        if self._known is None:
            self._load()

    def forget(self) -> None:
        """Know nothing any more: the next ``open`` reads everything."""
        self._known = None
        self.changed()

    def changed(self) -> None:
        """Let every view that was taken so far be outdated."""
        self.token = next(_tokens)

    @property
    def known(self) -> Known:
        """What is known; it was opened."""
        if self._known is None:
            raise AssertionError("open the book first")
        return self._known

    @known.setter
    def known(self, known: Known) -> None:
        self._known = known
        self.changed()

    @property
    def opened(self) -> bool:
        """Whether anything is known."""
        return self._known is not None

    @property
    def exists(self) -> bool:
        """Whether it is known to have been written."""
        return self._known is not None and self._known.written

    @property
    def settled(self) -> bool:
        """Whether the outcome of every call is known."""
        return self._pending is None

    @property
    def index(self) -> Index:
        """What is known of its responses."""
        return Index() if self._known is None else self._known.index

    @property
    def columns(self) -> Mapping[int, Column]:
        """Our question columns that are there, by number."""
        return {} if self._known is None else self._known.columns

    @property
    def foreign_headers(self) -> Sequence[str]:
        """Headers of the columns that people added."""
        return self.known.layout.foreign_headers if self.exists else ()

    # --- looking ---------------------------------------------------------------------------------

    def answered(self, ordinal: int, columns: Mapping[str, int]) -> frozenset[str]:
        """Return the questions, of those with these numbers, that are answered in a row.

        Raises ``CallFailed``, and ``TableBusy`` when the row is no longer where it was.
        """
        layout, index = self.known.layout, self.index
        row = index.at[ordinal]
        span = f"{quoted(layout.title)}!{row + 1}:{row + 1}"
        try:
            rows = entered(self.client.read(self.id, fields=ENTERED, ranges=[span]))
        except errors.Invalid:  # the tab is renamed, or shorter than that
            rows = []
        cells = rows[0] if rows else []
        if index.by_id.get(text_at(cells, layout.place(RESPONSE_ID))) != ordinal:
            self.forget()
            raise TableBusy("somebody moved rows of the table just now", seconds=0.1)
        places = {question: layout.place(number) for question, number in columns.items()}
        return frozenset(
            question for question, place in places.items() if place < len(cells) and cells[place]
        )

    def unmoved(self) -> bool:
        """Look whether columns, headers and token are those that are known; else know better."""
        known = self.known
        token, layout = look(self.client, self.id, self.fence, known.loaded)
        if token == known.loaded.token and layout == known.layout:
            return True
        self._know(token, layout)
        return False

    def verified(self, ids: Sequence[str], rows: Sequence[int]) -> bool:
        """Look whether these responses are still in these rows; else forget what is known."""
        if not rows:
            return True
        order = sorted(set(rows))
        layout = self.known.layout
        place = layout.place(RESPONSE_ID)
        most = most_ranges(cells_of(layout, place, order[-1], order[-1] + 1))
        spans = joined([(first, first + length) for _, first, length in runs(order)], most)
        ranges = [cells_of(layout, place, *span) for span in spans]
        found: dict[int, str] = {}
        with suppress(errors.Invalid):  # the tab is renamed, or shorter than that
            columns = self.client.values(self.id, ranges)
            for (begin, _), column in zip(spans, columns, strict=True):
                found.update(enumerate(map(as_text, column[0] if column else ()), begin))
        if all(found.get(row) == each for each, row in zip(ids, rows, strict=True)):
            return True
        self.forget()
        return False

    # --- calling ---------------------------------------------------------------------------------

    def call(
        self,
        requests: Sequence[Json],
        *,
        token: str,
        batch: Batch | None = None,
        changes: Changes | None = None,
    ) -> Json:
        """Make one call that leaves this token; return its answer.

        It shows which metadata was deleted, and what was copied to the tab of undo.

        Raises ``CallFailed``; after an ``Unknown`` the next ``open`` finds out what became of it.
        """
        ranges, fields = self._echo(batch.copies if batch is not None else 0)
        sent = self.clock.monotonic()
        try:
            answer = self.client.change(self.id, requests, ranges=ranges, fields=fields)
        except errors.Unknown as error:
            if error.sent:
                self._pending = Pending(token=token, sent=sent, batch=batch, changes=changes)
            raise
        self._wait = FIRST_WAIT
        return answer

    def fenced(self, requests: Sequence[Json], token: str) -> list[Json]:
        """Return the requests behind those that fail if anybody else wrote or moved a column."""
        known = self.known
        swap = self.fence.swap(known.loaded.token, token, known.layout.sheet)
        return [*swap, *(known.layout.fence() if self.fence.anchors else ()), *requests]

    def unknown(self) -> TableNotNow:
        """Answer for a call whose outcome is unknown: it is looked at after a while."""
        seconds, self._wait = self._wait, min(2 * self._wait, LONGEST_WAIT)
        reason = "Google did not answer; whether it wrote is looked at before anything else"
        return TableNotNow(seconds=seconds, reason=reason)

    def _echo(self, entries: int) -> tuple[Sequence[str], str]:
        """Return what the answer shall show: the cells that so many new entries copied."""
        if not entries:
            return (), DELETED
        begin, end = column_name(COPIED), column_name(COPIED + 1)
        title = self.known.loaded.tabs[UNDO].title
        return [f"{quoted(title)}!{begin}2:{end}{entries + 1}"], AFTERWARDS

    # --- finding out -----------------------------------------------------------------------------

    def _resolve(self, pending: Pending) -> None:
        """Find out whether a call landed, by the token that it would have left."""
        pending.require_settled(self.fence, self.clock)
        known, batch = self._known, pending.batch
        if known is None or batch is None or not known.written:
            self._pending = None
            self.forget()
            return
        token, layout = look(self.client, self.id, self.fence, known.loaded)
        self._pending = None
        if token == known.loaded.token:  # it did not land, or will be refused by the next token
            self._know(token, layout)
        elif token == pending.token and not batch.copies and not layout.strays:
            known.learn(batch, pending.changes, token=token, anchored=self.fence.anchors)
            known.loaded.layout = layout
            self.changed()
        else:
            self.forget()

    def _know(self, token: str, layout: Layout) -> None:
        """Take what was seen; forget all if others wrote, or if rows were read of other columns."""
        known = self.known
        if token != known.loaded.token or (layout != known.layout and not known.proven):
            self.forget()
            return
        known.loaded.layout = layout
        self.changed()

    def _load(self) -> None:
        """Read everything; put right first what was written over by mistake."""
        for _ in range(HEALINGS):
            self.known = known = Known.of(load(self.client, self.id, self.fence))
            requests = heal(known.loaded, known.undo)
            if not requests:
                known.loaded.let_go()
                return
            self.heals += 1
            token = new_token(known.layout.sheet)
            try:
                self.call(self.fenced(requests, token), token=token)
            except errors.Invalid:  # somebody moved a column, or was faster: look again
                pass
            finally:
                self.forget()  # whatever became of it: the next look must see what is wrong
        raise TableBusy("somebody keeps sorting the table", seconds=1.0)
