"""Permissions, Shared Drives, and accounts without storage."""

import json

import pytest

from formbridge.testing.google.google import Google
from tests.testing.google.drive.talk import Person, Talk

SHEET = "application/vnd.google-apps.spreadsheet"
REFUSED = (403, "insufficientFilePermissions")


def test_sharing_a_file(me: Talk, person: Person) -> None:
    """A permission shows four fields, lets somebody in, and is listed, changed and taken away."""
    ann = person("ann@example.com")
    file_id = me.create("Answers")
    assert ann.refused("GET", f"files/{file_id}") == (404, "notFound")
    body = {"type": "user", "role": "reader", "emailAddress": "ann@example.com", "withLink": False}
    given = me.call("POST", f"files/{file_id}/permissions", body, sendNotificationEmail=False)
    assert list(given) == ["kind", "id", "type", "role"]
    assert ann.found("sharedWithMe = true") == ["Answers"]
    path = f"files/{file_id}/permissions/{given['id']}"
    assert ann.refused("PATCH", path, {"role": "writer"}) == REFUSED
    assert ann.refused("GET", f"files/{file_id}/permissions") == REFUSED
    assert me.call("PATCH", path, {"role": "writer"})["role"] == "writer"
    ann.call("PATCH", f"files/{file_id}", {"name": "Ours"})
    roles = me.call("GET", f"files/{file_id}/permissions", fields="permissions(emailAddress,role)")
    assert roles["permissions"] == [
        {"emailAddress": "tester@example.com", "role": "owner"},
        {"emailAddress": "ann@example.com", "role": "writer"},
    ]
    assert me.call("GET", path, fields="emailAddress") == {"emailAddress": "ann@example.com"}
    me.call("DELETE", path)
    assert ann.refused("GET", f"files/{file_id}") == (404, "notFound")
    assert me.refused("GET", path) == (404, "notFound")


def test_the_sheets_api_follows_drives_permissions(me: Talk, person: Person) -> None:
    """A reader reads a spreadsheet and cannot write it; a stranger does neither."""
    ann, bob = person("ann@example.com"), person("bob@example.com")
    file_id = me.create("Answers")
    me.share(file_id, "ann@example.com", "reader")
    path = f"/v4/spreadsheets/{file_id}"
    ann.call("GET", path)
    change = f"{path}:batchUpdate"
    body = {"requests": [{"addSheet": {"properties": {"title": "New"}}}]}
    assert ann.send("POST", change, json.dumps(body).encode()).status == 403
    assert ann.send("GET", path).status == 200
    assert bob.send("GET", path).status == 403
    me.call("POST", change, body)


def test_the_link_opens_but_is_not_found(me: Talk, person: Person) -> None:
    """Anybody with the link reads; a search shows such files only where it names the folder."""
    ann = person("ann@example.com")
    folder = me.folder("Forms")
    file_id = me.create("Answers", SHEET, folder)
    given = me.call("POST", f"files/{folder}/permissions", {"type": "anyone", "role": "reader"})
    assert given["id"] == "anyoneWithLink"
    assert given["allowFileDiscovery"] is False
    assert ann.file(file_id)["name"] == "Answers"
    assert ann.found("name = 'Answers'") == []
    assert ann.found(f"'{folder}' in parents") == ["Answers"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"role": "reader"}, "required"),
        ({"type": "user"}, "required"),
        ({"type": "user", "role": "reader"}, "invalid"),
        ({"type": "user", "role": "reader", "emailAddress": "nobody"}, "invalid"),
        ({"type": "domain", "role": "reader"}, "invalid"),
        ({"type": "user", "role": "king", "emailAddress": "a@example.com"}, "invalid"),
        ({"type": "user", "role": "organizer", "emailAddress": "a@example.com"}, "invalid"),
        ({"type": "user", "role": "owner", "emailAddress": "a@example.com"}, "forbidden"),
    ],
)
def test_permissions_that_say_too_little(me: Talk, body: dict[str, str], reason: str) -> None:
    """A permission needs a type, a role that is possible, and whom it is for."""
    file_id = me.create("Answers")
    assert me.refused("POST", f"files/{file_id}/permissions", body)[1] == reason


def test_ownership_goes_to_one_other(me: Talk, person: Person) -> None:
    """The new owner owns the file, the old one writes; an owner cannot be removed."""
    ann = person("ann@example.com")
    file_id = me.create("Answers")
    path = f"files/{file_id}/permissions"
    owner = me.call("GET", path)["permissions"][0]["id"]
    assert me.refused("DELETE", f"{path}/{owner}") == (403, "cannotRemoveOwner")
    body = {"type": "user", "role": "owner", "emailAddress": "ann@example.com"}
    me.call("POST", path, body, transferOwnership=True)
    assert ann.file(file_id)["ownedByMe"] is True
    assert me.file(file_id, "ownedByMe,capabilities(canEdit,canDelete)") == {
        "ownedByMe": False, "capabilities": {"canEdit": True, "canDelete": False},
    }  # fmt: skip


