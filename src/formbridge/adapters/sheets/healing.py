"""Puts right what was written over by mistake, from the copies in the tab of undo. Pure.

A row that was written over is found by the state that was written into it, beside the id of another
response (or none): wherever people took it since. Restoring it is a write in place like any other,
with an entry of its own; so a sort in that moment is found and put right as well.
"""

from collections.abc import Sequence

import attrs

from formbridge.adapters.sheets.cells import Json, text
from formbridge.adapters.sheets.layout import Layout
from formbridge.adapters.sheets.loading import Loaded
from formbridge.adapters.sheets.rows import put
from formbridge.adapters.sheets.undo import (
    HEADER,
    REINSERT,
    REMOVE,
    RESTORE,
    Entry,
    Undo,
    spots_of,
    unhealed,
)


@attrs.define(eq=False)
class _Healing:
    """What is put right in one call."""

    loaded: Loaded
    layout: Layout
    undo: Undo
    restored: list[tuple[Entry, int, list[Json]]] = attrs.field(factory=list)
    headers: list[tuple[Entry, int, list[Json]]] = attrs.field(factory=list)
    settled: list[tuple[Entry, list[Json]]] = attrs.field(factory=list)

    def take(self, number: int, entry: Entry) -> None:
        """Decide what becomes of one entry that went wrong."""
        if entry.done == HEADER:
            self._header(number, entry)
        elif entry.done == REMOVE:
            self._reinsert(number, entry)
        else:
            self._restore(number, entry)

    def _restore(self, number: int, entry: Entry) -> None:
        row = self._victim(entry)
        if row is None:  # a person deleted it since, or wrote over it
            self._settle(number)
            return
        made = Entry(
            done=RESTORE,
            expected=self.loaded.ids[row - 1],
            written=entry.copied[1],
            number=number,
            before=entry.written,
            columns=spots_of(self.layout),
        )
        self.restored.append((made, row, self.undo.restore(number, entry, self.layout, row)))

    def _victim(self, entry: Entry) -> int | None:
        """Return the row that holds what was written for another response."""
        both = zip(self.loaded.ids, self.loaded.row_states, strict=True)
        for row, (response_id, state) in enumerate(both, 1):
            if state == entry.written and response_id != entry.expected:
                return row
        return None

    def _reinsert(self, number: int, entry: Entry) -> None:
        rows = self.loaded.tabs[self.layout.sheet].rows
        requests: list[Json] = []
        if not entry.copied[0] or entry.copied[0] not in self.loaded.ids:
            row = max(1, min(entry.number, rows))
            requests = self.undo.reinsert(number, entry, self.layout, row)
        self._settle(number, requests)

    def _header(self, number: int, entry: Entry) -> None:
        place = self.layout.place(entry.number)
        if place >= 0 and self.layout.spots[place].header == entry.written:
            theirs = entry.copied[0]
            made = Entry(done=HEADER, expected=entry.written, written=theirs, number=entry.number)
            self.headers.append((made, place, [put(self.layout.sheet, 0, place, [text(theirs)])]))
        self._settle(number)

    def _settle(self, number: int, requests: Sequence[Json] = ()) -> None:
        self.settled.append((Entry(done=REINSERT, expected="", number=number), list(requests)))

    def requests(self) -> list[Json]:
        """Return the requests: copies first, rows that come back last, since they move others."""
        entries = [
            *(entry for entry, _, _ in self.restored),
            *(entry for entry, _, _ in self.headers),
            *(entry for entry, _ in self.settled),
        ]
        undo, room = self.undo.room(len(entries), self.layout.width)
        headers = attrs.evolve(undo, start=undo.start + len(self.restored))
        requests = [
            *room,
            *undo.record(entries),
            *undo.copy_rows(self.layout, [row for _, row, _ in self.restored]),
            *headers.copy_headers(self.layout, [place for _, place, _ in self.headers]),
        ]
        for _, _, each in (*self.restored, *self.headers):
            requests.extend(each)
        for _, each in self.settled:
            requests.extend(each)
        return requests


def heal(loaded: Loaded, undo: Undo) -> list[Json]:
    """Return the requests that put right what went wrong; none if nothing did."""
    wrong = unhealed(loaded.entries)
    if not wrong or loaded.layout is None:
        return []
    healing = _Healing(loaded, loaded.layout, attrs.evolve(undo, start=len(loaded.entries)))
    for number in wrong:
        healing.take(number, loaded.entries[number])
    return healing.requests()
