"""Files: made, shown, found, changed, copied, moved, trashed, deleted."""

import re

import pytest

from formbridge.testing.google.google import Google
from tests.testing.google.drive.talk import Person, Talk

FOLDER = "application/vnd.google-apps.folder"
SHEET = "application/vnd.google-apps.spreadsheet"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def test_a_new_spreadsheet_is_shown_in_four_fields(me: Talk, google: Google) -> None:
    """What is made is a kind, an id, a name and a type, and a spreadsheet with one tab."""
    body = me.call("POST", "files", {"name": "Answers", "mimeType": SHEET})
    assert list(body) == ["kind", "id", "name", "mimeType"]
    assert body["name"] == "Answers"
    book = google.books[body["id"]]
    assert (book.id, book.title, [sheet.title for sheet in book.sheets]) == (
        body["id"], "Answers", ["Sheet1"],
    )  # fmt: skip


def test_all_fields_are_there_for_who_asks(me: Talk) -> None:
    """With a star a file shows its times, people, rights and links."""
    file = me.file(me.create("Answers"))
    assert TIME.fullmatch(file["createdTime"])
    assert file["owners"][0]["emailAddress"] == "tester@example.com"
    assert file["ownedByMe"] is True
    assert file["capabilities"]["canEdit"] is True
    assert file["webViewLink"].endswith(f"/{file['id']}/edit?usp=drivesdk")
    assert file["trashed"] is file["starred"] is file["shared"] is False
    assert file["permissions"][0]["role"] == "owner"
    assert me.file("root")["id"] == file["parents"][0]
    assert me.file("root", "name,parents") == {"name": "My Drive"}


def test_a_mask_shows_what_it_names(me: Talk) -> None:
    """Fields narrow what is shown of one file and of many."""
    file_id = me.create("Answers")
    assert me.file(file_id, "id,name") == {"id": file_id, "name": "Answers"}
    listed = me.call("GET", "files", fields="kind,nextPageToken,files(id)")
    assert listed == {"kind": "drive#fileList", "files": [{"id": file_id}]}


def test_what_is_not_there_is_a_404(me: Talk) -> None:
    """An unknown id is said back, with the parameter that held it."""
    answer = me.send("GET", "files/nothing")
    error = answer.content["error"]
    assert (answer.status, error["message"]) == (404, "File not found: nothing.")
    assert error["errors"] == [
        {
            "message": "File not found: nothing.",
            "domain": "global",
            "reason": "notFound",
            "location": "fileId",
            "locationType": "parameter",
        }
    ]


def test_files_without_a_name_are_untitled(me: Talk) -> None:
    """Neither name nor type makes an untitled file of bytes."""
    body = me.call("POST", "files", {})
    assert (body["name"], body["mimeType"]) == ("Untitled", "application/octet-stream")


def test_a_search_finds_by_name_parent_and_private_property(me: Talk, person: Person) -> None:
    """A form's spreadsheet is found by what a sink stores with it, by its own client alone."""
    app = person("ann@example.com", client="app")
    other = person("ann@example.com", client="other")
    folder = app.folder("Forms")
    app.create("Form 7", SHEET, folder, appProperties={"form": "7"}, properties={"stage": "live"})
    query = f"'{folder}' in parents and trashed=false"
    query += " and appProperties has {key='form' and value='7'}"
    assert app.found(query) == ["Form 7"]
    assert other.found(query) == []
    assert other.found("properties has {key='stage' and value='live'}") == ["Form 7"]
    assert app.found(f'parents in "{folder}"') == app.found("name = 'Form 7'") == ["Form 7"]
    assert me.found("name = 'Form 7'") == []


def test_what_cannot_be_read_in_a_search_is_invalid(me: Talk) -> None:
    """A title that is not escaped gives the error that clients meet."""
    assert me.refused("GET", "files", q='name = "a "b""') == (400, "invalid")


def test_a_list_comes_in_pages(me: Talk) -> None:
    """Each page has its size at most, together they hold everything once, in the asked order."""
    for number in range(7):
        me.create(f"File {number}")
    names: list[str] = []
    token: dict[str, str] = {}
    while True:
        page = me.call("GET", "files", pageSize=3, orderBy="name desc", **token)
        names += [file["name"] for file in page["files"]]
        assert len(page["files"]) <= 3
        if "nextPageToken" not in page:
            break
        token = {"pageToken": page["nextPageToken"]}
    assert names == [f"File {number}" for number in reversed(range(7))]
    assert me.refused("GET", "files", pageToken="nonsense") == (400, "invalid")
    assert me.refused("GET", "files", orderBy="length") == (400, "invalid")
    assert me.refused("GET", "files", pageSize=0)[0] == 400
    other = {"pageToken": me.call("GET", "files", pageSize=3)["nextPageToken"], "q": "trashed=true"}
    assert me.refused("GET", "files", **other) == (400, "invalid")


