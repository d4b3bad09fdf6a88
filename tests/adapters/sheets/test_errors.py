"""Every error that gspread, google-auth, requests and urllib3 know is sorted, and by its reason."""

import inspect
import json
from collections.abc import Mapping
from types import ModuleType
from typing import Any

import pytest
from google.api import error_reason_pb2
from google.auth import exceptions as of_auth
from gspread import exceptions as of_gspread
from requests import Response
from requests import exceptions as of_requests
from urllib3 import exceptions as of_urllib3

from formbridge.adapters.sheets.calls.errors import (
    CallFailed,
    Denied,
    Forbidden,
    Invalid,
    Missing,
    Throttled,
    Unknown,
    domain_error,
    sorted_out,
)
from formbridge.adapters.sheets.calls.reasons import REASONS
from formbridge.domain.errors import (
    StoreBroken,
    StoreDenied,
    StoreUnavailable,
    TableBusy,
    TableUnavailable,
)

UNSENT, SENT = "Unknown, not sent", "Unknown"
SORTED: Mapping[ModuleType, Mapping[str, str]] = {
    of_gspread: {
        "Invalid": "GSpreadException IncorrectCellLabel InvalidInputValue NoValidUrlKeyFound "
        "UnSupportedExportFormat WorksheetNotFound",
        "Missing": "SpreadsheetNotFound",
        SENT: "APIError",  # by what was answered: see below
    },
    of_auth: {
        UNSENT: "GoogleAuthError TransportError TimeoutError ResponseError",
        "Denied": "ClientCertError DefaultCredentialsError InvalidOperation InvalidResource "
        "InvalidType InvalidValue MalformedError MutualTLSChannelError OAuthError OSError "
        "ReauthFailError ReauthSamlChallengeFailError RefreshError UserAccessTokenError",
    },
    of_requests: {
        SENT: "ChunkedEncodingError ConnectionError ContentDecodingError HTTPError JSONDecodeError "
        "ReadTimeout RequestException RetryError SSLError StreamConsumedError Timeout "
        "TooManyRedirects FileModeWarning RequestsDependencyWarning RequestsWarning",
        UNSENT: "ConnectTimeout InvalidJSONError ProxyError UnrewindableBodyError",
        "Denied": "InvalidHeader InvalidProxyURL InvalidSchema InvalidURL MissingSchema "
        "URLRequired",
    },
    of_urllib3: {
        SENT: "BodyNotHttplibCompatible ClosedPoolError ConnectionError DecodeError "
        "DependencyWarning EmptyPoolError FullPoolError HTTPError HTTPWarning HeaderParsingError "
        "HostChangedError IncompleteRead InsecurePlatformWarning InsecureRequestWarning "
        "InvalidChunkLength InvalidHeader MaxRetryError NotOpenSSLWarning PoolError ProtocolError "
        "ProxySchemeUnsupported ReadTimeoutError RequestError ResponseError ResponseNotChunked "
        "SSLError SecurityWarning SystemTimeWarning TimeoutError TimeoutStateError "
        "UnrewindableBodyError",
        UNSENT: "ConnectTimeoutError NameResolutionError NewConnectionError ProxyError",
        "Denied": "LocationParseError LocationValueError ProxySchemeUnknown URLSchemeUnknown",
    },
}
CLASSES = [
    (module, name)
    for module in SORTED
    for name, kind in inspect.getmembers(module, inspect.isclass)
    if issubclass(kind, BaseException) and kind.__module__ == module.__name__
]


def raised(module: ModuleType, name: str) -> BaseException:
    """Return an error of that class, as far as it can be made without what makes it."""
    kind: type[BaseException] = getattr(module, name)
    if kind is of_gspread.APIError:
        return of_gspread.APIError(response(500, b"<html>"))
    if module is of_urllib3:
        return kind.__new__(kind, "a text")
    if kind is of_requests.JSONDecodeError:
        return kind("a text", "a document", 0)
    return kind("a text")


def told(failed: CallFailed) -> str:
    """Return the class, and whether an unknown call went out."""
    kind = type(failed).__name__
    return f"{kind}, not sent" if isinstance(failed, Unknown) and not failed.sent else kind


