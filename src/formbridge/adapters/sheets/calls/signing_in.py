"""What google-auth raises when there is no token. The call itself did not go out then."""

from collections.abc import Mapping
from typing import Any

from google.auth.exceptions import (
    GoogleAuthError,
    RefreshError,
    ResponseError,
    TimeoutError,  # noqa: A004 - google-auth's own
    TransportError,
)
from requests.exceptions import RequestException
from urllib3.exceptions import HTTPError

from formbridge.adapters.sheets.calls import reasons
from formbridge.adapters.sheets.calls.failures import CallFailed, Denied, Throttled, Unknown
from formbridge.adapters.sheets.calls.reaching import unreached

MINUTE = 60.0
PASSING = (TransportError, TimeoutError, ResponseError)
"""A connection that was lost on the way to the token."""


def no_token(error: GoogleAuthError, *, what: str, who: str) -> CallFailed:
    """Return what an error of google-auth's means."""
    what = f"{what}: no token for {who}" if who else f"{what}: no token"
    lost = next((it for it in (error.__cause__, *error.args) if _is_lost(it)), None)
    if isinstance(lost, BaseException):
        found = unreached(lost, what=what)
        return Unknown(found.reason, sent=False) if isinstance(found, Unknown) else found
    said = next((it for it in error.args if isinstance(it, dict)), {})
    word = str(said.get("error", ""))
    if word == "rate_limit_exceeded":
        return Throttled(f"{what}: {reasons.TOO_MANY} ({word})", seconds=MINUTE, code=word)
    if error.retryable or (not word and _may_pass(error)):
        reason = f"{what}: Google's sign-in fails for the moment; it is tried again"
        return Unknown(reason, sent=False)
    sentence = _sentence(word, said)
    return Denied(f"{what}: {sentence} ({word or type(error).__name__})", code=word)


def _is_lost(it: object) -> bool:
    return isinstance(it, (RequestException, HTTPError))


def _may_pass(error: GoogleAuthError) -> bool:
    """Whether an error without a word of OAuth's may pass by itself.

    Such are a page of the front end in place of JSON, and the server of metadata of a machine.
    """
    text = str(error).lstrip()
    page = type(error) is RefreshError and (not text or text[0] in "<{")
    return isinstance(error, PASSING) or page or type(error) is GoogleAuthError


def _sentence(word: str, said: Mapping[str, Any]) -> str:
    text = str(said.get("error_description", "")).lower()
    if word == "invalid_grant":
        for part, sentence in reasons.GRANT_TEXTS:
            if part in text:
                return sentence
    return reasons.GRANTS.get(word, reasons.REVOKED)