def test_folders_first_and_numbers_by_size(me: Talk) -> None:
    """Keys apply one after the other."""
    for name in ("a10", "a9"):
        me.create(name)
    me.folder("z")
    listed = me.call("GET", "files", orderBy="folder,name_natural")["files"]
    assert [file["name"] for file in listed] == ["z", "a9", "a10"]


def test_a_lag_hides_new_names_only(me: Talk, google: Google) -> None:
    """While search lags, a new file is not found by name, though it is there by id and parent."""
    folder = me.folder("Forms")
    google.troubles.lag.seconds, google.troubles.lag.names_only = 60, True
    file_id = me.create("Answers", SHEET, folder)
    assert me.found("name = 'Answers'") == []
    assert me.found(f"'{folder}' in parents") == ["Answers"]
    assert me.file(file_id)["name"] == "Answers"
    me.clock.advance(60)
    assert me.found("name = 'Answers'") == ["Answers"]


# --- changes ------------------------------------------------------------------------------------


def test_renaming_a_file_renames_its_spreadsheet(me: Talk, google: Google) -> None:
    """The title is the name; the time of change goes on, that of creation stays."""
    file_id = me.create("Old")
    before = me.file(file_id)
    me.call("PATCH", f"files/{file_id}", {"name": "New"})
    after = me.file(file_id)
    assert google.books[file_id].title == after["name"] == "New"
    assert after["createdTime"] == before["createdTime"]
    assert after["modifiedTime"] > before["modifiedTime"]
    assert int(after["version"]) > int(before["version"])


def test_renaming_a_spreadsheet_renames_its_file(me: Talk) -> None:
    """The Sheets API's title is the name that Drive shows."""
    file_id = me.create("Old")
    change = {"properties": {"title": "New"}, "fields": "title"}
    body = {"requests": [{"updateSpreadsheetProperties": change}]}
    me.call("POST", f"/v4/spreadsheets/{file_id}:batchUpdate", body)
    assert me.file(file_id)["name"] == "New"


def test_properties_are_set_and_removed(me: Talk) -> None:
    """A null removes a property, the others stay; a long one is refused."""
    file_id = me.create("Answers", appProperties={"a": "1", "b": "2"})
    me.call("PATCH", f"files/{file_id}", {"appProperties": {"a": None, "c": "3"}})
    assert me.file(file_id)["appProperties"] == {"b": "2", "c": "3"}
    me.call("PATCH", f"files/{file_id}", {"appProperties": {"key": "v" * 121}})
    long = {"appProperties": {"key": "v" * 122}}
    assert me.refused("PATCH", f"files/{file_id}", long) == (403, "propertyLengthLimitExceeded")
    many = {"appProperties": {str(n): "x" for n in range(30)}}
    assert me.refused("PATCH", f"files/{file_id}", many)[0] == 403


def test_stars_are_personal(me: Talk, person: Person) -> None:
    """A reader may star a file, which only they see, and which changes no time."""
    file_id = me.create("Answers")
    ann = person("ann@example.com")
    me.share(file_id, "ann@example.com", "reader")
    before = me.file(file_id)["modifiedTime"]
    ann.call("PATCH", f"files/{file_id}", {"starred": True})
    assert ann.found("starred = true") == ["Answers"]
    assert me.found("starred = true") == []
    assert me.file(file_id)["modifiedTime"] == before
    assert ann.refused("PATCH", f"files/{file_id}", {"name": "Mine"}) == (
        403, "insufficientFilePermissions",
    )  # fmt: skip


@pytest.mark.parametrize("body", [{"ownedByMe": True}, {"size": "7"}, {"parents": ["root"]}])
def test_some_fields_are_only_read(me: Talk, body: dict[str, object]) -> None:
    """What Drive alone writes is refused, and so are parents in a body."""
    file_id = me.create("Answers")
    assert me.refused("PATCH", f"files/{file_id}", body) == (403, "fieldNotWritable")


