"""OAuth's endpoints: assertions, refresh tokens and codes become tokens, or are refused."""

from typing import Any
from urllib.parse import urlencode

import jwt
import pytest

from formbridge.testing.clock import FakeClock
from formbridge.testing.google.accounts.exchange import ASSERTION, exchanged
from formbridge.testing.google.accounts.keys import new_key
from formbridge.testing.google.accounts.scopes import AUTH
from formbridge.testing.google.accounts.tokens import TEST_USER, Tokens
from formbridge.testing.google.messages import Answer, Body, Request

ROBOT = "robot@project.iam.gserviceaccount.com"
PERSON = "ada@example.com"
SCOPE = f"{AUTH}spreadsheets"


@pytest.fixture
def tokens() -> Tokens:
    """The plain start, with a service account and a person."""
    tokens = Tokens(clock=FakeClock())
    tokens.add_service_account(ROBOT)
    tokens.add_user(PERSON)
    return tokens


def posted(tokens: Tokens, target: str = "/token", **params: str) -> Answer:
    """Return the answer to a form."""
    answer = exchanged(Request.of("POST", target, body=urlencode(params).encode()), tokens)
    assert answer is not None
    return answer


def signed(tokens: Tokens, *, key: str = "", algorithm: str = "RS256", **claims: object) -> str:
    """Return an assertion as google-auth makes it, with other claims where given."""
    now = tokens.clock.now() // 1_000_000
    usual = {
        "iss": ROBOT,
        "scope": SCOPE,
        "aud": "https://oauth2.googleapis.com/token",
        "iat": now,
        "exp": now + 3600,
    }
    return jwt.encode(usual | claims, key or tokens.keys[ROBOT].private, algorithm=algorithm)


def asserted(tokens: Tokens, **claims: Any) -> Answer:  # noqa: ANN401 - what a claim may be
    """Return what an assertion is told."""
    return posted(tokens, grant_type=ASSERTION, assertion=signed(tokens, **claims))


def test_an_assertion_gives_a_token_for_an_hour(tokens: Tokens) -> None:
    """The token acts for the service account, with the scopes that it asked for."""
    body = asserted(tokens).content
    assert body["expires_in"] == 3599
    assert body["token_type"] == "Bearer"  # noqa: S105 - no secret
    grant = tokens.grant(body["access_token"])
    assert grant is not None
    assert grant.account.email == ROBOT
    assert grant.scopes == {SCOPE}


@pytest.mark.parametrize(
    ("target", "audience"),
    [
        ("/token", "https://oauth2.googleapis.com/token"),
        ("http://127.0.0.1:8085/token", "https://oauth2.googleapis.com/token"),
        ("http://127.0.0.1:8085/token", "http://127.0.0.1:8085/token"),
        (
            "https://www.googleapis.com/oauth2/v4/token",
            "https://www.googleapis.com/oauth2/v4/token",
        ),
        ("https://accounts.google.com/o/oauth2/token", "https://oauth2.googleapis.com/token"),
    ],
)
def test_any_of_our_addresses_takes_any_of_our_audiences(
    tokens: Tokens, target: str, audience: str
) -> None:
    """google-auth names Google's address as the audience, whatever the key file says."""
    assertion = signed(tokens, aud=audience)
    assert posted(tokens, target, grant_type=ASSERTION, assertion=assertion).status == 200


@pytest.mark.parametrize(
    ("claims", "error", "description"),
    [
        ({"iss": "nobody@example.com"}, "invalid_grant", "Invalid grant: account not found"),
        ({"iss": TEST_USER}, "invalid_grant", "Invalid grant: account not found"),
        ({"aud": "https://example.com/"}, "invalid_grant", "Invalid JWT: Failed audience check."),
        ({"aud": ["x"]}, "invalid_grant", "Invalid JWT: Failed audience check."),
        ({"scope": ""}, "invalid_scope", "Empty or missing scope not allowed."),
        ({"scope": None}, "invalid_scope", "Empty or missing scope not allowed."),
        ({"scope": "sheets"}, "invalid_scope", "Invalid OAuth scope"),
        ({"sub": PERSON}, "unauthorized_client", "Client is unauthorized"),
    ],
)
def test_an_assertion_that_claims_what_it_may_not_is_refused(
    tokens: Tokens, claims: Body, error: str, description: str
) -> None:
    """Each reason has OAuth's word and Google's sentence."""
    answer = asserted(tokens, **claims)
    assert answer.status == (401 if error == "unauthorized_client" else 400)
    assert answer.content["error"] == error
    assert answer.content["error_description"].startswith(description)


@pytest.mark.parametrize(
    ("issued", "ends", "status"),
    [
        (0, 3600, 200),
        (299, 3899, 200),
        (301, 3901, 400),
        (-3899, -299, 200),
        (-3901, -301, 400),
        (0, 3601, 400),
        (0, 0, 400),
        (0, "soon", 400),
        (None, 3600, 400),
    ],
)
def test_clocks_may_differ_by_five_minutes(
    tokens: Tokens, issued: int | None, ends: int | str, status: int
) -> None:
    """Times are compared with the emulator's clock; an assertion is good for an hour at most."""
    now = tokens.clock.now() // 1_000_000
    answer = asserted(
        tokens,
        iat=None if issued is None else now + issued,
        exp=now + ends if isinstance(ends, int) else ends,
    )
    assert answer.status == status
    if status != 200:
        assert answer.content["error_description"].startswith("Invalid JWT: Token must be a short")


