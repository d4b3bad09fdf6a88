"""Puts changes into one spreadsheet, exactly once. Read ``write`` first.

New rows cost one call, and changed ones one more to look where they stand.
"""

from collections.abc import Mapping
from typing import Any

import attrs

from formbridge.adapters.sheets.book import setup
from formbridge.adapters.sheets.book.batches import Batch, Changing
from formbridge.adapters.sheets.book.book import Book
from formbridge.adapters.sheets.book.cells import MOST_TEXT
from formbridge.adapters.sheets.book.entered import deleted, entered, text_at
from formbridge.adapters.sheets.book.fence import NEVER, new_token
from formbridge.adapters.sheets.book.known import Known
from formbridge.adapters.sheets.book.loading import Loaded, quoted
from formbridge.adapters.sheets.book.rows import Shaping, append
from formbridge.adapters.sheets.book.slicing import fitting
from formbridge.adapters.sheets.book.undo import Entry
from formbridge.adapters.sheets.calls import errors
from formbridge.domain.tables import Applied, Changes, Stale, TableGone, WriteOutcome

Json = dict[str, Any]

REFUSALS = 3
"""How often in a row Google may refuse what nobody else changed."""
TOO_MANY_CELLS = "10000000 cells"
REFUSED = (
    "Google refuses every write to the spreadsheet although nobody else changes it; look whether a "
    "range is protected against this account, and run formbridge doctor sheets --probe"
)


class Full(Exception):
    """The spreadsheet has as many cells as it may."""


def write(book: Book, changes: Changes, numbers: Mapping[str, int]) -> WriteOutcome:
    """Write changes that were planned on what is known; their places are ordinals of the index.

    ``numbers`` are those of the planned columns that are there, by question id. Raises
    ``CallFailed`` (after an ``Unknown`` nobody knows yet whether it was written) and ``Full``.
    """
    try:
        if not book.exists:
            return _begin(book, changes)
        changing = _changing(book, changes, numbers)
        if changing is None:
            return Stale()
        for batch in changing.batches():
            if not _send(book, batch, changes):
                return Stale()
    except errors.Invalid as error:
        return _refused(book, error)
    book.refused = 0
    return Applied()


def tidy(book: Book) -> None:
    """Empty the tab of undo if removed responses stand in it. Raises ``CallFailed``."""
    if not book.exists or not book.settled:
        return
    known = book.known
    if known.loaded.withdrawn:
        batch = Batch(requests=known.undo.clear(), layout=known.layout, undo=known.undo)
        try:
            if _send(book, batch, None):
                known.loaded.withdrawn = False
        except errors.Invalid:
            book.forget()


def _changing(book: Book, changes: Changes, numbers: Mapping[str, int]) -> Changing | None:
    """Find the rows that must change; None if the plan was made on what stands no more."""
    known = book.known
    new, relabelled = known.new_columns(changes, numbers), known.relabelled(changes, numbers)
    marks = [mark for mark in changes.removed if mark.place is not None]
    # The fence sees no column that a person added on the right: labels, new columns and copies of
    # rows that are deleted must know of it.
    wide = new or relabelled or marks or not book.fence.anchors
    if wide and not book.unmoved():
        return None
    ordinals = [*changes.updated.places, *(mark.place for mark in marks)]
    ids = [*changes.updated.response_ids, *(mark.response_id for mark in marks)]
    rows = [known.index.at[ordinal] for ordinal in ordinals if ordinal is not None]
    if not book.verified(ids, rows):
        return None
    split = len(changes.updated)
    return Changing(
        changes=changes,
        layout=known.layout,
        numbers={**numbers, **{column.question_id: n for n, column in new.items()}},
        columns=new,
        relabelled=relabelled,
        rows=rows[:split],
        removed=list(zip(marks, rows[split:], strict=True)),
        zone=known.loaded.zone,
        undo=attrs.evolve(known.undo, start=0),
        limit=book.settings.largest_payload,
    )


