"""Who calls: every kind of credentials signs in, and each that cannot is told why."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from google.auth import credentials as of_auth
from google.auth.transport.requests import AuthorizedSession
from google.oauth2 import service_account

from formbridge.adapters.sheets.calls.client import SheetsClient
from formbridge.adapters.sheets.calls.credentials import SCOPES, TEST_TOKEN, accounts_of
from formbridge.adapters.sheets.calls.errors import Denied, Unknown
from formbridge.adapters.sheets.settings import SheetsSettings
from formbridge.adapters.system.clock import SystemClock
from formbridge.domain.errors import BadSetting
from formbridge.testing.clock import FakeClock
from formbridge.testing.google import Fault, Google, Served, serve
from formbridge.testing.google.accounts.keys import new_key
from formbridge.testing.google.serving import ROBOT
from formbridge.testing.google.trouble.faults import Kind
from tests.adapters.sheets.in_process import opened

ADA = "ada@example.com"
REFRESH = "1//refresh"
HALF_A_KEY = (
    '{"type": "service_account", "client_email": "r@p.iam", "private_key": "MIIhush",'
    ' "token_uri": "https://oauth2.googleapis.com/token"}'
)


@pytest.fixture(name="served")
def _served() -> Iterator[Served]:
    with serve() as served:
        served.google.tokens.add_user(ADA)
        yield served


def client(served: Served, *files: Path, **said: Any) -> SheetsClient:  # noqa: ANN401 - settings
    """Return a client of a served emulator."""
    settings = SheetsSettings(endpoint=served.url, credentials=files, **said)
    return SheetsClient.of(settings, clock=SystemClock())


def who(client: SheetsClient) -> str:
    """Return whom Google takes the client for; close it."""
    try:
        return str(client.about("user")["user"]["emailAddress"])
    finally:
        client.close()


def refused(client: SheetsClient) -> str:
    """Return why Google lets a client not in; close it."""
    try:
        with pytest.raises(Denied) as caught:
            client.about("user")
    finally:
        client.close()
    return caught.value.reason


def signed_in(served: Served, folder: Path) -> Path:
    """Write the file that a user gets who signed in; return it."""
    token = served.google.tokens.issue_refresh(ADA, token=REFRESH)
    file = folder / "ada.json"
    said = {"type": "authorized_user", "client_id": "c", "client_secret": "s"}
    file.write_text(json.dumps({**said, "refresh_token": token, "account": ADA}), "utf-8")
    return file


# --- each kind -----------------------------------------------------------------------------------


def test_a_service_account_signs_in_with_its_key(served: Served) -> None:
    """One token for many calls."""
    made = client(served, served.service_account_file())
    assert made.who == (ROBOT,)
    made.about("user")
    assert who(made) == ROBOT
    assert made.calls == {"drive.about": 2, "token": 1}


def test_a_service_account_acts_for_a_user(served: Served) -> None:
    """With domain-wide delegation, files belong to the user."""
    key = served.service_account_file()
    served.google.tokens.delegate(ROBOT, ADA)
    made = client(served, key, subject=ADA)
    assert made.who == (ADA,)
    assert who(made) == ADA


def test_a_user_signs_in_with_what_the_sign_in_gave(served: Served, tmp_path: Path) -> None:
    """The file names Google's token endpoint, or none; the setting wins."""
    made = client(served, signed_in(served, tmp_path))
    assert made.who == (ADA,)
    assert who(made) == ADA


@pytest.mark.parametrize("kind", ["robot", "user"])
def test_the_machines_own_credentials_are_used_where_none_are_named(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Application Default Credentials; at Google itself, as here only the file is looked at."""
    file = served.service_account_file() if kind == "robot" else signed_in(served, tmp_path)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(file))
    (account,) = accounts_of(SheetsSettings())
    assert account.who == (ROBOT if kind == "robot" else "")
    (acting,) = [account] if kind == "user" else accounts_of(SheetsSettings(subject=ADA))
    assert acting.who == ("" if kind == "user" else ADA)


def test_the_plain_user_is_for_an_emulator_on_this_machine_only(
    served: Served, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Elsewhere the machine's own credentials are wanted."""
    assert who(client(served)) == "tester@example.com"
    nothing = tmp_path / "none.json"
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(nothing))
    for endpoint in ("", "https://sheets.example.com"):
        with pytest.raises(BadSetting, match="no credentials: name the key file"):
            accounts_of(SheetsSettings(endpoint=endpoint))


