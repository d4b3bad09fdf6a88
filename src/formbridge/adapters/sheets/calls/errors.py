"""Every error of gspread, google-auth and requests, sorted by its reason. The only place.

A status says too little: 403 means throttled, no storage, not shared, or not enabled. What is not
foreseen counts as ``Unknown``, after which nothing is written blindly. A test walks all classes.
"""

from google.auth.exceptions import GoogleAuthError
from gspread.exceptions import (
    APIError,
    GSpreadException,
    SpreadsheetNotFound,
    UnSupportedExportFormat,
)
from urllib3.exceptions import HTTPError

from formbridge.adapters.sheets.calls.answers import answered
from formbridge.adapters.sheets.calls.failures import (
    CallFailed,
    Denied,
    Forbidden,
    Invalid,
    Missing,
    Throttled,
    Unknown,
)
from formbridge.adapters.sheets.calls.reaching import unreached
from formbridge.adapters.sheets.calls.reasons import NO_FILE
from formbridge.adapters.sheets.calls.signing_in import no_token
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
    GSpreadException,
    UnSupportedExportFormat,
    GoogleAuthError,
    OSError,  # those of requests are, and a file of certificates that is not there
    HTTPError,
    ValueError,  # JSON that is none, a host that is none
)
"""What a call may raise."""


def sorted_out(error: BaseException, *, what: str, who: str = "") -> CallFailed:
    """Return what an error means. ``what`` was called about, by ``who`` (an email address)."""
    found: CallFailed
    match error:
        case CallFailed():
            found = error
        case APIError():
            found = answered(error.response, what=what, who=who)
        case SpreadsheetNotFound():
            found = Missing(f"{what}: {NO_FILE}")
        case GSpreadException() | UnSupportedExportFormat():
            found = Invalid(f"{what}: unexpected {type(error).__name__} of gspread; report it")
        case GoogleAuthError():
            found = no_token(error, what=what, who=who)
        case OSError() | HTTPError():
            found = unreached(error, what=what)
        case _:
            kind = type(error).__name__
            found = Unknown(f"{what}: Google's answer makes no sense ({kind}); it is tried again")
    return found


def domain_error(failed: CallFailed) -> StoreError:
    """Return what the failure of a call means for whoever uses the tables."""
    match failed:
        case Throttled(seconds=seconds):
            return TableBusy(failed.reason, seconds=seconds)
        case Unknown(seconds=seconds):
            return StoreUnavailable(failed.reason, seconds=seconds)
        case Missing() | Forbidden():
            return TableUnavailable(failed.reason)
        case Denied():
            return StoreDenied(failed.reason)
        case _:
            return StoreBroken(failed.reason)
