"""Who may do what: ``drive.permissions``."""

from typing import Any

import attrs

from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, SEEN, behaves
from formbridge.testing.google.drive.access import readable, require, searcher, writable
from formbridge.testing.google.drive.pages import page
from formbridge.testing.google.drive.people import permission_body, usual_permission
from formbridge.testing.google.drive.refusals import (
    forbidden,
    invalid_value,
    no_permission,
    not_allowed,
    required,
)
from formbridge.testing.google.drive.times import moment
from formbridge.testing.google.files.file import ROLES, File, Permission
from formbridge.testing.google.files.ids import permission_id
from formbridge.testing.google.messages import Answer, Body
from formbridge.testing.google.routes import Call, Use, method

TYPES = frozenset({"user", "group", "domain", "anyone"})
IN_MY_DRIVE = frozenset({"owner", "writer", "commenter", "reader"})
IN_SHARED = frozenset({"organizer", "fileOrganizer", "writer", "commenter", "reader"})

UNSAID = "The transferOwnership parameter must be enabled when the permission role is 'owner'."


@method("drive.permissions.create", Use.WRITE)
@behaves("permissions.create gives somebody a role; who had one has the new one", DOCUMENTED)
def create(call: Call) -> Body:
    """Answer ``permissions.create``."""
    file = _shareable(call)
    given = _said(call, file)
    _check_grant(call, file, given.role)
    if given.role == "owner":
        call.google.drive.give_to(file.id, given.name, now=call.now)
    else:
        call.google.drive.permit(file.id, given, now=call.now)
    return _shown(call, file.id, given.id)


@method("drive.permissions.list", Use.READ)
@behaves("only writers see who else may do what", SEEN)
def list_permissions(call: Call) -> Body:
    """Answer ``permissions.list``."""
    file = writable(call)
    held = call.google.drive.effective(file, now=call.now)
    chosen, token = page(call, held, usual=100, most=100)
    who = searcher(call)
    bodies = [
        permission_body(who, given, origin, drive_id=file.drive_id) for given, origin in chosen
    ]
    body: Body = {"kind": "drive#permissionList"}
    if token:
        body["nextPageToken"] = token
    return body | {"permissions": [_part(call, body) for body in bodies]}


@method("drive.permissions.get", Use.READ)
def get(call: Call) -> Body:
    """Answer ``permissions.get``."""
    file = readable(call)
    wanted = call.variables["permissionId"]
    own = wanted == permission_id(call.grant.account.email)
    if not own:
        require(call, file, "writer")
    return _shown(call, file.id, wanted)


@method("drive.permissions.update", Use.WRITE)
@behaves("permissions.update changes the role and when it ends", DOCUMENTED)
def update(call: Call) -> Body:
    """Answer ``permissions.update``."""
    file = _shareable(call)
    before, body = _held(call, file), call.body
    said = {name for name, value in body.items() if value is not None}
    if said - {"role", "expirationTime", "kind", "pendingOwner"}:
        message = "The resource body includes fields which are not directly writable."
        raise forbidden("fieldNotWritable", message)
    role = body.get("role") or before.role
    _check_role(file, role)
    _check_grant(call, file, role)
    if before.role == "owner" and role != "owner":
        raise forbidden("cannotModifyOwner", "The owner of a file cannot be modified.")
    if role == "owner":
        call.google.drive.give_to(file.id, before.name, now=call.now)
    else:
        ends = None if call.params.get("removeExpiration") else _ends(body, before.expires)
        changed = attrs.evolve(before, role=role, expires=ends)
        call.google.drive.permit(file.id, changed, now=call.now)
    return _shown(call, file.id, before.id)


@method("drive.permissions.delete", Use.WRITE)
@behaves("everybody may give their own permission back; owners keep theirs", DOCUMENTED)
def delete(call: Call) -> Answer:
    """Answer ``permissions.delete``."""
    file = readable(call)
    own = call.variables["permissionId"] == permission_id(call.grant.account.email)
    if not own:
        file = _shareable(call)
    given = _held(call, file)
    if given.role == "owner":
        raise forbidden("cannotRemoveOwner", "The owner of a file cannot be removed.")
    if all(one.id != given.id for one in file.permissions):
        raise _inherited()
    if not own:
        _check_grant(call, file, given.role)
    call.google.drive.forbid(file.id, given.id, now=call.now)
    return Answer(status=204)