def test_a_named_file_is_used_at_an_emulator_too(served: Served) -> None:
    """The plain user takes nobody's place."""
    (account,) = accounts_of(
        SheetsSettings(endpoint=served.url, credentials=served.service_account_file())
    )
    assert account.credentials.token != TEST_TOKEN
    assert isinstance(account.credentials, of_auth.Credentials)


def test_a_netrc_takes_no_tokens_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ``default`` entry of it is for hosts that want a password; requests asks it for all."""
    file = tmp_path / "netrc"
    file.write_text("default login me password mine\n", "utf-8")
    monkeypatch.setenv("NETRC", str(file))
    clock = FakeClock(start=time.time_ns() // 1000)
    google = Google(clock=clock)
    key = tmp_path / "key.json"
    key.write_text(json.dumps(google.tokens.add_service_account(ROBOT)), "utf-8")
    settings = SheetsSettings(endpoint="https://google.example.com", credentials=key)
    assert who(opened(google, clock, settings)) == ROBOT


# --- files that are none -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "is no JSON"),
        ("-----BEGIN PRIVATE KEY-----\nMIIhush", "is no JSON"),
        ("[]", "is no key file"),
        ("{}", 'has no "type"'),
        ('{"installed": {"client_id": "x"}}', "of an OAuth client"),
        ('{"type": "external_account"}', "GOOGLE_APPLICATION_CREDENTIALS"),
        ('{"type": "service_account"}', "no complete key"),
        (HALF_A_KEY, "no complete key"),
        ('{"type": "authorized_user", "client_id": "x"}', "lacks refresh_token"),
    ],
)
def test_a_bad_file_is_told_by_its_name_and_not_by_what_is_in_it(
    tmp_path: Path, text: str, sentence: str
) -> None:
    """A key is a secret, also a broken one."""
    file = tmp_path / "key.json"
    file.write_text(text, "utf-8")
    with pytest.raises(BadSetting) as caught:
        accounts_of(SheetsSettings(credentials=file))
    assert str(caught.value).startswith(f"credentials: {file} ")
    assert sentence in str(caught.value)
    assert "hush" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """The most common mistake of all."""
    with pytest.raises(BadSetting, match=r"no\.json cannot be read: No such file"):
        accounts_of(SheetsSettings(credentials=tmp_path / "no.json"))


@pytest.mark.parametrize("kind", ["user", "plain", "machine"])
def test_only_a_service_account_acts_for_a_user(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Google's answer would name neither the setting nor the file."""
    file = signed_in(served, tmp_path)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(file))
    files = (file,) if kind == "user" else ()
    endpoint = "" if kind == "machine" else served.url
    with pytest.raises(BadSetting, match="subject needs the key of a service account"):
        accounts_of(SheetsSettings(endpoint=endpoint, credentials=files, subject=ADA))


# --- sign-ins that are refused -------------------------------------------------------------------


def test_a_key_that_was_replaced_is_told(served: Served) -> None:
    """Somebody deleted it in the console."""
    made = client(served, served.service_account_file())
    served.google.tokens.keys[ROBOT] = new_key()
    assert "the key was deleted or replaced" in refused(made)


def test_an_account_that_was_deleted_is_told(served: Served) -> None:
    """The key file outlives it."""
    made = client(served, served.service_account_file())
    del served.google.tokens.accounts[ROBOT]
    assert "the service account was deleted" in refused(made)


@pytest.mark.parametrize("skew", [-7200.0, 7200.0])
def test_a_clock_that_is_wrong_is_told(served: Served, skew: float) -> None:
    """Google only says that the assertion is of no reasonable time."""
    served.google.troubles.clock.skew = skew
    assert "the clock of this machine is wrong" in refused(
        client(served, served.service_account_file())
    )


def test_a_delegation_that_is_missing_is_told(served: Served) -> None:
    """Only an administrator can allow it, on a page that is hard to find."""
    made = client(served, served.service_account_file(), subject=ADA)
    assert "Domain-wide delegation" in refused(made)


