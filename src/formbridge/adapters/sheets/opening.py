"""Opens the tables: a client, what finds spreadsheets, and the store over both."""

from contextlib import closing

from formbridge.adapters.sheets.calls.client import SheetsClient
from formbridge.adapters.sheets.calls.errors import domain_error
from formbridge.adapters.sheets.calls.failures import CallFailed
from formbridge.adapters.sheets.doctor.doctor import admit
from formbridge.adapters.sheets.drive.folders import ensure_folder
from formbridge.adapters.sheets.drive.locating import Locator
from formbridge.adapters.sheets.questions.catalog import SheetsCatalog
from formbridge.adapters.sheets.questions.offering import OfferingTables
from formbridge.adapters.sheets.settings import Fence, SheetsSettings
from formbridge.adapters.sheets.tables import SheetsTables
from formbridge.domain.ports import Clock, QuestionCatalog, TableStore


def open_sheets(settings: SheetsSettings, *, clock: Clock) -> SheetsTables:
    """Open the tables of a folder, for the thread that calls.

    Raises ``BadSetting`` for credentials that are none, and ``StoreDenied`` where nothing could be
    written, as the doctor would say it: before any response is read.
    """
    client = SheetsClient.of(settings, clock=clock)
    try:
        admit(client, settings, clock=clock)
    except BaseException:
        client.close()
        raise
    return SheetsTables(client, Locator(client, settings, clock=clock), settings, clock=clock)


def open_with_questions(
    settings: SheetsSettings, *, clock: Clock
) -> tuple[TableStore, QuestionCatalog]:
    """Open the tables, and what a tab in each spreadsheet says of its questions."""
    tables = open_sheets(settings, clock=clock)
    anchors = settings.fence is Fence.METADATA
    catalog = SheetsCatalog(tables.client, tables.locator.find, clock=clock, anchors=anchors)
    return OfferingTables(tables, catalog), catalog


def open_folder(settings: SheetsSettings, *, clock: Clock) -> tuple[str, str]:
    """Return the id and the link of the folder, having made and shared it if need be."""
    with closing(SheetsClient.of(settings, clock=clock)) as client:
        try:
            folder = ensure_folder(client, settings, clock=clock)
        except CallFailed as failed:
            raise domain_error(failed) from failed
    return folder, f"https://drive.google.com/drive/folders/{folder}"
