"""Opens the tables: a client, what finds spreadsheets, and the store over both."""

from formbridge.adapters.sheets.client import SheetsClient
from formbridge.adapters.sheets.locating import Locator
from formbridge.adapters.sheets.settings import SheetsSettings
from formbridge.adapters.sheets.tables import SheetsTables
from formbridge.domain.ports import Clock


def open_sheets(settings: SheetsSettings, *, clock: Clock) -> SheetsTables:
    """Open the tables of a folder, for the thread that calls."""
    client = SheetsClient.of(settings, clock=clock)
    locator = Locator(client, settings, clock=clock)
    return SheetsTables(client, locator, settings, clock=clock)
