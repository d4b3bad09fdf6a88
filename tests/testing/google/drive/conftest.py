"""People who talk to an emulated Drive."""

import pytest

from formbridge.testing.clock import FakeClock
from formbridge.testing.google.accounts.scopes import EVERY_SCOPE
from formbridge.testing.google.accounts.tokens import TEST_TOKEN
from formbridge.testing.google.google import Google
from tests.testing.google.drive.talk import Person, Talk


@pytest.fixture
def clock() -> FakeClock:
    """A clock that only the calls move."""
    return FakeClock()


@pytest.fixture
def google(clock: FakeClock) -> Google:
    """A fresh emulator."""
    return Google(clock=clock, seed=1)


@pytest.fixture
def me(google: Google, clock: FakeClock) -> Talk:
    """The user that is always there."""
    return Talk(google=google, clock=clock, token=TEST_TOKEN)


@pytest.fixture
def person(google: Google, clock: FakeClock) -> Person:
    """Return who else there is, by address; scopes by their last part, clients by name."""

    def known(email: str, *scopes: str, client: str = "", service: bool = False) -> Talk:
        if email not in google.tokens.accounts:
            add = google.tokens.add_service_account if service else google.tokens.add_user
            add(email)
        prefix = "https://www.googleapis.com/auth/"
        said = frozenset(prefix + scope for scope in scopes) or EVERY_SCOPE
        token = google.tokens.issue(email, client=client, scopes=said)
        return Talk(google=google, clock=clock, token=token)

    return known
