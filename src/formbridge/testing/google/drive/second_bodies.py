"""Files as Drive's version 2 shows them."""

from base64 import urlsafe_b64encode
from hashlib import sha1

from formbridge.testing.google.behaviour import RECORDED, behaves
from formbridge.testing.google.drive.bodies import file_body
from formbridge.testing.google.drive.people import display_name
from formbridge.testing.google.drive.terms import Searcher
from formbridge.testing.google.drive.times import timestamp
from formbridge.testing.google.files.file import ROLES, File
from formbridge.testing.google.files.ids import permission_id
from formbridge.testing.google.messages import Body

ROOT = "https://www.googleapis.com/drive/v2/files"
SAME = (
    "kind", "id", "mimeType", "description", "exportLinks", "iconLink", "shared", "spaces",
    "writersCanShare", "copyRequiresWriterPermission", "explicitlyTrashed", "quotaBytesUsed",
    "version", "driveId", "md5Checksum", "originalFilename", "fileExtension", "webContentLink",
    "headRevisionId",
)  # fmt: skip
"""What is called the same in both versions."""


@behaves("a file in version 2", RECORDED)
def second_body(who: Searcher, file: File) -> Body:
    """Return a file as version 2 shows it."""
    third = file_body(who, file)
    rank = ROLES.get(who.drive.role(who.email, file, now=who.now), 0)
    body = {name: third[name] for name in SAME if name in third}
    body |= {
        "title": file.name,
        "etag": _etag(str(file.modified)),
        "selfLink": f"{ROOT}/{file.id}",
        "alternateLink": third["webViewLink"],
        "editable": rank >= ROLES["writer"],
        "copyable": rank > 0,
        "appDataContents": file.space == "appDataFolder",
        "parents": [_parent(who, file, parent) for parent in third.get("parents", [])],
        "labels": _labels(who, file, trashed=third["trashed"]),
        "capabilities": {"canEdit": rank >= ROLES["writer"], "canCopy": rank > 0},
    }
    if "size" in third:
        body["fileSize"] = third["size"]
    return body | _docs(who, file) | _dates(who, file) | _people(who, file)


def _docs(who: Searcher, file: File) -> Body:
    if file.content is not None or file.is_folder:
        return {}
    place = f"https://docs.google.com/spreadsheets/d/{file.id}"
    thumbnail = f"https://docs.google.com/feeds/vt?gd=true&id={file.id}&v=1&sz=s220"
    embed = f"{place}/htmlembed?ouid={permission_id(who.email)}"
    return {"embedLink": embed, "thumbnailLink": thumbnail}


def _parent(who: Searcher, file: File, parent: str) -> Body:
    folder = who.drive.get(parent)
    return {
        "selfLink": f"{ROOT}/{file.id}/parents/{parent}",
        "id": parent,
        "isRoot": folder is not None and folder.is_root,
        "kind": "drive#parentReference",
        "parentLink": f"{ROOT}/{parent}",
    }


def _labels(who: Searcher, file: File, *, trashed: bool) -> Body:
    return {
        "viewed": who.email in file.viewed,
        "restricted": False,
        "starred": who.email in file.starred,
        "hidden": False,
        "trashed": trashed,
    }


def _dates(who: Searcher, file: File) -> Body:
    body: Body = {
        "createdDate": timestamp(file.created),
        "modifiedDate": timestamp(file.modified),
        "markedViewedByMeDate": timestamp(0),
    }
    if who.email in file.edited:
        body["modifiedByMeDate"] = timestamp(file.edited[who.email])
    if who.email in file.viewed:
        body["lastViewedByMeDate"] = timestamp(file.viewed[who.email])
    return body


def _people(who: Searcher, file: File) -> Body:
    body: Body = {"userPermission": _own(who, file)}
    if file.owner:
        body["owners"] = [_user(who, file.owner)]
        body["ownerNames"] = [display_name(who, file.owner)]
    if file.modified_by:
        body["lastModifyingUser"] = _user(who, file.modified_by)
        body["lastModifyingUserName"] = display_name(who, file.modified_by)
    return body


def _own(who: Searcher, file: File) -> Body:
    return {
        "id": "me",
        "type": "user",
        "role": who.drive.role(who.email, file, now=who.now),
        "kind": "drive#permission",
        "selfLink": f"{ROOT}/{file.id}/permissions/me",
        "etag": _etag(f"{file.id} {who.email}"),
        "pendingOwner": False,
    }


def _user(who: Searcher, email: str) -> Body:
    return {
        "displayName": display_name(who, email),
        "kind": "drive#user",
        "isAuthenticatedUser": email == who.email,
        "permissionId": permission_id(email),
        "emailAddress": email,
        "picture": {"url": "https://lh3.googleusercontent.com/a/default-user=s64"},
    }


def _etag(text: str) -> str:
    digest = sha1(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).digest()
    return f'"{urlsafe_b64encode(digest).decode().rstrip("=")}"'
