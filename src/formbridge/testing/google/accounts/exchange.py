"""OAuth's own endpoints, which stand in no discovery document: tokens given, told of, and revoked.

They answer at the paths that Google has, whatever the host.
"""

import json
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl, quote, urlencode

import attrs

from formbridge.testing.google.accounts.assertions import OAuthError, grant_for
from formbridge.testing.google.accounts.grants import LASTS, Grant
from formbridge.testing.google.accounts.scopes import EVERY_SCOPE, scopes_of
from formbridge.testing.google.accounts.tokens import (
    TEST_USER,
    Lasting,
    Tokens,
    bearer_of,
    unique_id,
)
from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, SEEN, behaves
from formbridge.testing.google.messages import Answer, Body, Request

ASSERTION = "urn:ietf:params:oauth:grant-type:jwt-bearer"


@attrs.frozen(kw_only=True)
class Asked:
    """A request to one of the endpoints, with its parameters, wherever they stood."""

    request: Request
    tokens: Tokens
    params: Mapping[str, str]

    def needed(self, name: str) -> str:
        """Return a parameter; raise OAuthError where it is missing."""
        if not self.params.get(name):
            raise OAuthError("invalid_request", f"Missing required parameter: {name}")
        return self.params[name]


def exchanged(request: Request, tokens: Tokens) -> Answer | None:
    """Answer a request to one of OAuth's endpoints; None for every other one."""
    endpoint = _endpoint(request)
    if endpoint is None:
        return None
    try:
        return endpoint(Asked(request=request, tokens=tokens, params=_params(request)))
    except OAuthError as error:
        body = {"error": error.error, "error_description": error.description}
        return Answer.json(body, status=error.code)


def _endpoint(request: Request) -> "Callable[[Asked], Answer] | None":
    if request.path.startswith("/v1/projects/-/serviceAccounts/"):
        return _locations if request.path.endswith("/allowedLocations") else None
    return ENDPOINTS.get((request.method, request.path))


def _params(request: Request) -> dict[str, str]:
    params = dict(request.query)
    text = request.body.decode("utf-8", "replace")
    if "json" not in request.headers.get("content-type", ""):
        return params | dict(parse_qsl(text, keep_blank_values=True))
    try:
        body = json.loads(text)
    except ValueError as error:
        raise OAuthError("invalid_request", "Bad Request") from error
    if not isinstance(body, dict):
        raise OAuthError("invalid_request", "Bad Request")
    return params | {name: value for name, value in body.items() if isinstance(value, str)}


# --- tokens that are given -----------------------------------------------------------------------


def _token(asked: Asked) -> Answer:
    kind = asked.params.get("grant_type", "")
    if not kind:
        raise OAuthError("invalid_request", "Required parameter is missing: grant_type")
    if kind not in EXCHANGES:
        raise OAuthError("unsupported_grant_type", f"Invalid grant_type: {kind}")
    return EXCHANGES[kind](asked)


def _by_assertion(asked: Asked) -> Answer:
    host = asked.request.headers.get("host") or asked.request.host
    own = f"http://{host}{asked.request.path}"
    grant = grant_for(asked.tokens.signers(), asked.needed("assertion"), own=own)
    body = {"access_token": _issued(asked.tokens, grant), "expires_in": LASTS}
    return Answer.json({**body, "token_type": "Bearer"}, pretty=False)


@behaves("a refresh token gives tokens until it is revoked", DOCUMENTED)
@behaves("a refresh token that nobody has issued: Bad Request", SEEN)
def _by_refresh_token(asked: Asked) -> Answer:
    refresh = asked.needed("refresh_token")
    _check_client(asked)
    lasting = asked.tokens.refreshing.get(refresh)
    if lasting is None:
        gone = refresh in asked.tokens.revoked
        raise OAuthError(
            "invalid_grant", "Token has been expired or revoked." if gone else "Bad Request"
        )
    _check_owner(asked, lasting)
    grant = _narrowed(lasting.grant, asked.params.get("scope", ""))
    return _given(asked.tokens, grant, source=refresh)


@behaves("an authorization code is exchanged once, for a token and a refresh token", DOCUMENTED)
@behaves("redirect URIs and code challenges are not compared", ASSUMED)
def _by_code(asked: Asked) -> Answer:
    code = asked.needed("code")
    _check_client(asked)
    lasting = asked.tokens.codes.get(code)
    if lasting is None:
        raise OAuthError("invalid_grant", "Malformed auth code.")
    _check_owner(asked, lasting)
    del asked.tokens.codes[code]
    grant = lasting.grant
    refresh = asked.tokens.issue_refresh(
        grant.account.email, scopes=grant.scopes, client=lasting.client
    )
    return _given(asked.tokens, grant, source=refresh, refresh_token=refresh)


def _given(tokens: Tokens, grant: Grant, *, source: str, refresh_token: str = "") -> Answer:
    body: Body = {"access_token": _issued(tokens, grant, source=source), "expires_in": LASTS}
    if refresh_token:
        body["refresh_token"] = refresh_token
    return Answer.json({**body, "scope": " ".join(sorted(grant.scopes)), "token_type": "Bearer"})


