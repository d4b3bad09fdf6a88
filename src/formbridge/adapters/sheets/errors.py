"""Every error of gspread, google-auth and requests, sorted by its reason. The only place.

A status says too little: 403 means throttled, no storage, not shared, or not enabled. What is not
foreseen counts as ``Unknown``, after which nothing is written blindly. A test walks all classes.
"""

import json
import re
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from google.auth import exceptions as auth
from gspread import exceptions as gspread
from requests import Response
from requests import exceptions as requests
from urllib3 import exceptions as urllib3

from formbridge.adapters.sheets import reasons
from formbridge.adapters.sheets.failures import (
    CallFailed,
    Denied,
    Forbidden,
    Invalid,
    Missing,
    Throttled,
    Unknown,
)
from formbridge.adapters.sheets.reasons import GRANT_TEXTS, GRANTS, REASONS
from formbridge.domain.errors import (
    StoreBroken,
    StoreDenied,
    StoreError,
    StoreUnavailable,
    TableBusy,
    TableUnavailable,
)

__all__ = [
    "CallFailed",
    "Denied",
    "Forbidden",
    "Invalid",
    "Missing",
    "Throttled",
    "Unknown",
    "domain_error",
    "sorted_out",
]

SDK_ERRORS: tuple[type[Exception], ...] = (
    gspread.GSpreadException,
    gspread.UnSupportedExportFormat,
    auth.GoogleAuthError,
    OSError,  # those of requests among them, and of a certificate file that is not there
    urllib3.HTTPError,
    ValueError,  # JSON that is none, a host that is none
)
"""What a call may raise."""

MINUTE = 60.0
UNAVAILABLE_SECONDS = 5.0
URL = re.compile(r"https://console\.(?:developers|cloud)\.google\.com/[^\s\"'<>]+")
PLACE = re.compile(r"\b(?:requests|data)\[\d+\](?:\.\w+)?")
NOT_A_SHEET = "not supported for this document"
NEVER_SENT = (
    requests.ConnectTimeout,
    requests.SSLError,
    requests.ProxyError,
    requests.InvalidJSONError,
    urllib3.NewConnectionError,
    urllib3.ConnectTimeoutError,
    urllib3.NameResolutionError,
)
WRONG_ADDRESS = (
    requests.MissingSchema,
    requests.InvalidSchema,
    requests.InvalidURL,
    requests.InvalidHeader,
    requests.URLRequired,
    urllib3.LocationValueError,
)


def sorted_out(error: BaseException, *, what: str, who: str = "") -> CallFailed:
    """Return what an error means. ``what`` was called about, by ``who`` (an email address)."""
    found: CallFailed
    match error:
        case CallFailed():
            found = error
        case gspread.APIError():
            found = _answered(error.response, what, who)
        case gspread.SpreadsheetNotFound():
            found = Missing(f"{what}: {reasons.NO_FILE}")
        case gspread.GSpreadException() | gspread.UnSupportedExportFormat():
            found = Invalid(f"{what}: unexpected {type(error).__name__} of gspread; report it")
        case auth.GoogleAuthError():
            found = _unauthorized(error, what, who)
        case OSError() | urllib3.HTTPError():
            found = _unreached(error, what)
        case _:
            kind = type(error).__name__
            found = Unknown(f"{what}: Google's answer makes no sense ({kind}); it is tried again")
    return found


def domain_error(failed: CallFailed) -> StoreError:
    """Return what the failure of a call means for whoever uses the tables."""
    match failed:
        case Throttled(seconds=seconds):
            return TableBusy(failed.reason, seconds=seconds)
        case Unknown():
            return StoreUnavailable(failed.reason, seconds=UNAVAILABLE_SECONDS)
        case Missing() | Forbidden():
            return TableUnavailable(failed.reason)
        case Denied():
            return StoreDenied(failed.reason)
        case _:
            return StoreBroken(failed.reason)


