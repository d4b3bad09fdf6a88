"""Who may call, by which token, and what the others are told."""

import pytest

from formbridge.testing.clock import FakeClock
from formbridge.testing.google.accounts.scopes import AUTH
from formbridge.testing.google.accounts.tokens import TEST_USER, Tokens, unique_id
from formbridge.testing.google.errors import ApiError, drive_answer, sheets_answer
from formbridge.testing.google.messages import Request

SHEETS = frozenset({f"{AUTH}spreadsheets", f"{AUTH}drive"})
NO_SCOPES: frozenset[str] = frozenset()


@pytest.fixture
def clock() -> FakeClock:
    """Time that stands."""
    return FakeClock()


@pytest.fixture
def tokens(clock: FakeClock) -> Tokens:
    """The plain start."""
    return Tokens(clock=clock)


def asking(token: str = "", target: str = "/v4/spreadsheets/1", method: str = "GET") -> Request:
    """Return a request with that token."""
    return Request.of(method, target, headers={"Authorization": f"Bearer {token}"} if token else {})


def refusal(tokens: Tokens, request: Request) -> ApiError:
    """Return what the request is told."""
    with pytest.raises(ApiError) as caught:
        tokens.grant_of(request, SHEETS)
    return caught.value


def test_the_plain_start_knows_one_token_with_every_scope_that_never_ends(
    tokens: Tokens, clock: FakeClock
) -> None:
    """``test-token`` is good from the first second to the last."""
    clock.advance(10 * 365 * 86_400)
    grant = tokens.grant_of(asking("test-token"), SHEETS)
    assert grant.account.email == TEST_USER
    assert grant.account.storage
    assert grant.project == "project"
    assert grant.scopes >= SHEETS


@pytest.mark.parametrize(
    "request_",
    [
        Request.of("GET", "/v4/spreadsheets/1?access_token=test-token"),
        Request.of("GET", "/v4/spreadsheets/1", headers={"authorization": "bearer test-token"}),
    ],
)
def test_a_token_is_read_from_the_header_and_from_the_parameter(
    tokens: Tokens, request_: Request
) -> None:
    """Google reads both, and capitals of the scheme do not count."""
    assert tokens.grant_of(request_, SHEETS).account.email == TEST_USER


def test_a_request_without_credentials_is_told_so(tokens: Tokens) -> None:
    """Sheets prints a status, Drive its list of errors too."""
    error = refusal(tokens, asking())
    answer = sheets_answer(error)
    assert answer.status == 401
    assert answer.content["error"]["status"] == "UNAUTHENTICATED"
    assert answer.content["error"]["message"].startswith(
        "Request is missing required authentication credential. Expected OAuth 2 access token"
    )
    assert answer.headers["www-authenticate"].startswith("Bearer realm=")
    assert drive_answer(error).content["error"]["errors"] == [
        {
            "message": "Login Required.",
            "domain": "global",
            "reason": "required",
            "location": "Authorization",
            "locationType": "header",
        }
    ]


def test_a_token_ends_after_an_hour_less_a_second(tokens: Tokens, clock: FakeClock) -> None:
    """Until then it is good; afterwards the answer says that it has ended."""
    token = tokens.issue(TEST_USER, scopes=SHEETS)
    clock.advance(3598)
    tokens.grant_of(asking(token), SHEETS)
    clock.advance(1)
    error = refusal(tokens, asking(token))
    assert error.code == 401
    assert error.details[0]["reason"] == "ACCESS_TOKEN_EXPIRED"


@pytest.mark.parametrize("header", ["Bearer nobody", "Bearer", "Basic dGVzdA==", "Bearer a b"])
def test_an_unknown_token_is_refused(tokens: Tokens, header: str) -> None:
    """Also one that is no bearer token at all."""
    request = Request.of("GET", "/drive/v3/files", headers={"Authorization": header})
    error = refusal(tokens, request)
    assert error.code == 401
    assert drive_answer(error).content["error"]["errors"][0]["message"] == "Invalid Credentials"


def test_a_token_needs_one_of_the_methods_scopes(tokens: Tokens) -> None:
    """Another scope gives 403, with the reason in both print forms."""
    token = tokens.issue(TEST_USER, scopes=frozenset({f"{AUTH}drive.metadata.readonly"}))
    error = refusal(tokens, asking(token))
    body = sheets_answer(error).content["error"]
    assert body["code"] == 403
    assert body["message"] == "Request had insufficient authentication scopes."
    assert body["status"] == "PERMISSION_DENIED"
    assert body["details"][0]["reason"] == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"
    assert drive_answer(error).content["error"]["errors"][0] == {
        "message": "Insufficient Permission",
        "domain": "global",
        "reason": "insufficientPermissions",
    }
    assert tokens.grant_of(asking(token), NO_SCOPES).account.email == TEST_USER


def test_a_refresh_token_takes_with_it_what_it_gave(tokens: Tokens) -> None:
    """Revoking either one revokes both."""
    refresh = tokens.issue_refresh(TEST_USER)
    first, second = (tokens.issue(TEST_USER, source=refresh) for _ in range(2))
    assert tokens.revoke(first)
    assert refusal(tokens, asking(second)).code == 401
    assert not tokens.revoke(refresh)
    assert tokens.grant("test-token") is not None


def test_an_api_key_reads_and_changes_nothing(tokens: Tokens) -> None:
    """Who brings a key is nobody; an unknown key is a bad request, as Google has it."""
    tokens.add_api_key("AIza-1", project="other")
    target = "/v4/spreadsheets/1?key=AIza-1"
    grant = tokens.grant_of(Request.of("GET", target), SHEETS)
    assert (grant.account.kind, grant.account.email, grant.project) == ("anonymous", "", "other")
    assert refusal(tokens, Request.of("PUT", target)).code == 401
    for path in ("/drive/v3/files", "/drive/v3/files/root", "/drive/v3/about"):
        assert refusal(tokens, Request.of("GET", f"{path}?key=AIza-1")).code == 401
    unknown = refusal(tokens, Request.of("GET", "/v4/spreadsheets/1?key=no"))
    assert unknown.code == 400
    assert unknown.details[0]["reason"] == "API_KEY_INVALID"


def test_a_service_account_has_a_key_file_as_google_writes_it(tokens: Tokens) -> None:
    """The file has what google-auth reads, with the address that the test asks for."""
    email = "robot@project.iam.gserviceaccount.com"
    file = tokens.add_service_account(email, token_uri="http://127.0.0.1:1/token")  # noqa: S106 - an address
    assert file["client_email"] == email
    assert file["private_key"].startswith("-----BEGIN PRIVATE KEY-----")
    assert file["token_uri"] == "http://127.0.0.1:1/token"  # noqa: S105 - an address
    assert file["client_id"] == unique_id(email)
    assert len(file["client_id"]) == 21
    assert not tokens.accounts[email].storage
    assert tokens.accounts[email].is_service
