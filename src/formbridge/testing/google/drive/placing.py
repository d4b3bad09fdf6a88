"""Whether a file may be put into a folder."""

from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, SEEN, behaves
from formbridge.testing.google.drive.access import writable
from formbridge.testing.google.drive.refusals import forbidden, invalid_value, no_storage
from formbridge.testing.google.files.file import SHORTCUT, File
from formbridge.testing.google.files.tree import DEPTH
from formbridge.testing.google.routes import Call


@behaves("a new file lies in one folder, in My Drive if none is named", DOCUMENTED)
def folder_for(call: Call, parents: list[str]) -> File:
    """Return the folder that a new file goes into."""
    if not parents:
        return call.google.drive.root(call.grant.account, now=call.now)
    if len(parents) > 1:
        raise _one_parent()
    return folder(call, parents[0])


@behaves("the words for several parents", ASSUMED)
def _one_parent() -> Exception:
    return invalid_value("file.parents", "A file may have one parent only.")


@behaves("only folders hold files", SEEN)
@behaves("folders lie 100 deep at most", DOCUMENTED)
def folder(call: Call, folder_id: str) -> File:
    """Return a folder that the caller may put files into."""
    found = writable(call, folder_id)
    if not found.is_folder:
        raise forbidden("parentNotAFolder", "The specified parent is not a folder.")
    if sum(1 for _ in call.google.drive.chain(found)) > DEPTH:
        message = "The folder hierarchy depth limit has been exceeded."
        raise forbidden("myDriveHierarchyDepthLimitExceeded", message)
    return found


def check_room(call: Call, mime_type: str, parent: File) -> None:
    """Raise the 403 where the caller has no storage for a new file."""
    account = call.grant.account
    if not call.google.drive.has_room(account, mime_type, parent):
        raise no_storage(service=account.is_service)


@behaves("a shortcut needs a target that its maker can see", ASSUMED)
def target_of(call: Call, mime_type: str, body: dict[str, object]) -> File | None:
    """Return what a new shortcut leads to; None for other files."""
    if mime_type != SHORTCUT:
        return None
    details = body.get("shortcutDetails")
    wanted = details.get("targetId") if isinstance(details, dict) else None
    drive = call.google.drive
    found = drive.get(wanted) if isinstance(wanted, str) else None
    if found is None or not drive.may(call.grant, found.id, write=False, now=call.now):
        raise forbidden("shortcutTargetInvalid", "The specified shortcut target is invalid.")
    return found
