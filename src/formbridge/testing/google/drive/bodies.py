"""Files as the API shows them, in full; who asks for no ``fields`` gets a part."""

from collections.abc import Mapping
from hashlib import md5, sha1, sha256
from typing import Any

from formbridge.testing.google.behaviour import DOCUMENTED, RECORDED, SEEN, behaves
from formbridge.testing.google.drive.capabilities import capabilities
from formbridge.testing.google.drive.people import permission_body, user_body
from formbridge.testing.google.drive.terms import Searcher
from formbridge.testing.google.drive.times import timestamp
from formbridge.testing.google.files.file import FOLDER, NATIVE, ROLES, SHORTCUT, SPREADSHEET, File
from formbridge.testing.google.files.ids import permission_id
from formbridge.testing.google.files.scopes import client_of
from formbridge.testing.google.messages import Body

USUAL = ("kind", "id", "name", "mimeType", "teamDriveId", "driveId")
"""What is shown of a file when nobody says which fields."""

EXPORTS: Mapping[str, str] = {
    "application/x-vnd.oasis.opendocument.spreadsheet": "ods",
    "text/tab-separated-values": "tsv",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "text/csv": "csv",
    "application/zip": "zip",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
}
"""What spreadsheets are exported as, and the endings of that (recorded)."""

EDITORS: Mapping[str, str] = {
    SPREADSHEET: "spreadsheets",
    NATIVE + "document": "document",
    NATIVE + "presentation": "presentation",
    NATIVE + "drawing": "drawings",
    NATIVE + "form": "forms",
}
NATIVE_SIZE = 1024
"""How many bytes Google counts for a native file at least (recorded)."""


@behaves("without fields a file is its kind, id, name and type, and its Shared Drive", RECORDED)
def usual(body: Body) -> Body:
    """Return the part of a file that is shown when nobody says which fields."""
    return {name: body[name] for name in USUAL if name in body}


def shown(body: Body, params: Mapping[str, Any]) -> Body:
    """Return a file in full where fields were asked for, which are then narrowed, or its part."""
    return body if params.get("fields") else usual(body)


def file_body(who: Searcher, file: File) -> Body:
    """Return all that the API shows of a file to somebody."""
    role = who.drive.role(who.email, file, now=who.now)
    body: Body = {
        "kind": "drive#file",
        "id": file.id,
        "name": file.name,
        "mimeType": file.mime_type,
        "spaces": [file.space],
        "version": str(file.version),
        "starred": who.email in file.starred,
        "hasThumbnail": False,
        "thumbnailVersion": "0",
        "isAppAuthorized": client_of(who.grant) in file.clients,
        "capabilities": capabilities(file, role),
    }
    body |= _texts(who, file) | _times(who, file) | _trash(who, file) | _links(file)
    return body | _people(who, file, role) | _content(file) | _settings(who, file)


@behaves("only a parent that the caller may see is shown", DOCUMENTED)
def _parents(who: Searcher, file: File) -> list[str]:
    return [one for one in file.parents if who.drive.may(who.grant, one, write=False, now=who.now)]


@behaves("appProperties are shown to the client that made them alone", DOCUMENTED)
def _texts(who: Searcher, file: File) -> Body:
    private = file.app_properties.get(client_of(who.grant), {})
    texts: Body = {
        "parents": _parents(who, file),
        "description": file.description,
        "properties": dict(file.properties),
        "appProperties": dict(private),
        "driveId": file.drive_id,
        "teamDriveId": file.drive_id,
    }
    return {name: value for name, value in texts.items() if value}


def _times(who: Searcher, file: File) -> Body:
    viewed, edited = file.viewed.get(who.email), file.edited.get(who.email)
    shared = file.shared.get(who.email)
    body: Body = {
        "createdTime": timestamp(file.created),
        "modifiedTime": timestamp(file.modified),
        "viewedByMe": viewed is not None,
        "modifiedByMe": edited is not None,
    }
    if viewed is not None:
        body["viewedByMeTime"] = timestamp(viewed)
    if edited is not None:
        body["modifiedByMeTime"] = timestamp(edited)
    if shared is not None and file.owner != who.email:
        body["sharedWithMeTime"] = timestamp(shared)
    return body


