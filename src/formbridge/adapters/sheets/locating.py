"""Which spreadsheets a table has: remembered, else found by our mark, else by name, else made.

``Locator.find`` reads like that sentence. Sources: Drive's "Search for files and folders" (search
may lag, names are not unique, the trash is searched, too) and "Custom file properties".
"""

from collections.abc import Iterable, Sequence
from typing import Any

from formbridge.adapters.sheets import found, naming
from formbridge.adapters.sheets.client import SheetsClient
from formbridge.adapters.sheets.failures import Forbidden, Missing, Trashed
from formbridge.adapters.sheets.folders import Folders
from formbridge.adapters.sheets.found import Found
from formbridge.adapters.sheets.making import Maker
from formbridge.adapters.sheets.registry import Registry
from formbridge.adapters.sheets.settings import SheetsSettings
from formbridge.adapters.sheets.sharing import Sharing
from formbridge.domain.errors import TableUnavailable
from formbridge.domain.identity import TableKey
from formbridge.domain.ports import Clock

Json = dict[str, Any]

SURVEY_SECONDS = 5.0
"""How long a search answers for all tables: hundreds of forms that are met at once need one."""
GIVEN = ""
"""What the registry knows those spreadsheets under that the settings name."""
CONTENT = "sheets(data(rowData(values(userEnteredValue))))"


