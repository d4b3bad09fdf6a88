"""An emulator with people, service accounts and folders, and locators that work there."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import attrs

from formbridge.adapters.sheets.calls.client import SheetsClient
from formbridge.adapters.sheets.drive.locating import Locator
from formbridge.adapters.sheets.drive.naming import FOLDER, SPREADSHEET
from formbridge.adapters.sheets.settings import SheetsSettings
from formbridge.adapters.system.clock import SystemClock
from formbridge.domain.errors import TableBusy
from formbridge.domain.identity import TableKey
from formbridge.testing.clock import FakeClock
from formbridge.testing.google import Google
from formbridge.testing.google.accounts.grants import Account
from formbridge.testing.google.files.file import File, Permission
from formbridge.testing.google.files.ids import permission_id
from formbridge.testing.google.grid.book import fresh_book
from tests.adapters.sheets.in_process import ENDPOINT, opened

TESTER = "tester@example.com"
ROBOT = "robot@project.iam.gserviceaccount.com"
CLUB = TableKey(form_id="club")


@attrs.define(eq=False)
class Place:
    """The emulator, its clock, and a folder for files of the test."""

    google: Google
    clock: FakeClock
    files: Path
    clients: list[SheetsClient] = attrs.field(factory=list)

    # --- who works there ------------------------------------------------------------------------

    def settings(self, **more: object) -> SheetsSettings:
        """Return settings that lead there."""
        return SheetsSettings(endpoint=ENDPOINT, **more)

    def client(self, settings: SheetsSettings) -> SheetsClient:
        """Return a client of its own, as each process has one."""
        self.clients.append(opened(self.google, self.clock, settings))
        return self.clients[-1]

    def locator(self, **more: object) -> Locator:
        """Return the locator of a new process; its client is the last of ``clients``."""
        settings = self.settings(**more)
        return Locator(self.client(settings), settings, clock=self.clock)

    @property
    def calls(self) -> Counter[str]:
        """The calls of all clients since they were counted last; tokens left out."""
        total: Counter[str] = Counter()
        for client in self.clients:
            total += client.calls
            client.calls.clear()
        del total["token"]
        return total

    def robot(self, email: str = ROBOT, *, storage: bool = False) -> Path:
        """Add a service account; return its key file."""
        body = self.google.tokens.add_service_account(email, storage=storage)
        file = self.files / f"{email}.json"
        file.write_text(json.dumps(body), "utf-8")
        return file

    def user(self, email: str) -> Path:
        """Add a person; return a file with their sign-in, by a program of their own."""
        self.google.tokens.add_user(email)
        self.google.tokens.add_client(f"client of {email}", secret="s")  # noqa: S106 - no secret
        token = self.google.tokens.issue_refresh(email, client=f"client of {email}")
        said = {"type": "authorized_user", "client_id": f"client of {email}", "client_secret": "s"}
        file = self.files / f"{email}.json"
        file.write_text(json.dumps(said | {"refresh_token": token}), "utf-8")
        return file

    # --- what people do -------------------------------------------------------------------------

    def account(self, email: str = TESTER) -> Account:
        """Return an account."""
        accounts = self.google.tokens.accounts
        return accounts.get(email) or self.google.tokens.add_user(email)

    def make_folder(self, name: str = "FormBridge", *, by: str = TESTER, into: str = "") -> File:
        """Let somebody make a folder."""
        self.clock.advance(1)
        return self.google.drive.add_folder(
            name, owner=self.account(by), now=self.clock.now(), parent=into
        )

    def make_sheet(self, name: str, *, into: str = "", by: str = TESTER) -> File:
        """Let somebody make a spreadsheet."""
        self.clock.advance(1)
        file = self.google.drive.add_spreadsheet(
            name, owner=self.account(by), now=self.clock.now(), parent=into
        )
        self.google.books[file.id] = fresh_book(file.id, name)
        return file

    def share(self, file_id: str, email: str, role: str = "writer") -> None:
        """Let a file's owner share it."""
        given = Permission(id=permission_id(email), type="user", role=role, name=email)
        self.google.drive.permit(file_id, given, now=self.clock.now())

    def trash(self, file_id: str) -> None:
        """Let somebody put a file into the trash."""
        self.google.drive.trash(file_id, by=self.account(), now=self.clock.now())

    def delete(self, file_id: str) -> None:
        """Let somebody delete a file for good."""
        self.google.drive.delete(file_id, now=self.clock.now())
        self.google.books.pop(file_id, None)

    def move(self, file_id: str, folder: str) -> None:
        """Let somebody move a file into another folder."""
        self.google.drive.move(file_id, folder, by=self.account(), now=self.clock.now())

    # --- what is there --------------------------------------------------------------------------

    def file(self, file_id: str) -> File:
        """Return a file."""
        return self.google.drive.all[file_id]

    def spreadsheets(self) -> list[File]:
        """Return all spreadsheets outside of the trash."""
        return self._live(SPREADSHEET)

    def folders(self) -> list[File]:
        """Return all folders outside of the trash; no drives."""
        return [it for it in self._live(FOLDER) if not it.is_root]

    def _live(self, kind: str) -> list[File]:
        drive = self.google.drive
        return [
            it for it in drive.all.values() if it.mime_type == kind and not drive.is_trashed(it)
        ]


@contextmanager
def somewhere(files: Path) -> Iterator[Place]:
    """Yield an empty place; close its clients.

    Its time begins with the machine's: service accounts sign with that one.
    """
    clock = FakeClock(start=SystemClock().now())
    place = Place(Google(clock=clock, seed=1), clock, files)
    yield place
    for client in place.clients:
        client.close()


def marks_of(file: File) -> dict[str, str]:
    """Return the private properties of a file, whoever's they are."""
    return {name: value for marks in file.app_properties.values() for name, value in marks.items()}


def created(locator: Locator, clock: FakeClock, table: TableKey = CLUB, *, number: int = 1) -> str:
    """Create as a bridge does: again, after the seconds that it is told to wait."""
    for _ in range(100):
        try:
            return locator.create(table, number=number)
        except TableBusy as busy:
            clock.sleep(busy.seconds)
    raise AssertionError("it never became known what there is")
