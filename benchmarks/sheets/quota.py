"""Responses a minute that the published quota of one account allows, beside the way people do it.

The quota is Google's: 60 writes and 60 reads a minute for each account. The emulator refuses what
is more, calls take as long as the emulator's latency model says, and time is simulated.
"""

from collections.abc import Callable, Sequence
from random import Random

import attrs
from google.auth.transport.requests import AuthorizedSession
from google.oauth2.credentials import Credentials
from gspread import Client, Worksheet
from gspread.exceptions import APIError

from benchmarks.figure import Figure
from benchmarks.sheets.world import Time, Working, expect, world
from benchmarks.workload import ANSWERS, payload, payloads
from formbridge.bridge import BridgeSettings
from formbridge.testing.google import Google

BAR = 25_000
QUOTA = 60
Row = Sequence[str]
Append = Callable[[Client, Row], None]
TITLE = "Form"
POLITE = 1.0
"""Seconds after which a call that was refused is made again."""


@attrs.frozen(kw_only=True)
class Paced:
    """So many responses in so many simulated seconds, with so many writes."""

    responses: int
    seconds: float
    writes: int

    @property
    def rate(self) -> float:
        """Responses a minute."""
        return self.responses / self.seconds * 60


def ours(*, responses: int, edits: float = 0.0) -> Paced:
    """Carry a log of one form that is full already, with default settings.

    The account has made its sixty writes just before: no budget was saved up.
    """
    with world(settings=BridgeSettings(), latency=True) as it:
        for number in range(QUOTA):
            it.publish([payload(0, number, chance=Random(number))])
            it.work()
        it.forget()
        log = list(payloads(responses, forms=1, edits=edits, known=QUOTA))
        it.publish(log)
        begun = it.clock.monotonic()
        it.work()
        seconds = it.clock.monotonic() - begun
        expect(it, log, known=QUOTA)
        return Paced(
            responses=responses, seconds=seconds, writes=it.store.client.calls["sheets.write"]
        )


def theirs(append: Append, *, responses: int) -> Paced:
    """Append so many responses one by one; a call that is refused is made again."""
    clock = Time()
    google = Google(clock=clock, seed=1)
    client = _client(google, clock)
    client.create(TITLE)
    google.troubles.quotas.on = google.troubles.latency.on = True
    begun, calls = clock.monotonic(), 0
    for number in range(responses):
        row = [f"response-{number:09}", "2026-03-01", "", *["an answer"] * ANSWERS]
        while not _tried(append, client, row):
            clock.advance(POLITE)
        calls += 1
    return Paced(responses=responses, seconds=clock.monotonic() - begun, writes=calls)


def _tried(append: Append, client: Client, row: Row) -> bool:
    try:
        append(client, row)
    except APIError as error:
        if error.response.status_code != 429:
            raise
        return False
    return True


def _client(google: Google, clock: Time) -> Client:
    session = AuthorizedSession(Credentials("test-token"))
    session.mount("https://", Working(google, clock))
    client = Client(auth=None, session=session)  # type: ignore[arg-type]  # as its own documentation has it
    client.set_timeout((10.0, 60.0))
    return client


def by_name(client: Client, row: Row) -> None:
    """Do it as most examples do: open by name, take the first tab, append."""
    client.open(TITLE).sheet1.append_row(row)


@attrs.define(eq=False)
class Opened:
    """Opens the spreadsheet once, and keeps it."""

    _sheet: Worksheet | None = None

    def __call__(self, client: Client, row: Row) -> None:
        """Append."""
        if self._sheet is None:
            self._sheet = client.open(TITLE).sheet1
        self._sheet.append_row(row)


def figures(*, responses: int, one_by_one: int) -> list[Figure]:
    """Measure all of it."""
    full = ours(responses=responses)
    edited = ours(responses=responses, edits=0.1)
    named = theirs(by_name, responses=one_by_one)
    opened = theirs(Opened(), responses=one_by_one)
    return [
        Figure(
            name="one form at full load, one account",
            value=full.rate,
            unit="responses/min",
            bar=BAR,
            note=f"{full.responses:,} in {full.seconds:.0f} simulated seconds, {full.writes} "
            f"writes of {full.responses / full.writes:.0f} responses",
        ),
        Figure(
            name="the same, one edit in ten",
            value=edited.rate,
            unit="responses/min",
            note=f"{edited.responses:,} in {edited.seconds:.0f} simulated seconds, "
            f"{edited.writes} writes",
        ),
        Figure(
            name="gspread: open by name, `append_row` a response",
            value=named.rate,
            unit="responses/min",
            note=f"{named.responses} in {named.seconds:.0f} simulated seconds; two reads each",
        ),
        Figure(
            name="gspread: opened once, `append_row` a response",
            value=opened.rate,
            unit="responses/min",
            note=f"{opened.responses} in {opened.seconds:.0f} simulated seconds",
        ),
        Figure(name="FormBridge over open by name", value=full.rate / named.rate, unit=""),
        Figure(name="FormBridge over opened once", value=full.rate / opened.rate, unit=""),
    ]
