"""Files that are read: one by its id, or many by a search."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, RECORDED, SEEN, behaves
from formbridge.testing.google.drive.access import readable, searcher, supports_shared
from formbridge.testing.google.drive.bodies import file_body, shown
from formbridge.testing.google.drive.pages import page
from formbridge.testing.google.drive.query import Search, search
from formbridge.testing.google.drive.refusals import forbidden, invalid_value, no_drive, required
from formbridge.testing.google.drive.terms import Searcher
from formbridge.testing.google.files.file import NATIVE, File
from formbridge.testing.google.files.scopes import reaches
from formbridge.testing.google.messages import Answer, Body
from formbridge.testing.google.routes import Call, Use, method

NAMES = frozenset({"name", "fullText"})
"""What a search asks that may be known late."""

CORPORA = frozenset({"user", "domain", "drive", "allDrives"})
SPACES = frozenset({"drive", "appDataFolder", "photos"})

Key = Callable[[Searcher, File], Any]
NUMBERS = re.compile(r"(\d+)")
KEYS: Mapping[str, Key] = {
    "createdTime": lambda _, file: file.created,
    "folder": lambda _, file: not file.is_folder,
    "modifiedByMeTime": lambda who, file: file.edited.get(who.email, 0),
    "modifiedTime": lambda _, file: file.modified,
    "name": lambda _, file: file.name.casefold(),
    "name_natural": lambda _, file: natural(file.name),
    "quotaBytesUsed": lambda _, file: len(file.content or b""),
    "recency": lambda who, file: max(file.modified, file.viewed.get(who.email, 0)),
    "sharedWithMeTime": lambda who, file: file.shared.get(who.email, 0),
    "starred": lambda who, file: who.email not in file.starred,
    "viewedByMeTime": lambda who, file: file.viewed.get(who.email, 0),
}
"""What files may be sorted by."""


@method("drive.files.get", Use.READ)
@behaves("alt=media gives the content of files that have any", SEEN)
def get(call: Call) -> Body | Answer:
    """Answer ``files.get``."""
    file = readable(call)
    if call.params.get("alt") == "media":
        return download(file)
    return shown(file_body(searcher(call), file), call.params)


def download(file: File) -> Answer:
    """Return the content of a file."""
    if file.content is None:
        native = file.mime_type.startswith(NATIVE)
        message = "Only files with binary content can be downloaded."
        hint = " Use Export with Docs Editors files." if native else ""
        raise forbidden("fileNotDownloadable", message + hint, location="alt")
    return Answer(body=file.content, headers={"content-type": file.mime_type})


@method("drive.files.list", Use.READ)
@behaves("files.list shows kind and files, and a token where there are more", RECORDED)
def list_files(call: Call) -> Body:
    """Answer ``files.list``."""
    who = searcher(call)
    wanted = search(call.params.get("q") or "", who.terms())
    sees = _scope(call, wanted)
    order = _order(call)
    files = call.google.drive.list(
        lambda file: sees(file) and wanted.matches(file), seen_until=seen_until(call, wanted)
    )
    chosen, token = page(call, ordered(who, files, order))
    body: Body = {"kind": "drive#fileList", "incompleteSearch": False}
    if token:
        body["nextPageToken"] = token
    return body | {"files": [shown(file_body(who, file), call.params) for file in chosen]}


@behaves("search by name lags behind, where a lag is set; by parent or type it may not", SEEN)
def seen_until(call: Call, wanted: Search[File]) -> int | None:
    """Return until when search knows what files are called; None where it knows all."""
    lag = getattr(getattr(call.google, "troubles", None), "lag", None)
    seconds = getattr(lag, "seconds", 0)
    by_name = bool(wanted.names & NAMES)
    if not seconds or (getattr(lag, "names_only", False) and not by_name):
        return None
    return int(call.now - seconds * 1_000_000)


# --- where to search ----------------------------------------------------------------------------


def _scope(call: Call, wanted: Search[File]) -> Callable[[File], bool]:
    """Return which files the caller may find in the corpora that it names."""
    drive, email = call.google.drive, call.grant.account.email
    spaces, drive_id = _spaces(call), _drive_id(call)
    shared = _includes_shared(call)
    linked = "parents" in wanted.names

    def sees(file: File) -> bool:
        if file.space not in spaces or (file.drive_id and not shared):
            return False
        if drive_id and file.drive_id != drive_id:
            return False
        held = drive.role(email, file, now=call.now, linked=linked)
        return bool(held) and reaches(call.grant, file, write=False)

    return sees


def _includes_shared(call: Call) -> bool:
    params = call.params
    asked = params.get("includeItemsFromAllDrives") or params.get("includeTeamDriveItems")
    return bool(asked) and supports_shared(call)


def _spaces(call: Call) -> frozenset[str]:
    named = frozenset((call.params.get("spaces") or "drive").replace(" ", "").split(","))
    if not named <= SPACES:
        raise invalid_value("spaces")
    return named


@behaves("corpora is user, domain, drive (with a driveId) or allDrives", DOCUMENTED)
@behaves("the words for corpora and driveId that do not go together", ASSUMED)
def _drive_id(call: Call) -> str:
    corpora = call.params.get("corpora") or call.params.get("corpus") or ""
    drive_id = call.params.get("driveId") or call.params.get("teamDriveId") or ""
    if corpora and corpora not in CORPORA:
        raise invalid_value("corpora")
    if bool(drive_id) != (corpora == "drive") and (corpora or drive_id):
        message = "The driveId parameter must be specified if and only if corpora is set to drive."
        raise required("driveId", message) if not drive_id else invalid_value("driveId", message)
    if corpora in {"drive", "allDrives"} and not _includes_shared(call):
        message = (
            "The includeItemsFromAllDrives and supportsAllDrives parameters must be set to true "
            f"when corpora is {corpora}."
        )
        raise forbidden(
            "teamDrivesParameterRequired", message, location="includeItemsFromAllDrives"
        )
    root = call.google.drive.get(drive_id) if drive_id else None
    email = call.grant.account.email
    if drive_id and (root is None or not call.google.drive.role(email, root, now=call.now)):
        raise no_drive(drive_id)
    return drive_id


# --- order --------------------------------------------------------------------------------------


@behaves("orderBy takes several keys, each with desc", DOCUMENTED)
@behaves("searches of full texts cannot be sorted", SEEN)
def _order(call: Call) -> Sequence[tuple[str, bool]]:
    text = call.params.get("orderBy") or ""
    if text and "fullText" in (call.params.get("q") or ""):
        message = (
            "Sorting is not supported for queries with fullText terms. "
            "Results are always in descending relevance order."
        )
        raise forbidden("forbidden", message, location="orderBy")
    order = []
    for part in text.split(",") if text else []:
        name, *rest = part.split() or [""]
        if name not in KEYS or rest not in ([], ["desc"], ["asc"]):
            raise invalid_value("orderBy")
        order.append((name, rest == ["desc"]))
    return order


def ordered(
    who: Searcher, files: Sequence[File], order: Sequence[tuple[str, bool]]
) -> Sequence[File]:
    """Return files sorted by several keys; what is equal stays as it was."""
    for name, down in reversed(order):
        files = sorted(files, key=lambda file, name=name: KEYS[name](who, file), reverse=down)  # type: ignore[misc]  # a default binds the name
    return files


def natural(name: str) -> list[tuple[int, str]]:
    """Return what sorts ``file2`` before ``file10``."""
    parts = NUMBERS.split(name.casefold())
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]