def _send(book: Book, batch: Batch, changes: Changes | None) -> bool:
    """Make one call; return False if it wrote over what was not meant, which is put right then."""
    known = book.known
    if batch.added and not known.fits(batch, book.settings.most_cells):
        raise Full
    token, anchors = new_token(known.layout.sheet), known.layout.anchors
    answer = book.call(
        book.fenced(batch.requests, token), token=token, batch=batch, changes=changes
    )
    _learn(book, batch, changes, token)
    known.loaded.entries = _copied(batch, answer)
    known.loaded.withdrawn |= bool(batch.removed)
    replaced = book.fence.anchors and not anchors <= deleted(answer)
    if replaced or any(entry.wrong for entry in known.loaded.entries):
        book.forget()
        return False
    return True


def _copied(batch: Batch, answer: Json) -> list[Entry]:
    """Return a batch's entries with what was really written over, as the answer shows it."""
    rows = entered(answer.get("updatedSpreadsheet", {}))
    rows += [[]] * (batch.copies - len(rows))
    copied = [
        attrs.evolve(entry, copied=(text_at(row, 0), text_at(row, 1)))
        for entry, row in zip(batch.entries, rows, strict=False)
    ]
    return [*copied, *batch.entries[batch.copies :]]


def _begin(book: Book, changes: Changes) -> WriteOutcome:
    """Write to a spreadsheet for the first time: everything that it needs, and the rows."""
    loaded, settings = book.known.loaded, book.settings
    columns = setup.first_numbers(changes.columns)
    empty = _is_empty(book, loaded)
    layout = setup.first_layout(loaded.tabs, columns, empty=empty)
    zone, locale = (settings.time_zone, settings.locale) if book.ours else ("", "")
    numbers = {column.question_id: number for number, column in columns.items()}
    shaping = Shaping.of(layout, changes.columns, numbers, zone or loaded.zone)
    lines = [shaping.line(changes.added, n, appended=True) for n in range(len(changes.added))]
    fit = fitting(lines, 0, settings.largest_payload)
    token = new_token(layout.sheet)
    requests = [
        *book.fence.swap(NEVER, token, layout.sheet),
        *setup.setup(layout, loaded.tabs, columns, zone=zone, locale=locale),
        *layout.anchoring(),
        *append(layout.sheet, lines[:fit]),
        *book.first_tabs({tab.title for tab in loaded.tabs.values()}, changes.columns),
    ]
    book.call(requests, token=token)
    made = setup.known(layout, loaded, columns, token=token, zone=zone or loaded.zone)
    book.known = Known.of(made)
    cut = [line.response_id for line in lines[:fit] if line.cut]
    batch = Batch(requests=[], layout=layout, undo=book.known.undo, added=range(fit), cut=cut)
    _learn(book, batch, changes, token)
    return Stale() if fit < len(lines) or changes.removed or changes.touched else Applied()


def _is_empty(book: Book, loaded: Loaded) -> bool:
    """Look whether nothing stands in the first tab."""
    first = next(iter(loaded.tabs.values()))
    columns = book.client.values(book.id, [quoted(first.title)])[0]
    return not any(cell not in ("", None) for column in columns for cell in column)


def _learn(book: Book, batch: Batch, changes: Changes | None, token: str) -> None:
    """Know what a call has changed, and say which texts no cell could hold."""
    book.known.learn(batch, changes, token=token, anchored=book.fence.anchors)
    book.changed()
    for response_id in batch.cut:
        book.warn(
            f"response {response_id!r} has a text of more than {MOST_TEXT:,} characters, which no "
            f"cell holds: it was cut in the spreadsheet {book.id}, and is whole in the log"
        )


def _refused(book: Book, error: errors.Invalid) -> WriteOutcome:
    """Find out why a call was refused: mostly because somebody else changed something."""
    if TOO_MANY_CELLS in error.detail:
        raise Full from error
    if not book.exists:
        book.forget()
    elif book.unmoved():
        book.forget()
        book.refused += 1
    if book.refused < REFUSALS:
        return Stale()
    book.refused = 0
    return TableGone(reason=REFUSED)