class Locator:
    """Finds and makes the spreadsheets of tables. One thread at a time.

    Every method may raise ``CallFailed``; ``TableUnavailable`` where a person must decide,
    ``TableBusy`` while Drive does not say what there is, and what the registry raises. What is
    interrupted goes on with the next call.
    """

    def __init__(self, client: SheetsClient, settings: SheetsSettings, *, clock: Clock) -> None:
        """Call nobody yet."""
        self._client = client
        self._settings = settings
        self._clock = clock
        self._registry = Registry(settings.registry, clock=clock)
        self._sharing = Sharing(client=client, sharees=settings.sharees)
        self._folders = Folders(
            client=client,
            settings=settings,
            registry=self._registry,
            sharing=self._sharing,
            clock=clock,
        )
        self._maker = Maker(client=client, registry=self._registry, clock=clock)
        self._survey: tuple[float, Found | None, Sequence[Found]] | None = None

    # --- what is there --------------------------------------------------------------------------

    def find(self, table: TableKey) -> tuple[str, ...]:
        """Return the ids of a table's spreadsheets, the first one first; none: () .

        What is remembered costs no call. A spreadsheet that somebody made under the table's title
        in the folder becomes the table's. Raises ``Trashed`` where one of ours is in the trash.
        """
        given = self._given(table)
        if given is not None:
            return (given,)
        known = self._known(table)
        if known or self._registry.attempt(_key(table, 1)) is not None:
            return known
        folder, files = self._surveyed()
        return () if folder is None else self._taken(table, folder, files)

    def known(self) -> Iterable[TableKey]:
        """Return the tables whose spreadsheets are remembered."""
        folder = self._folders.known
        ours = self._registry.tables(folder) if folder else []
        given = [it for it in self._registry.tables(GIVEN) if self._said(it) is not None]
        return sorted({*ours, *given})

    def forget(self, table: TableKey) -> None:
        """Remember nothing of a table: it is searched for when it is needed next."""
        self._survey = None
        for folder in (GIVEN, self._folders.known):
            if folder is not None:
                self._registry.keep(folder, table, ())

    def look(self, spreadsheet_id: str) -> None:
        """Return if a spreadsheet is there and may be written, wherever it lies. One call.

        Raises ``Missing`` (deleted for good), ``Trashed``, or ``Forbidden`` (no longer shared).
        """
        what = f"the spreadsheet {spreadsheet_id}"
        try:
            file = Found.of(self._client.file(spreadsheet_id, fields=found.FIELDS))
        except Missing as failed:
            raise self._gone(spreadsheet_id, what) from failed
        if file.trashed:
            raise Trashed(
                f"{what} ({file.name!r}) is in the trash; restore it, and what came meanwhile is "
                "delivered"
            )
        if not file.editable:
            raise Forbidden(f"{what} ({file.name!r}) may only be read; share it as {self._editor}")

    def _gone(self, spreadsheet_id: str, what: str) -> Missing | Forbidden:
        """Tell what Drive does not: whether a file was deleted, or is only not shared with us."""
        try:
            self._client.read(spreadsheet_id, fields="spreadsheetId")
        except Forbidden:
            return Forbidden(f"{what} is no longer shared with us; share it as {self._editor}")
        except Missing:
            pass
        return Missing(
            f"{what} was deleted for good; restore it from a copy and name that in spreadsheets, "
            "or have a new one made and the log replayed into it"
        )

    @property
    def _editor(self) -> str:
        return f"Editor with {self._client.who[0]}" if self._client.who else "Editor"

    # --- what is remembered ---------------------------------------------------------------------

    def _known(self, table: TableKey) -> tuple[str, ...]:
        folder = self._folders.known
        return self._registry.books(folder, table) if folder else ()

    def _said(self, table: TableKey) -> str | None:
        spreadsheets = self._settings.spreadsheets
        return spreadsheets.get(str(table)) or spreadsheets.get(table.form_id)

    def _given(self, table: TableKey) -> str | None:
        """Return the spreadsheet that the settings name; nothing is searched, marked or made."""
        book = self._said(table)
        if book is None or self._registry.books(GIVEN, table) == (book,):
            return book
        for other in self._registry.owners(book) - {table}:
            if self._said(other) in {None, book}:
                raise TableUnavailable(
                    f"the setting spreadsheets names {book} for {str(table)!r}, but it belongs to "
                    f"{str(other)!r}; each table needs one of its own"
                )
        self._registry.keep(GIVEN, table, (book,))
        return book

    # --- what is found --------------------------------------------------------------------------

    def _surveyed(self) -> tuple[Found | None, Sequence[Found]]:
        """Return the folder and all spreadsheets that may be ours, as of a few seconds ago."""
        now = self._clock.monotonic()
        if self._survey is None or now - self._survey[0] >= SURVEY_SECONDS:
            folder = self._folders.look()
            self._survey = (now, folder, [] if folder is None else self._all(folder))
        _, folder, files = self._survey
        return folder, files

    def _all(self, folder: Found) -> list[Found]:
        here = self._inside(folder)
        moved = found.cared_for(self._client, folder.id)
        return found.oldest_first(list({it.id: it for it in (*moved, *here)}.values()))

    def _inside(self, folder: Found) -> list[Found]:
        return found.inside(self._client, folder.id, kind=naming.SPREADSHEET, drive=folder.drive)

    def _taken(self, table: TableKey, folder: Found, files: Sequence[Found]) -> tuple[str, ...]:
        """Return the spreadsheets of a table among these, and remember them."""
        marked = [it for it in files if _is_marked(it, table)]
        books = {naming.number_of(it.marks): it for it in reversed(marked) if not it.trashed}
        trashed = [it for it in marked if naming.number_of(it.marks) not in books]
        if trashed:
            raise Trashed(
                f"the spreadsheet {trashed[0].name!r} ({trashed[0].id}) is in the trash; restore "
                "it, or delete it for good, and a new one is made"
            )
        if not books:
            books = self._adopted(table, folder, files)
        ids = tuple(books[number].id for number in sorted(books))
        if ids:
            self._registry.keep(folder.id, table, ids)
        return ids

    def _adopted(self, table: TableKey, folder: Found, files: Sequence[Found]) -> dict[int, Found]:
        """Mark the oldest spreadsheet of the table's title that is nobody's, and return it."""
        title = naming.title_of(table)
        same = [
            it
            for it in files
            if naming.tidied(it.name) == title
            and not it.trashed
            and naming.TABLE_MARK not in it.marks
        ]
        if not same:
            return {}
        book = same[0]
        if not book.editable:
            raise Forbidden(
                f"the spreadsheet {book.name!r} ({book.id}) in the folder may only be read; share "
                f"it as {self._editor}, or rename it, and another one is made"
            )
        marks = naming.marks_of(table, number=1, folder=folder.id)
        self._client.change_file(book.id, {"appProperties": marks})
        return {1: book}

    # --- what is made ---------------------------------------------------------------------------

    def create(self, table: TableKey, *, number: int) -> str:
        """Return a table's spreadsheet of that number, from 1, which is made if need be.

        A new one is empty, lies in the folder, has our marks, and is shared with whom the settings
        name. Raises ``TableUnavailable`` where nothing may be made.
        """
        books = self.find(table)
        if len(books) >= number:
            return books[number - 1]
        self._check_may_create(table)
        folder = self._folders.ensured()
        key = _key(table, number)
        files: list[Found] = []
        if self._registry.attempt(key) is None:
            files = self._listed(folder, number)
            there = self._made_by_others(table, folder, files, number)
            if there is not None:
                return there
        return self._made(key, table, folder, files, number)

    def _check_may_create(self, table: TableKey) -> None:
        title = naming.title_of(table)
        if self._said(table) is not None:
            raise TableUnavailable(
                f"the spreadsheet of {str(table)!r} is full, and for those that the setting "
                "spreadsheets names no further one is made; delete what is no longer needed in "
                "it, or leave it out of the setting"
            )
        if not self._settings.create:
            raise TableUnavailable(
                f"there is no spreadsheet for {str(table)!r}, and create is off; make one called "
                f"{title!r} in the folder {self._settings.folder!r}, or name one in spreadsheets"
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
        others = self._candidates(table, files, number)
        if not others:
            return None
        self._registry.keep(folder.id, table, (*self._known(table), others[0].id))
        return others[0].id

    def _made(
        self, key: str, table: TableKey, folder: Found, files: list[Found], number: int
    ) -> str:
        def candidates() -> list[Found]:
            files[:] = self._listed(folder, number)
            return self._candidates(table, files, number)

        book = self._maker.make(
            key,
            lambda: _body(table, folder, max(number, _free(table, files))),
            candidates=candidates,
            is_empty=self._is_empty,
        )
        title = naming.title_of(table, number=number)
        self._sharing.share(book, what=f"the spreadsheet {title!r}")
        before = self._known(table)[: number - 1]
        self._registry.keep(folder.id, table, (*before, book))
        self._registry.end(key)
        self._survey = None
        return book

    def _candidates(self, table: TableKey, files: Sequence[Found], number: int) -> list[Found]:
        """Return what may be the table's spreadsheet of that number: what is in use comes first."""
        known = self._known(table)
        used = [Found(id=book) for book in known[number - 1 :]]
        others = [
            it
            for it in files
            if _is_marked(it, table)
            and not it.trashed
            and it.id not in known
            and naming.number_of(it.marks) >= number
        ]
        return used + others

    def _is_empty(self, book: str) -> bool:
        sheets = self._client.read(book, fields=CONTENT).get("sheets", [])
        return not any(data.get("rowData") for sheet in sheets for data in sheet.get("data", []))


def _key(table: TableKey, number: int) -> str:
    return f"{naming.digest_of(table)}/{number}"


def _is_marked(file: Found, table: TableKey) -> bool:
    return file.marks.get(naming.TABLE_MARK) == naming.digest_of(table)


def _free(table: TableKey, files: Sequence[Found]) -> int:
    """Return the first number after those that the table's spreadsheets have."""
    numbers = [naming.number_of(it.marks) for it in files if _is_marked(it, table)]
    return max(numbers, default=0) + 1


def _body(table: TableKey, folder: Found, number: int) -> Json:
    return {
        "name": naming.title_of(table, number=number),
        "mimeType": naming.SPREADSHEET,
        "parents": [folder.id],
        "appProperties": naming.marks_of(table, number=number, folder=folder.id),
    }