def test_only_the_accounts_own_key_signs(tokens: Tokens) -> None:
    """Another key, another algorithm and no JWT at all are refused."""
    for assertion in (
        signed(tokens, key=new_key().private),
        signed(tokens, key="secret" * 8, algorithm="HS256"),
    ):
        answer = posted(tokens, grant_type=ASSERTION, assertion=assertion)
        assert answer.content["error_description"] == "Invalid JWT Signature."
    answer = posted(tokens, grant_type=ASSERTION, assertion="no.jwt")
    assert answer.content == {"error": "invalid_grant", "error_description": "Bad Request"}


def test_a_service_account_acts_for_persons_whom_it_was_given(tokens: Tokens) -> None:
    """Domain-wide delegation is for a pair and its scopes."""
    tokens.delegate(ROBOT, PERSON, scopes=frozenset({SCOPE}))
    grant = tokens.grant(asserted(tokens, sub=PERSON).content["access_token"])
    assert grant is not None
    assert grant.account.email == PERSON
    assert asserted(tokens, sub=PERSON, scope=f"{AUTH}drive").status == 401
    tokens.delegate(ROBOT, "gone@example.com")
    assert asserted(tokens, sub="gone@example.com").content["error"] == "invalid_grant"


def test_an_assertion_is_a_token_by_itself(tokens: Tokens) -> None:
    """Google's APIs take self-signed ones, which google-auth can be told to send."""
    grant = tokens.grant(signed(tokens, aud="https://sheets.googleapis.com/", sub=ROBOT))
    assert grant is not None
    assert grant.account.email == ROBOT
    assert tokens.grant(signed(tokens, sub=PERSON)) is None
    assert tokens.grant("a.b.c") is None


def test_a_refresh_token_gives_tokens_until_it_is_revoked(tokens: Tokens) -> None:
    """Afterwards it and what it gave are good for nothing."""
    refresh = tokens.issue_refresh(PERSON, scopes=frozenset({SCOPE}))
    form = {"grant_type": "refresh_token", "refresh_token": refresh}
    given = posted(tokens, **form, client_id="anything", client_secret="x").content  # noqa: S106 - a test's
    assert given["scope"] == SCOPE
    assert posted(tokens, "/revoke", token=refresh).status == 200
    assert tokens.grant(given["access_token"]) is None
    refused = posted(tokens, **form).content
    assert refused["error"] == "invalid_grant"
    assert refused["error_description"] == "Token has been expired or revoked."
    assert posted(tokens, "/revoke", token=refresh).status == 400


def test_an_oauth_client_needs_its_secret_and_its_own_tokens(tokens: Tokens) -> None:
    """Another client, or none, is told so."""
    tokens.add_client("mine", secret="s")  # noqa: S106 - a test's
    tokens.add_client("other")
    refresh = tokens.issue_refresh(PERSON, client="mine")
    form = {"grant_type": "refresh_token", "refresh_token": refresh}
    assert posted(tokens, **form, client_id="mine", client_secret="s").status == 200  # noqa: S106 - a test's
    for client, error in {
        "mine": "invalid_client",
        "other": "unauthorized_client",
        "unknown": "invalid_client",
    }.items():
        answer = posted(tokens, **form, client_id=client)
        assert answer.status == 401
        assert answer.content["error"] == error


def test_a_person_consents_and_the_code_is_good_once(tokens: Tokens) -> None:
    """The way of a web application, without anybody who clicks."""
    query = urlencode(
        {"redirect_uri": "http://127.0.0.1:1/?a=b", "state": "s", "scope": SCOPE, "client_id": "c"}
    )
    answer = exchanged(Request.of("GET", f"/o/oauth2/v2/auth?{query}"), tokens)
    assert answer is not None
    assert answer.status == 302
    assert answer.headers["location"].startswith("http://127.0.0.1:1/?a=b&state=s&code=4%2F")
    code = next(iter(tokens.codes))
    form = {"grant_type": "authorization_code", "code": code, "client_id": "c"}
    given = posted(tokens, **form).content
    assert given["refresh_token"] in tokens.refreshing
    assert posted(tokens, **form).content["error"] == "invalid_grant"


def test_tokeninfo_and_userinfo_tell_of_a_token(tokens: Tokens) -> None:
    """Also of the one that never ends; a bad one is refused."""
    answer = posted(tokens, "/tokeninfo", access_token="test-token")  # noqa: S106 - known to all
    assert answer.content["email"] == TEST_USER
    assert int(answer.content["expires_in"]) > 0
    assert posted(tokens, "/tokeninfo", access_token="no").status == 400  # noqa: S106 - none
    request = Request.of("GET", "/v1/userinfo", headers={"Authorization": "Bearer test-token"})
    info = exchanged(request, tokens)
    assert info is not None
    assert info.content["name"] == "Test User"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", ""),
        (b"grant_type=unknown", ""),
        (b"grant_type=refresh_token", ""),
        (b"grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer", ""),
        (b"\xff\xfe", "application/json"),
        (b"[]", "application/json"),
        (b'{"grant_type": 7}', "application/json"),
    ],
)
def test_a_malformed_request_is_told_so(tokens: Tokens, body: bytes, content_type: str) -> None:
    """Never an error of ours."""
    headers = {"content-type": content_type}
    answer = exchanged(Request.of("POST", "/token", headers=headers, body=body), tokens)
    assert answer is not None
    assert answer.status == 400
    assert answer.content["error"] in {"invalid_request", "unsupported_grant_type"}


def test_other_paths_are_not_ours(tokens: Tokens) -> None:
    """They go on to the methods of the APIs; google-auth's side question is answered."""
    assert exchanged(Request.of("GET", "/v4/spreadsheets/1"), tokens) is None
    assert exchanged(Request.of("GET", "/token"), tokens) is None
    path = f"/v1/projects/-/serviceAccounts/{ROBOT}/allowedLocations"
    answer = exchanged(Request.of("GET", path), tokens)
    assert answer is not None
    assert answer.content == {"locations": [], "encodedLocations": "0x0"}
