"""What the control API lets people do."""

import attrs

from formbridge.testing.google.accounts.grants import Account
from formbridge.testing.google.accounts.tokens import TEST_USER
from formbridge.testing.google.errors import ApiError, not_found
from formbridge.testing.google.messages import Body
from formbridge.testing.google.person.chance import RandomPerson
from formbridge.testing.google.person.person import EDITS, Person
from formbridge.testing.google.trouble.commands import Controlled
from formbridge.testing.google.trouble.said import arguments, value_of


@attrs.frozen(kw_only=True)
class Edit:
    """One edit that is asked for."""

    spreadsheetId: str  # noqa: N815 - as the API says it
    edit: str
    args: dict  # type: ignore[type-arg]  # an object of JSON
    account: str = ""


@attrs.frozen(kw_only=True)
class Chance:
    """Edits at random that are asked for."""

    spreadsheetId: str  # noqa: N815 - as the API says it
    seed: int = 0
    times: int = 1
    chance: float = 1.0
    only: list[str] | None = None
    never: list[str] = attrs.field(factory=list)
    tab: str | None = None
    account: str = ""


def edits(google: Controlled, said: Body) -> Body:  # noqa: ARG001 - as all commands
    """Return what a person can do, in the words of its methods."""
    return {name: (getattr(Person, name).__doc__ or "").partition("\n")[0] for name in EDITS}


def edit(google: Controlled, said: Body) -> Body:
    """Let a person do one edit; return the sentence that says what was done."""
    asked = value_of(Edit, {"args": {}, **said})
    if asked.edit not in EDITS:
        raise ApiError(400, f"Nobody does {asked.edit!r}; there is {', '.join(EDITS)}.")
    act = getattr(_person(google, asked.spreadsheetId, asked.account), asked.edit)
    return {"done": act(asked.spreadsheetId, **arguments(act, asked.args, skip=1))}


def edit_at_random(google: Controlled, said: Body) -> Body:
    """Let a person do some edits at random; return a sentence for each."""
    asked = value_of(Chance, said)
    someone = _someone(google, asked)
    times = range(max(0, min(asked.times, 1000)))
    return {"done": [someone.edit(asked.spreadsheetId, asked.tab) for _ in times]}


def edit_between(google: Controlled, said: Body) -> Body:
    """Let a person do something at random before each call."""
    asked = value_of(Chance, said)
    someone = _someone(google, asked)
    google.troubles.between = someone.sometimes(
        asked.spreadsheetId, chance=asked.chance, tab=asked.tab
    )
    return {}


def edit_no_more(google: Controlled, said: Body) -> Body:  # noqa: ARG001 - as all commands
    """Let nobody act between calls."""
    google.troubles.between = None
    return {}


def _someone(google: Controlled, asked: Chance) -> RandomPerson:
    person = _person(google, asked.spreadsheetId, asked.account)
    try:
        return person.random(asked.seed, only=asked.only, never=asked.never)
    except ValueError as error:
        raise ApiError(400, str(error)) from error


def _person(google: Controlled, book_id: str, email: str) -> Person:
    file = google.drive.get(book_id)
    if file is None:
        raise not_found()
    return Person(google, _account(google, email or file.owner or file.modified_by or TEST_USER))


def _account(google: Controlled, email: str) -> Account:
    account = google.tokens.accounts.get(email)
    if account is None:
        raise ApiError(404, f"There is no account {email}.")
    return account
