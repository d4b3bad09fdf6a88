"""Files that come to be: created, uploaded, copied."""

import re
from typing import Any

import attrs

from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, RECORDED, SEEN, behaves
from formbridge.testing.google.drive.access import readable, searcher, supports_shared
from formbridge.testing.google.drive.bodies import file_body, shown
from formbridge.testing.google.drive.imports import imported
from formbridge.testing.google.drive.media import OCTETS, Upload
from formbridge.testing.google.drive.metadata import ON_CREATE, changes, check_fields
from formbridge.testing.google.drive.placing import check_room, folder_for, target_of
from formbridge.testing.google.drive.refusals import bad_request, forbidden, invalid_value
from formbridge.testing.google.drive.resumable import received
from formbridge.testing.google.errors import ApiError
from formbridge.testing.google.files.file import FOLDER, NATIVE, SHORTCUT, SPREADSHEET, File
from formbridge.testing.google.files.scopes import client_of
from formbridge.testing.google.grid.book import fresh_book
from formbridge.testing.google.messages import Answer, Body
from formbridge.testing.google.routes import Call, Use, method

UNTITLED = "Untitled"
GIVEN_ID = re.compile(r"1[\w-]{32}", re.ASCII)


@method("drive.files.create", Use.WRITE)
@behaves("files.create makes a file, from metadata, content or both", RECORDED)
def create(call: Call) -> Body | Answer:
    """Answer ``files.create``."""
    return received(call, _created)


def _created(call: Call, upload: Upload) -> Body:
    file = made(call, upload)
    return shown(file_body(searcher(call), file), call.params)


def made(call: Call, upload: Upload) -> File:
    """Make a file; raise why it cannot be made."""
    body = upload.metadata
    check_fields(body, ON_CREATE)
    mime_type = body.get("mimeType") or upload.mime_type or OCTETS
    target = target_of(call, mime_type, body)
    name = body.get("name") or (target.name if target else UNTITLED)
    folder = folder_for(call, body.get("parents") or [])
    check_room(call, mime_type, folder)
    file_id = _given_id(call, mime_type, body.get("id") or "")
    more = changes(call, None, body) | {"target": target.id if target else ""}
    native = mime_type.startswith(NATIVE)
    book = None
    if native and upload.content is not None:
        book = _converted(call, mime_type, upload, name)
    if not native:
        more["content"] = upload.content or b""
    file = _added(call, folder, name=name, mime_type=mime_type, file_id=file_id, more=more)
    if mime_type == SPREADSHEET:
        book = book or fresh_book(file.id, name)
        book.id = file.id
        call.google.books[file.id] = book
    return file


def _added(
    call: Call, folder: File, *, name: str, mime_type: str, file_id: str, more: dict[str, Any]
) -> File:
    return call.google.drive.add(
        name=name,
        mime_type=mime_type,
        owner=call.grant.account,
        now=call.now,
        parent=folder.id,
        client=client_of(call.grant),
        file_id=file_id,
        **more,
    )


def _converted(call: Call, mime_type: str, upload: Upload, name: str) -> Any:
    if mime_type != SPREADSHEET:
        raise bad_request()
    return imported(upload.content or b"", upload.mime_type, title=name, ids=call.ids, now=call.now)


@behaves("ids from generateIds may be given once, and not to files of Google's editors", SEEN)
def _given_id(call: Call, mime_type: str, file_id: str) -> str:
    if not file_id:
        return ""
    if mime_type.startswith(NATIVE) and mime_type not in {FOLDER, SHORTCUT}:
        message = "Generated IDs are not supported for Docs Editors formats."
        raise invalid_value("file.id", message)
    if not GIVEN_ID.fullmatch(file_id):
        raise invalid_value("file.id", "The provided file ID is not usable.")
    if call.google.drive.get(file_id) is not None:
        message = "A file already exists with the provided ID."
        raise ApiError(409, message, reason="fileIdInUse")
    return file_id


@method("drive.files.generateIds", Use.FREE)
@behaves("generateIds gives ids of files, ten unless asked otherwise", DOCUMENTED)
def generate_ids(call: Call) -> Body:
    """Answer ``files.generateIds``."""
    count = call.params.get("count") or 10
    if not 1 <= count <= 1000:
        message = f"Invalid value '{count}'. Values must be within the range: [1, 1000]"
        raise ApiError(400, message, reason="invalidParameter", location="count")
    ids = [call.google.drive.fresh_id(OCTETS) for _ in range(count)]
    return {"kind": "drive#generatedIds", "space": call.params.get("space") or "drive", "ids": ids}


@method("drive.files.copy", Use.WRITE)
@behaves("a copy without a name is called Copy of the original", RECORDED)
def copy(call: Call) -> Body:
    """Answer ``files.copy``."""
    source, body = readable(call), call.body
    check_fields(body, ON_CREATE)
    _check_copy(source, body)
    folder = folder_for(call, body.get("parents") or _parent_of(call, source))
    check_room(call, source.mime_type, folder)
    name = body.get("name") or f"Copy of {source.name}"
    more = _inherited(source) | changes(call, _twin(source), body)
    file = _added(call, folder, name=name, mime_type=source.mime_type, file_id="", more=more)
    if source.id in call.google.books:
        book = call.google.books[source.id].clone()
        book.id, book.title = file.id, name
        call.google.books[file.id] = book
    return shown(file_body(searcher(call), file), call.params)


@behaves("folders cannot be copied", SEEN)
@behaves("copies keep the type", ASSUMED)
def _check_copy(source: File, body: Body) -> None:
    if source.is_folder:
        raise forbidden("cannotCopyFile", "This file cannot be copied by the user.")
    if (body.get("mimeType") or source.mime_type) != source.mime_type:
        raise bad_request("The requested conversion is not supported.")


@behaves("a copy lies beside the original where its maker may write, or in My Drive", DOCUMENTED)
def _parent_of(call: Call, source: File) -> list[str]:
    drive = call.google.drive
    return [
        parent
        for parent in source.parents
        if drive.may(call.grant, parent, write=True, sheets=False, now=call.now)
        and (supports_shared(call) or not source.drive_id)
    ]


def _inherited(source: File) -> dict[str, Any]:
    names = ("description", "properties", "app_properties", "content", "target", "settings")
    return {name: getattr(source, name) for name in names}


def _twin(source: File) -> File:
    """Return the original as far as a copy begins with it."""
    return attrs.evolve(source, starred=frozenset(), viewed={}, edited={})
