"""What somebody may do with a file, as the API lists it."""

from formbridge.testing.google.behaviour import ASSUMED, behaves
from formbridge.testing.google.files.file import NATIVE, ROLES, File

READS = ("canCopy", "canDownload")
COMMENTS = ("canComment",)
WRITES = (
    "canEdit",
    "canModifyContent",
    "canModifyContentRestriction",
    "canModifyEditorContentRestriction",
    "canRename",
    "canReadRevisions",
    "canShare",
    "canChangeCopyRequiresWriterPermission",
    "canChangeViewersCanCopyContent",
)
IN_FOLDERS = ("canAddChildren", "canRemoveChildren")
OF_OWNERS = (
    "canMoveItemOutOfDrive",
    "canMoveItemOutOfTeamDrive",
    "canModifyOwnerContentRestriction",
)


@behaves("capabilities follow from the role", ASSUMED)
def capabilities(file: File, role: str) -> dict[str, bool]:
    """Return the capabilities of a role."""
    rank = ROLES.get(role, 0)
    writes, manages = rank >= ROLES["writer"], rank >= ROLES["fileOrganizer"]
    keeps = manages if file.drive_id else role == "owner"
    removes = rank >= ROLES["organizer"] if file.drive_id else role == "owner"
    movable = not file.is_root
    found = dict.fromkeys(READS, rank > 0 and not file.is_folder)
    found |= dict.fromkeys(COMMENTS, rank >= ROLES["commenter"])
    found |= dict.fromkeys(WRITES, writes)
    found |= dict.fromkeys(IN_FOLDERS, writes and file.is_folder)
    found |= dict.fromkeys(OF_OWNERS, keeps and movable)
    found |= {
        "canListChildren": rank > 0 and file.is_folder,
        "canDelete": removes and movable,
        "canTrash": keeps and movable,
        "canUntrash": keeps and movable,
        "canMoveItemWithinDrive": writes and movable,
        "canRemoveContentRestriction": False,
        "canAcceptOwnership": False,
        "canModifyLabels": False,
        "canReadLabels": False,
    }
    if file.mime_type.startswith(NATIVE):
        found["canChangeSecurityUpdateEnabled"] = False
    return found | (_in_shared(file, rank) if file.drive_id else _in_mine(file, writes=writes))


def _in_shared(file: File, rank: int) -> dict[str, bool]:
    manages = rank >= ROLES["fileOrganizer"]
    found = dict.fromkeys(("canReadDrive", "canReadTeamDrive"), rank > 0)
    folder = file.is_folder
    found["canDeleteChildren"] = folder and rank >= ROLES["organizer"]
    within = ("canMoveChildrenOutOfDrive", "canMoveChildrenOutOfTeamDrive", "canTrashChildren")
    found |= dict.fromkeys(within, folder and manages)
    inside = ("canMoveChildrenWithinDrive", "canMoveChildrenWithinTeamDrive")
    return found | dict.fromkeys(inside, folder and rank >= ROLES["writer"])


def _in_mine(file: File, *, writes: bool) -> dict[str, bool]:
    return {
        "canAddMyDriveParent": False,
        "canRemoveMyDriveParent": writes and not file.is_root,
        "canMoveChildrenWithinDrive": writes and file.is_folder,
    }
