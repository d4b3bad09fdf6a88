"""One account's connection to Google: gspread's client over google-auth's session.

Nothing is tried again here but tokens (google-auth: a 401 gets a new one, twice at most; 5xx of the
token endpoint three times). gspread's ``BackOffHTTPClient`` is not used: it repeats writes that may
have been applied, never gives up, and waits 34 hours for an API that is not enabled.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import attrs
import requests
from google.auth.credentials import Credentials
from google.auth.transport.requests import AuthorizedSession
from google.auth.transport.requests import Request as TokenRequest
from gspread.http_client import HTTPClient
from requests.adapters import BaseAdapter, HTTPAdapter

from formbridge.adapters.sheets.calls.budget import Budget
from formbridge.adapters.sheets.calls.credentials import Account, accounts_of
from formbridge.adapters.sheets.settings import SheetsSettings
from formbridge.domain.ports import Clock

JSON_HEADERS = {"Content-Type": "application/json; charset=utf-8"}
DRIVE_PER_MINUTE = 600
"""Far below Drive's quota (3,250 searches a minute), and far above what is needed."""

Params = Mapping[str, str | list[str]]


class Tokens(TokenRequest):
    """Asks for tokens, with a time-out, at the endpoint if there is one; counts them."""

    def __init__(
        self, session: requests.Session, *, endpoint: str, asked: Callable[[], None]
    ) -> None:
        """Use that session; ``asked`` is called for each request."""
        super().__init__(session)
        self._endpoint = endpoint
        self._asked = asked

    def __call__(self, url: str, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as google-auth
        """Send one request."""
        self._asked()
        send: Callable[..., Any] = super().__call__
        return send(at(self._endpoint, url), *args, **kwargs)


class Http(HTTPClient):
    """gspread's client, pointed at the endpoint and with time-outs."""

    def __init__(
        self,
        credentials: Credentials,
        session: requests.Session,
        *,
        endpoint: str,
        timeout: tuple[float, float],
    ) -> None:
        """Use that session, which brings tokens by itself; ``timeout``: to connect, to read."""
        super().__init__(credentials, session=session)
        self.auth = credentials  # gspread leaves it out where a session is given
        self._endpoint = endpoint
        self.set_timeout(timeout)

    def request(
        self,
        method: str,
        endpoint: str,
        *args: Any,  # noqa: ANN401 - as gspread's
        **kwargs: Any,  # noqa: ANN401 - as gspread's
    ) -> requests.Response:
        """Make a call; raise gspread's ``APIError`` for every answer that is an error."""
        try:
            return super().request(method, at(self._endpoint, endpoint), *args, **kwargs)
        except (KeyError, TypeError) as error:  # of gspread, where ``error`` is no object
            raise ValueError("an error of another shape than Google's") from error


def at(endpoint: str, url: str) -> str:
    """Return a URL of Google's at the endpoint that takes its place; as it is without one."""
    if not endpoint:
        return url
    parts = urlsplit(url)
    return endpoint + parts._replace(scheme="", netloc="").geturl()


@attrs.frozen(kw_only=True)
class Ask:
    """One call: its kind for the books, what it is about in words, and what goes out.

    ``body`` becomes JSON.
    """

    kind: str
    what: str
    verb: str
    url: str
    params: Params
    body: object = None


@attrs.define(eq=False, kw_only=True)
class Wire:
    """An account with its connection and what it may still do. One thread at a time."""

    who: str
    http: Http
    reads: Budget
    writes: Budget
    drive: Budget
    sessions: tuple[requests.Session, ...]

    def call(self, ask: Ask) -> dict[str, Any]:
        """Make one call and return the JSON object that is answered; raise what the SDKs raise."""
        data = None if ask.body is None else encoded(ask.body)
        response = self.http.request(
            ask.verb,
            ask.url,
            params=dict(ask.params),
            data=data,
            headers=None if data is None else dict(JSON_HEADERS),
        )
        if not response.content:  # Drive answers a deletion with nothing
            return {}
        answer = response.json()
        if not isinstance(answer, dict):
            raise ValueError("no JSON object")  # noqa: TRY004 - what came is wrong, not a type
        return answer

    def close(self) -> None:
        """Close the connections."""
        for session in self.sessions:
            session.close()


def encoded(body: object) -> bytes:
    """Return a body as it is sent: how large a request is depends on it."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8")


def wires_of(
    settings: SheetsSettings,
    *,
    clock: Clock,
    transport: BaseAdapter | None = None,
    asked: Callable[[], None],
) -> tuple[Wire, ...]:
    """Open a connection for each of the accounts; calls nobody. Raises BadSetting.

    ``transport`` carries requests in place of a socket.
    """
    return tuple(
        _wire(account, settings, clock=clock, transport=transport, asked=asked)
        for account in accounts_of(settings)
    )


def _wire(
    account: Account,
    settings: SheetsSettings,
    *,
    clock: Clock,
    transport: BaseAdapter | None,
    asked: Callable[[], None],
) -> Wire:
    tokens = _prepared(requests.Session(), settings, transport)
    request = Tokens(tokens, endpoint=settings.endpoint, asked=asked)
    session = _prepared(
        AuthorizedSession(account.credentials, auth_request=request), settings, transport
    )
    timeout = (settings.connect_timeout, settings.timeout)
    http = Http(account.credentials, session, endpoint=settings.endpoint, timeout=timeout)
    reads = max(1, settings.reads_per_minute // settings.processes)
    writes = max(1, settings.writes_per_minute // settings.processes)
    return Wire(
        who=account.who,
        http=http,
        reads=Budget(per_minute=reads, clock=clock),
        writes=Budget(per_minute=writes, clock=clock),
        drive=Budget(per_minute=DRIVE_PER_MINUTE, clock=clock),
        sessions=(session, tokens),
    )


def _prepared(
    session: requests.Session, settings: SheetsSettings, transport: BaseAdapter | None
) -> requests.Session:
    """Let a session try nothing again; on this machine no proxy is in between.

    Without an ``auth`` of its own, requests would put what ``~/.netrc`` says in the token's place.
    """
    session.trust_env = not settings.local
    session.auth = _as_it_is
    for scheme in ("https://", "http://"):
        session.mount(scheme, transport or HTTPAdapter(max_retries=0))
    return session


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