def test_moving_takes_both_parents(me: Talk) -> None:
    """A file moves where one parent is added and the other removed; else it would have two."""
    one, two = me.folder("one"), me.folder("two")
    file_id = me.create("Answers", SHEET, one)
    path = f"files/{file_id}"
    assert me.refused("PATCH", path, {}, addParents=two) == (403, "cannotAddParent")
    me.call("PATCH", path, {}, addParents=two, removeParents=one)
    assert me.file(file_id)["parents"] == [two]
    me.call("PATCH", path, {}, addParents="root", removeParents=f"{one},{two}")
    assert me.found("'root' in parents and name = 'Answers'") == ["Answers"]
    assert me.refused("PATCH", path, {}, addParents=file_id, removeParents="root")[0] == 403


def test_a_folder_does_not_move_into_itself(me: Talk) -> None:
    """Neither into itself nor into what it holds."""
    one = me.folder("one")
    two = me.folder("two", one)
    root = me.file("root")["id"]
    move = {"addParents": two, "removeParents": root}
    assert me.refused("PATCH", f"files/{one}", {}, **move)[0] == 403


def test_only_folders_hold_files(me: Talk) -> None:
    """A parent that is no folder, or is not there, is refused."""
    file_id = me.create("Answers")
    assert me.refused("POST", "files", {"parents": [file_id]}) == (403, "parentNotAFolder")
    assert me.refused("POST", "files", {"parents": ["nowhere"]}) == (404, "notFound")


def test_trash_and_back(me: Talk, google: Google) -> None:
    """A trashed file is still read and found unless the search says otherwise."""
    folder = me.folder("Forms")
    file_id = me.create("Answers", SHEET, folder)
    me.call("PATCH", f"files/{folder}", {"trashed": True})
    inside = me.file(file_id)
    assert (inside["trashed"], inside["explicitlyTrashed"]) == (True, False)
    assert me.found("trashed = false") == []
    assert me.found("name = 'Answers'") == ["Answers"]
    assert file_id in google.books
    me.call("GET", f"/v4/spreadsheets/{file_id}")
    me.call("PATCH", f"files/{folder}", {"trashed": False})
    assert me.found("trashed = false") == ["Answers", "Forms"]


def test_emptying_the_trash_deletes_for_good(me: Talk, google: Google) -> None:
    """What is trashed is gone with all in it, the rest stays."""
    folder, kept = me.folder("Forms"), me.create("Kept")
    inside = me.create("Answers", SHEET, folder)
    me.call("PATCH", f"files/{folder}", {"trashed": True})
    me.call("DELETE", "files/trash")
    assert me.found("") == ["Kept"]
    assert set(google.books) == {kept}
    assert me.refused("GET", f"files/{inside}") == (404, "notFound")


def test_only_the_owner_deletes(me: Talk, person: Person, google: Google) -> None:
    """A writer may neither delete nor trash; after its owner deleted it the file is gone."""
    file_id = me.create("Answers")
    ann = person("ann@example.com")
    me.share(file_id, "ann@example.com")
    refused = (403, "insufficientFilePermissions")
    assert ann.refused("DELETE", f"files/{file_id}") == refused
    assert ann.refused("PATCH", f"files/{file_id}", {"trashed": True}) == refused
    answer = me.send("DELETE", f"files/{file_id}")
    assert (answer.status, answer.body) == (204, b"")
    assert file_id not in google.books
    assert me.send("GET", f"/v4/spreadsheets/{file_id}").status == 404
    root = me.file("root")["id"]
    assert me.refused("DELETE", f"files/{root}") == refused


def test_a_copy_has_its_own_cells(me: Talk, google: Google) -> None:
    """A copy lies beside the original, has its content then, and neither changes the other."""
    folder = me.folder("Forms")
    file_id = me.create("Answers", SHEET, folder, description="of a form")
    google.books[file_id].sheets[0].put(0, 0, "one")
    copy = me.call("POST", f"files/{file_id}/copy", {"name": None})
    assert copy["name"] == "Copy of Answers"
    google.books[file_id].sheets[0].put(0, 0, "two")
    made = google.books[copy["id"]]
    assert (made.id, made.title, made.sheets[0].content(0, 0)) == (copy["id"], copy["name"], "one")
    assert me.file(copy["id"], "parents,description") == {
        "parents": [folder], "description": "of a form",
    }  # fmt: skip
    named = me.call("POST", f"files/{file_id}/copy", {"name": "Other", "parents": ["root"]})
    assert named["name"] == google.books[named["id"]].title == "Other"
    assert me.refused("POST", f"files/{folder}/copy", {}) == (403, "cannotCopyFile")


def test_a_reader_copies_into_their_own_drive(me: Talk, person: Person) -> None:
    """Where they may not write, a copy goes to the My Drive of who makes it."""
    file_id = me.create("Answers")
    ann = person("ann@example.com")
    me.share(file_id, "ann@example.com", "reader")
    copy = ann.call("POST", f"files/{file_id}/copy", {})
    assert ann.file(copy["id"], "ownedByMe,parents") == {
        "ownedByMe": True, "parents": [ann.file("root")["id"]],
    }  # fmt: skip


