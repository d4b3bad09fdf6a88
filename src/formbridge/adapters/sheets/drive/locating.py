"""Which spreadsheets a table has: named by the settings, remembered, found, or made.

``find`` reads like that sentence, ``create`` has its end. Sources: Drive's "Search for files and
folders" (search may lag, names are not unique, the trash is searched, too), and "Custom file
properties".
"""

from collections.abc import Iterable, Sequence
from typing import Any

from formbridge.adapters.sheets.calls.client import SheetsClient
from formbridge.adapters.sheets.calls.failures import Forbidden
from formbridge.adapters.sheets.drive import choosing, found, looking, naming
from formbridge.adapters.sheets.drive.folders import Folders
from formbridge.adapters.sheets.drive.found import Found
from formbridge.adapters.sheets.drive.given import Given
from formbridge.adapters.sheets.drive.making import Maker
from formbridge.adapters.sheets.drive.registry import Registry
from formbridge.adapters.sheets.drive.sharing import Sharing
from formbridge.adapters.sheets.settings import SheetsSettings
from formbridge.domain.errors import TableUnavailable
from formbridge.domain.identity import TableKey
from formbridge.domain.ports import Clock

Json = dict[str, Any]

SURVEY_SECONDS = 5.0
"""How long a search answers for all tables: hundreds of forms that are met at once need one."""
CONTENT = "sheets(data(rowData(values(userEnteredValue))))"


