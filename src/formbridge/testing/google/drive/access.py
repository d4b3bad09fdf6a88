"""Which file a call means, and whether the caller may have it."""

from formbridge.testing.google.behaviour import DOCUMENTED, SEEN, behaves
from formbridge.testing.google.drive.refusals import no_file, not_allowed, not_written
from formbridge.testing.google.drive.terms import ALIASES, Searcher
from formbridge.testing.google.files.file import ROLES, File
from formbridge.testing.google.files.scopes import client_of, reaches
from formbridge.testing.google.routes import Call


def searcher(call: Call) -> Searcher:
    """Return who calls."""
    return Searcher(drive=call.google.drive, grant=call.grant, now=call.now)


def supports_shared(call: Call) -> bool:
    """Whether the caller says that it knows Shared Drives."""
    return bool(call.params.get("supportsAllDrives") or call.params.get("supportsTeamDrives"))


def aliased(call: Call, file_id: str) -> str:
    """Return the id of a file that may be called ``root``."""
    if file_id not in ALIASES:
        return file_id
    drive, space = call.google.drive, ALIASES[file_id]
    return drive.root(call.grant.account, now=call.now, space=space).id


@behaves("files of Shared Drives are a 404 without supportsAllDrives", DOCUMENTED)
def readable(call: Call, file_id: str = "", *, shared: bool = False) -> File:
    """Return the file of a call, or another one, to read it; raise the 404.

    ``shared`` is for calls that need not say that they know Shared Drives.
    """
    wanted = file_id or call.variables["fileId"]
    drive = call.google.drive
    file = drive.get(aliased(call, wanted))
    if file is None or not drive.may(call.grant, file.id, write=False, sheets=False, now=call.now):
        raise no_file(wanted)
    if file.drive_id and not shared and not supports_shared(call):
        raise no_file(wanted)
    return file


@behaves("who may read but not write gets a 403 insufficientFilePermissions", SEEN)
def writable(call: Call, file_id: str = "", *, role: str = "writer", shared: bool = False) -> File:
    """Return the file of a call to change it, which takes that role; raise the 403 or the 404."""
    file = readable(call, file_id, shared=shared)
    require(call, file, role)
    if not reaches(call.grant, file, write=True):
        raise not_written(client_of(call.grant), file.id)
    return file


def require(call: Call, file: File, role: str) -> None:
    """Raise the 403 unless the caller has that role, or a higher one, for a file."""
    held = call.google.drive.role(call.grant.account.email, file, now=call.now)
    if ROLES.get(held, 0) < ROLES[role]:
        raise not_allowed()
