"""What questions are called, from the tab "Questions" that people keep in each spreadsheet.

Reads are scarce (60 a minute for everything), so tabs are read one after the other, at most
``reads`` a minute: first those whose file has changed. Drive says so for all of them in one call,
but up to three minutes late ([seen by others][1]), which is why the others come round as well. So
of up to 15 tables a correction is known within a minute. Of more it is as soon as Drive tells of
it, and else when all others had their turn.

[1]: https://github.com/googleapis/google-api-go-client/issues/444
"""

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from threading import Lock

import attrs

from formbridge.adapters.sheets.calls.budget import Budget
from formbridge.adapters.sheets.calls.client import SheetsClient
from formbridge.adapters.sheets.calls.failures import (
    CallFailed,
    Denied,
    Invalid,
    Throttled,
    Unknown,
)
from formbridge.adapters.sheets.questions.question_book import QuestionBook
from formbridge.adapters.sheets.questions.question_tab import QuestionTab
from formbridge.domain.errors import FormBridgeError, TableBusy
from formbridge.domain.identity import TableKey
from formbridge.domain.ports import Clock, QuestionCatalog
from formbridge.domain.questions import FormMapping
from formbridge.domain.tables import Column

EVERY = 30.0
READS = 20
LOOK_SECONDS = 1.0
"""How often it is seen whether a tab is due, at most."""
SURELY = 1.5
"""A tab of a file that seems unchanged is due after so many times ``every``."""
URGENT = 8
"""How much sooner a tab comes whose file has changed, where there are more than can be read."""
OVERLAP = 600
"""For how many seconds back Drive is asked each time: it may be late, and clocks differ."""
REFUSALS = 3
"""How often rows are offered that Google refuses."""
NANOSECONDS = 1_000
"""In a microsecond: mapping files have versions in nanoseconds, and both may label one table."""
SPREADSHEET = "application/vnd.google-apps.spreadsheet"
NEVER = float("-inf")

Locate = Callable[[TableKey], tuple[str, ...]]

log = logging.getLogger("formbridge.questions")


@attrs.define(eq=False, kw_only=True)
class _Known:
    """What is known of one table. ``read_at`` is when its tab was last looked at, in seconds.

    ``answered`` is whether anybody was told of the mapping, so that another one is a change.
    ``heard`` is the time of change that Drive last told, ``changed`` whether it was told since the
    tab was read. ``lacking`` are questions that may have no row yet, ``columns`` all of the table.
    """

    table: TableKey
    tab: QuestionBook
    book: str = ""
    mapping: FormMapping | None = None
    answered: bool = False
    version: int = 0
    read_at: float = NEVER
    heard: str = ""
    changed: bool = False
    told: frozenset[str] = frozenset()
    columns: Sequence[Column] = ()
    lacking: Sequence[Column] = ()
    refusals: int = 0

    def urgency(self, now: float, every: float) -> float:
        """Return how much this tab is to be looked at; 0: it is not due."""
        age = now - self.read_at
        hot = self.changed or bool(self.lacking)
        due = age >= (every if hot else SURELY * every)
        return age * (URGENT if hot else 1) if due else 0.0

    def apply(self, read: QuestionTab | None, *, at: int) -> bool:
        """Take what was read, of that time; return whether the mapping is another one."""
        questions = {} if read is None else dict(read.questions)
        before = {} if self.mapping is None else self.mapping.questions
        if list(questions.values()) == list(before.values()):  # their order counts, too
            return False
        self.version = max(at, self.version + 1)
        form_id = self.table.form_id
        mapping = FormMapping(form_id=form_id, questions=questions, version=self.version)
        self.mapping = mapping if questions else None
        return True