def response(status: int, body: bytes | Mapping[str, Any], **headers: str) -> Response:
    """Return an answer of Google's."""
    answer = Response()
    answer.status_code = status
    answer._content = body if isinstance(body, bytes) else json.dumps(body).encode()  # noqa: SLF001 - requests has no other way in
    answer.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return answer


def answered(status: int, body: bytes | Mapping[str, Any], **headers: str) -> CallFailed:
    """Return what such an answer means."""
    error = of_gspread.APIError(response(status, body, **headers))
    return sorted_out(error, what="the spreadsheet s1", who="robot@example.com")


def sheets(code: int, message: str, status: str, *reasons: str) -> dict[str, Any]:
    """Return an error as the Sheets API prints it."""
    kind = "type.googleapis.com/google.rpc.ErrorInfo"
    details = [{"@type": kind, "reason": it, "domain": "googleapis.com"} for it in reasons]
    error: dict[str, Any] = {"code": code, "message": message, "status": status}
    return {"error": error | ({"details": details} if details else {})}


def drive(code: int, message: str, reason: str, domain: str = "global") -> dict[str, Any]:
    """Return an error as the Drive API prints it."""
    one = {"message": message, "domain": domain, "reason": reason}
    return {"error": {"code": code, "message": message, "errors": [one]}}


# --- every class ---------------------------------------------------------------------------------


def test_the_libraries_have_errors_to_walk() -> None:
    """A change of their names would leave nothing to test."""
    assert len(CLASSES) > 85


@pytest.mark.parametrize(("module", "name"), CLASSES)
def test_every_error_of_every_library_is_sorted_once(module: ModuleType, name: str) -> None:
    """A new version's new error is a decision, not an accident."""
    places = [sort for sort, names in SORTED[module].items() if name in names.split()]
    assert places == [told(sorted_out(raised(module, name), what="it"))]


@pytest.mark.parametrize("module", SORTED)
def test_nothing_is_sorted_that_no_library_knows(module: ModuleType) -> None:
    """A mistyped name would sort nothing."""
    names = {name for names in SORTED[module].values() for name in names.split()}
    assert names == {name for other, name in CLASSES if other is module}


@pytest.mark.parametrize("error", [ValueError("no JSON object"), UnicodeError("idna"), OSError(5)])
def test_what_is_none_of_theirs_is_not_taken_for_a_refusal(error: Exception) -> None:
    """Nobody knows whether the call was applied, so nobody writes blindly."""
    failed = sorted_out(error, what="the spreadsheet s1")
    assert isinstance(failed, Unknown)
    assert failed.sent


def test_what_is_sorted_stays_as_it_is() -> None:
    """Sorting twice is sorting once."""
    failed = Missing("gone")
    assert sorted_out(failed, what="it") is failed


# --- answers, by their reason --------------------------------------------------------------------

QUOTA = (
    "Quota exceeded for quota metric 'Write requests' and limit 'Write requests per minute per "
    "user' of service 'sheets.googleapis.com' for consumer 'project_number:675429720490'."
)
OFF = (
    "Google Sheets API has not been used in project 4711 before or it is disabled. Enable it by "
    "visiting https://console.developers.google.com/apis/api/sheets.googleapis.com/overview"
    "?project=4711 then retry. If you enabled this API recently, wait a few minutes."
)
NO_STORAGE = "Service Accounts do not have storage quota. Leverage shared drives, or use OAuth."
HTML = b"<!DOCTYPE html><title>Error 502 (Server Error)!!1</title>"


