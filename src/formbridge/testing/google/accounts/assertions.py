"""What a service account signs with its key: the assertion that it exchanges for a token."""

from collections.abc import Mapping
from typing import Any, TypeGuard

import attrs

from formbridge.testing.google.accounts.grants import LASTS, Account, Grant
from formbridge.testing.google.accounts.keys import TOKEN_URI, Key
from formbridge.testing.google.accounts.scopes import EVERY_SCOPE, scopes_of, well_formed
from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, SEEN, behaves

SKEW = 300
"""Seconds by which the clocks of the caller and of Google may differ."""

LONGEST = 3600
"""Seconds that an assertion may be good for."""

AUDIENCES = frozenset(
    {
        TOKEN_URI,
        "https://www.googleapis.com/oauth2/v4/token",
        "https://www.googleapis.com/oauth2/v3/token",
        "https://accounts.google.com/o/oauth2/token",
    }
)

TIMEFRAME = (
    "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "
    "Check your iat and exp values in the JWT claim."
)
NOT_DELEGATED = (
    "Client is unauthorized to retrieve access tokens using this method, or client not authorized "
    "for any of the scopes requested."
)


class OAuthError(Exception):
    """An exchange that is refused: ``error`` is OAuth's word for it, the text describes it."""

    def __init__(self, error: str, description: str = "", *, code: int = 400) -> None:
        super().__init__(description)
        self.error = error
        self.description = description
        self.code = code


@attrs.frozen(kw_only=True)
class Signers:
    """Who may sign, by which keys, and for whom (``Tokens`` says more); ``now`` in microseconds."""

    accounts: Mapping[str, Account]
    keys: Mapping[str, Key]
    delegates: Mapping[tuple[str, str], frozenset[str]]
    now: int


@attrs.frozen(kw_only=True)
class Claims:
    """What an assertion says, once its signature was verified."""

    account: Account
    all: dict[str, Any]

    def text(self, name: str) -> str:
        """Return a claim that is a text; an empty one where it is missing."""
        value = self.all.get(name)
        return value if isinstance(value, str) else ""


@behaves("a signed assertion of a service account gives a token for an hour", DOCUMENTED)
def grant_for(signers: Signers, assertion: str, *, own: str) -> Grant:
    """Return what an assertion may have, or raise OAuthError. ``own``: our address as audience."""
    claims = verified(signers, assertion)
    if not _is_audience(claims.text("aud"), own):
        raise OAuthError(
            "invalid_grant",
            f"Invalid JWT: Failed audience check. The right audience is {TOKEN_URI}",
        )
    scopes = scopes_of(claims.text("scope"))
    if not scopes:
        raise OAuthError("invalid_scope", "Empty or missing scope not allowed.")
    if not all(map(well_formed, scopes)):
        raise OAuthError("invalid_scope", "Invalid OAuth scope or ID token audience provided.")
    account = _acted_for(signers, claims, scopes)
    return Grant(
        account=account,
        scopes=scopes,
        client=claims.account.email,
        project=claims.account.project,
    )


@behaves("APIs take an assertion as a bearer token, without an exchange", DOCUMENTED)
def self_signed(signers: Signers, token: str) -> Grant | None:
    """Return what an assertion allows that is itself used as a token; None for any other token."""
    if token.count(".") != 2:
        return None
    try:
        claims = verified(signers, token)
    except OAuthError:
        return None
    if claims.text("sub") not in {"", claims.account.email}:
        return None
    scopes = scopes_of(claims.text("scope")) or EVERY_SCOPE
    until = signers.now + LASTS * 1_000_000  # its own end was checked: it is not kept
    return Grant(
        account=claims.account,
        scopes=scopes,
        client=claims.account.email,
        project=claims.account.project,
        until=until,
    )


@behaves("an assertion that is no JWT: Bad Request", ASSUMED)
@behaves("whose account is unknown, signature or time is wrong: invalid_grant", SEEN)
def verified(signers: Signers, assertion: str) -> Claims:
    """Return what an assertion says; raise OAuthError for one that no known key has signed.

    Times are compared with the emulator's clock, not with the machine's.
    """
    # Lazily: it brings cryptography, and a server starts without.
    import jwt  # noqa: PLC0415 - see above

    try:
        said = jwt.decode(assertion, options={"verify_signature": False}, algorithms=["RS256"])
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise OAuthError("invalid_grant", "Bad Request") from error
    issuer = said.get("iss")
    account = signers.accounts.get(issuer) if isinstance(issuer, str) else None
    key = signers.keys.get(account.email) if account else None
    if account is None or key is None:
        raise OAuthError("invalid_grant", "Invalid grant: account not found")
    try:
        jwt.PyJWS().decode(assertion, key.public, algorithms=["RS256"])
    except jwt.PyJWTError as error:
        raise OAuthError("invalid_grant", "Invalid JWT Signature.") from error
    _check_time(said, signers.now // 1_000_000)
    return Claims(account=account, all=said)


def _check_time(claims: dict[str, Any], now: int) -> None:
    issued, ends = claims.get("iat"), claims.get("exp")
    if not _is_number(issued) or not _is_number(ends):
        raise OAuthError("invalid_grant", TIMEFRAME)
    short = 0 < ends - issued <= LONGEST
    if not short or issued > now + SKEW or ends < now - SKEW:
        raise OAuthError("invalid_grant", TIMEFRAME)


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_audience(audience: str, own: str) -> bool:
    return audience in AUDIENCES or audience in {own, own.replace("http://", "https://", 1)}


@behaves("a service account acts for a person where the domain lets it", DOCUMENTED)
def _acted_for(signers: Signers, claims: Claims, scopes: frozenset[str]) -> Account:
    person = claims.text("sub") or claims.account.email
    if person == claims.account.email:
        return claims.account
    allowed = signers.delegates.get((claims.account.email, person))
    if allowed is None or not scopes <= allowed:
        raise OAuthError("unauthorized_client", NOT_DELEGATED, code=401)
    if person not in signers.accounts:
        raise OAuthError("invalid_grant", "Invalid email or User ID")
    return signers.accounts[person]
