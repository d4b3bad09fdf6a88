"""Requests: which method an address and a verb mean, and its parameters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formbridge.testing.google.errors import ApiError, drive_answer, sheets_answer
from formbridge.testing.google.messages import Body, Request
from formbridge.testing.google.schema.discovery import DOCUMENTS, document
from formbridge.testing.google.schema.methods import Match, is_drive, match, routed
from formbridge.testing.google.schema.refusals import NoSuchPageError

ID = "/v4/spreadsheets/ID"
FORM = {"content-type": "application/x-www-form-urlencoded"}


def asked(verb: str, target: str, body: str = "", **headers: str) -> Match:
    """Return what a request is understood as."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return match(Request.of(verb, target, headers=names, body=body.encode()))


def refused(verb: str, target: str, body: str = "", **headers: str) -> Body:
    """Return the error that a request gets, as it is printed."""
    with pytest.raises(ApiError) as caught:
        asked(verb, target, body, **headers)
    printed = drive_answer if is_drive(Request.of(verb, target)) else sheets_answer
    error: Body = printed(caught.value).content["error"]
    return error


@pytest.mark.parametrize(
    ("verb", "target", "method", "variables"),
    [
        ("GET", ID, "sheets.spreadsheets.get", {}),
        ("POST", f"{ID}:batchUpdate", "sheets.spreadsheets.batchUpdate", {}),
        ("POST", f"{ID}:getByDataFilter", "sheets.spreadsheets.getByDataFilter", {}),
        ("POST", "/v4/spreadsheets", "sheets.spreadsheets.create", None),
        ("GET", f"{ID}/values:batchGet", "sheets.spreadsheets.values.batchGet", {}),
        ("POST", f"{ID}/values:batchUpdate", "sheets.spreadsheets.values.batchUpdate", {}),
        ("GET", f"{ID}/values/A1:B2", "sheets.spreadsheets.values.get", {"range": "A1:B2"}),
        (
            "GET", f"{ID}/values/%27a%2Fb%20%C3%A4%27%21A1", "sheets.spreadsheets.values.get",
            {"range": "'a/b ä'!A1"},
        ),
        (
            "POST", f"{ID}/values/Sheet1!A1:B2:append", "sheets.spreadsheets.values.append",
            {"range": "Sheet1!A1:B2"},
        ),
        (
            "POST", f"{ID}/values/%27Sheet1%27%21A1:clear", "sheets.spreadsheets.values.clear",
            {"range": "'Sheet1'!A1"},
        ),
        ("PUT", f"{ID}/values/A1", "sheets.spreadsheets.values.update", {"range": "A1"}),
        (
            "POST", f"{ID}/sheets/0:copyTo", "sheets.spreadsheets.sheets.copyTo",
            {"sheetId": "0"},
        ),
        (
            "POST", f"{ID}/developerMetadata:search",
            "sheets.spreadsheets.developerMetadata.search", {},
        ),
        (
            "GET", f"{ID}/developerMetadata/7", "sheets.spreadsheets.developerMetadata.get",
            {"metadataId": "7"},
        ),
    ],
)  # fmt: skip
def test_addresses_of_sheets_lead_to_their_methods(
    verb: str, target: str, method: str, variables: dict[str, str] | None
) -> None:
    """Verbs after colons, ranges with colons and slashes, and decoded parts."""
    found = routed(Request.of(verb, target))
    expected = {} if variables is None else {"spreadsheetId": "ID", **variables}
    assert (found.api, found.method, dict(found.variables)) == ("sheets", method, expected)


@pytest.mark.parametrize(
    ("verb", "target", "method"),
    [
        ("GET", "/drive/v3/files", "drive.files.list"),
        ("GET", "/drive/v3/files/generateIds", "drive.files.generateIds"),
        ("GET", "/drive/v3/files/F", "drive.files.get"),
        ("DELETE", "/drive/v3/files/trash", "drive.files.emptyTrash"),
        ("DELETE", "/drive/v3/files/F", "drive.files.delete"),
        ("PATCH", "/drive/v3/files/F", "drive.files.update"),
        ("POST", "/drive/v3/files/F/copy", "drive.files.copy"),
        ("GET", "/drive/v3/files/F/export?mimeType=text/csv", "drive.files.export"),
        ("POST", "/drive/v3/files/F/permissions", "drive.permissions.create"),
        ("POST", "/upload/drive/v3/files?uploadType=media", "drive.files.create"),
        ("PUT", "/upload/drive/v3/files?upload_id=7", "drive.files.create"),
        ("PUT", "/upload/drive/v2/files/F?uploadType=media", "drive2.files.update"),
        ("GET", "/drive/v2/files/F", "drive2.files.get"),
    ],
)
def test_addresses_of_drive_lead_to_their_methods(verb: str, target: str, method: str) -> None:
    """Fixed names come before ids, uploads have addresses of their own."""
    assert asked(verb, target).method == method


