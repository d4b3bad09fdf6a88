"""Who there is, which tokens they hold, and what a request's token allows."""

import re
import secrets
from random import Random
from zlib import crc32

import attrs

from formbridge.domain.ports import Clock
from formbridge.testing.google.accounts import refusals
from formbridge.testing.google.accounts.assertions import Signers, self_signed
from formbridge.testing.google.accounts.grants import LASTS, Account, Grant
from formbridge.testing.google.accounts.keys import TOKEN_URI, Key, key_file, shared_key
from formbridge.testing.google.accounts.scopes import EVERY_SCOPE
from formbridge.testing.google.messages import Body, Request

TEST_TOKEN = "test-token"  # noqa: S105 - known to everybody, and meant to be
TEST_USER = "tester@example.com"
"""The user of the plain start, and their token, which never ends."""

ONE_FILE = re.compile(r"/v4/spreadsheets/.|/drive/v[23]/files/(?!(root|generateIds)\b).")
"""What an API key is good for, where the file is open to anybody."""

NOBODY = Account(email="", kind="anonymous", storage=False)
"""Who calls with an API key alone: sees what anybody may see."""


@attrs.frozen(kw_only=True)
class Client:
    """An OAuth client. Without a ``secret``, any will do."""

    id: str
    secret: str = ""
    project: str = "project"


@attrs.frozen(kw_only=True)
class Lasting:
    """What a refresh token or an authorization code stands for: it gives tokens with this grant."""

    grant: Grant
    client: str = ""


