"""People and their permissions as the API shows them."""

from formbridge.testing.google.behaviour import DOCUMENTED, RECORDED, SEEN, behaves
from formbridge.testing.google.drive.terms import Searcher
from formbridge.testing.google.drive.times import timestamp
from formbridge.testing.google.files.file import Permission
from formbridge.testing.google.files.ids import permission_id
from formbridge.testing.google.messages import Body

USUAL = ("kind", "id", "type", "role", "allowFileDiscovery")
"""What is shown of a permission when nobody says which fields."""


@behaves("a service account is called by its address", RECORDED)
def display_name(who: Searcher, email: str) -> str:
    """Return what somebody is called: their name, or the beginning of their address."""
    account = who.drive.people.get(email)
    if account is not None and account.is_service:
        return email
    return (account.name if account else "") or email.partition("@")[0]


def user_body(who: Searcher, email: str) -> Body:
    """Return a ``User``."""
    return {
        "kind": "drive#user",
        "displayName": display_name(who, email),
        "me": email == who.email,
        "permissionId": permission_id(email),
        "emailAddress": email,
    }


@behaves("a permission of a Shared Drive says where it comes from", DOCUMENTED)
def permission_body(who: Searcher, given: Permission, origin: str, *, drive_id: str = "") -> Body:
    """Return a ``Permission``; ``origin`` is the folder it is inherited from, if any."""
    body: Body = {
        "kind": "drive#permission",
        "id": given.id,
        "type": given.type,
        "role": given.role,
    }
    if given.type in {"user", "group"}:
        names = {"emailAddress": given.name, "displayName": display_name(who, given.name)}
        body |= names | {"deleted": False, "pendingOwner": False}
    else:
        body["allowFileDiscovery"] = given.discoverable
    if given.type == "domain":
        body |= {"domain": given.name, "displayName": given.name}
    if given.expires is not None:
        body["expirationTime"] = timestamp(given.expires)
    if drive_id:
        body |= _details(given, origin, drive_id)
    return body


def _details(given: Permission, origin: str, drive_id: str) -> Body:
    member = origin == drive_id
    detail: Body = {
        "permissionType": "member" if member else "file",
        "role": given.role,
        "inherited": bool(origin),
    }
    if origin:
        detail["inheritedFrom"] = origin
    team = {
        ("teamDrivePermissionType" if k == "permissionType" else k): v for k, v in detail.items()
    }
    return {"permissionDetails": [detail], "teamDrivePermissionDetails": [team]}


@behaves("without fields a permission is its kind, id, type and role", SEEN)
def usual_permission(body: Body) -> Body:
    """Return the part of a permission that is shown when nobody says which fields."""
    return {name: body[name] for name in USUAL if name in body}