def test_a_sign_in_that_was_revoked_is_told(served: Served, tmp_path: Path) -> None:
    """Users revoke access on a page of their account."""
    made = client(served, signed_in(served, tmp_path))
    served.google.tokens.revoke(REFRESH)
    assert "sign in again" in refused(made)


def test_a_token_that_is_revoked_for_good_is_told(served: Served) -> None:
    """google-auth fetches another one, twice; then somebody has to look."""
    made = client(served, served.service_account_file())
    served.google.troubles.add(Fault(kind=Kind.ERROR, status=401, method="drive.*", times=None))
    assert "revoked" in refused(made)
    assert made.calls["token"] == 3


def test_a_token_that_was_revoked_once_is_fetched_anew(served: Served) -> None:
    """A token lasts an hour; a sign-out everywhere ends it earlier."""
    made = client(served, served.service_account_file())
    made.about("user")
    served.google.troubles.add(Fault(kind=Kind.REVOKE, method="drive.*"))
    assert who(made) == ROBOT
    assert made.calls["token"] == 2


def test_a_token_that_lacks_a_scope_is_told(served: Served) -> None:
    """Somebody signed in for less."""
    made = client(served)
    made.wires[0].http.auth.token = served.google.tokens.issue(
        ADA, scopes=frozenset({"https://www.googleapis.com/auth/spreadsheets"})
    )
    assert "auth/drive" in refused(made)


def test_a_token_endpoint_that_answers_with_a_page_passes(served: Served) -> None:
    """The front end's 502 is no JSON, and no refusal."""
    made = client(served, served.service_account_file())
    served.google.troubles.add(Fault(kind=Kind.HTML, method="oauth2.token"))
    with pytest.raises(Unknown) as caught:
        made.about("user")
    assert not caught.value.sent
    assert who(made) == ROBOT


# --- nothing leaves this machine -----------------------------------------------------------------


@pytest.fixture(name="asked")
def _asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Refuse every host but this machine; return the names that were looked up."""
    names: list[str] = []
    real = socket.getaddrinfo

    def look_up(host: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as socket's
        names.append(str(host))
        if host not in {"127.0.0.1", "localhost"}:
            raise socket.gaierror(socket.EAI_NONAME, "refused by this test")
        return real(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return names


def join_all(before: set[threading.Thread]) -> set[threading.Thread]:
    """Wait for the threads that were begun since; return them."""
    begun = {it for it in threading.enumerate() if it not in before and "google" not in it.name}
    for thread in begun:
        thread.join(10)
    return begun


@pytest.mark.parametrize("kind", ["robot", "delegated", "user", "plain"])
def test_at_an_endpoint_nothing_leaves_this_machine(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: list[str], kind: str
) -> None:
    """No token, no call, no thread of google-auth's, and not through a proxy either."""
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example.com:3128")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.com:3128")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    served.google.tokens.delegate(ROBOT, ADA)
    key = served.service_account_file(through_proxy=True)  # it names Google's own token endpoint
    files = {"robot": [key], "delegated": [key], "user": [signed_in(served, tmp_path)]}
    before = set(threading.enumerate())
    made = client(served, *files.get(kind, []), subject=ADA if kind == "delegated" else "")
    who(made)
    assert join_all(before) == set()
    paths = [note.path for note in served.google.troubles.log.since()]
    assert not [path for path in paths if path.endswith("allowedLocations")]
    assert set(asked) == {"127.0.0.1"}


def test_without_that_google_auth_would_ask_elsewhere(
    served: Served, monkeypatch: pytest.MonkeyPatch, asked: list[str]
) -> None:
    """Else the test above would show nothing: the thread asks for the account's regions."""
    monkeypatch.setenv("NO_PROXY", "*")
    made = service_account.Credentials.from_service_account_file(
        str(served.service_account_file()), scopes=SCOPES
    )
    before = set(threading.enumerate())
    with AuthorizedSession(made) as session:
        session.get(f"{served.url}/drive/v3/about?fields=user", timeout=10)
        join_all(before)
        session._auth_request_session.close()  # noqa: SLF001 - google-auth leaves it open
    assert "iamcredentials.googleapis.com" in asked
