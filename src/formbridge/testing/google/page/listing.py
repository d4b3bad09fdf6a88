"""The files that the page lists."""

from formbridge.testing.google.files.drive import Drive
from formbridge.testing.google.files.file import SPREADSHEET, File
from formbridge.testing.google.messages import Body

MOST = 500
"""How many files are listed: those changed last."""


def files_version(drive: Drive) -> str:
    """Return a text that changes whenever a file does."""
    return f"{id(drive):x}.{len(drive.all)}.{len(drive.changes)}"


def listing(drive: Drive) -> list[Body]:
    """Return the files that a person can see somewhere, the newest first."""
    shown = [file for file in drive.all.values() if not file.is_root]
    shown.sort(key=lambda file: (-file.modified, file.id))
    return [_file(drive, file) for file in shown[:MOST]]


def _file(drive: Drive, file: File) -> Body:
    return {
        "id": file.id,
        "name": file.name,
        "kind": "sheet"
        if file.mime_type == SPREADSHEET
        else "folder"
        if file.is_folder
        else "file",
        "owner": file.owner,
        "modified": file.modified,
        "trashed": drive.is_trashed(file),
        "folder": _folder(drive, file),
    }


def _folder(drive: Drive, file: File) -> str:
    """Return the names of its folders, the outermost first."""
    names = []
    for one in list(drive.chain(file))[1:]:
        shared = drive.drives.get(one.id)
        names.append(shared.name if shared else one.name)
    return " / ".join(reversed(names))
