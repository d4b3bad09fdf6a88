"""Checks of an account: who it is, the clock, its token, what that may do, and what is left.

Each is a function of a ``Patient``; it returns what it found, or raises ``CallFailed``.
Sources: "Using OAuth 2.0 for Server to Server Applications" (an assertion is good for an hour, and
a clock may be off by 5 minutes), OAuth's ``tokeninfo``, "Usage limits" of the Sheets API.
"""

from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any, cast

import attrs
import requests
from google.auth.credentials import Credentials
from google.auth.transport.requests import AuthorizedSession
from google.oauth2 import service_account

from formbridge.adapters.sheets.calls.client import Json, SheetsClient
from formbridge.adapters.sheets.calls.credentials import SCOPES
from formbridge.adapters.sheets.calls.errors import SDK_ERRORS, sorted_out
from formbridge.adapters.sheets.calls.failures import Missing, Throttled
from formbridge.adapters.sheets.calls.wire import Tokens, Wire, at
from formbridge.adapters.sheets.doctor.findings import Verdict, fail, ok
from formbridge.adapters.sheets.drive.folders import SERVICE
from formbridge.adapters.sheets.drive.found import Found
from formbridge.adapters.sheets.settings import SheetsSettings
from formbridge.domain.ports import Clock

MOST_SKEW = 300.0
"""Seconds by which a clock may be wrong before Google refuses what a service account signs."""
WORTH_TELLING = 30.0
TOKEN_INFO = "https://oauth2.googleapis.com/tokeninfo"  # noqa: S105 - an address
UNKNOWN_TOKEN = (400, 401)
NOBODY = "formbridge-doctor-looks-for-nothing"
"""The id of a spreadsheet that is not there: asking for it shows whether one may ask."""
NOTHING: Json = {"deleteNamedRange": {"namedRangeId": "none"}}
DRIVE_FILE = "https://www.googleapis.com/auth/drive.file"


@attrs.define(eq=False, kw_only=True)
class Patient:
    """One account with what the checks have learnt of it so far.

    ``first`` is false for further credentials: they share the work and make nothing.
    ``only_looks``: nothing is remembered or marked.
    """

    settings: SheetsSettings
    client: SheetsClient
    clock: Clock
    first: bool = True
    only_looks: bool = True
    email: str = ""
    storage: Json = attrs.field(factory=dict)
    folder: Found | None = None

    @property
    def wire(self) -> Wire:
        """The account's connection."""
        return self.client.wires[0]

    @property
    def credentials(self) -> Credentials:
        """What gets its tokens."""
        session = cast("AuthorizedSession", self.wire.http.session)
        return cast("Credentials", session.credentials)

    @property
    def who(self) -> str:
        """Whose the account is, as far as that is known."""
        return self.email or self.wire.who or "this account"

    @property
    def owns_nothing(self) -> bool:
        """Whether it is a service account that acts for nobody and has no storage of its own."""
        return self.who.endswith(SERVICE) and self.storage.get("limit") in {None, "0"}


def key(patient: Patient) -> Verdict:
    """Say which credentials are used, and whose they are. They were read when it was opened."""
    settings, credentials = patient.settings, patient.credentials
    if settings.subject:
        robot = getattr(credentials, "service_account_email", "a service account")
        return ok(f"{_source(settings)}: {robot}, which acts for {settings.subject}")
    if isinstance(credentials, service_account.Credentials):
        return ok(f"{_source(settings)}: the service account {patient.wire.who}")
    if not settings.credentials and settings.local:
        return ok("none is needed: the plain user of an emulator on this machine")
    return ok(f"{_source(settings)}: what {patient.wire.who or 'a user'} allowed")


def _source(settings: SheetsSettings) -> str:
    if settings.credentials:
        return str(settings.credentials[0])
    return "Application Default Credentials"


def clock(patient: Patient) -> Verdict:
    """Compare this machine's clock with the ``Date`` of an answer of Google's."""
    before = patient.clock.now()
    response = _ask(patient, {})
    after = patient.clock.now()
    try:
        theirs = parsedate_to_datetime(response.headers.get("Date", "")).timestamp()
    except (TypeError, ValueError):
        return fail("the answer tells no time", "look whether a proxy takes the header Date away")
    off = (before + after) / 2_000_000 - theirs
    if abs(off) > MOST_SKEW:
        return fail(
            f"this machine's clock is {_off(off)}, and Google allows {MOST_SKEW / 60:.0f} minutes",
            "set the clock, and keep it right by NTP",
        )
    return ok("right" if abs(off) < WORTH_TELLING else f"{_off(off)}: still good enough")