@pytest.mark.parametrize("api", DOCUMENTS)
def test_every_method_has_its_address(api: str) -> None:
    """An address made from the documents leads to the method from which it was made."""
    for spec in document(api)["methods"]:
        path = "/" + document(api)["servicePath"] + spec["path"].replace("{", "").replace("}", "")
        found = routed(Request.of(spec["httpMethod"], path))
        assert found.route.spec["id"] == spec["id"]
        assert found.scopes == frozenset(spec["scopes"])


@pytest.mark.parametrize(
    ("verb", "target"),
    [
        ("GET", "/"),
        ("GET", "/v5/spreadsheets/ID"),
        ("DELETE", ID),
        ("GET", f"{ID}:batchUpdate"),
        ("POST", f"{ID}:unknown"),
        ("GET", f"{ID}/values/a/b"),
        ("POST", f"{ID}/values/A1"),
        ("PUT", "/drive/v3/files/F"),
        ("GET", "/drive/v3"),
        ("GET", "/drive/v3/files/F/permissions/"),
        ("GET", f"{ID}/values/"),
    ],
)
def test_other_addresses_and_verbs_get_googles_page(verb: str, target: str) -> None:
    """The page names the address and is no JSON."""
    with pytest.raises(NoSuchPageError) as caught:
        asked(verb, target)
    answer = sheets_answer(caught.value)
    assert (answer.status, answer.headers["content-type"]) == (404, "text/html; charset=UTF-8")
    assert f"<code>{target}</code> was not found".encode() in answer.body


def test_the_page_shows_an_address_safely() -> None:
    """What looks like a tag in an address is text on the page."""
    with pytest.raises(NoSuchPageError) as caught:
        asked("GET", "/<script>&")
    assert b"<code>/&lt;script&gt;&amp;</code>" in drive_answer(caught.value).body


def test_parameters_have_their_types() -> None:
    """Truth in every spelling, lists, names with underscores, and what every method takes."""
    target = f"{ID}?include_grid_data=True&ranges=A&ranges=B&fields=a&$.xgafv=1&prettyPrint=false"
    assert asked("GET", target).params == {
        "includeGridData": True,
        "ranges": ["A", "B"],
        "fields": "a",
        "$.xgafv": "1",
        "prettyPrint": "false",
    }
    assert asked("GET", f"{ID}/values/A1?majorDimension=columns").params == {
        "majorDimension": "COLUMNS"
    }


def test_numbers_in_addresses_are_numbers() -> None:
    """A title in place of an id is refused before anything is looked for."""
    assert asked("POST", f"{ID}/sheets/+07:copyTo").variables["sheetId"] == "7"
    error = refused("POST", f"{ID}/sheets/Sheet1:copyTo", "{}")
    assert error["message"] == "Invalid value at 'sheet_id' (TYPE_INT32), \"Sheet1\""


def test_sheets_refuses_parameters_that_it_does_not_know() -> None:
    """Each wrong one has its sentence, all in one error."""
    error = refused("GET", f"{ID}/values/A1?foo=1&valueRenderOption=X")
    assert error["message"].split("\n") == [
        (
            'Invalid JSON payload received. Unknown name "foo": Cannot bind query parameter. '
            "Field 'foo' could not be found in request message."
        ),
        (
            "Invalid value at 'value_render_option' "
            '(type.googleapis.com/google.apps.sheets.v4.ValueRenderOption), "X"'
        ),
    ]


def test_parameters_may_belong_to_the_body() -> None:
    """Scalars of the body may stand in the query; messages may not."""
    found = asked("POST", f"{ID}/values:batchUpdate?valueInputOption=raw", '{"data":[]}')
    assert found.body == {"valueInputOption": "RAW", "data": []}
    error = refused("POST", f"{ID}/values:batchUpdate?data=1", "{}")
    assert "'data' is a message type." in error["message"]