def test_what_comes_from_a_folder_is_taken_away_there(me: Talk, person: Person) -> None:
    """An inherited permission is listed with the file, but cannot be deleted from it."""
    ann = person("ann@example.com")
    folder = me.folder("Forms")
    file_id = me.create("Answers", SHEET, folder)
    given = me.share(folder, "ann@example.com")
    assert ann.file(file_id)["capabilities"]["canEdit"] is True
    assert me.refused("DELETE", f"files/{file_id}/permissions/{given}")[0] == 403
    me.call("DELETE", f"files/{folder}/permissions/{given}")
    assert ann.refused("GET", f"files/{file_id}") == (404, "notFound")


def test_drive_file_sees_its_own_files_only(person: Person) -> None:
    """With that scope a client knows what it made, whatever else its user has."""
    whole = person("ann@example.com")
    narrow = person("ann@example.com", "drive.file", client="app")
    made = narrow.create("Made")
    hidden = whole.create("Hidden")
    assert narrow.found("") == ["Made"]
    assert narrow.refused("GET", f"files/{hidden}") == (404, "notFound")
    narrow.call("PATCH", f"files/{made}", {"name": "Renamed"})
    reader = person("ann@example.com", "drive.readonly")
    assert reader.found("name = 'Hidden'") == ["Hidden"]
    assert reader.send("PATCH", f"files/{hidden}", b"{}").status == 403


# --- accounts without storage -------------------------------------------------------------------


def test_a_service_account_has_no_storage(me: Talk, person: Person, google: Google) -> None:
    """It makes folders only, even in a folder that a person shares; it edits what it was given."""
    robot = person("robot@example.com", service=True)
    folder = me.folder("Forms")
    me.share(folder, "robot@example.com")
    answer = robot.send("POST", "files", b'{"mimeType": "%s"}' % SHEET.encode())
    error = answer.content["error"]
    assert answer.status == 403
    assert error["message"].startswith(
        "Service Accounts do not have storage quota. Leverage shared"
    )
    assert error["errors"][0]["reason"] == "storageQuotaExceeded"
    assert error["errors"][0]["domain"] == "usageLimits"
    body = {"mimeType": SHEET, "parents": [folder]}
    assert robot.refused("POST", "files", body) == (403, "storageQuotaExceeded")
    robot.folder("Inside", folder)
    file_id = me.create("Answers", SHEET, folder)
    assert robot.refused("POST", f"files/{file_id}/copy", {}) == (403, "storageQuotaExceeded")
    robot.call("PATCH", f"files/{file_id}", {"name": "Renamed"})
    assert set(google.books) == {file_id}


def test_an_old_service_account_has_storage(person: Person, google: Google) -> None:
    """Accounts from before may own files."""
    google.tokens.add_service_account("old@example.com", storage=True)
    old = person("old@example.com")
    assert old.file(old.create("Answers"))["ownedByMe"] is True


# --- Shared Drives ------------------------------------------------------------------------------


def shared_drive(me: Talk, name: str = "Team") -> str:
    """Make a Shared Drive."""
    return str(me.call("POST", "drives", {"name": name}, requestId=name)["id"])


def test_a_service_account_writes_into_a_shared_drive(me: Talk, person: Person) -> None:
    """As a member it makes spreadsheets there, which nobody owns."""
    robot = person("robot@example.com", service=True)
    drive_id = shared_drive(me)
    body = {"mimeType": SHEET, "parents": [drive_id]}
    assert robot.refused("POST", "files", body, supportsAllDrives=True) == (404, "notFound")
    me.share(drive_id, "robot@example.com", "fileOrganizer")
    file_id = robot.create("Answers", SHEET, drive_id)
    file = robot.file(file_id)
    assert file["driveId"] == drive_id
    assert "owners" not in file
    assert file["ownedByMe"] is False
    shown = robot.call("GET", f"files/{file_id}", supportsAllDrives=True)
    assert shown["driveId"] == shown["teamDriveId"] == drive_id
    robot.call("GET", f"/v4/spreadsheets/{file_id}")


