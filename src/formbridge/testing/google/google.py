"""The emulated service: one request in, one answer out, whatever carries them.

``Google.handle`` shows what happens to a request, in order: trouble that comes before everything,
its method, its token, its quota, the work itself, and trouble that comes after.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from random import Random
from threading import RLock

import attrs

from formbridge.domain.ports import Clock
from formbridge.testing.google.accounts import refusals
from formbridge.testing.google.accounts.exchange import exchanged
from formbridge.testing.google.accounts.tokens import Tokens
from formbridge.testing.google.answers.masks import narrowed
from formbridge.testing.google.behaviour import DOCUMENTED, behaves
from formbridge.testing.google.errors import (
    ApiError,
    drive_answer,
    forbidden,
    not_found,
    sheets_answer,
)
from formbridge.testing.google.files.drive import Drive
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.messages import Answer, Request
from formbridge.testing.google.page.serving import own
from formbridge.testing.google.routes import Call, Use, handlers
from formbridge.testing.google.schema.methods import Match, is_drive, routed, understood
from formbridge.testing.google.trouble.naming import is_own
from formbridge.testing.google.trouble.quotas import is_drive as of_drive
from formbridge.testing.google.trouble.quotas import project_number
from formbridge.testing.google.trouble.troubles import Troubles
from formbridge.testing.google.wire.batches import batched


class Google:
    """Sheets and Drive with everything that they hold. Shared by threads."""

    def __init__(self, *, clock: Clock, seed: int | None = None) -> None:
        """Begin with one user, known by the token ``test-token``, and nothing in My Drive.

        ``hostile_appends`` lets ``values.append`` overlook rows that are hidden or filtered away
        and write over them, as Google was seen to do. ``apis_off`` holds the APIs that no project
        has enabled: ``sheets``, ``drive``.
        """
        self.troubles = Troubles(clock, seed=seed or 0)
        self.clock: Clock = self.troubles.clock
        self.ids = Random(seed)  # noqa: S311 - ids, not secrets
        self.tokens = Tokens(clock=self.clock)
        self.troubles.whose = self._whose
        self.drive = Drive(ids=self.ids)
        self.books: dict[str, Book] = {}
        self.hostile_appends = False
        self.apis_off: set[str] = set()
        self.lock = RLock()

    def handle(self, request: Request) -> Answer:
        """Answer a request. Raises ``trouble.troubles.Cut`` where a connection would be cut.

        No trouble befalls the emulator's own page and control API.
        """
        if is_own(request):
            return own(self, request)
        return self._dated(self.troubles.around(request, lambda: self.answer(request)))

    def answer(self, request: Request) -> Answer:
        """Answer a request without trouble."""
        pretty = request.value("prettyPrint", "true").lower() not in {"false", "0"}
        other = self._beside(request)
        if other is not None:
            return other
        try:
            found = routed(request)
            with self.lock:
                return self._perform(found, request, pretty=pretty)
        except ApiError as error:
            return (drive_answer if is_drive(request) else sheets_answer)(error, pretty=pretty)

    def _beside(self, request: Request) -> Answer | None:
        """Answer what stands in no discovery document: OAuth's endpoints, and batches of calls."""
        with self.lock:
            token = exchanged(request, self.tokens)
        return token or batched(request, self.handle)

    def _perform(self, found: Match, request: Request, *, pretty: bool) -> Answer:
        handler = handlers().get(found.method)
        if handler is None:
            raise ApiError(
                501, f"This emulator does not know {found.method} yet.", status="UNIMPLEMENTED"
            )
        grant = self.tokens.grant_of(request, scopes=found.scopes)
        if ("drive" if of_drive(found) else "sheets") in self.apis_off:
            raise refusals.api_off(request, project_number(grant.project))
        found = understood(found, request)
        self.troubles.quotas.take(found, handler.use, grant)
        call = Call(
            google=self,
            grant=grant,
            request=request,
            method=found.method,
            variables=found.variables,
            params=found.params,
            body=found.body,
            now=self.clock.now(),
            ids=self.ids,
        )
        fields = found.params.get("fields")
        if handler.use is Use.WRITE:  # a mask that is refused must have changed nothing
            narrowed({}, fields, found.response)
        result = handler.function(call)
        if isinstance(result, Answer):
            return result
        return Answer.json(narrowed(result, fields, found.response), pretty=pretty)

    @behaves("every answer tells Google's time in its Date header", DOCUMENTED, "RFC 9110, 6.6.1")
    def _dated(self, answer: Answer) -> Answer:
        date = formatdate(self.clock.now() / 1_000_000, usegmt=True)
        return attrs.evolve(answer, headers={**answer.headers, "date": date})

    def _whose(self, token: str) -> str:
        held = self.tokens.bearers.get(token)
        return "" if held is None else held.account.email

    # --- spreadsheets, for whoever may ----------------------------------------------------------

    def book(self, call: Call, book_id: str) -> Book:
        """Return the spreadsheet to read it; raise the Sheets API's 404 or 403."""
        return self._book(call, book_id, write=False)

    @contextmanager
    def changing(self, call: Call, book_id: str) -> Iterator[Book]:
        """Yield a clone, which takes the original's place when the block ends without an error."""
        clone = self._book(call, book_id, write=True).clone()
        yield clone
        self.books[book_id] = clone
        self.drive.touch(book_id, by=call.grant.account, now=call.now)

    def _book(self, call: Call, book_id: str, *, write: bool) -> Book:
        if book_id not in self.books:
            raise not_found()
        if not self.drive.may(call.grant, book_id, write=write):
            raise forbidden()
        return self.books[book_id]