def test_a_form_is_read_as_parameters() -> None:
    """That is what happens to JSON which a client sends with the type of a form."""
    error = refused("POST", f"{ID}/values/A1:append", '{"a":1}', **FORM)
    assert error["message"].startswith('Invalid JSON payload received. Unknown name "{"a":1}":')


def test_the_verb_may_stand_in_a_header() -> None:
    """Clients do so with queries that are too long for an address."""
    override = {"x_http_method_override": "GET", **FORM}
    found = asked("POST", f"{ID}/values:batchGet", "ranges=A&ranges=B", **override)
    assert found.method == "sheets.spreadsheets.values.batchGet"
    assert found.params == {"ranges": ["A", "B"]}
    drive = asked("POST", "/drive/v3/files", "q=x", **override)
    assert (drive.method, drive.params) == ("drive.files.list", {"q": "x"})


def test_drive_leaves_out_parameters_that_it_does_not_know() -> None:
    """Of those that it knows it takes the first, in its type."""
    target = "/drive/v3/files/F?includeItemsFromAllDrives=True&supportsAllDrives=1&fields=id"
    assert asked("GET", target).params == {"supportsAllDrives": True, "fields": "id"}
    assert asked("GET", "/drive/v3/files?pageSize=2&pageSize=3").params == {"pageSize": 2}


@pytest.mark.parametrize(
    ("target", "error"),
    [
        (
            "/drive/v3/files?pageSize=x",
            {"message": "Invalid value at 'page_size' (TYPE_INT32), \"x\"", "reason": "invalid"},
        ),
        (
            "/drive/v3/files?pageSize=1001",
            {
                "message": "Invalid value '1001'. Values must be within the range: "
                "[value: 1\n, value: 1000\n]",
                "domain": "global",
                "reason": "invalidParameter",
                "location": "page_size",
                "locationType": "parameter",
            },
        ),
        (
            "/drive/v3/files/F/export",
            {
                "message": "Required parameter: mimeType",
                "domain": "global",
                "reason": "required",
                "location": "mimeType",
                "locationType": "parameter",
            },
        ),
    ],
)
def test_drive_refuses_in_its_own_shape(target: str, error: Body) -> None:
    """A list of errors, each with its reason."""
    assert refused("GET", target)["errors"] == [error]


def test_drive_refuses_bodies_by_their_type() -> None:
    """Only JSON describes a file."""
    error = refused("POST", "/drive/v3/files", "a=b", content_type="text/plain")
    assert error["errors"][0]["reason"] == "badContent"
    assert refused("POST", "/drive/v3/files", "{")["errors"][0]["reason"] == "parseError"


def test_bodies_are_named_in_errors_as_each_method_calls_them() -> None:
    """A spreadsheet is called so; values are called data; other bodies have no name."""
    assert "at 'spreadsheet':" in refused("POST", "/v4/spreadsheets", '{"a":1}')["message"]
    assert "at 'data':" in refused("PUT", f"{ID}/values/A1", '{"a":1}')["message"]
    assert 'name "a":' in refused("POST", f"{ID}:batchUpdate", '{"a":1}')["message"]


PATHS = st.sampled_from([
    ID, f"{ID}:batchUpdate", f"{ID}/values/A1", f"{ID}/values/A1:append", f"{ID}/values:batchGet",
    "/drive/v3/files", "/drive/v3/files/F", "/upload/drive/v3/files", "/drive/v2/files/F",
]) | st.text(max_size=20).map(lambda text: f"/v4/{text}")  # fmt: skip
NAMES = st.sampled_from(["fields", "uploadType", "pageSize", "ranges", "data", "upload_id", "q"])
TYPES = st.sampled_from([
    "application/json", "multipart/related; boundary=b", "multipart/related; boundary",
    *FORM.values(),
])  # fmt: skip


@given(
    verb=st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "BREW"]),
    path=PATHS,
    query=st.lists(st.tuples(NAMES | st.text(max_size=5), st.text(max_size=9)), max_size=4),
    kind=TYPES,
    body=st.binary(max_size=30)
    | st.text(max_size=30).map(lambda text: text.encode("utf-8", "replace")),
)
def test_nothing_but_a_refusal_is_raised(
    verb: str, path: str, query: list[tuple[str, str]], kind: str, body: bytes
) -> None:
    """Any verb, address, query, type and body is understood or refused."""
    headers = {"content-type": kind}
    request = Request(method=verb, path=path, query=query, headers=headers, body=body)
    try:
        match(request)
    except ApiError as error:
        assert error.code in {400, 404}  # noqa: PT017 - both ends are right
