"""Files that change: renamed, moved, filled, trashed, deleted."""

from typing import Any

from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, RECORDED, SEEN, behaves
from formbridge.testing.google.drive.access import aliased, readable, require, searcher, writable
from formbridge.testing.google.drive.bodies import file_body, shown
from formbridge.testing.google.drive.imports import imported
from formbridge.testing.google.drive.media import Upload
from formbridge.testing.google.drive.metadata import ON_UPDATE, PERSONAL, changes, check_fields
from formbridge.testing.google.drive.placing import check_room, folder
from formbridge.testing.google.drive.refusals import bad_request, forbidden, no_drive, not_allowed
from formbridge.testing.google.drive.resumable import received
from formbridge.testing.google.errors import ApiError
from formbridge.testing.google.files.file import NATIVE, ROLES, SPREADSHEET, File
from formbridge.testing.google.messages import Answer, Body
from formbridge.testing.google.routes import Call, Use, method


@method("drive.files.update", Use.WRITE)
@behaves(
    "files.update changes what its body says, and replaces the content that it brings", DOCUMENTED
)
def update(call: Call) -> Body | Answer:
    """Answer ``files.update``."""
    return received(call, _updated)


def _updated(call: Call, upload: Upload) -> Body:
    file = changed(call, upload)
    return shown(file_body(searcher(call), file), call.params)


def changed(call: Call, upload: Upload) -> File:
    """Change a file; raise why it cannot be changed."""
    body = upload.metadata
    file = _asked(call, upload)
    check_fields(body, ON_UPDATE)
    said = changes(call, file, body)
    if body.get("trashed") is not None:
        _check_trash(call, file)
    destination = _destination(call, file)
    said |= content_of(call, file, upload)
    _name(call, file, body)
    if said:
        _keep(call, file, said, quiet=set(said) <= {"starred", "viewed"})
    if destination is not None:
        call.google.drive.move(file.id, destination.id, by=call.grant.account, now=call.now)
    _trash(call, file, body)
    return call.google.drive.all[file.id]


def _asked(call: Call, upload: Upload) -> File:
    """Return the file, which takes a writer unless only the caller's own view of it changes."""
    said = {name for name, value in upload.metadata.items() if value is not None}
    moves = call.params.get("addParents") or call.params.get("removeParents")
    if upload.content is None and not moves and said <= PERSONAL:
        return readable(call)
    file = writable(call)
    if file.is_root and said - PERSONAL:
        raise not_allowed()
    return file


def _keep(call: Call, file: File, said: dict[str, Any], *, quiet: bool) -> None:
    kept = {"modified": file.modified, "modified_by": file.modified_by, "edited": file.edited}
    account = call.grant.account
    call.google.drive.touch(file.id, account, call.now, **((kept if quiet else {}) | said))


@behaves("a spreadsheet's title is its file's name", DOCUMENTED)
def _name(call: Call, file: File, body: Body) -> None:
    name = body.get("name")
    if name is None or name == file.name:
        return
    call.google.drive.rename(file.id, name, by=call.grant.account, now=call.now)
    if file.id in call.google.books:
        book = call.google.books[file.id].clone()
        book.title = name
        call.google.books[file.id] = book


def content_of(call: Call, file: File, upload: Upload) -> dict[str, Any]:
    """Return the changes that new content means, and put an imported spreadsheet in its place."""
    wanted = upload.metadata.get("mimeType") or ""
    if upload.content is None:
        if wanted and wanted != file.mime_type and file.mime_type.startswith(NATIVE):
            raise bad_request("The requested conversion is not supported.")
        return {"mime_type": wanted} if wanted and not wanted.startswith(NATIVE) else {}
    if file.mime_type == SPREADSHEET:
        replace_book(call, file, upload)
        return {"modified": call.now}
    if file.mime_type.startswith(NATIVE):
        raise bad_request()
    return {"content": upload.content, "mime_type": wanted or upload.mime_type}


@behaves("content that is sent to a spreadsheet replaces all of its tabs", RECORDED)
def replace_book(call: Call, file: File, upload: Upload) -> None:
    """Put what was uploaded in the place of a spreadsheet."""
    before = call.google.books[file.id]
    content = upload.content or b""
    book = imported(content, upload.mime_type, title=before.title, ids=call.ids, now=call.now)
    book.id, book.version = file.id, before.version + 1
    call.google.books[file.id] = book


# --- where it lies ------------------------------------------------------------------------------


