"""The calls that FormBridge makes to Google, one method each.

Sheets calls go out by the account with the most budget left; Drive calls always by the first one,
because ``appProperties`` belong to whoever set them (Drive API, "Add custom file properties").
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Self
from urllib.parse import quote

import attrs
from gspread import urls
from requests.adapters import BaseAdapter

from formbridge.adapters.sheets.calls.budget import Budget
from formbridge.adapters.sheets.calls.errors import SDK_ERRORS, sorted_out
from formbridge.adapters.sheets.calls.failures import CallFailed, Throttled
from formbridge.adapters.sheets.calls.wire import Ask, Params, Wire, wires_of
from formbridge.adapters.sheets.settings import SheetsSettings
from formbridge.domain.ports import Clock

Json = dict[str, Any]

FILES = urls.DRIVE_FILES_API_V3_URL
ABOUT = FILES.removesuffix("files") + "about"
ALL_DRIVES: Params = {"supportsAllDrives": "true"}
PAGE = "1000"
PATIENCE = 2.0
CAUGHT: tuple[type[Exception], ...] = (CallFailed, *SDK_ERRORS)


@attrs.frozen(kw_only=True)
class Call:
    """One call that was made: its kind, how long it took, and what became of it.

    ``outcome`` is ``ok``, or the name of the ``CallFailed``.
    """

    kind: str
    seconds: float
    outcome: str


def ignore(_: Call, /) -> None:
    """Take a call and do nothing: the default."""


@attrs.define(eq=False, kw_only=True)
class SheetsClient:
    """Calls Google Sheets and Drive. One thread at a time.

    Nothing is tried again: whoever calls knows whether that is safe. Every method raises subclasses
    of ``CallFailed`` only. Before a call the client waits up to ``patience`` seconds for the
    budget; beyond that it raises ``Throttled``, and nothing goes out.

    ``calls`` counts by kind: ``sheets.read``, ``sheets.write``, ``drive.list``, ``drive.get``,
    ``drive.create``, ``drive.change``, ``drive.share``, ``drive.about``, ``token``.
    """

    wires: Sequence[Wire]
    clock: Clock
    patience: float = PATIENCE
    observe: Callable[[Call], None] = ignore
    calls: Counter[str] = attrs.field(factory=Counter)

    @classmethod
    def of(
        cls,
        settings: SheetsSettings,
        *,
        clock: Clock,
        transport: BaseAdapter | None = None,
        observe: Callable[[Call], None] = ignore,
        patience: float = PATIENCE,
    ) -> Self:
        """Open a client; calls nobody. Raises BadSetting for credentials that are none.

        ``transport`` carries requests in place of a socket.
        """
        calls: Counter[str] = Counter()

        def asked() -> None:
            calls["token"] += 1

        wires = wires_of(settings, clock=clock, transport=transport, asked=asked)
        return cls(wires=wires, clock=clock, patience=patience, observe=observe, calls=calls)

    def close(self) -> None:
        """Close every connection. A second call does nothing."""
        for wire in self.wires:
            wire.close()

    @property
    def who(self) -> tuple[str, ...]:
        """Whom to share folders and spreadsheets with: email addresses, as far as known."""
        return tuple(wire.who for wire in self.wires if wire.who)

    # --- Sheets ----------------------------------------------------------------------------------

    def read(self, book: str, *, fields: str, ranges: Sequence[str] = ()) -> Json:
        """Return what the mask ``fields`` names of a spreadsheet (``spreadsheets.get``)."""
        params: Params = {"fields": fields, "ranges": list(ranges)}
        return self._sheets("read", "get", urls.SPREADSHEET_URL, book, params)

    def values(self, book: str, ranges: Sequence[str]) -> list[list[list[object]]]:
        """Return the cells of each range, column by column (``values.batchGet``).

        Unformatted: numbers, booleans, texts, and serial numbers for dates. Google leaves out what
        is empty at the end of a column, and empty columns at the end; in between it is ``""``.
        """
        params: Params = {
            "ranges": list(ranges),
            "majorDimension": "COLUMNS",
            "valueRenderOption": "UNFORMATTED_VALUE",
            "dateTimeRenderOption": "SERIAL_NUMBER",
        }
        answer = self._sheets("read", "get", urls.SPREADSHEET_VALUES_BATCH_URL, book, params)
        return [it.get("values", []) for it in answer.get("valueRanges", [])]

    def change(
        self,
        book: str,
        requests: Sequence[Json],
        *,
        ranges: Sequence[str] = (),
        fields: str = "",
    ) -> Json:
        """Apply all requests, or none (``spreadsheets.batchUpdate``).

        ``fields`` is the mask of the answer. Where it names ``updatedSpreadsheet``, the answer
        shows the spreadsheet as it stands after the change, of it the ``ranges``: a read that
        costs no read.
        """
        body: Json = {"requests": list(requests)}
        if "updatedSpreadsheet" in fields:
            body |= {"includeSpreadsheetInResponse": True, "responseRanges": list(ranges)}
        params: Params = {"fields": fields} if fields else {}
        url = urls.SPREADSHEET_BATCH_UPDATE_URL
        return self._sheets("write", "post", url, book, params, body)

    # --- Drive -----------------------------------------------------------------------------------

    def files(
        self, query: str, *, fields: str, order: str = "createdTime", drive: str = ""
    ) -> list[Json]:
        """Return every file that a query of Drive finds, on all drives or on one Shared Drive.

        ``fields`` are those of one file, such as ``id,name``. What was made a moment ago may not
        be found yet.
        """
        params: dict[str, str | list[str]] = {
            **ALL_DRIVES,
            "includeItemsFromAllDrives": "true",
            "q": query,
            "orderBy": order,
            "pageSize": PAGE,
            "fields": f"nextPageToken,files({fields})",
        }
        if drive:
            params |= {"corpora": "drive", "driveId": drive}
        found: list[Json] = []
        while True:
            answer = self._drive("list", "get", FILES, "Google Drive", params)
            found += answer.get("files", [])
            if not answer.get("nextPageToken"):
                return found
            params["pageToken"] = answer["nextPageToken"]

    def file(self, file_id: str, *, fields: str) -> Json:
        """Return what the mask ``fields`` names of a file; consistent, unlike a search."""
        params = {**ALL_DRIVES, "fields": fields}
        return self._drive(
            "get", "get", f"{FILES}/{quote(file_id, safe='')}", f"the file {file_id}", params
        )

    def create_file(self, body: Json, *, fields: str = "id,name,parents,driveId") -> Json:
        """Make a file or a folder as ``body`` says; twice makes two of them."""
        params = {**ALL_DRIVES, "fields": fields}
        what = f"making {body.get('name', 'a file')!r} in Google Drive"
        return self._drive("create", "post", FILES, what, params, body)

    def change_file(
        self, file_id: str, body: Json, *, add_parent: str = "", remove_parent: str = ""
    ) -> Json:
        """Change a file's name, mark, place, or put it into the trash."""
        params = dict(ALL_DRIVES)
        params |= {"addParents": add_parent} if add_parent else {}
        params |= {"removeParents": remove_parent} if remove_parent else {}
        what = f"the file {file_id}"
        return self._drive(
            "change", "patch", f"{FILES}/{quote(file_id, safe='')}", what, params, body
        )

    def share(self, file_id: str, permission: Json, *, notify: bool = False) -> None:
        """Give somebody access to a file; ``notify`` sends them an email."""
        params = {**ALL_DRIVES, "sendNotificationEmail": str(notify).lower()}
        url = f"{FILES}/{quote(file_id, safe='')}/permissions"
        self._drive("share", "post", url, f"sharing the file {file_id}", params, permission)

    def about(self, fields: str) -> Json:
        """Return what Drive says about the account: who it is, and its storage."""
        return self._drive("about", "get", ABOUT, "Google Drive", {"fields": fields})

    # --- how -------------------------------------------------------------------------------------

    def _sheets(  # noqa: PLR0913, PLR0917 - a call is that many things
        self, use: str, verb: str, url: str, book: str, params: Params, body: Json | None = None
    ) -> Json:
        what, at = f"the spreadsheet {book}", url % quote(book, safe="")
        ask = Ask(kind=f"sheets.{use}", what=what, verb=verb, url=at, params=params, body=body)
        return self._called(ask)

    def _drive(  # noqa: PLR0913, PLR0917 - a call is that many things
        self, use: str, verb: str, url: str, what: str, params: Params, body: Json | None = None
    ) -> Json:
        ask = Ask(kind=f"drive.{use}", what=what, verb=verb, url=url, params=params, body=body)
        return self._called(ask)

    def _called(self, ask: Ask) -> Json:
        """Make a call once there is a budget for it; halve the pace if Google says so."""
        wire, budget = self._admitted(ask)
        try:
            return self._made(wire, ask)
        except Throttled as failed:
            budget.halve(pause=failed.seconds)
            failed.seconds = self._freest(ask.kind)[1].wait()
            raise

    def _admitted(self, ask: Ask) -> tuple[Wire, Budget]:
        """Return who may call now, having waited for it; raise Throttled where that takes long."""
        until = self.clock.monotonic() + self.patience
        while True:
            wire, budget = self._freest(ask.kind)
            seconds = budget.take()
            if seconds <= 0:
                return wire, budget
            if self.clock.monotonic() + seconds > until:
                reason = f"{ask.what}: the budget of calls is used up for {seconds:.1f} s"
                raise Throttled(reason, seconds=seconds)
            self.clock.sleep(seconds)

    def _freest(self, kind: str) -> tuple[Wire, Budget]:
        """Return who could call first, with the budget that this kind of call takes from."""
        if kind.startswith("drive."):
            return self.wires[0], self.wires[0].drive
        reads = kind == "sheets.read"
        pairs = [(wire, wire.reads if reads else wire.writes) for wire in self.wires]
        return min(pairs, key=lambda pair: (pair[1].wait(), -pair[1].left))

    def _made(self, wire: Wire, ask: Ask) -> Json:
        """Make a call, and tell what became of it."""
        self.calls[ask.kind] += 1
        with self._observed(ask.kind):
            try:
                return wire.call(ask)
            except CAUGHT as error:
                failed = sorted_out(error, what=ask.what, who=wire.who)
            # Outside of the block: Google's text may quote answers, and a cause is printed.
            raise failed

    @contextmanager
    def _observed(self, kind: str) -> Iterator[None]:
        begun, outcome = self.clock.monotonic(), "ok"
        try:
            yield
        except CallFailed as failed:
            outcome = type(failed).__name__
            raise
        finally:
            seconds = self.clock.monotonic() - begun
            self.observe(Call(kind=kind, seconds=seconds, outcome=outcome))