def _off(seconds: float) -> str:
    way, amount = "ahead" if seconds > 0 else "behind", abs(seconds)
    told = f"{amount / 60:,.0f} minutes" if amount > MOST_SKEW else f"{amount:.0f} seconds"
    return f"{told} {way}"


def token(patient: Patient) -> Verdict:
    """Get a token, as every call does."""
    credentials, wire = patient.credentials, patient.wire
    settings = patient.settings
    asks = Tokens(wire.sessions[-1], endpoint=settings.endpoint, asked=_nothing)
    try:
        if not credentials.valid:
            timeout = (settings.connect_timeout, settings.timeout)
            credentials.refresh(partial(asks, timeout=timeout))
    except SDK_ERRORS as error:
        failed = sorted_out(error, what="signing in", who=wire.who)
    else:
        return ok(f"Google gives one to {patient.who}")
    raise failed


def _nothing() -> None:
    """Count no token: the doctor's are no work."""


def scopes(patient: Patient) -> Verdict:
    """Ask what the token may be used for."""
    response = _ask(patient, {"access_token": patient.credentials.token})
    said = _json(response)
    if response.status_code in UNKNOWN_TOKEN:
        return fail(
            f"Google does not know the token of {patient.who}: it was revoked",
            "make a new key, or sign in again",
        )
    if "scope" not in said:
        code = response.status_code
        return fail(f"Google's sign-in fails for the moment ({code})", lasting=False)
    patient.email = patient.email or str(said.get("email", ""))
    has = set(str(said["scope"]).split())
    if SCOPES[1] in has:  # it is good for spreadsheets too
        return ok("they reach spreadsheets and the whole Drive of the account")
    lacking = " and ".join(sorted(set(SCOPES) - has))
    only = "drive.file reaches only what FormBridge made itself; " if DRIVE_FILE in has else ""
    return fail(f"the token lacks {lacking}", f"{only}sign in anew and allow both scopes")


def _ask(patient: Patient, form: dict[str, Any]) -> requests.Response:
    """Ask about a token; in the body, so that it stands in no log of addresses."""
    settings, session = patient.settings, patient.wire.sessions[-1]
    timeout = (settings.connect_timeout, settings.timeout)
    try:
        return session.post(at(settings.endpoint, TOKEN_INFO), data=form, timeout=timeout)
    except SDK_ERRORS as error:
        failed = sorted_out(error, what="Google's sign-in")
    raise failed


def _json(response: requests.Response) -> Json:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def sheets_api(patient: Patient) -> Verdict:
    """Ask for a spreadsheet that is not there: the answer shows whether the API is enabled."""
    try:
        patient.client.read(NOBODY, fields="spreadsheetId")
    except (Missing, Throttled):
        return ok("enabled")
    return fail("a spreadsheet was found where none can be", "look at the setting endpoint")


def drive_api(patient: Patient) -> Verdict:
    """Ask who this is; learn the account's storage too."""
    about = patient.client.about("user(emailAddress),storageQuota(limit,usage)")
    patient.email = about.get("user", {}).get("emailAddress", "") or patient.email
    patient.storage = about.get("storageQuota", {})
    return ok(f"enabled; Drive knows the account as {patient.who}")


def quota(patient: Patient) -> Verdict:
    """Make a read and a write that change nothing: is anything left in this minute?"""
    settings = patient.settings
    for use, call in (
        ("reads", partial(patient.client.read, NOBODY, fields="spreadsheetId")),
        ("writes", partial(patient.client.change, NOBODY, [NOTHING])),
    ):
        try:
            call()
        except Missing:
            continue
        except Throttled as failed:
            return fail(
                f"no {use} are left for {failed.seconds:.0f} s",
                "see who else uses the same credentials or project, and set processes, "
                "reads_per_minute and writes_per_minute by what is left for FormBridge",
                lasting=False,
            )
    reads = patient.wire.reads.per_minute
    writes = patient.wire.writes.per_minute
    shared = f", a part of {settings.processes}" if settings.processes > 1 else ""
    return ok(f"calls are let through; {reads} reads and {writes} writes a minute are used{shared}")
