"""Who calls, and what Drive can do: ``drive.about``."""

from formbridge.testing.google.behaviour import DOCUMENTED, SEEN, behaves
from formbridge.testing.google.drive.access import searcher
from formbridge.testing.google.drive.bodies import EXPORTS
from formbridge.testing.google.drive.comments import needs_fields
from formbridge.testing.google.drive.people import user_body
from formbridge.testing.google.files.file import SPREADSHEET
from formbridge.testing.google.messages import Body
from formbridge.testing.google.routes import Call, Use, method

GIGABYTES = 15
IMPORTS = ("text/csv", "text/tab-separated-values")
COLOURS = ("#ac725e", "#d06b64", "#f83a22", "#fa573c", "#ff7537", "#ffad46", "#8f8f8f")


@method("drive.about.get", Use.READ)
@behaves("about.get tells who calls and how much they have stored; it needs fields", DOCUMENTED)
def get(call: Call) -> Body:
    """Answer ``about.get``."""
    needs_fields(call)
    return {
        "kind": "drive#about",
        "user": user_body(searcher(call), call.grant.account.email),
        "storageQuota": _quota(call),
        "importFormats": {mime_type: [SPREADSHEET] for mime_type in IMPORTS},
        "exportFormats": {SPREADSHEET: list(EXPORTS)},
        "maxImportSizes": {SPREADSHEET: "104857600"},
        "maxUploadSize": "5242880000000",
        "appInstalled": False,
        "folderColorPalette": list(COLOURS),
        "driveThemes": [],
        "canCreateDrives": True,
    }


@behaves("service accounts have a quota of nothing", SEEN)
def _quota(call: Call) -> dict[str, str]:
    account, drive = call.grant.account, call.google.drive
    mine = [file for file in drive.all.values() if file.owner == account.email]
    used = sum(len(file.content or b"") for file in mine)
    trashed = sum(len(file.content or b"") for file in mine if drive.is_trashed(file))
    return {
        "limit": str(GIGABYTES << 30 if account.storage else 0),
        "usage": str(used),
        "usageInDrive": str(used),
        "usageInDriveTrash": str(trashed),
    }