class Tokens:
    """Accounts, OAuth clients, and every token that is known. Shared by threads.

    ``accounts`` goes by email, ``keys`` holds the keys of service accounts, ``bearers`` the issued
    tokens, ``sources`` which refresh token gave them, ``refreshing`` the refresh tokens,
    ``revoked`` those of them that were taken back, ``codes`` the authorization codes.
    ``delegates`` holds (service account, person) where the one may act for the other, with the
    scopes for it; ``api_keys`` the project of each key.
    """

    def __init__(self, *, clock: Clock) -> None:
        """Begin with one user, whose token ``test-token`` never ends and has every scope."""
        self.clock = clock
        self.accounts: dict[str, Account] = {}
        self.keys: dict[str, Key] = {}
        self.clients: dict[str, Client] = {}
        self.bearers: dict[str, Grant] = {}
        self.sources: dict[str, str] = {}
        self.refreshing: dict[str, Lasting] = {}
        self.revoked: set[str] = set()
        self.codes: dict[str, Lasting] = {}
        self.delegates: dict[tuple[str, str], frozenset[str]] = {}
        self.api_keys: dict[str, str] = {}
        self.add_user(TEST_USER, name="Test User")
        self.issue(TEST_USER, token=TEST_TOKEN, lasts=None)

    # --- who there is ---------------------------------------------------------------------------

    def add_user(self, email: str, *, name: str = "", project: str = "project") -> Account:
        """Add a person, who has a My Drive."""
        named = name or email.partition("@")[0]
        return self._add(Account(email=email, name=named, project=project))

    def add_service_account(
        self,
        email: str,
        *,
        project: str = "project",
        storage: bool = False,
        token_uri: str = TOKEN_URI,
        key: Key | None = None,
    ) -> Body:
        """Add a service account; return its key file.

        Accounts have the same key, which is made once in a process, unless another one is given
        (``keys.new_key()``). ``storage`` makes it one of the old accounts, which may own files.
        """
        account = Account(
            email=email,
            kind="service",
            name=email.partition("@")[0],
            project=project,
            storage=storage,
        )
        self._add(account)
        self.keys[email] = key or shared_key()
        return self.key_file(email, token_uri=token_uri)

    def key_file(self, email: str, *, token_uri: str = TOKEN_URI) -> Body:
        """Return the key file of a service account; KeyError where there is none."""
        account = self.accounts[email]
        return key_file(
            self.keys[email],
            email=email,
            number=unique_id(email),
            project=account.project,
            token_uri=token_uri,
        )

    def add_client(self, client_id: str, *, secret: str = "", project: str = "project") -> Client:
        """Add an OAuth client, with which persons give programs access."""
        client = Client(id=client_id, secret=secret, project=project)
        self.clients[client_id] = client
        return client

    def add_api_key(self, key: str, *, project: str = "project") -> None:
        """Add an API key: who brings it reads what anybody may read."""
        self.api_keys[key] = project

    def delegate(
        self, service_account: str, person: str, *, scopes: frozenset[str] = EVERY_SCOPE
    ) -> None:
        """Let a service account act for a person (domain-wide delegation)."""
        self.delegates[service_account, person] = scopes

    # --- tokens ---------------------------------------------------------------------------------

    def issue(
        self,
        email: str,
        *,
        scopes: frozenset[str] = EVERY_SCOPE,
        lasts: float | None = LASTS,
        token: str = "",
        client: str = "",
        project: str = "",
        source: str = "",
    ) -> str:
        """Issue a bearer token for an account, which must be known; return it.

        ``lasts`` is in seconds; None never ends. ``token`` says what it is called, ``source`` which
        refresh token it comes from: the one is revoked with the other.
        """
        account = self.accounts[email]
        until = None if lasts is None else self.clock.now() + round(lasts * 1_000_000)
        named = token or f"ya29.{secrets.token_urlsafe(96)}"
        self.bearers[named] = Grant(
            account=account,
            scopes=scopes,
            client=client,
            project=project or account.project,
            until=until,
        )
        if source:
            self.sources[named] = source
        return named

    def issue_refresh(
        self,
        email: str,
        *,
        scopes: frozenset[str] = EVERY_SCOPE,
        token: str = "",
        client: str = "",
    ) -> str:
        """Issue a refresh token, good until it is revoked; return it.

        Only that ``client`` may use it; without one, any.
        """
        named = token or f"1//{secrets.token_urlsafe(64)}"
        self.refreshing[named] = self._lasting(email, scopes, client)
        return named

    def issue_code(
        self, email: str, *, scopes: frozenset[str] = EVERY_SCOPE, code: str = "", client: str = ""
    ) -> str:
        """Issue an authorization code, which can be exchanged once; return it."""
        named = code or f"4/{secrets.token_urlsafe(48)}"
        self.codes[named] = self._lasting(email, scopes, client)
        return named

    def revoke(self, token: str) -> bool:
        """Forget a token, its refresh token and what that gave; return whether it was known."""
        source = self.sources.get(token, token)
        known = token in self.bearers or token in self.refreshing
        if self.refreshing.pop(source, None) is not None:
            self.revoked.add(source)
        for bearer in [token, *(one for one, other in self.sources.items() if other == source)]:
            self.bearers.pop(bearer, None)
            self.sources.pop(bearer, None)
        return known

    def grant(self, token: str) -> Grant | None:
        """Return what a token allows now; None for one that is unknown or has ended."""
        grant = self.bearers.get(token)
        if grant is None:
            return self_signed(self.signers(), token)
        return None if self._ended(grant) else grant

    def signers(self) -> Signers:
        """Return who may sign assertions now, and for whom."""
        return Signers(
            accounts=self.accounts,
            keys=self.keys,
            delegates=self.delegates,
            now=self.clock.now(),
        )

    # --- requests -------------------------------------------------------------------------------

    def grant_of(self, request: Request, scopes: frozenset[str]) -> Grant:
        """Return what the token of a request allows; raise Google's 400, 401 or 403.

        ``scopes`` are those of which the token needs one. They may be none.
        """
        token = bearer_of(request)
        if token is None:
            return self._keyed(request)
        grant = self.grant(token)
        if grant is None:
            raise refusals.unusable(request, ended=token in self.bearers)
        if scopes and not grant.scopes & scopes:
            raise refusals.insufficient(request, scopes)
        return grant

    def _keyed(self, request: Request) -> Grant:
        key = request.value("key") or request.headers.get("x-goog-api-key", "")
        if not key:
            raise refusals.missing(request)
        if key not in self.api_keys:
            raise refusals.bad_key(request)
        if request.method not in {"GET", "HEAD"} or not ONE_FILE.match(request.path):
            raise refusals.key_is_nobody(request)
        return Grant(account=NOBODY, project=self.api_keys[key])

    def _ended(self, grant: Grant) -> bool:
        return grant.until is not None and grant.until <= self.clock.now()

    def _add(self, account: Account) -> Account:
        self.accounts[account.email] = account
        return account

    def _lasting(self, email: str, scopes: frozenset[str], client: str) -> Lasting:
        account = self.accounts[email]
        grant = Grant(account=account, scopes=scopes, client=client, project=account.project)
        return Lasting(grant=grant, client=client)


def unique_id(email: str) -> str:
    """Return the number by which Google knows an account: 21 digits, always the same ones."""
    digits = Random(crc32(email.encode("utf-8", "replace"))).randrange(10**19)  # noqa: S311 - no secret
    return f"10{digits:019d}"


def bearer_of(request: Request) -> str | None:
    """Return the token that a request brings, in its header or its parameters; None without one."""
    kind, _, token = request.headers.get("authorization", "").strip().partition(" ")
    if kind:
        return token.strip() if kind.lower() in {"bearer", "oauth"} else ""
    return request.value("access_token") or request.value("oauth_token") or None