# --- answers of the APIs -------------------------------------------------------------------------


def _answered(response: Response, what: str, who: str) -> CallFailed:
    said = _error_of(response)
    for word in _reasons_of(said):
        if word in REASONS:
            return _meant(word, response, said, what, who)
    return _by_status(response, said, what, who)


def _meant(
    word: str, response: Response, said: Mapping[str, Any], what: str, who: str
) -> CallFailed:
    kind, sentence = REASONS[word]
    reason = f"{what}: {sentence} ({word})"
    if kind is Throttled:
        seconds = MINUTE * 60 if sentence is reasons.FULL else wait_of(response)
        return Throttled(reason, seconds=seconds, code=word)
    if sentence is reasons.API_OFF:
        address = URL.search(_message(said))
        at = f" at {address.group().rstrip('.')}" if address else ""
        return Denied(f"{what}: {sentence}{at}, then wait a few minutes ({word})", code=word)
    if kind is Forbidden and who:
        reason = f"{what}: {sentence} with {who} ({word})"
    if kind is Invalid:
        return Invalid(reason, detail=_message(said), code=word)
    return kind(reason, code=word)


def _by_status(response: Response, said: Mapping[str, Any], what: str, who: str) -> CallFailed:
    """Sort an answer whose reason says nothing, or that has none."""
    found: CallFailed
    match response.status_code, bool(said):
        case 429, _:
            found = Throttled(f"{what}: {reasons.TOO_MANY}", seconds=wait_of(response))
        case 401, _:
            found = Denied(f"{what}: {reasons.REVOKED} (401)")
        case 413, _:
            reason = f"{what}: the request is too large for Google (413)"
            found = Invalid(reason, detail="too large")
        case 404 | 410, True:
            found = Missing(f"{what}: {reasons.NO_FILE}")
        case 403, True:
            found = Forbidden(f"{what}: {reasons.NOT_SHARED}{f' with {who}' if who else ''}")
        case 400 | 405 | 411 | 412 | 416 | 501, _:
            found = _invalid(said, what)
        case _:
            cause = "Google's servers fail for the moment" if said else "a page came for an answer"
            found = Unknown(f"{what}: {cause} ({response.status_code}); it is tried again")
    return found


def _invalid(said: Mapping[str, Any], what: str) -> CallFailed:
    """Return a 400 without Google's text, which repeats what was sent."""
    detail = _message(said)
    if NOT_A_SHEET in detail:
        remedy = "open it in Google Sheets and choose File, Save as Google Sheets"
        return Missing(f"{what}: the file is no Google Sheet (an Excel file?); {remedy}")
    place = PLACE.search(detail)
    where = f" at {place.group()}" if place else ""
    return Invalid(f"{what}: Google refuses the request{where} (400); report it", detail=detail)


def wait_of(response: Response) -> float:
    """Return the seconds after which to try again: as ``Retry-After`` says, else 0.

    Its two forms are those of RFC 9110, section 10.2.3; a date is compared with the answer's own.
    """
    said = response.headers.get("Retry-After", "").strip()
    if said.isdecimal():
        return float(said)
    try:
        until = parsedate_to_datetime(said)
        now = parsedate_to_datetime(response.headers.get("Date", ""))
        return max(0.0, (until - now).total_seconds())
    except (TypeError, ValueError):
        return 0.0


def _error_of(response: Response) -> Mapping[str, Any]:
    """Return the ``error`` of an answer; nothing where a page or anything else came."""
    try:
        body = json.loads(response.content)
    except ValueError:
        return {}
    said = body.get("error") if isinstance(body, dict) else None
    if isinstance(said, str):  # as OAuth's endpoints say it
        return {"message": said, "errors": [{"reason": said}]}
    return said if isinstance(said, dict) else {}


