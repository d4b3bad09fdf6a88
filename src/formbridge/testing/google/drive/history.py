"""What has changed, and former states: ``drive.changes`` and ``drive.revisions``."""

from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, behaves
from formbridge.testing.google.drive.access import readable, searcher, supports_shared, writable
from formbridge.testing.google.drive.bodies import file_body, shown
from formbridge.testing.google.drive.people import user_body
from formbridge.testing.google.drive.reading import download
from formbridge.testing.google.drive.refusals import invalid_value, required
from formbridge.testing.google.drive.times import timestamp
from formbridge.testing.google.errors import ApiError
from formbridge.testing.google.files.file import NATIVE, File
from formbridge.testing.google.messages import Answer, Body
from formbridge.testing.google.routes import Call, Use, method

USUAL = ("kind", "id", "mimeType", "modifiedTime")


@method("drive.changes.getStartPageToken", Use.READ)
@behaves("the token for changes from now on", DOCUMENTED)
def start_token(call: Call) -> Body:
    """Answer ``changes.getStartPageToken``."""
    count = len(call.google.drive.changes)
    return {"kind": "drive#startPageToken", "startPageToken": str(count + 1)}


@method("drive.changes.list", Use.READ)
@behaves("changes.list tells the last change of each file since a token", DOCUMENTED)
def list_changes(call: Call) -> Body:
    """Answer ``changes.list``."""
    drive = call.google.drive
    start = _start(call)
    last = {file_id: time for time, file_id in drive.changes[start:]}
    size = max(1, min(call.params.get("pageSize") or 100, 1000))
    told = [body for file_id, time in last.items() if (body := _change(call, file_id, time))]
    count = len(drive.changes)
    end: Body = {"newStartPageToken": str(count + 1)}
    if len(told) > size:
        rest = {body["fileId"] for body in told[size:]}
        first = next(n for n in range(start, count) if drive.changes[n][1] in rest)
        end = {"nextPageToken": str(first + 1)}
    return {"kind": "drive#changeList", **end, "changes": told[:size]}


def _start(call: Call) -> int:
    token = call.params.get("pageToken") or ""
    if not token:
        raise required("pageToken", "Required parameter: pageToken")
    if not token.isascii() or not token.isdecimal() or not 0 < int(token[:18]) < 1 << 60:
        raise invalid_value("pageToken")
    return int(token[:18]) - 1


@behaves("whoever may not see a file any more is told that it is gone", DOCUMENTED)
def _change(call: Call, file_id: str, time: int) -> Body:
    """Return a ``Change``; nothing for what does not concern the caller."""
    drive = call.google.drive
    file = drive.get(file_id)
    body: Body = {
        "kind": "drive#change",
        "type": "file",
        "changeType": "file",
        "time": timestamp(time),
        "removed": True,
        "fileId": file_id,
    }
    if file is None:
        return body if call.params.get("includeRemoved") is not False else {}
    if not drive.may(call.grant, file_id, write=False, sheets=False, now=call.now):
        return {}
    if file.drive_id and not (
        supports_shared(call) and call.params.get("includeItemsFromAllDrives")
    ):
        return {}
    shown_file = shown(file_body(searcher(call), file), call.params)
    return body | {"removed": False, "file": shown_file}


# --- revisions ----------------------------------------------------------------------------------


@method("drive.revisions.list", Use.READ)
@behaves("a file has one revision: this emulator keeps no former states", ASSUMED)
def list_revisions(call: Call) -> Body:
    """Answer ``revisions.list``."""
    file = writable(call, shared=True)
    return {"kind": "drive#revisionList", "revisions": [_revision(call, file)]}


@method("drive.revisions.get", Use.READ)
def get_revision(call: Call) -> Body | Answer:
    """Answer ``revisions.get``."""
    file = readable(call, shared=True)
    wanted = call.variables["revisionId"]
    body = _revision(call, file)
    if wanted not in {body["id"], "head"}:
        message = f"Revision not found: {wanted}."
        raise ApiError(404, message, reason="notFound", location="revisionId")
    return download(file) if call.params.get("alt") == "media" else body


def _revision(call: Call, file: File) -> Body:
    body: Body = {
        "kind": "drive#revision",
        "id": str(file.version),
        "mimeType": file.mime_type,
        "modifiedTime": timestamp(file.modified),
        "lastModifyingUser": user_body(searcher(call), file.modified_by),
    }
    if file.mime_type.startswith(NATIVE):
        body["published"] = False
    else:
        body["keepForever"] = False
        body["size"] = str(len(file.content or b""))
    return body if call.params.get("fields") else {name: body[name] for name in USUAL}