def test_shared_drives_are_hidden_from_who_does_not_know_them(me: Talk) -> None:
    """Their files are a 404 or not listed unless the parameters say that they are meant."""
    drive_id = shared_drive(me)
    file_id = me.create("Answers", SHEET, drive_id)
    assert me.refused("GET", f"files/{file_id}") == (404, "notFound")
    assert me.refused("DELETE", f"files/{file_id}") == (404, "notFound")
    assert me.found("", includeItemsFromAllDrives=False) == []
    assert me.found("", supportsAllDrives=False) == []
    assert me.found("") == ["Answers"]
    assert me.found("", corpora="drive", driveId=drive_id) == ["Answers"]
    assert me.found(f"'{drive_id}' in parents") == ["Answers"]
    assert me.refused("GET", "files", corpora="drive")[0] == 400
    assert me.refused("GET", "files", corpora="planet")[0] == 400
    params = {"supportsAllDrives": True, "includeItemsFromAllDrives": True, "corpora": "drive"}
    assert me.refused("GET", "files", driveId="nowhere", **params) == (404, "notFound")


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("reader", set()),
        ("commenter", set()),
        ("writer", {"edit", "share"}),
        ("fileOrganizer", {"edit", "share", "trash"}),
        ("organizer", {"edit", "share", "trash", "delete"}),
    ],
)
def test_roles_in_a_shared_drive(me: Talk, person: Person, role: str, may: set[str]) -> None:
    """Each role may what the documentation says."""
    ann = person("ann@example.com")
    drive_id = shared_drive(me)
    me.share(drive_id, "ann@example.com", role)
    path = f"files/{me.create('Answers', SHEET, drive_id)}"
    bob = b'{"type": "user", "role": "reader", "emailAddress": "bob@example.com"}'
    tried = {
        "edit": ("PATCH", path, b'{"name": "Other"}'),
        "share": ("POST", f"{path}/permissions", bob),
        "trash": ("PATCH", path, b'{"trashed": true}'),
        "delete": ("DELETE", path, b""),
    }
    done = {
        what
        for what, (verb, place, body) in tried.items()
        if ann.send(verb, place, body, supportsAllDrives=True).status < 400
    }
    assert done == may


def test_permissions_of_a_shared_drive_say_where_they_come_from(me: Talk) -> None:
    """A member's permission is inherited from the drive."""
    drive_id = shared_drive(me)
    file_id = me.create("Answers", SHEET, drive_id)
    listed = me.call("GET", f"files/{file_id}/permissions", supportsAllDrives=True, fields="*")
    details = {"permissionType": "member", "role": "organizer", "inherited": True}
    details["inheritedFrom"] = drive_id
    assert listed["permissions"][0]["permissionDetails"] == [details]


def test_moving_between_drives(me: Talk) -> None:
    """In a Shared Drive nobody owns a file; out of it, whoever moved it; folders stay out."""
    drive_id = shared_drive(me)
    root = me.file("root")["id"]
    file_id, folder = me.create("Answers"), me.folder("Forms")
    path = f"files/{file_id}"
    both = {"supportsAllDrives": True}
    me.call("PATCH", path, {}, addParents=drive_id, removeParents=root, **both)
    assert me.file(file_id)["driveId"] == drive_id
    me.call("PATCH", path, {}, addParents=root, removeParents=drive_id, **both)
    assert me.file(file_id, "ownedByMe,driveId") == {"ownedByMe": True}
    move = {"addParents": drive_id, "removeParents": root, **both}
    assert me.refused("PATCH", f"files/{folder}", {}, **move) == (
        403, "teamDrivesFolderMoveInNotSupported",
    )  # fmt: skip


def test_shared_drives_are_made_listed_changed_and_deleted(me: Talk, person: Person) -> None:
    """A request id makes one drive, members see it, only an empty one is deleted."""
    drive_id = shared_drive(me)
    again = me.refused("POST", "drives", {"name": "Team"}, requestId="Team")
    assert again[0] == 409
    shown = {"kind": "drive#drive", "id": drive_id, "name": "Team"}
    assert me.call("GET", f"drives/{drive_id}") == shown
    assert me.call("GET", "drives")["drives"] == [shown]
    assert me.call("GET", "drives", q="name contains 'Te'")["drives"] == [shown]
    ann = person("ann@example.com")
    assert ann.call("GET", "drives")["drives"] == []
    assert ann.refused("GET", f"drives/{drive_id}") == (404, "notFound")
    me.share(drive_id, "ann@example.com", "writer")
    assert ann.refused("PATCH", f"drives/{drive_id}", {"name": "Mine"}) == REFUSED
    assert me.call("PATCH", f"drives/{drive_id}", {"name": "Ours"})["name"] == "Ours"
    assert me.call("POST", f"drives/{drive_id}/hide", fields="hidden") == {"hidden": True}
    assert me.call("POST", f"drives/{drive_id}/unhide", fields="hidden") == {"hidden": False}
    file_id = me.create("Answers", SHEET, drive_id)
    assert me.refused("DELETE", f"drives/{drive_id}")[0] == 403
    me.call("DELETE", f"files/{file_id}", supportsAllDrives=True)
    me.call("DELETE", f"drives/{drive_id}")
    assert me.refused("GET", f"drives/{drive_id}") == (404, "notFound")
