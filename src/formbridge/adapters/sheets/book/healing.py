"""Puts right what was written over by mistake, from the copies in the tab of undo. Pure.

A column of a person's that took the very place of one of ours has got answers: they are cleared (or
what was written over comes back), and the rows are marked to be written anew when they come again,
as they do: the call was not committed.

A row that was written over is found by the state that was written into it, beside the id of another
response (or none): wherever people took it since. Restoring it is a write in place like any other,
with an entry of its own; so a sort in that moment is found and put right as well.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

import attrs

from formbridge.adapters.sheets.book.cells import Json, text
from formbridge.adapters.sheets.book.layout import ANCHOR_KEY, OURS, STATE, THEIRS, Layout, freed
from formbridge.adapters.sheets.book.layout import entry as entry_of
from formbridge.adapters.sheets.book.loading import Loaded
from formbridge.adapters.sheets.book.rows import put
from formbridge.adapters.sheets.book.states import SOMEBODYS, owner_of, unsure_state
from formbridge.adapters.sheets.book.undo import (
    APPEND,
    HEADER,
    REINSERT,
    REMOVE,
    RESTORE,
    UPDATE,
    Entry,
    Undo,
    read_spots,
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
    missing: list[int] = attrs.field(factory=list)
    anchored: list[Json] = attrs.field(factory=list)

    def clean(self, strays: Mapping[int, int]) -> None:
        """Take our answers out of columns that took the anchors of ours, and free those."""
        rows = {owner_of(state): row for row, state in enumerate(self.loaded.row_states, 1)}
        for number, entry in enumerate(self.loaded.entries):
            concerned = strays.keys() & read_spots(entry.columns).keys()
            if concerned and entry.done == APPEND:
                for owner in entry.owners & rows.keys():
                    self._mark(rows[owner], self._cleared(rows[owner], concerned, strays))
            elif concerned and entry.done == UPDATE and not entry.wrong:
                row = rows.get(owner_of(entry.written))
                if row is not None:
                    targets = {each: strays[each] for each in concerned}
                    back = self.undo.copy_back(number, entry, self.layout, row, targets)
                    self._mark(row, back)
        fenced = self.layout.fenced()  # the same call gives every column its anchor
        free = max([THEIRS, *(spot.anchor + 1 for spot in fenced.spots if spot.anchor)])
        for anchor, (number, place) in enumerate(strays.items(), free):
            made = entry_of(anchor, ANCHOR_KEY, self.layout.sheet, place)
            self.anchored += [freed(OURS + number), made]

    def _cleared(
        self, row: int, numbers: AbstractSet[int], strays: Mapping[int, int]
    ) -> list[Json]:
        return [put(self.layout.sheet, row, strays[number], [{}]) for number in numbers]

    def _mark(self, row: int, requests: Sequence[Json]) -> None:
        """Let a row be written anew when its response comes again."""
        response_id = self.loaded.ids[row - 1]
        if owner_of(self.loaded.row_states[row - 1]) != owner_of(unsure_state(response_id)):
            return
        state = unsure_state(response_id)
        spots = spots_of(self.layout)
        made = Entry(done=UPDATE, expected=response_id, written=state, columns=spots)
        place = self.layout.place(STATE)
        marked = [put(self.layout.sheet, row, place, [text(state)]), *requests]
        self.restored.append((made, row, marked))

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
        if row is None or any(row == other for _, other, _ in self.restored):
            self.missing.append(number)
            return
        restoring = self.undo.restore(number, entry, self.layout, row)
        response_id, written = entry.copied
        if not written:  # else it could not be found again, should this go wrong as well
            owned = f"{SOMEBODYS} {self.loaded.token} {number}"
            written = unsure_state(response_id) if response_id else owned
            restoring.append(put(self.layout.sheet, row, self.layout.place(STATE), [text(written)]))
        made = Entry(
            done=RESTORE,
            expected=self.loaded.ids[row - 1],
            written=written,
            number=number,
            before=entry.written,
            columns=spots_of(self.layout),
        )
        self.restored.append((made, row, restoring))

    def _victim(self, entry: Entry) -> int | None:
        """Return the row that holds what was written for another response."""
        both = zip(self.loaded.ids, self.loaded.row_states, strict=True)
        for row, (response_id, state) in enumerate(both, 1):
            somebodys = state.startswith(SOMEBODYS)
            if state == entry.written and (somebodys or response_id != entry.expected):
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
        """Return the requests: copies first, rows that come back last, since they move others.

        A row that was not found may have been written over again by a restoration: it is looked for
        once that is put right, the latest first. Else a person deleted it, or wrote over it.
        """
        if not self.restored:
            for number in self.missing:
                self._settle(number)
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
        requests += self.anchored
        for _, each in self.settled:
            requests.extend(each)
        return requests


def heal(loaded: Loaded, undo: Undo) -> list[Json]:
    """Return the requests that put right what went wrong; none if nothing did."""
    wrong = unhealed(loaded.entries)
    if loaded.layout is None or not (wrong or loaded.layout.strays):
        return []
    healing = _Healing(loaded, loaded.layout, attrs.evolve(undo, start=len(loaded.entries)))
    for number in reversed(wrong):
        healing.take(number, loaded.entries[number])
    healing.clean(loaded.layout.strays)
    return healing.requests()