@pytest.mark.parametrize(
    ("status", "body", "kind", "sentence"),
    [
        (429, sheets(429, QUOTA, "RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED"), Throttled, "quota"),
        (429, sheets(429, QUOTA, "RESOURCE_EXHAUSTED"), Throttled, "quota"),
        (429, HTML, Throttled, "quota"),
        (403, drive(403, "x", "userRateLimitExceeded", "usageLimits"), Throttled, "quota"),
        (403, drive(403, "x", "rateLimitExceeded", "usageLimits"), Throttled, "quota"),
        (403, drive(403, "x", "dailyLimitExceeded", "usageLimits"), Throttled, "today"),
        (403, drive(403, NO_STORAGE, "storageQuotaExceeded", "usageLimits"), Denied, "Shared"),
        (403, sheets(403, OFF, "PERMISSION_DENIED", "SERVICE_DISABLED"), Denied, "enable it at h"),
        (403, drive(403, OFF, "accessNotConfigured", "usageLimits"), Denied, "enable it at https"),
        (403, drive(403, "Insufficient", "insufficientPermissions"), Denied, "auth/drive"),
        (
            403,
            sheets(403, "Scopes.", "PERMISSION_DENIED", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
            Denied,
            "auth/spreadsheets",
        ),
        (
            403,
            sheets(403, "The caller does not have permission", "PERMISSION_DENIED"),
            Forbidden,
            "share it as Editor with robot@example.com",
        ),
        (403, drive(403, "x", "insufficientFilePermissions"), Forbidden, "robot@example.com"),
        (403, drive(403, "x", "newReasonOfGoogles"), Forbidden, "robot@example.com"),
        (403, drive(403, "x", "domainPolicy"), Denied, "administrator"),
        (401, sheets(401, "Request had invalid", "UNAUTHENTICATED"), Denied, "revoked"),
        (401, drive(401, "Invalid Credentials", "authError"), Denied, "revoked"),
        (404, sheets(404, "Requested entity was not found.", "NOT_FOUND"), Missing, "no such file"),
        (404, drive(404, "File not found: s1.", "notFound"), Missing, "no such file"),
        (404, HTML, Unknown, "a page"),
        (403, b"<html>blocked by the proxy</html>", Unknown, "a page"),
        (400, sheets(400, "Invalid", "INVALID_ARGUMENT"), Invalid, "report it"),
        (400, HTML, Invalid, "report it"),
        (400, sheets(400, "API key not valid.", "X", "API_KEY_INVALID"), Denied, "API key"),
        (413, HTML, Invalid, "too large"),
        (500, sheets(500, "Internal error encountered.", "INTERNAL"), Unknown, "tried again"),
        (503, sheets(503, "unavailable", "UNAVAILABLE"), Unknown, "servers fail"),
        (503, drive(503, "Backend Error", "backendError"), Unknown, "servers fail"),
        (502, HTML, Unknown, "a page"),
        (409, sheets(409, "aborted", "ABORTED"), Unknown, "tried again"),
        (501, sheets(501, "unknown method", "UNIMPLEMENTED"), Invalid, "report it"),
        (500, b"[]", Unknown, "tried again"),
        (
            500,
            b'{"error": {"message": 5, "details": 7, "errors": [1, {"reason": 2}]}}',
            Unknown,
            "",
        ),
    ],
)
def test_an_answer_is_sorted_by_its_reason(
    status: int, body: bytes | Mapping[str, Any], kind: type[CallFailed], sentence: str
) -> None:
    """Four kinds of 403, and an answer that is no JSON: the status alone would mislead."""
    failed = answered_raw(status, body)
    assert type(failed) is kind
    assert failed.reason.startswith("the spreadsheet s1: ")
    assert sentence in failed.reason


def answered_raw(status: int, body: bytes | Mapping[str, Any], **headers: str) -> CallFailed:
    """Return what an answer means of which gspread's own error could not be made."""
    error = of_gspread.APIError(response(500, b""))
    error.response = response(status, body, **headers)
    return sorted_out(error, what="the spreadsheet s1", who="robot@example.com")


@pytest.mark.parametrize(
    "word",
    [word for word, number in error_reason_pb2.ErrorReason.items() if number],  # 0: unspecified
)
def test_every_reason_that_google_publishes_is_known(word: str) -> None:
    """``google.api.ErrorReason`` grows; what is new should be a decision."""
    assert word in REASONS


def test_a_service_account_without_storage_is_told_all_four_ways_out() -> None:
    """They are easy once they are known, and nobody finds them in Google's text."""
    reason = answered(403, drive(403, NO_STORAGE, "storageQuotaExceeded")).reason
    for way in ("(1)", "(2)", "(3)", "(4)", "Shared Drive", "OAuth", "subject", "spreadsheets"):
        assert way in reason


def test_an_api_that_is_off_is_told_with_the_address_at_which_it_is_enabled() -> None:
    """One click instead of a search."""
    reason = answered(403, sheets(403, OFF, "PERMISSION_DENIED", "SERVICE_DISABLED")).reason
    assert "sheets.googleapis.com/overview?project=4711, then wait a few minutes" in reason


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0.0),
        ({"Retry_After": "17"}, 17.0),
        ({"Retry_After": "-5"}, 0.0),
        ({"Retry_After": "soon"}, 0.0),
        ({"Retry_After": "\u0664"}, 0.0),
        ({"Retry_After": "Thu, 01 Jan 2026 00:01:00 GMT"}, 0.0),
        (
            {
                "Retry_After": "Thu, 01 Jan 2026 00:01:00 GMT",
                "Date": "Thu, 01 Jan 2026 00:00:20 GMT",
            },
            40.0,
        ),
    ],
)
def test_a_429_says_how_long(headers: dict[str, str], seconds: float) -> None:
    """In seconds, or as a date that is compared with Google's clock and not with ours."""
    failed = answered(429, sheets(429, QUOTA, "RESOURCE_EXHAUSTED"), **headers)
    assert isinstance(failed, Throttled)
    assert failed.seconds == seconds


