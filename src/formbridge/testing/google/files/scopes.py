"""What the scopes of a token let it do with files, whatever its account may do."""

from formbridge.testing.google.accounts.grants import Grant
from formbridge.testing.google.behaviour import DOCUMENTED, behaves
from formbridge.testing.google.files.file import SPREADSHEET, File

PREFIX = "https://www.googleapis.com/auth/"
DRIVE_WRITES = frozenset(
    {PREFIX + "drive", "https://docs.google.com/feeds", PREFIX + "drive.metadata"}
)
DRIVE_READS = DRIVE_WRITES | {PREFIX + "drive.readonly", PREFIX + "drive.metadata.readonly"}
SHEETS_WRITES = frozenset(
    {PREFIX + "drive", PREFIX + "spreadsheets", "https://spreadsheets.google.com/feeds"}
)
SHEETS_READS = SHEETS_WRITES | {PREFIX + "drive.readonly", PREFIX + "spreadsheets.readonly"}
PER_FILE = PREFIX + "drive.file"
APP_DATA = PREFIX + "drive.appdata"


def client_of(grant: Grant) -> str:
    """Return the app that a token belongs to, by which private properties and files go."""
    return grant.client or grant.project


@behaves("drive.file reaches only files that its client made or was given", DOCUMENTED)
@behaves("readonly scopes never write", DOCUMENTED)
def reaches(grant: Grant, file: File, *, write: bool, sheets: bool = False) -> bool:
    """Whether a token's scopes reach a file. A grant without scopes is not limited.

    ``sheets`` asks for the Sheets API, whose own scopes reach every spreadsheet.
    """
    scopes = grant.scopes
    if file.space == "appDataFolder":
        return client_of(grant) in file.clients and (not scopes or APP_DATA in scopes)
    if not scopes:
        return True
    if (
        sheets
        and file.mime_type == SPREADSHEET
        and scopes & (SHEETS_WRITES if write else SHEETS_READS)
    ):
        return True
    if scopes & (DRIVE_WRITES if write else DRIVE_READS):
        return True
    return PER_FILE in scopes and (client_of(grant) in file.clients or file.is_root)