@behaves("trashingUser and trashedTime are shown of files in Shared Drives", DOCUMENTED)
def _trash(who: Searcher, file: File) -> Body:
    body: Body = {"trashed": who.drive.is_trashed(file), "explicitlyTrashed": file.trashed}
    if file.trashed and file.drive_id:
        body["trashedTime"] = timestamp(file.trashed_at)
        body["trashingUser"] = user_body(who, file.trashed_by)
    return body


def _links(file: File) -> Body:
    icon = f"https://drive-thirdparty.googleusercontent.com/16/type/{file.mime_type}"
    if file.mime_type in EDITORS:
        place = f"{EDITORS[file.mime_type]}/d/{file.id}"
        view = f"https://docs.google.com/{place}/edit?usp=drivesdk"
    elif file.is_folder:
        view = f"https://drive.google.com/drive/folders/{file.id}"
    else:
        view = f"https://drive.google.com/file/d/{file.id}/view?usp=drivesdk"
    body: Body = {"iconLink": icon, "webViewLink": view}
    if file.mime_type == SPREADSHEET:
        body["exportLinks"] = export_links(file.id)
    if file.content is not None:
        body["webContentLink"] = f"https://drive.google.com/uc?id={file.id}&export=download"
    return body


@behaves("exportLinks of a spreadsheet", RECORDED)
def export_links(file_id: str) -> dict[str, str]:
    """Return where a browser downloads a spreadsheet, by type."""
    start = f"https://docs.google.com/spreadsheets/export?id={file_id}&exportFormat="
    return {mime_type: start + ending for mime_type, ending in EXPORTS.items()}


@behaves("permissions are shown to those who may share the file", DOCUMENTED)
def _people(who: Searcher, file: File, role: str) -> Body:
    held = who.drive.effective(file, now=who.now)
    body: Body = {
        "shared": bool(file.drive_id) or len(held) > 1,
        "ownedByMe": bool(file.owner) and file.owner == who.email,
    }
    if file.modified_by:
        body["lastModifyingUser"] = user_body(who, file.modified_by)
    if file.owner:
        body["owners"] = [user_body(who, file.owner)]
    if file.drive_id:
        body["hasAugmentedPermissions"] = bool(file.permissions) and not file.is_root
    if ROLES.get(role, 0) >= ROLES["writer"]:
        body["permissionIds"] = [given.id for given, _ in held]
    if ROLES.get(role, 0) >= ROLES["writer"] and not file.drive_id:
        body["permissions"] = [permission_body(who, given, "") for given, _ in held]
    return body


@behaves("native files count 1024 bytes, folders none", SEEN)
def _content(file: File) -> Body:
    if file.content is None:
        native = file.mime_type.startswith(NATIVE) and file.mime_type not in {FOLDER, SHORTCUT}
        used = str(NATIVE_SIZE if native else 0)
        return {"quotaBytesUsed": used} | ({"size": used} if native else {})
    _, dot, ending = file.name.rpartition(".")
    extension = ending if dot else ""
    return {
        "size": str(len(file.content)),
        "quotaBytesUsed": str(len(file.content)),
        "md5Checksum": md5(file.content, usedforsecurity=False).hexdigest(),
        "sha1Checksum": sha1(file.content, usedforsecurity=False).hexdigest(),
        "sha256Checksum": sha256(file.content).hexdigest(),
        "originalFilename": file.settings.get("originalFilename") or file.name,
        "fullFileExtension": extension,
        "fileExtension": extension,
        "headRevisionId": head_revision(file),
    }


def head_revision(file: File) -> str:
    """Return the id of the newest revision of a file."""
    return f"0B{permission_id(file.id)}{file.version}"


def _settings(who: Searcher, file: File) -> Body:
    body: Body = {
        "writersCanShare": True,
        "copyRequiresWriterPermission": False,
        "viewersCanCopyContent": True,
        "linkShareMetadata": {"securityUpdateEligible": False, "securityUpdateEnabled": True},
    }
    if file.is_folder:
        body["folderColorRgb"] = "#8f8f8f"
    if file.drive_id:
        del body["writersCanShare"]
    if file.mime_type == SHORTCUT:
        target = who.drive.get(file.target)
        kind = {"targetMimeType": target.mime_type} if target else {}
        body["shortcutDetails"] = {"targetId": file.target, **kind}
    hidden = {"contentHints", "originalFilename"}
    return body | {name: value for name, value in file.settings.items() if name not in hidden}