def _reasons_of(said: Mapping[str, Any]) -> Iterator[str]:
    for name in ("details", "errors"):
        for part in said.get(name) or ():
            if isinstance(part, dict) and isinstance(part.get("reason"), str):
                yield part["reason"]


def _message(said: Mapping[str, Any]) -> str:
    return str(said.get("message", ""))


# --- tokens --------------------------------------------------------------------------------------


def _unauthorized(error: auth.GoogleAuthError, what: str, who: str) -> CallFailed:
    """Sort what came instead of a token: the call itself did not go out."""
    cause = error.__cause__ or error.args[0] if error.args else None
    if isinstance(cause, (requests.RequestException, urllib3.HTTPError)):
        found = _unreached(cause, f"the token for {what}")
        return Unknown(found.reason, sent=False) if isinstance(found, Unknown) else found
    said = next((it for it in error.args if isinstance(it, dict)), {})
    word = str(said.get("error", ""))
    for_whom = f"{what}: no token for {who}" if who else f"{what}: no token"
    if word == "rate_limit_exceeded":
        return Throttled(f"{for_whom}: {reasons.TOO_MANY} ({word})", seconds=MINUTE, code=word)
    if error.retryable or (not word and _may_pass(error)):
        return Unknown(
            f"{for_whom}: Google's sign-in fails for the moment; it is tried again", sent=False
        )
    return Denied(f"{for_whom}: {_grant(word, said)} ({word or type(error).__name__})", code=word)


def _may_pass(error: auth.GoogleAuthError) -> bool:
    """Whether an error without a word of OAuth's may pass: a page that came, a lost connection."""
    text = str(error).lstrip()
    passing = (auth.TransportError, auth.TimeoutError, auth.ResponseError)
    page = isinstance(error, auth.RefreshError) and (not text or text.startswith(("<", "{")))
    return isinstance(error, passing) or page


def _grant(word: str, said: Mapping[str, Any]) -> str:
    text = str(said.get("error_description", "")).lower()
    if word == "invalid_grant":
        for part, sentence in GRANT_TEXTS:
            if part in text:
                return sentence
    return GRANTS.get(word, reasons.REVOKED)


# --- connections ---------------------------------------------------------------------------------


def _unreached(error: BaseException, what: str) -> CallFailed:
    """Sort what came instead of an answer."""
    if isinstance(error, WRONG_ADDRESS):
        return Denied(f"{what}: the address is wrong; correct the setting endpoint")
    if not isinstance(error, (requests.RequestException, urllib3.HTTPError)):
        return _machine(error, what)
    sent = not any(isinstance(it, NEVER_SENT) for it in _chain(error))
    return Unknown(f"{what}: {_lost(error, sent=sent)}; it is tried again", sent=sent)


def _machine(error: BaseException, what: str) -> CallFailed:
    """Sort an error of the operating system that requests did not make its own."""
    if "CA certificate" in str(error) or "TLS" in str(error):
        remedy = "correct REQUESTS_CA_BUNDLE, or leave it out"
        return Denied(f"{what}: the file of trusted certificates is not there; {remedy}")
    return Unknown(f"{what}: the connection failed ({type(error).__name__}); it is tried again")


def _lost(error: BaseException, *, sent: bool) -> str:
    if isinstance(error, requests.SSLError):
        return "no trusted connection (a wrong clock, or a proxy whose certificate is not known?)"
    if isinstance(error, requests.ProxyError):
        return "the proxy refuses the connection (look at HTTPS_PROXY)"
    if not sent:
        return "Google cannot be reached from here"
    if isinstance(error, requests.Timeout):
        return "no answer came in time"
    return "the connection was lost before an answer came"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what it was made of, as requests and urllib3 keep it."""
    seen: BaseException | None = error
    for _ in range(5):
        if seen is None:
            return
        yield seen
        inner = getattr(seen, "reason", None) or (seen.args[0] if seen.args else None)
        seen = inner if isinstance(inner, BaseException) else seen.__cause__