@behaves("a file has one parent: adding one takes that the other is removed", SEEN)
def _destination(call: Call, file: File) -> File | None:
    """Return the folder that a file is to be moved into, if any."""
    removed = [aliased(call, one) for one in _ids(call, "removeParents")]
    added = [one for one in _ids(call, "addParents") if aliased(call, one) not in file.parents]
    if not added:
        if set(removed) & set(file.parents):
            raise _needs_parent()
        return None
    if len(added) > 1 or not set(file.parents) <= set(removed):
        message = "Increasing the number of parents is not allowed"
        raise forbidden("cannotAddParent", message)
    destination = folder(call, added[0])
    _check_move(call, file, destination)
    return destination


@behaves("the words for a file without a parent", ASSUMED)
def _needs_parent() -> Exception:
    return forbidden("cannotRemoveParent", "A file must have exactly one parent.")


def _ids(call: Call, name: str) -> list[str]:
    return [one.strip() for one in (call.params.get(name) or "").split(",") if one.strip()]


@behaves("folders do not move into Shared Drives, nor into themselves", SEEN)
def _check_move(call: Call, file: File, destination: File) -> None:
    if file in call.google.drive.chain(destination):
        message = "A folder cannot be moved into itself or into a folder that it holds."
        raise forbidden("cyclicFolder", message)
    if file.drive_id == destination.drive_id:
        return
    if file.drive_id:
        require(call, file, "fileOrganizer")
        check_room(call, file.mime_type, destination)
    elif file.is_folder:
        message = "Moving folders into shared drives is not supported."
        raise forbidden("teamDrivesFolderMoveInNotSupported", message)
    else:
        require(call, file, "owner")


# --- trash --------------------------------------------------------------------------------------


@behaves("only owners trash files, in Shared Drives who organizes files", DOCUMENTED)
def _check_trash(call: Call, file: File) -> None:
    require(call, file, "fileOrganizer" if file.drive_id else "owner")


def _trash(call: Call, file: File, body: Body) -> None:
    trashed = body.get("trashed")
    if trashed is None or trashed == file.trashed:
        return
    if trashed:
        call.google.drive.trash(file.id, by=call.grant.account, now=call.now)
    else:
        call.google.drive.restore(file.id, now=call.now)


@method("drive.files.delete", Use.WRITE)
@behaves("a file is gone at once, and its spreadsheet with it; the answer is empty", RECORDED)
@behaves("only owners delete files, in Shared Drives organizers", DOCUMENTED)
def delete(call: Call) -> Answer:
    """Answer ``files.delete``."""
    file = writable(call)
    require(call, file, "organizer" if file.drive_id else "owner")
    if file.is_root:
        raise not_allowed()
    forget(call, file)
    return Answer(status=204)


def forget(call: Call, file: File) -> None:
    """Remove a file for good, what is in it, and the spreadsheets among them."""
    for gone in call.google.drive.delete(file.id, now=call.now):
        call.google.books.pop(gone, None)
        call.google.drive.remarks.pop(gone, None)


@method("drive.files.emptyTrash", Use.WRITE)
@behaves(
    "emptying the trash deletes the caller's trashed files, or those of a Shared Drive", DOCUMENTED
)
def empty_trash(call: Call) -> Answer:
    """Answer ``files.emptyTrash``."""
    drive, email = call.google.drive, call.grant.account.email
    drive_id = call.params.get("driveId") or ""
    if drive_id:
        root = drive.get(drive_id)
        role = drive.role(email, root, now=call.now) if root else ""
        if drive_id not in drive.drives or not role or root is None:
            raise no_drive(drive_id)
        if ROLES[role] < ROLES["organizer"]:
            raise not_allowed()
    for file in list(drive.all.values()):
        mine = file.drive_id == drive_id if drive_id else file.owner == email
        if file.trashed and mine and file.id in drive.all:
            forget(call, file)
    return Answer(status=204)


@method("drive.files.watch", Use.WRITE)
@method("drive.changes.watch", Use.WRITE)
@behaves("nobody is told of changes: this emulator opens no channels", ASSUMED)
def watch(call: Call) -> Body:
    """Refuse ``files.watch`` and ``changes.watch``, as for an address that Google does not know."""
    address = call.body.get("address") or ""
    message = f"Unauthorized WebHook callback channel: {address}"
    raise ApiError(401, message, reason="push.webhookUrlUnauthorized")
