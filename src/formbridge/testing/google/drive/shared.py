"""Shared Drives: ``drive.drives``."""

from collections.abc import Mapping

import attrs

from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, SEEN, behaves
from formbridge.testing.google.drive.pages import page
from formbridge.testing.google.drive.query import Term, search
from formbridge.testing.google.drive.refusals import forbidden, no_drive, not_allowed, required
from formbridge.testing.google.drive.terms import flag_of, text_of, time_of
from formbridge.testing.google.drive.times import timestamp
from formbridge.testing.google.errors import ApiError
from formbridge.testing.google.files.file import ROLES, SharedDrive
from formbridge.testing.google.messages import Answer, Body
from formbridge.testing.google.routes import Call, Use, method

USUAL = ("kind", "id", "name")
RESTRICTIONS = (
    "adminManagedRestrictions",
    "copyRequiresWriterPermission",
    "domainUsersOnly",
    "driveMembersOnly",
    "sharingFoldersRequiresOrganizerPermission",
)
WRITABLE = ("backgroundImageFile", "colorRgb", "restrictions", "themeId")
ORGANIZES = (
    "canAddChildren", "canChangeCopyRequiresWriterPermissionRestriction",
    "canChangeDomainUsersOnlyRestriction", "canChangeDriveBackground",
    "canChangeDriveMembersOnlyRestriction",
    "canChangeSharingFoldersRequiresOrganizerPermissionRestriction", "canDeleteChildren",
    "canDeleteDrive", "canManageMembers", "canRenameDrive", "canResetDriveRestrictions",
    "canTrashChildren",
)  # fmt: skip
WRITES = ("canAddChildren", "canEdit", "canRename", "canReadRevisions", "canShare")
READS = ("canComment", "canCopy", "canDownload", "canListChildren")


@method("drive.drives.create", Use.WRITE)
@behaves("a request id makes one Shared Drive only", DOCUMENTED)
@behaves("service accounts may make Shared Drives", ASSUMED)
def create(call: Call) -> Body:
    """Answer ``drives.create``."""
    request_id = call.params.get("requestId") or ""
    if not request_id:
        raise required("requestId", "Required parameter: requestId")
    name = call.body.get("name") or ""
    if not name:
        raise required("drive.name", "The drive name field is required.")
    drive = call.google.drive
    if any(one.settings.get("requestId") == request_id for one in drive.drives.values()):
        message = "A shared drive already exists with the provided request ID."
        raise ApiError(409, message, reason="conflict")
    kept = {field: call.body[field] for field in WRITABLE if field in call.body}
    made = drive.add_drive(name, by=call.grant.account, now=call.now, requestId=request_id, **kept)
    return _shown(call, made)


@method("drive.drives.get", Use.READ)
def get(call: Call) -> Body:
    """Answer ``drives.get``."""
    return _shown(call, _member(call, "reader"))


@method("drive.drives.list", Use.READ)
@behaves("drives.list shows the Shared Drives that the caller is a member of", DOCUMENTED)
def list_drives(call: Call) -> Body:
    """Answer ``drives.list``."""
    wanted = search(call.params.get("q") or "", _terms(call))
    drives = call.google.drive.drives.values()
    mine = [one for one in drives if _role(call, one.id) and wanted.matches(one)]
    chosen, token = page(
        call, sorted(mine, key=lambda one: one.name.casefold()), usual=10, most=100
    )
    body: Body = {"kind": "drive#driveList"}
    if token:
        body["nextPageToken"] = token
    return body | {"drives": [_shown(call, one) for one in chosen]}


@method("drive.drives.update", Use.WRITE)
def update(call: Call) -> Body:
    """Answer ``drives.update``."""
    drive, body = _member(call, "organizer"), call.body
    kept = {field: body[field] for field in WRITABLE if field in body}
    settings = {**drive.settings, **kept}
    return _keep(call, attrs.evolve(drive, name=body.get("name") or drive.name, settings=settings))


@method("drive.drives.delete", Use.WRITE)
@behaves("only an empty Shared Drive is deleted", DOCUMENTED)
@behaves("the words for one that is not empty", ASSUMED)
def delete(call: Call) -> Answer:
    """Answer ``drives.delete``."""
    drive, files = _member(call, "organizer"), call.google.drive
    inside = files.below(files.all[drive.id])
    if any(not files.is_trashed(file) for file in inside):
        message = "Cannot delete a shared drive that contains items."
        raise forbidden("cannotDeleteSharedDriveWithChildren", message)
    for gone in files.delete(drive.id, now=call.now):
        call.google.books.pop(gone, None)
    del files.drives[drive.id]
    return Answer(status=204)


@method("drive.drives.hide", Use.WRITE)
def hide(call: Call) -> Body:
    """Answer ``drives.hide``."""
    drive = _member(call, "reader")
    return _keep(call, attrs.evolve(drive, hidden=drive.hidden | {call.grant.account.email}))


@method("drive.drives.unhide", Use.WRITE)
def unhide(call: Call) -> Body:
    """Answer ``drives.unhide``."""
    drive = _member(call, "reader")
    return _keep(call, attrs.evolve(drive, hidden=drive.hidden - {call.grant.account.email}))


def _keep(call: Call, drive: SharedDrive) -> Body:
    call.google.drive.drives[drive.id] = drive
    return _shown(call, drive)


def _role(call: Call, drive_id: str) -> str:
    drive = call.google.drive
    return drive.role(call.grant.account.email, drive.all[drive_id], now=call.now)


@behaves("a Shared Drive of which the caller is no member is a 404", SEEN)
def _member(call: Call, role: str) -> SharedDrive:
    drive_id = call.variables["driveId"]
    drive = call.google.drive.drives.get(drive_id)
    if drive is None or not (held := _role(call, drive_id)):
        raise no_drive(drive_id)
    if ROLES[held] < ROLES[role]:
        raise not_allowed()
    return drive


def _terms(call: Call) -> Mapping[str, Term[SharedDrive]]:

    def hidden(drive: SharedDrive) -> bool:
        return call.grant.account.email in drive.hidden

    return {
        "name": text_of(_name),
        "createdTime": time_of(_created),
        "hidden": flag_of(hidden),
    }


def _name(drive: SharedDrive) -> str:
    return drive.name


def _created(drive: SharedDrive) -> int:
    return drive.created


@behaves("without fields a Shared Drive is its kind, id and name", SEEN)
def _shown(call: Call, drive: SharedDrive) -> Body:
    body: Body = {
        "kind": "drive#drive",
        "id": drive.id,
        "name": drive.name,
        "createdTime": timestamp(drive.created),
        "hidden": call.grant.account.email in drive.hidden,
        "colorRgb": drive.settings.get("colorRgb") or "#1a73e8",
        "capabilities": _capabilities(_role(call, drive.id)),
        "restrictions": dict.fromkeys(RESTRICTIONS, False)
        | (drive.settings.get("restrictions") or {}),
    }
    return body if call.params.get("fields") else {name: body[name] for name in USUAL}


@behaves("capabilities follow from the role", ASSUMED)
def _capabilities(role: str) -> dict[str, bool]:
    rank = ROLES.get(role, 0)
    return (
        dict.fromkeys(ORGANIZES, rank >= ROLES["organizer"])
        | dict.fromkeys(WRITES, rank >= ROLES["writer"])
        | dict.fromkeys(READS, rank > 0)
    )