def test_googles_text_of_a_400_is_matched_and_never_shown() -> None:
    """It quotes what was sent: an answer is personal data."""
    message = 'Invalid requests[3].appendCells: "my diagnosis" is no number'
    failed = answered(400, sheets(400, message, "INVALID_ARGUMENT"))
    assert isinstance(failed, Invalid)
    assert failed.detail == message
    for shown in (str(failed), repr(failed), failed.reason, str(domain_error(failed))):
        assert "diagnosis" not in shown
        assert "at requests[3].appendCells" in shown


def test_an_excel_file_is_told_from_a_spreadsheet() -> None:
    """Drive opens both in the same window."""
    message = "This operation is not supported for this document"
    failed = answered(400, sheets(400, message, "FAILED_PRECONDITION"))
    assert isinstance(failed, Missing)
    assert "Save as Google Sheets" in failed.reason


# --- tokens --------------------------------------------------------------------------------------


def refused(word: str, description: str = "", *, retryable: bool = False) -> CallFailed:
    """Return what it means that the token endpoint says so."""
    said = {"error": word, "error_description": description}
    error = of_auth.RefreshError(f"{word}: {description}", said, retryable=retryable)
    return sorted_out(error, what="the spreadsheet s1", who="robot@example.com")


@pytest.mark.parametrize(
    ("word", "description", "sentence"),
    [
        ("invalid_grant", "Invalid JWT: Token must be … in a reasonable timeframe.", "clock"),
        ("invalid_grant", "Invalid JWT Signature.", "key was deleted"),
        ("invalid_grant", "Invalid grant: account not found", "account was deleted"),
        ("invalid_grant", "Token has been expired or revoked.", "sign in again"),
        ("invalid_grant", "Invalid email or User ID", "subject"),
        ("invalid_grant", "Bad Request", "make another one"),
        ("unauthorized_client", "Client is unauthorized …", "Domain-wide delegation"),
        ("invalid_client", "Unauthorized", "OAuth client"),
        ("invalid_scope", "Bad Request", "auth/drive"),
        ("a_new_word", "of Google's", "does not accept"),
    ],
)
def test_a_token_that_is_refused_says_why(word: str, description: str, sentence: str) -> None:
    """Whose, and what a person can do."""
    failed = refused(word, description)
    assert isinstance(failed, Denied)
    assert failed.reason.startswith("the spreadsheet s1: no token for robot@example.com: ")
    assert sentence in failed.reason
    assert failed.code == word


@pytest.mark.parametrize(
    "error",
    [
        of_auth.RefreshError("internal_failure", {"error": "internal_failure"}, retryable=True),
        of_auth.RefreshError("<!DOCTYPE html><title>Error 502 (Server Error)!!1</title>"),
        of_auth.RefreshError("{}"),
        of_auth.TransportError(of_requests.ConnectionError("reset")),
        of_auth.RefreshError(of_auth.TransportError("no metadata server"), retryable=True),
    ],
)
def test_a_token_endpoint_in_trouble_passes_and_nothing_was_sent(error: Exception) -> None:
    """The call itself never went out: nobody has to look whether it was applied."""
    failed = sorted_out(error, what="the spreadsheet s1")
    assert isinstance(failed, Unknown)
    assert not failed.sent