@behaves("the words for a permission that comes from a folder", ASSUMED)
def _inherited() -> Exception:
    message = "Cannot delete an inherited permission. Remove it from the parent that it comes from."
    return forbidden("cannotDeletePermission", message)


# --- who may share ------------------------------------------------------------------------------


@behaves("writers share, unless writersCanShare is false; organizers in Shared Drives", DOCUMENTED)
def _shareable(call: Call) -> File:
    file = writable(call)
    if file.drive_id and (file.is_root or file.is_folder):
        require(call, file, "organizer")
    elif file.settings.get("writersCanShare") is False:
        require(call, file, "owner")
    return file


@behaves("nobody gives more than they have; ownership only its owner, who says so", SEEN)
def _check_grant(call: Call, file: File, role: str) -> None:
    held = call.google.drive.role(call.grant.account.email, file, now=call.now)
    if role == "owner":
        if not call.params.get("transferOwnership"):
            raise forbidden("forbidden", UNSAID, location="transferOwnership")
        if held != "owner":
            raise not_allowed()
    if ROLES.get(held, 0) < ROLES[role]:
        raise not_allowed()


# --- what was said ------------------------------------------------------------------------------


def _said(call: Call, file: File) -> Permission:
    body = call.body
    kind, role = body.get("type"), body.get("role")
    if not kind:
        raise required("permission.type", "The permission type field is required.")
    if not role:
        raise required("permission.role", "The permission role field is required.")
    if kind not in TYPES:
        raise invalid_value("permission.type", "The specified permission type is invalid.")
    _check_role(file, role)
    if kind in {"anyone", "domain"} and ROLES[role] > ROLES["writer"]:
        raise invalid_value("permission.role", "The specified role is invalid for the type.")
    name = _name(kind, body)
    seen = bool(body.get("allowFileDiscovery")) and kind in {"anyone", "domain"}
    return Permission(
        id=_id(kind, name, seen=seen), type=kind, role=role, name=name, discoverable=seen,
        expires=_ends(body, None),
    )  # fmt: skip


@behaves("owner is a role of My Drive, organizer and fileOrganizer of Shared Drives", DOCUMENTED)
def _check_role(file: File, role: str) -> None:
    if role not in (IN_SHARED if file.drive_id else IN_MY_DRIVE):
        message = f"The specified role is invalid: {role}."
        raise invalid_value("permission.role", message)


@behaves("users and groups need an address, domains a name", SEEN)
def _name(kind: str, body: Body) -> str:
    if kind == "anyone":
        return ""
    field = "domain" if kind == "domain" else "emailAddress"
    name = str(body.get(field) or "").strip()
    if not name or (field == "emailAddress") != ("@" in name):
        message = (
            f"The specified {field} is invalid or not applicable for the given permission type."
        )
        raise invalid_value(f"permission.{field}", message)
    return name


@behaves("whoever has the link is called anyoneWithLink, anybody anyone", SEEN)
def _id(kind: str, name: str, *, seen: bool) -> str:
    if kind == "anyone":
        return "anyone" if seen else "anyoneWithLink"
    return permission_id(name) + ("k" if kind == "domain" else "")


def _ends(body: Body, before: int | None) -> int | None:
    text = body.get("expirationTime")
    if text is None:
        return before
    read = moment(text)
    if read is None:
        raise invalid_value("permission.expirationTime")
    return read


# --- what is shown ------------------------------------------------------------------------------


def _held(call: Call, file: File) -> Permission:
    return _found(call, file, call.variables["permissionId"])[0]


def _found(call: Call, file: File, wanted: str) -> tuple[Permission, str]:
    wanted = permission_id(call.grant.account.email) if wanted == "me" else wanted
    for given, origin in call.google.drive.effective(file, now=call.now):
        if given.id == wanted:
            return given, origin
    raise no_permission(wanted)


def _shown(call: Call, file_id: str, wanted: str) -> Body:
    file = call.google.drive.all[file_id]
    given, origin = _found(call, file, wanted)
    return _part(call, permission_body(searcher(call), given, origin, drive_id=file.drive_id))


def _part(call: Call, body: dict[str, Any]) -> Body:
    return body if call.params.get("fields") else usual_permission(body)
