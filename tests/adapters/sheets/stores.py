"""Stores over an emulated Google, with or without sockets."""

from formbridge.adapters.sheets.calls.client import SheetsClient
from formbridge.adapters.sheets.drive.locating import Locator
from formbridge.adapters.sheets.settings import SheetsSettings
from formbridge.adapters.sheets.tables import SheetsTables
from formbridge.domain.ports import Clock
from formbridge.testing.google.google import Google
from tests.adapters.sheets.in_process import InProcess


def open_store(
    settings: SheetsSettings, *, clock: Clock, google: Google | None = None
) -> SheetsTables:
    """Return a store with a client of its own; without ``google`` it calls the endpoint."""
    transport = None if google is None else InProcess(google, clock)
    client = SheetsClient.of(settings, clock=clock, transport=transport)
    return SheetsTables(client, Locator(client, settings, clock=clock), settings, clock=clock)