class Locator:
    """Finds and makes the spreadsheets of tables. One thread at a time.

    Every method may raise ``CallFailed``; ``TableUnavailable`` where a person must decide,
    ``TableBusy`` while Drive does not say what there is, and what the registry raises. What was
    interrupted goes on with the next call.
    """

    def __init__(self, client: SheetsClient, settings: SheetsSettings, *, clock: Clock) -> None:
        """Call nobody yet."""
        self._client = client
        self._settings = settings
        self._clock = clock
        self._registry = Registry(settings.registry, clock=clock)
        self._given = Given(settings=settings, registry=self._registry)
        self._sharing = Sharing(client=client, sharees=settings.sharees)
        self._maker = Maker(client=client, registry=self._registry, clock=clock)
        self._folders = Folders(
            client=client,
            settings=settings,
            registry=self._registry,
            sharing=self._sharing,
            clock=clock,
        )
        self._survey: tuple[float, Found | None, Sequence[Found]] | None = None

    # --- what is there --------------------------------------------------------------------------

    def find(self, table: TableKey) -> tuple[str, ...]:
        """Return the ids of a table's spreadsheets, the first one first; ``()`` if there is none.

        What is remembered costs no call. What somebody made under the table's title in the folder
        becomes the table's. Raises ``Trashed`` where one of ours is in the trash.
        """
        given = self._given.find(table)
        if given is not None:
            return (given,)
        known = self._known(table)
        if known or self._is_being_made(table):
            return known
        folder, files = self._surveyed()
        return () if folder is None else self._taken(table, folder, files)

    def known(self) -> Iterable[TableKey]:
        """Return the tables whose spreadsheets are remembered."""
        folder = self._folders.known
        return sorted({*(self._registry.tables(folder) if folder else ()), *self._given.tables()})

    def forget(self, table: TableKey) -> None:
        """Remember nothing of a table: it is searched for when it is needed next."""
        self._survey = None
        self._given.forget(table)
        folder = self._folders.known
        if folder is not None:
            self._registry.keep(folder, table, ())

    def look(self, spreadsheet_id: str) -> None:
        """Return if a spreadsheet may be written; raise ``Missing``, ``Trashed``, ``Forbidden``."""
        looking.look(self._client, spreadsheet_id)

    # --- what is found --------------------------------------------------------------------------

    def _known(self, table: TableKey) -> tuple[str, ...]:
        folder = self._folders.known
        return self._registry.books(folder, table) if folder else ()

    def _is_being_made(self, table: TableKey) -> bool:
        """Whether ``create`` has to end what was begun, before anything is used."""
        folder = self._folders.known
        if folder is None or not self._settings.create:
            return False
        return self._registry.attempt(_key(folder, table, 1)) is not None

    def _surveyed(self) -> tuple[Found | None, Sequence[Found]]:
        """Return the folder and all spreadsheets that may be ours, as of a few seconds ago."""
        now = self._clock.monotonic()
        if self._survey is None or now - self._survey[0] >= SURVEY_SECONDS:
            folder = self._folders.look()
            self._survey = (now, folder, [] if folder is None else self._all(folder))
        _, folder, files = self._survey
        return folder, files

    def _inside(self, folder: Found) -> list[Found]:
        return found.inside(self._client, folder.id, kind=naming.SPREADSHEET, drive=folder.drive)

    def _all(self, folder: Found) -> list[Found]:
        """Return what is in the folder, and what people have moved out of it."""
        files = (*found.cared_for(self._client, folder.id), *self._inside(folder))
        return found.oldest_first(list({it.id: it for it in files}.values()))

    def _taken(self, table: TableKey, folder: Found, files: Sequence[Found]) -> tuple[str, ...]:
        """Return the spreadsheets of a table among these, and remember them."""
        books = choosing.marked(table, files) or self._adopted(table, folder, files)
        ids = tuple(book.id for book in books)
        if ids:
            self._registry.keep(folder.id, table, ids)
        return ids

    def _adopted(self, table: TableKey, folder: Found, files: Sequence[Found]) -> list[Found]:
        """Mark the oldest spreadsheet of the table's title that is nobody's, and return it."""
        books = choosing.titled(table, files)[:1]
        for book in books:
            if not book.editable:
                raise Forbidden(
                    f"the spreadsheet {book.name!r} ({book.id}) in the folder may only be read; "
                    f"share it as {looking.editor(self._client)}, or rename it, and another one "
                    "is made"
                )
            marks = naming.marks_of(table, number=1, folder=folder.id)
            self._client.change_file(book.id, {"appProperties": marks})
        return books

    # --- what is made ---------------------------------------------------------------------------

    def create(self, table: TableKey, *, number: int) -> str:
        """Return a table's spreadsheet of that number, from 1, which is made if need be.

        A new one is empty, lies in the folder, has our marks, and is shared with whom the settings
        name. Where somebody else made it meanwhile, it need not be empty. Raises
        ``TableUnavailable`` where nothing may be made.
        """
        books = self.find(table)
        if len(books) >= number:
            return books[number - 1]
        self._check_may_create(table)
        folder = self._folders.ensured()
        files: list[Found] = []
        if self._registry.attempt(_key(folder.id, table, number)) is None:
            files = self._listed(folder, number)
            there = self._made_by_others(table, folder, files, number)
            if there is not None:
                return there
        return self._made(table, folder, files, number)

    def _check_may_create(self, table: TableKey) -> None:
        if self._given.said(table) is not None:
            raise TableUnavailable(
                f"the spreadsheet of {str(table)!r} is full, and for those that the setting "
                "spreadsheets names no further one is made; delete what is no longer needed in "
                "it, or leave it out of the setting"
            )
        if not self._settings.create:
            raise TableUnavailable(
                f"there is no spreadsheet for {str(table)!r}, and create is off; make one called "
                f"{naming.title_of(table)!r} in the folder {self._settings.folder!r}, or name one "
                "in spreadsheets"
            )

    def _listed(self, folder: Found, number: int) -> list[Found]:
        """Look once more, as the last search is seconds old; what was moved counts numbers, too."""
        return self._inside(folder) if number == 1 else self._all(folder)

    def _made_by_others(
        self, table: TableKey, folder: Found, files: Sequence[Found], number: int
    ) -> str | None:
        if number == 1:
            books = self._taken(table, folder, files)
            return books[0] if books else None
        known = self._known(table)
        others = choosing.candidates(table, files, number=number, known=known)
        if not others:
            return None
        self._registry.keep(folder.id, table, (*known, others[0].id))
        return others[0].id

    def _made(self, table: TableKey, folder: Found, files: list[Found], number: int) -> str:
        def candidates() -> list[Found]:
            files[:] = self._listed(folder, number)
            return choosing.candidates(table, files, number=number, known=self._known(table))

        def body() -> Json:
            return _body(table, folder, max(number, choosing.free_number(table, files)))

        key = _key(folder.id, table, number)
        book = self._maker.make(key, body, candidates=candidates, is_empty=self._is_empty)
        title = naming.title_of(table, number=number)
        self._sharing.share(book, what=f"the spreadsheet {title!r}")
        before = self._known(table)[: number - 1]
        self._registry.keep(folder.id, table, (*before, book))
        self._registry.end(key)
        self._survey = None
        return book

    def _is_empty(self, book: str) -> bool:
        sheets = self._client.read(book, fields=CONTENT).get("sheets", [])
        return not any(data.get("rowData") for sheet in sheets for data in sheet.get("data", []))


def _key(folder: str, table: TableKey, number: int) -> str:
    """Return what the registry knows a spreadsheet by that is being made."""
    return f"{folder}/{naming.digest_of(table)}/{number}"


def _body(table: TableKey, folder: Found, number: int) -> Json:
    return {
        "name": naming.title_of(table, number=number),
        "mimeType": naming.SPREADSHEET,
        "parents": [folder.id],
        "appProperties": naming.marks_of(table, number=number, folder=folder.id),
    }