def _issued(tokens: Tokens, grant: Grant, *, source: str = "") -> str:
    return tokens.issue(
        grant.account.email,
        scopes=grant.scopes,
        client=grant.client,
        project=grant.project,
        source=source,
    )


@behaves("an OAuth client that is known needs its secret", DOCUMENTED)
@behaves("an unknown OAuth client may use tokens that belong to none", ASSUMED)
def _check_client(asked: Asked) -> None:
    client = asked.tokens.clients.get(asked.params.get("client_id", ""))
    if client is not None and client.secret not in {"", asked.params.get("client_secret", "")}:
        raise OAuthError("invalid_client", "Unauthorized", code=401)


def _check_owner(asked: Asked, lasting: Lasting) -> None:
    client = asked.params.get("client_id", "")
    if not lasting.client or client == lasting.client:
        return
    if client in asked.tokens.clients:
        raise OAuthError("unauthorized_client", "Unauthorized", code=401)
    raise OAuthError("invalid_client", "The OAuth client was not found.", code=401)


def _narrowed(grant: Grant, scope: str) -> Grant:
    scopes = scopes_of(scope)
    if not scopes <= grant.scopes:
        raise OAuthError("invalid_scope", "Bad Request")
    return attrs.evolve(grant, scopes=scopes) if scopes else grant


EXCHANGES: Mapping[str, Callable[[Asked], Answer]] = {
    ASSERTION: _by_assertion,
    "refresh_token": _by_refresh_token,
    "authorization_code": _by_code,
}


# --- what else one may ask -----------------------------------------------------------------------


@behaves("a person consents at once, and the browser goes back with a code", ASSUMED)
def _consent(asked: Asked) -> Answer:
    """Answer for a person who is asked in a browser: the hinted one, else the plain start's."""
    email = asked.params.get("login_hint") or TEST_USER
    if email not in asked.tokens.accounts:
        raise OAuthError("access_denied", "The account is not known.")
    code = asked.tokens.issue_code(
        email,
        scopes=scopes_of(asked.params.get("scope", "")) or EVERY_SCOPE,
        client=asked.params.get("client_id", ""),
    )
    back = {"state": asked.params.get("state", ""), "code": code}
    target = asked.needed("redirect_uri")
    joint = "&" if "?" in target else "?"
    query = urlencode({name: value for name, value in back.items() if value}, quote_via=quote)
    return Answer(status=302, headers={"location": f"{target}{joint}{query}"})


@behaves("a revoked token is forgotten, with its refresh token and what that gave", DOCUMENTED)
def _revoke(asked: Asked) -> Answer:
    if not asked.tokens.revoke(asked.needed("token")):
        raise OAuthError("invalid_token", "Token expired or revoked")
    return Answer.json({})


@behaves("tokeninfo tells scopes, end and owner of a token", DOCUMENTED)
def _token_info(asked: Asked) -> Answer:
    token = asked.params.get("access_token") or bearer_of(asked.request) or ""
    grant = asked.tokens.grant(token)
    if grant is None:
        raise OAuthError("invalid_token", "Invalid Value")
    left = LASTS
    if grant.until is not None:
        left = (grant.until - asked.tokens.clock.now()) // 1_000_000
    client = grant.client or unique_id(grant.account.email)
    return Answer.json(
        {
            "azp": client,
            "aud": client,
            "sub": unique_id(grant.account.email),
            "scope": " ".join(sorted(grant.scopes)),
            "exp": str(asked.tokens.clock.now() // 1_000_000 + left),
            "expires_in": str(left),
            "email": grant.account.email,
            "email_verified": "true",
            "access_type": "online",
        }
    )


@behaves("userinfo tells who a token belongs to", DOCUMENTED)
def _user_info(asked: Asked) -> Answer:
    grant = asked.tokens.grant(bearer_of(asked.request) or "")
    if grant is None:
        raise OAuthError("invalid_request", "Invalid Credentials", code=401)
    return Answer.json(
        {
            "sub": unique_id(grant.account.email),
            "name": grant.account.name,
            "email": grant.account.email,
            "email_verified": True,
        }
    )


@behaves("service accounts may be used in all regions", SEEN, "google-auth asks after each refresh")
def _locations(_asked: Asked) -> Answer:
    return Answer.json({"locations": [], "encodedLocations": "0x0"})


ENDPOINTS: Mapping[tuple[str, str], Callable[[Asked], Answer]] = {
    **dict.fromkeys(
        (
            ("POST", "/token"),
            ("POST", "/oauth2/v3/token"),
            ("POST", "/oauth2/v4/token"),
            ("POST", "/o/oauth2/token"),
        ),
        _token,
    ),
    **{
        (method, path): endpoint
        for method in ("GET", "POST")
        for path, endpoint in {
            "/revoke": _revoke,
            "/o/oauth2/revoke": _revoke,
            "/tokeninfo": _token_info,
            "/oauth2/v1/tokeninfo": _token_info,
            "/oauth2/v2/tokeninfo": _token_info,
            "/oauth2/v3/tokeninfo": _token_info,
            "/oauth2/v3/userinfo": _user_info,
            "/v1/userinfo": _user_info,
        }.items()
    },
    ("GET", "/o/oauth2/auth"): _consent,
    ("GET", "/o/oauth2/v2/auth"): _consent,
}
