"""``SheetsTables``: a spreadsheet per form, in a folder of Google Drive."""

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from functools import partial

import attrs

from formbridge.adapters.sheets.book import writing
from formbridge.adapters.sheets.book.book import Book, no_tabs
from formbridge.adapters.sheets.book.fence import fence_of
from formbridge.adapters.sheets.book.parts import parts_of
from formbridge.adapters.sheets.book.rows import refusals
from formbridge.adapters.sheets.book.snapshot import SheetsSnapshot
from formbridge.adapters.sheets.calls.client import SheetsClient
from formbridge.adapters.sheets.calls.errors import (
    CallFailed,
    Unknown,
    domain_error,
)
from formbridge.adapters.sheets.drive.locating import Locator
from formbridge.adapters.sheets.questions.question_rows import tab_beside
from formbridge.adapters.sheets.settings import SheetsSettings
from formbridge.domain.errors import StoreDenied, StoreError
from formbridge.domain.identity import TableKey
from formbridge.domain.ports import Clock, TableStore
from formbridge.domain.tables import (
    Applied,
    Changes,
    Refused,
    Snapshot,
    Stale,
    TableChanges,
    TableGone,
    TableNotNow,
    WriteOutcome,
)

_LOG = logging.getLogger("formbridge.sheets")

LOOK_SECONDS = 60.0
"""How often it is looked whether a spreadsheet is in the trash: writes to it would succeed."""
REMEMBERED = 2_000_000
"""Responses that are known in memory, at most: tables that were not used for long are dropped."""
FULL = (
    "an older spreadsheet of this table has no room for the column of a new question; delete "
    "columns or tabs of yours there"
)


@attrs.define(eq=False)
class Opened:
    """What is open of one table."""

    books: list[Book]
    snapshot: SheetsSnapshot
    next_look: float = 0.0

    @property
    def responses(self) -> int:
        """How many responses are known of it."""
        return sum(len(book.index) for book in self.books)


