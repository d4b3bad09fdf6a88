"""Sets up what a test begins with, from a file: people, drives, folders and spreadsheets.

JSON or TOML (by the file's name). All parts may be missing::

    {"users": [{"email": "ada@example.com", "name": "Ada", "token": "ada-token"}],
     "service_accounts": [{"email": "robot@project.iam.gserviceaccount.com",
                           "key_file": "robot.json", "token": "robot-token"}],
     "oauth_clients": [{"id": "app", "secret": "s"}], "api_keys": [{"key": "AIza-1"}],
     "refresh_tokens": [{"token": "1//ada", "email": "ada@example.com", "client": "app"}],
     "delegations": [{"service_account": "robot@…", "user": "ada@example.com"}],
     "shared_drives": [{"name": "Team", "owner": "ada@example.com", "share": […]}],
     "folders": [{"name": "Forms", "owner": "ada@example.com", "in": "Team", "share": […]}],
     "spreadsheets": [{"name": "Responses", "id": "responses", "in": "Forms", "locale": "de_DE",
                       "share": [{"email": "robot@…", "role": "writer"}, {"anyone": "reader"}],
                       "sheets": [{"title": "Answers", "rows": [["Name", "Age"], ["Eva", 7]]}]}]}

``in`` is the name or the id of a folder or Shared Drive further up; without an ``owner``, things
belong to the user of the plain start. Texts that begin with ``=`` are formulas. A ``key_file`` is
written beside the seed file.
"""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import attrs

from formbridge.domain.ports import Clock
from formbridge.testing.google.accounts.grants import Account
from formbridge.testing.google.accounts.keys import TOKEN_URI
from formbridge.testing.google.accounts.scopes import EVERY_SCOPE
from formbridge.testing.google.accounts.tokens import TEST_USER, Tokens
from formbridge.testing.google.files.drive import Drive
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.seed_parts import Part, SeedError, permission_of, sheet_of


class Seeded(Protocol):
    """What is set up of ``google.Google``."""

    clock: Clock
    tokens: Tokens
    drive: Drive
    books: dict[str, Book]


def read(file: Path) -> Mapping[str, Any]:
    """Return what a seed file says; raise ``SeedError`` where it cannot be read."""
    try:
        text = file.read_text("utf-8")
        said = tomllib.loads(text) if file.suffix == ".toml" else json.loads(text)
    except (OSError, ValueError) as error:
        raise SeedError(f"{file}: {error}") from error
    if not isinstance(said, dict):
        raise SeedError(f"{file}: an object is needed.")
    unknown = sorted(said.keys() - SETTERS.keys())
    if unknown:
        raise SeedError(f"{file}: {unknown[0]} is not known; known are {', '.join(SETTERS)}.")
    return said


def plant(
    google: Seeded,
    said: Mapping[str, Any],
    *,
    folder: Path | None = None,
    token_uri: str = TOKEN_URI,
) -> None:
    """Set up what a seed file says; raise ``SeedError`` where it cannot be.

    ``folder`` is where key files go, ``token_uri`` what they say.
    """
    planting = _Planting(google=google, folder=folder or Path.cwd(), token_uri=token_uri)
    whole = Part(place="", said=said)
    for name, setter in SETTERS.items():
        for part in whole.parts(name):
            try:
                setter(planting, part)
            except KeyError as error:
                raise SeedError(f"{part.place}: {error.args[0]!r} is not known.") from error


@attrs.define(eq=False, kw_only=True)
class _Planting:
    google: Seeded
    folder: Path
    token_uri: str
    places: dict[str, str] = attrs.field(factory=dict)

    @property
    def now(self) -> int:
        return self.google.clock.now()

    def owner(self, part: Part) -> Account:
        return self.google.tokens.accounts[part.text("owner", TEST_USER)]

    def parent(self, part: Part) -> str:
        """Return the id of the folder that something is in; an empty one is My Drive."""
        name = part.text("in", "")
        if name in self.google.drive.all:
            return name
        return self.places[name] if name else ""

    # --- who there is ---------------------------------------------------------------------------

    def user(self, part: Part) -> None:
        email = part.text("email")
        self.google.tokens.add_user(
            email, name=part.text("name", ""), project=part.text("project", "project")
        )
        self._token(part, email)

    def service_account(self, part: Part) -> None:
        email = part.text("email")
        key_file = self.google.tokens.add_service_account(
            email,
            project=part.text("project", "project"),
            storage=part.flag("storage", default=False),
            token_uri=part.text("token_uri", self.token_uri),
        )
        self._token(part, email)
        if "key_file" in part.said:
            file = self.folder / part.text("key_file")
            file.write_text(json.dumps(key_file, indent=2) + "\n", "utf-8")

    def _token(self, part: Part, email: str) -> None:
        if "token" in part.said:
            self.google.tokens.issue(email, token=part.text("token"), lasts=None)

    def client(self, part: Part) -> None:
        self.google.tokens.add_client(
            part.text("id"),
            secret=part.text("secret", ""),
            project=part.text("project", "project"),
        )

    def api_key(self, part: Part) -> None:
        self.google.tokens.add_api_key(part.text("key"), project=part.text("project", "project"))

    def refresh_token(self, part: Part) -> None:
        self.google.tokens.issue_refresh(
            part.text("email"), token=part.text("token"), client=part.text("client", "")
        )

    def delegation(self, part: Part) -> None:
        scopes = frozenset(part.text("scopes", "").split()) or EVERY_SCOPE
        self.google.tokens.delegate(part.text("service_account"), part.text("user"), scopes=scopes)

    # --- what there is --------------------------------------------------------------------------

    def shared_drive(self, part: Part) -> None:
        name = part.text("name")
        drive = self.google.drive.add_drive(name, by=self.owner(part), now=self.now)
        self.places[name] = drive.id
        self._share(part, drive.id)

    def folder_(self, part: Part) -> None:
        name = part.text("name")
        made = self.google.drive.add_folder(
            name, owner=self.owner(part), now=self.now, parent=self.parent(part)
        )
        self.places[name] = made.id
        self._share(part, made.id)

    def spreadsheet(self, part: Part) -> None:
        name = part.text("name")
        file = self.google.drive.add_spreadsheet(
            name,
            owner=self.owner(part),
            now=self.now,
            parent=self.parent(part),
            file_id=part.text("id", ""),
        )
        tabs = list(part.parts("sheets")) or [Part(place=part.place, said={"title": "Sheet1"})]
        self.google.books[file.id] = Book(
            id=file.id,
            title=name,
            locale=part.text("locale", "en_US"),
            time_zone=part.text("time_zone", "Etc/GMT"),
            sheets=[sheet_of(index, tab) for index, tab in enumerate(tabs)],
        )
        self._share(part, file.id)

    def _share(self, part: Part, file_id: str) -> None:
        for one in part.parts("share"):
            self.google.drive.permit(file_id, permission_of(one), now=self.now)


SETTERS = {
    "users": _Planting.user,
    "service_accounts": _Planting.service_account,
    "oauth_clients": _Planting.client,
    "api_keys": _Planting.api_key,
    "refresh_tokens": _Planting.refresh_token,
    "delegations": _Planting.delegation,
    "shared_drives": _Planting.shared_drive,
    "folders": _Planting.folder_,
    "spreadsheets": _Planting.spreadsheet,
}
"""What a seed file may say, in the order in which it is set up."""