class SheetsCatalog(QuestionCatalog):
    """Knows what the tabs say, and adds rows for new questions. Shared by threads.

    ``client`` is used by whoever asks, so it must be that of the thread that does. A call of
    ``mapping`` or ``version`` makes one look at Google at most, and most make none; the first one
    for a table reads its tab. A mapping's version is the time at which its content was first read,
    in nanoseconds, so it grows across restarts and processes, as the versions of files do.
    """

    def __init__(  # noqa: PLR0913 - what it looks with, and how often
        self,
        client: SheetsClient,
        locate: Locate,
        *,
        clock: Clock,
        every: float = EVERY,
        reads: int = READS,
        anchors: bool = True,
        warn: Callable[[str], None] = log.warning,
    ) -> None:
        """Look at nothing yet. ``locate`` finds a table's spreadsheets; the first one counts.

        ``anchors``: whether columns may be fenced by metadata when rows are added.
        """
        self._client = client
        self._locate = locate
        self._clock = clock
        self._every = every
        self._anchors = anchors
        self._warn = warn
        self._budget = Budget(per_minute=reads, clock=clock)
        self._tables: dict[TableKey, _Known] = {}
        self._version = 0
        self._next_look = NEVER
        self._next_hint = NEVER
        self._paused = NEVER
        self._away = False
        self._lock = Lock()

    def mapping(self, table: TableKey, /) -> FormMapping | None:
        """Return what the tab of this table's spreadsheet says, or said when it could be read."""
        known = self._tables.get(table)
        if known is not None and known.read_at != NEVER:
            self._look()
            return known.mapping
        with self._lock:
            known = self._of(table)
            if known.read_at == NEVER:
                self._look_at(known)
            known.answered = True
        return known.mapping

    def version(self) -> int:
        """Return a number that grows when any mapping changes."""
        self._look()
        return self._version

    def offer(self, table: TableKey, columns: Sequence[Column], *, new: int) -> None:
        """Let rows be added for the last ``new`` of the columns, some time soon.

        Where there is no tab, one is made that lists all of them.
        """
        if new:
            with self._lock:
                known = self._of(table)
                known.columns = tuple(columns)
                lacking = (*known.lacking, *columns[-new:])
                known.lacking = tuple({it.question_id: it for it in lacking}.values())
                known.refusals = 0

    def _of(self, table: TableKey) -> _Known:
        known = self._tables.get(table)
        if known is None:
            tab = QuestionBook(client=self._client, admit=self._admit, anchors=self._anchors)
            known = self._tables[table] = _Known(table=table, tab=tab)
        return known

    # --- when ------------------------------------------------------------------------------------

    def _look(self) -> None:
        """Look at the tab that waits most, if one is due; who finds somebody at it goes on."""
        now = self._clock.monotonic()
        if now < max(self._next_look, self._paused) or not self._lock.acquire(blocking=False):
            return
        try:
            self._next_look = now + LOOK_SECONDS
            if now >= self._next_hint and self._tables:
                self._next_hint = now + self._every
                self._ask_drive()
            waiting = [(it.urgency(now, self._every), it) for it in self._tables.values()]
            urgency, known = max(waiting, key=lambda pair: pair[0], default=(0.0, None))
            if known is not None and urgency:
                self._look_at(known)
        finally:
            self._lock.release()

    def _ask_drive(self) -> None:
        """Mark the tables whose spreadsheets have changed. Without Drive they just come round."""
        since = datetime.fromtimestamp(self._clock.now() / 1e6 - OVERLAP, UTC)
        query = (
            f"mimeType = '{SPREADSHEET}' and trashed = false "
            f"and modifiedTime > '{since:%Y-%m-%dT%H:%M:%SZ}'"
        )
        try:
            files = self._client.files(query, fields="id,modifiedTime")
        except CallFailed:
            return
        heard = {file["id"]: str(file.get("modifiedTime", "")) for file in files}
        for known in self._tables.values():
            time = heard.get(known.book, known.heard)
            known.changed = known.changed or time != known.heard
            known.heard = time

    def _admit(self) -> None:
        """Count a read; raise if there were too many in the last minute."""
        seconds = self._budget.take()
        if seconds > 0:
            raise Throttled("the tabs of questions were read often enough", seconds=seconds)

    # --- what ------------------------------------------------------------------------------------

    def _look_at(self, known: _Known) -> None:
        """Find and read the tab of a table, and add the rows that it lacks, if calls are left."""
        now = self._clock.monotonic()
        if now < self._paused:
            return
        try:
            self._refresh(known)
        except (Throttled, TableBusy) as failed:
            self._paused = now + failed.seconds
            return
        except (FormBridgeError, CallFailed) as error:
            self._failed(known, error)
        else:
            self._away = False
        known.read_at, known.changed = self._clock.monotonic(), False

    def _refresh(self, known: _Known) -> None:
        at = self._clock.now() * NANOSECONDS  # what is read is of that time, or newer
        books = self._locate(known.table)
        if not books:
            return
        known.book = books[0]
        read = known.tab.read(known.book, form_id=known.table.form_id)
        if known.apply(read, at=at) and known.answered:
            self._version += 1
        self._tell(known, () if read is None else read.problems)
        if known.lacking:
            self._add(known, read)

    def _add(self, known: _Known, read: QuestionTab | None) -> None:
        """Add rows; what somebody was in the way of is tried again a few times."""
        try:
            known.tab.add(known.book, read, known.columns, known.lacking)
        except Invalid as failed:
            known.refusals += 1
            if known.refusals < REFUSALS:
                return
            self._warn(f"{failed.reason}. New questions get no row in the tab of questions.")
        known.lacking = ()

    def _failed(self, known: _Known, error: FormBridgeError | CallFailed) -> None:
        """Tell once what is wrong with a tab, or with all of Google."""
        sentence = f"{error}. The last good titles stay in use."
        if not isinstance(error, Unknown | Denied):
            self._tell(known, [sentence])
            return
        self._paused = self._clock.monotonic() + self._every
        if not self._away:
            self._warn(sentence)
        self._away = True

    def _tell(self, known: _Known, sentences: Sequence[str]) -> None:
        for sentence in sentences:
            if sentence not in known.told:
                self._warn(sentence)
        known.told = frozenset(sentences)
