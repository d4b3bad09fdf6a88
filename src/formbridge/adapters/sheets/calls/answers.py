"""Answers of Sheets and Drive that are errors, sorted by the reason that stands in them."""

import json
import re
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

import attrs
from requests import Response

from formbridge.adapters.sheets.calls import reasons
from formbridge.adapters.sheets.calls.failures import (
    UNKNOWN_SECONDS,
    CallFailed,
    Denied,
    Forbidden,
    Invalid,
    Missing,
    Throttled,
    Unknown,
)

HOUR = 3600.0
CONSOLE = re.compile(r"https://console\.(?:developers|cloud)\.google\.com/[^\s\"'<>]+")
PLACE = re.compile(r"\b(?:requests|data)\[\d+\](?:\.\w+)?")
"""What may be shown of Google's text of a 400: where the mistake is. The rest may quote answers."""
NOT_A_SHEET = "not supported for this document"


@attrs.frozen(kw_only=True)
class Said:
    """What an answer says about its error; nothing, where a page or anything else came."""

    status: int
    seconds: float
    error: Mapping[str, Any]

    @classmethod
    def of(cls, response: Response) -> "Said":
        """Read an answer."""
        error = _error(response.content)
        return cls(status=response.status_code, seconds=wait_of(response), error=error)

    @property
    def message(self) -> str:
        """Google's own text."""
        return str(self.error.get("message", ""))

    @property
    def words(self) -> Iterator[str]:
        """The reasons: those of newer APIs (``details``), then those of Drive (``errors``)."""
        for name in ("details", "errors"):
            parts = self.error.get(name)
            for part in parts if isinstance(parts, list) else ():
                if isinstance(part, dict) and isinstance(part.get("reason"), str):
                    yield part["reason"]


def answered(response: Response, *, what: str, who: str) -> CallFailed:
    """Return what an answer means: by its reasons, and by its status where they say nothing."""
    said = Said.of(response)
    known = next((word for word in said.words if word in reasons.REASONS), None)
    if known is None:
        return _by_status(said, what, who)
    return _by_reason(known, said, what, who)


def _by_reason(word: str, said: Said, what: str, who: str) -> CallFailed:
    kind, sentence = reasons.REASONS[word]
    if sentence is reasons.NOT_SHARED and who:
        sentence += f" with {who}"
    if sentence is reasons.API_OFF:
        sentence = f"{sentence}{_console(said.message)}, then wait a few minutes"
    reason = f"{what}: {sentence} ({word})"
    if kind is Throttled:
        seconds = max(said.seconds, HOUR if sentence is reasons.FULL else 0.0)
        return Throttled(reason, seconds=seconds, code=word)
    if kind is Unknown:
        return Unknown(reason, seconds=max(UNKNOWN_SECONDS, said.seconds), code=word)
    if kind is Invalid:
        return Invalid(reason, detail=said.message, code=word)
    return kind(reason, code=word)


def _by_status(said: Said, what: str, who: str) -> CallFailed:
    found: CallFailed
    match said.status, bool(said.error):
        case 429, _:
            found = Throttled(f"{what}: {reasons.TOO_MANY}", seconds=said.seconds)
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
        case status, named:
            cause = reasons.FAILING if named else "a page came in place of an answer"
            reason = f"{what}: {cause} ({status}); it is tried again"
            found = Unknown(reason, seconds=max(UNKNOWN_SECONDS, said.seconds))
    return found


def _invalid(said: Said, what: str) -> CallFailed:
    if NOT_A_SHEET in said.message:
        remedy = "open it in Google Sheets and choose File, Save as Google Sheets"
        return Missing(f"{what}: the file is no Google Sheet (an Excel file?); {remedy}")
    place = PLACE.search(said.message)
    where = f" at {place.group()}" if place else ""
    reason = f"{what}: Google refuses the request{where} ({said.status}); report it"
    words = list(said.words)
    return Invalid(reason, detail=said.message, code=words[0] if words else "")


def _console(message: str) -> str:
    address = CONSOLE.search(message)
    return f" at {address.group().rstrip('.')}" if address else ""


def _error(content: bytes) -> Mapping[str, Any]:
    try:
        body = json.loads(content)
    except ValueError:
        return {}
    said = body.get("error") if isinstance(body, dict) else None
    if isinstance(said, str):  # as OAuth's endpoints print it
        return {"message": said, "errors": [{"reason": said}]}
    return said if isinstance(said, dict) else {}


def wait_of(response: Response) -> float:
    """Return the seconds that ``Retry-After`` says, or 0 without it.

    Its two forms are those of RFC 9110, 10.2.3; a date is compared with the answer's own.
    """
    said = response.headers.get("Retry-After", "").strip()
    if said.isdecimal() and said.isascii():
        return float(said)
    try:
        until = parsedate_to_datetime(said)
        now = parsedate_to_datetime(response.headers.get("Date", ""))
        return max(0.0, (until - now).total_seconds())
    except (TypeError, ValueError):
        return 0.0
