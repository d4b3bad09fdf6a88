"""What an address of Google Sheets opens: tables in spreadsheets that people may edit.

The adapter's modules that load the SDKs are imported by the functions that need them.
"""

from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

import attrs

from formbridge.adapters.sheets.doctor.findings import Finding
from formbridge.adapters.sheets.options import settings_of
from formbridge.adapters.sheets.settings import SheetsSettings
from formbridge.addresses import SheetsAddress, default_group
from formbridge.domain.errors import BadSetting
from formbridge.domain.ports import Clock, QuestionCatalog, TableStore

MISSING = "gspread is not installed; pip install 'formbridge[sheets]' brings it"


def sheets_settings(
    address: SheetsAddress, options: Mapping[str, object], *, state: Path | None = None
) -> SheetsSettings:
    """Return the settings of a folder: its address, and options by the names of the settings.

    In the folder ``state`` the ids of spreadsheets are remembered, unless ``registry`` is given.
    """
    settings = settings_of(options, folder=address.name)
    if settings.registry is not None or state is None:
        return settings
    return attrs.evolve(settings, registry=state / registry_name(settings))


def registry_name(settings: SheetsSettings) -> str:
    """Return the name of the file of one folder's spreadsheets; each endpoint has its own."""
    where = settings.folder if not settings.endpoint else f"{settings.folder} {settings.endpoint}"
    return f"{default_group(SheetsAddress(name=where))}.json"


def sheets_group(settings: SheetsSettings) -> str:
    """Return the name of the consumer group of these tables: that of their address."""
    return default_group(SheetsAddress(name=settings.folder))


def sheets_tables(settings: SheetsSettings, *, clock: Clock) -> TableStore:
    """Open the tables, in the thread that will use them.

    What would stop every write (a key that is wrong, an API that is off, a folder that nobody may
    write) is told now, as ``StoreDenied`` or ``BadSetting``.
    """
    _installed()
    from formbridge.adapters.sheets.opening import open_sheets

    return open_sheets(settings, clock=clock)


def sheets_tables_with_questions(
    settings: SheetsSettings, others: QuestionCatalog | None, *, clock: Clock
) -> tuple[TableStore, QuestionCatalog]:
    """Open the tables, and the tab in each spreadsheet that says what its questions are called.

    What people write there corrects what ``others`` say.
    """
    _installed()
    from formbridge.adapters.sheets.opening import open_with_questions

    store, tab = open_with_questions(settings, clock=clock)
    if others is None:
        return store, tab
    from formbridge.adapters.questions.layered import LayeredCatalog

    return store, LayeredCatalog(tab, others)


def ensure_sheets_folder(settings: SheetsSettings, *, clock: Clock) -> tuple[str, str]:
    """Return the id and the link of the folder, having made and shared it if need be.

    Raises ``StoreError`` in the words of the tables.
    """
    _installed()
    from formbridge.adapters.sheets.opening import open_folder

    return open_folder(settings, clock=clock)


def examine_sheets(settings: SheetsSettings, *, clock: Clock) -> Iterator[Finding]:
    """Yield what the doctor finds: key, clock, token, scopes, APIs, folder, rights, quota."""
    _installed()
    from formbridge.adapters.sheets.doctor.doctor import examine

    return examine(settings, clock=clock)


def probe_sheets(settings: SheetsSettings, *, clock: Clock) -> Iterator[Finding]:
    """Yield which assumptions of the tables hold at this Google; a spreadsheet is made for it."""
    _installed()
    from formbridge.adapters.sheets.doctor.probe import probe

    return probe(settings, clock=clock)


def _installed() -> None:
    if find_spec("gspread") is None or find_spec("google.auth") is None:
        raise BadSetting(MISSING)