def test_too_many_tokens_are_too_many_calls() -> None:
    """It passes by itself."""
    assert isinstance(refused("rate_limit_exceeded"), Throttled)


# --- connections ---------------------------------------------------------------------------------


def test_a_connection_that_never_was_sent_nothing() -> None:
    """As requests wraps it: the reason of a reason."""
    nobody = of_urllib3.NewConnectionError(None, "refused")  # type: ignore[arg-type]
    error = of_requests.ConnectionError(of_urllib3.MaxRetryError(None, "/", nobody))  # type: ignore[arg-type]
    failed = sorted_out(error, what="the spreadsheet s1")
    assert told(failed) == UNSENT
    assert "cannot be reached" in failed.reason


def test_a_certificate_that_is_not_trusted_is_told_from_a_broken_connection() -> None:
    """The one comes before the first byte; the other may come with the answer."""
    untrusted = of_requests.SSLError(
        "[SSL: CERTIFICATE_VERIFY_FAILED] certificate is not yet valid"
    )
    broken = of_requests.SSLError("[SSL: DECRYPTION_FAILED_OR_BAD_RECORD_MAC]")
    assert told(sorted_out(untrusted, what="it")) == UNSENT
    assert "clock" in sorted_out(untrusted, what="it").reason
    assert told(sorted_out(broken, what="it")) == SENT


def test_a_time_out_in_the_middle_of_an_answer_is_a_time_out() -> None:
    """To requests it is a lost connection."""
    late = of_urllib3.ReadTimeoutError(None, "/", "Read timed out.")  # type: ignore[arg-type]
    failed = sorted_out(of_requests.ConnectionError(late), what="the spreadsheet s1")
    assert told(failed) == SENT
    assert "no answer came in time" in failed.reason


def test_a_file_of_certificates_that_is_not_there_is_named() -> None:
    """What requests raises is an OSError of Python's own."""
    error = OSError("Could not find a suitable TLS CA certificate bundle, invalid path: /x.pem")
    failed = sorted_out(error, what="the spreadsheet s1")
    assert isinstance(failed, Denied)
    assert "REQUESTS_CA_BUNDLE" in failed.reason


def test_a_cause_that_is_its_own_cause_ends() -> None:
    """A chain of errors may be a ring."""
    error = of_requests.ConnectionError("x")
    error.args = (error,)
    assert told(sorted_out(error, what="it")) == SENT


# --- what it means outside of the adapter --------------------------------------------------------


@pytest.mark.parametrize(
    ("failed", "kind", "retryable"),
    [
        (Throttled("x", seconds=7.0), TableBusy, True),
        (Unknown("x"), StoreUnavailable, True),
        (Missing("x"), TableUnavailable, False),
        (Forbidden("x"), TableUnavailable, False),
        (Denied("x"), StoreDenied, False),
        (Invalid("x", detail="y"), StoreBroken, False),
        (CallFailed("x"), StoreBroken, False),
    ],
)
def test_a_failed_call_is_an_error_of_ours(
    failed: CallFailed, kind: type[Exception], *, retryable: bool
) -> None:
    """Retry, hold, park that table, stop."""
    error = domain_error(failed)
    assert type(error) is kind
    assert error.retryable is retryable
    assert str(error) == "x"


@pytest.mark.parametrize(
    ("headers", "seconds"), [({}, 5.0), ({"Retry_After": "2"}, 5.0), ({"Retry_After": "30"}, 30.0)]
)
@pytest.mark.parametrize(
    "body", [HTML, sheets(503, "x", "UNAVAILABLE"), drive(503, "x", "backendError")]
)
def test_servers_in_trouble_may_say_how_long(
    body: bytes | Mapping[str, Any], headers: dict[str, str], seconds: float
) -> None:
    """``Retry-After`` stands with a 503 too."""
    error = domain_error(answered_raw(503, body, **headers))
    assert isinstance(error, StoreUnavailable)
    assert error.seconds == seconds


def test_how_long_is_handed_on() -> None:
    """The bridge waits as long as Google says."""
    error = domain_error(Throttled("x", seconds=7.0))
    assert isinstance(error, TableBusy)
    assert error.seconds == 7.0