def test_ids_may_be_had_before(me: Talk) -> None:
    """A generated id makes one file; Google's editors take none."""
    ids = me.call("GET", "files/generateIds", count=2)["ids"]
    body = {"id": ids[0], "name": "f", "mimeType": FOLDER}
    assert me.call("POST", "files", body)["id"] == ids[0]
    assert me.refused("POST", "files", body) == (409, "fileIdInUse")
    assert me.refused("POST", "files", {"id": ids[1], "mimeType": SHEET}) == (400, "invalid")
    assert me.refused("POST", "files", {"id": "mine", "mimeType": FOLDER}) == (400, "invalid")
    assert len(me.call("GET", "files/generateIds")["ids"]) == 10


def test_a_shortcut_leads_to_a_file(me: Talk) -> None:
    """A shortcut has its target's name unless it gets another one, and shows where it leads."""
    file_id = me.create("Answers")
    kind = "application/vnd.google-apps.shortcut"
    details = {"targetId": file_id}
    body = {"mimeType": kind, "shortcutDetails": details}
    made = me.call("POST", "files", body)
    assert made["name"] == "Answers"
    assert me.file(made["id"])["shortcutDetails"] == details | {"targetMimeType": SHEET}
    assert me.found(f"shortcutDetails.targetId = '{file_id}'") == ["Answers"]
    assert me.refused("POST", "files", {"mimeType": kind})[0] == 403


def test_changes_are_told_in_order(me: Talk) -> None:
    """From a token on, each changed file is told once, with its last state or that it is gone."""
    start = me.call("GET", "changes/startPageToken")["startPageToken"]
    kept, gone = me.create("Kept"), me.create("Gone")
    me.call("PATCH", f"files/{kept}", {"name": "Renamed"})
    me.call("DELETE", f"files/{gone}")
    told = me.call("GET", "changes", pageToken=start)
    by_id = {change["fileId"]: change for change in told["changes"]}
    assert by_id[kept]["file"]["name"] == "Renamed"
    assert by_id[gone]["removed"] is True
    rest = me.call("GET", "changes", pageToken=told["newStartPageToken"])
    assert rest["changes"] == []
    assert me.refused("GET", "changes", pageToken="x") == (400, "invalid")


def test_comments_need_fields(me: Talk) -> None:
    """Comments are listed, answered and resolved; who names no fields is refused."""
    file_id = me.create("Answers")
    path = f"files/{file_id}/comments"
    assert me.refused("GET", path) == (400, "required")
    assert me.call("GET", path, fields="comments/content") == {"comments": []}
    made = me.call("POST", path, {"content": "a < b"}, fields="*")
    assert made["htmlContent"] == "a &lt; b"
    me.call("POST", f"{path}/{made['id']}/replies", {"action": "resolve"}, fields="*")
    listed = me.call("GET", path, fields="comments(content,resolved)")
    assert listed == {"comments": [{"content": "a < b", "resolved": True}]}
    me.call("DELETE", f"{path}/{made['id']}")
    assert me.call("GET", path, fields="comments") == {"comments": []}
    assert me.refused("GET", f"{path}/{made['id']}", fields="*") == (404, "notFound")


def test_a_file_has_a_revision(me: Talk) -> None:
    """The state as it is is the only revision."""
    file_id = me.create("Answers")
    listed = me.call("GET", f"files/{file_id}/revisions")["revisions"]
    assert [one["mimeType"] for one in listed] == [SHEET]
    path = f"files/{file_id}/revisions/{listed[0]['id']}"
    assert me.call("GET", path)["id"] == listed[0]["id"]


def test_about_tells_who_calls(me: Talk, person: Person) -> None:
    """The caller and their quota, which service accounts have none of."""
    assert me.refused("GET", "about") == (400, "required")
    assert me.call("GET", "about", fields="user(emailAddress)") == {
        "user": {"emailAddress": "tester@example.com"}
    }
    robot = person("robot@example.com", service=True)
    assert robot.call("GET", "about", fields="*")["storageQuota"]["limit"] == "0"


def test_nobody_is_told_of_changes(me: Talk) -> None:
    """Channels are refused as for an address that is not known to Google."""
    body = {"id": "1", "type": "web_hook", "address": "https://example.com"}
    answer = me.refused("POST", f"files/{me.create('Answers')}/watch", body)
    assert answer == (401, "push.webhookUrlUnauthorized")