class SheetsTables(TableStore):
    """Keeps tables as spreadsheets that people may edit while they are written.

    Used by one thread. Nothing is retried here: what cannot be written now is answered so. ``warn``
    is told which responses have texts that were cut, since a cell holds 50,000 characters. See
    ``docs/explanation/sheets.md`` for what is proven of all this, and what it rests on.
    """

    def __init__(  # noqa: PLR0913 - three parts, and what all of them need
        self,
        client: SheetsClient,
        locator: Locator,
        settings: SheetsSettings,
        *,
        clock: Clock,
        remembered: int = REMEMBERED,
        warn: Callable[[str], None] = _LOG.warning,
    ) -> None:
        self.client = client
        self.locator = locator
        self._settings = settings
        self._clock = clock
        self._fence = fence_of(settings.fence)
        self.opened: OrderedDict[TableKey, Opened] = OrderedDict()
        self.remembered = remembered
        self.warn = warn

    @property
    def tables_per_write(self) -> int | None:
        """One: each is a call of its own, and the bridge beats between them."""
        return 1

    def open(self, table: TableKey, /) -> Snapshot:
        """Return the table as it was seen last; it is read when that is not known any more.

        What people did since is noticed by the write, which fails and has the table read again.
        """
        try:
            return self._open(table)
        except CallFailed as error:
            raise domain_error(error) from error

    def write(self, changes: TableChanges, /) -> Mapping[TableKey, WriteOutcome]:
        """Write one table after the other, each with as few calls as its size allows."""
        outcomes: dict[TableKey, WriteOutcome] = {}
        throttled: TableNotNow | None = None
        for table, each in changes.items():
            if throttled is not None and not each.empty:
                outcomes[table] = throttled
                continue
            outcomes[table] = self._write(table, each)
            if isinstance(outcomes[table], TableNotNow):
                throttled = outcomes[table]  # type: ignore[assignment]  # just asked
        return outcomes

    def known(self) -> Iterable[TableKey]:
        """The tables that the registry holds."""
        return self.locator.known()

    def tidy(self) -> None:
        """Empty the tabs of undo in which removed responses still stand."""
        for opened in self.opened.values():
            for book in opened.books:
                try:
                    writing.tidy(book)
                except CallFailed:
                    return

    def close(self) -> None:
        """Tidy up and close the client."""
        self.tidy()
        self.opened.clear()
        self.client.close()

    # --- opening ---------------------------------------------------------------------------------

    def _open(self, table: TableKey) -> SheetsSnapshot:
        opened = self.opened.get(table)
        if opened is None:
            found = self.locator.find(table)
            books = [self._book(each, first=not n) for n, each in enumerate(found)]
            opened = Opened(books, SheetsSnapshot(books=tuple(books)))
        if not opened.books:
            return opened.snapshot
        self._look(opened)
        for book in opened.books:
            book.open()
        self._remember(table, opened)
        if not opened.snapshot.current:
            opened.snapshot = SheetsSnapshot(books=tuple(opened.books))
        return opened.snapshot

    def _remember(self, table: TableKey, opened: Opened) -> None:
        """Keep a table as the one used last; let go of others where it comes as a new one."""
        new = table not in self.opened
        self.opened[table] = opened
        self.opened.move_to_end(table)
        if new:
            self._make_room()

    def _look(self, opened: Opened) -> None:
        """Raise ``CallFailed`` if the newest spreadsheet is gone or in the trash."""
        now = self._clock.monotonic()
        if now >= opened.next_look:
            self.locator.look(opened.books[-1].id)
            opened.next_look = now + LOOK_SECONDS

    def _book(self, spreadsheet: str, *, first: bool, ours: bool = False) -> Book:
        wanted = first and self._settings.questions_tab
        questions = partial(tab_beside, anchors=self._fence.anchors)
        return Book(
            client=self.client,
            id=spreadsheet,
            fence=self._fence,
            settings=self._settings,
            clock=self._clock,
            ours=ours,
            first_tabs=questions if wanted else no_tabs,
            warn=self.warn,
        )

    def _make_room(self) -> None:
        """Forget what was not used for the longest time, but for the table used last."""
        responses = sum(each.responses for each in self.opened.values())
        for key in list(self.opened)[:-1]:
            if responses <= self.remembered:
                return
            if all(book.settled for book in self.opened[key].books):
                responses -= self.opened.pop(key).responses

    # --- writing ---------------------------------------------------------------------------------

    def _write(self, table: TableKey, changes: Changes) -> WriteOutcome:
        if changes.token != self._token(table):
            return Stale()
        if changes.empty:
            return Applied()
        if reasons := refusals(changes):
            return Refused(reasons=reasons)
        try:
            return self._write_parts(table, changes)
        except CallFailed as error:
            return _outcome(domain_error(error))
        except StoreError as error:
            return _outcome(error)

    def _token(self, table: TableKey) -> int | None:
        """Return the token of the view that is valid; 0 for a table that does not exist."""
        opened = self.opened.get(table)
        if opened is None:
            return 0
        return opened.snapshot.token if opened.snapshot.current else None

    def _write_parts(self, table: TableKey, changes: Changes) -> WriteOutcome:
        """Write to each of the table's spreadsheets what concerns it, to the newest last."""
        opened = self.opened.get(table)
        if opened is None:
            opened = self._begin(table)
            if opened.snapshot.exists:
                return Stale()  # somebody else has made it since, and written
        for book, numbers, part in parts_of(changes, opened.snapshot):
            try:
                outcome = writing.write(book, part, numbers)
            except Unknown:
                return book.unknown()
            except writing.Full:
                if book is opened.books[-1]:
                    return self._roll_over(table, opened)
                return TableGone(reason=FULL)
            if not isinstance(outcome, Applied):
                return outcome
        return Applied()

    def _begin(self, table: TableKey) -> Opened:
        """Make the first spreadsheet of a table."""
        made = self._book(self.locator.create(table, number=1), first=True, ours=True)
        made.open()
        next_look = self._clock.monotonic() + LOOK_SECONDS
        opened = Opened([made], SheetsSnapshot(books=(made,)), next_look)
        self._remember(table, opened)
        return opened

    def _roll_over(self, table: TableKey, opened: Opened) -> WriteOutcome:
        """Make the next spreadsheet, to which the plan that follows will write."""
        made = self.locator.create(table, number=len(opened.books) + 1)
        book = self._book(made, first=False, ours=True)
        book.open()
        opened.books.append(book)
        opened.snapshot = SheetsSnapshot(books=tuple(opened.books))
        return Stale()


def _outcome(error: StoreError) -> WriteOutcome:
    """Return what an error means for a write; raise it if it concerns the whole store."""
    if isinstance(error, StoreDenied):
        raise error
    seconds = getattr(error, "seconds", None)
    if seconds is not None:
        return TableNotNow(seconds=seconds, reason=str(error))
    return TableGone(reason=str(error))
