"""Calls made up from Google's discovery documents: every answer has Google's shape."""

import json
import string
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formbridge.testing.clock import FakeClock
from formbridge.testing.google.google import Google
from formbridge.testing.google.messages import Answer, Request
from tests.testing.google.oracle import document, methods, violations

APIS = ("sheets.v4", "drive.v3")
CALLS = {method["id"]: (api, method) for api in APIS for method in methods(api)}
HEADERS = {"Authorization": "Bearer test-token", "Content-Type": "application/json"}
DEEPEST = 5

junk = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.just([]),
    st.just({}),
)
texts = st.one_of(
    st.sampled_from(["Sheet1", "A1:B2", "=A1", "a", "*", "TestName", "test-token", "root", "0"]),
    st.text(alphabet=string.printable + "äß漢\ud800", max_size=8),
)


def values_of(schema: Mapping[str, Any], api: str, depth: int = 0) -> st.SearchStrategy[Any]:
    """Return bodies that the schema allows, and now and then one that it does not."""
    if "$ref" in schema:
        schema = document(api)["schemas"][schema["$ref"]]
    kind = schema.get("type")
    if kind == "object" and schema.get("properties") and depth < DEEPEST:
        fields = {
            name: st.deferred(lambda inner=inner: values_of(inner, api, depth + 1))
            for name, inner in schema["properties"].items()
        }
        good: st.SearchStrategy[Any] = few(fields)
    elif kind == "array":
        good = st.lists(st.deferred(lambda: values_of(schema["items"], api, depth + 1)), max_size=2)
    elif kind == "string":
        good = st.sampled_from(schema["enum"]) if "enum" in schema else texts
    elif kind == "boolean":
        good = st.booleans()
    elif kind in {"integer", "number"}:
        good = st.one_of(st.integers(-2, 12), st.integers(), st.floats(allow_nan=False))
    else:
        good = junk
    return st.one_of(good, good, good, good, good, good, junk)


@st.composite
def few(draw: st.DrawFn, fields: Mapping[str, st.SearchStrategy[Any]]) -> dict[str, Any]:
    """Draw an object with one to three of the fields."""
    names = draw(st.lists(st.sampled_from(sorted(fields)), min_size=1, max_size=3, unique=True))
    return {name: draw(fields[name]) for name in names}


@st.composite
def calls(draw: st.DrawFn) -> tuple[str, str, bytes]:
    """Draw a method, a path with its query, and a body."""
    name_of_method = draw(st.sampled_from(sorted(CALLS)))
    api, method = CALLS[name_of_method]
    path = "/" + document(api)["servicePath"] + method.get("flatPath", method["path"])
    names = method.get("parameters", {})
    for name, parameter in names.items():
        if parameter.get("location") == "path":
            known = ["BOOK"] * 8 if name in {"spreadsheetId", "fileId"} else []
            value = draw(st.one_of(*map(st.just, known), texts.filter(bool)))
            path = path.replace(f"{{{name}}}", quote(value.encode("utf-8", "replace"), safe=""))
    queries = {name: it for name, it in names.items() if it.get("location") == "query"}
    query: dict[str, Any] = {}
    if queries:
        for name in draw(st.lists(st.sampled_from(sorted(queries)), max_size=3, unique=True)):
            query[name] = draw(values_of({**queries[name], "repeated": None}, api))
    if draw(st.booleans()):
        query["fields"] = draw(st.sampled_from(["*", "kind", "nope", "a(b", "sheets.data", ""]))
    body = b""
    if "request" in method:
        drawn = draw(values_of(method["request"], api))
        body = (
            json.dumps(drawn).encode() if draw(st.integers(0, 9)) else draw(st.binary(max_size=9))
        )
    text = urlencode({name: str(it).encode("utf-8", "replace") for name, it in query.items()})
    return name_of_method, f"{path}?{text}" if text else path, body


def prepared() -> tuple[Google, str]:
    """Return a service with one spreadsheet that holds something."""
    google = Google(clock=FakeClock(), seed=1)
    made = google.handle(Request.of("POST", "/v4/spreadsheets", headers=HEADERS, body=b"{}"))
    book = str(made.content["spreadsheetId"])
    values = json.dumps({"values": [["a", 1, True], ["b", "=A1", None]]}).encode()
    path = f"/v4/spreadsheets/{book}/values/A1?valueInputOption=USER_ENTERED"
    assert google.handle(Request.of("PUT", path, headers=HEADERS, body=values)).status == 200
    return google, book


def judge(answer: Answer, api: str, method: Mapping[str, Any]) -> None:
    """Assert that an answer has Google's shape, and that it is no fault of ours."""
    assert answer.status < 500 or answer.status == 501, answer.body
    if answer.status >= 400:
        if "json" in answer.headers.get("content-type", ""):
            error = answer.content["error"]
            assert error["code"] == answer.status
            assert isinstance(error["message"], str)
        return
    if "response" in method and "json" in answer.headers.get("content-type", ""):
        assert violations(answer.content, method["response"]["$ref"], api=api) == []


@pytest.mark.drill
@pytest.mark.timeout(0)
def test_whatever_is_asked_gets_an_answer_of_googles_shape(*, long_run: bool) -> None:
    """1,000 made-up calls, each to a spreadsheet that holds something; 20,000 in the long form."""

    @settings(
        max_examples=20_000 if long_run else 1_000,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(calls())
    def ask(call: tuple[str, str, bytes]) -> None:
        name, target, body = call
        api, method = CALLS[name]
        google, book = prepared()
        target = target.replace("BOOK", book)
        request = Request.of(method["httpMethod"], target, headers=HEADERS, body=body)
        judge(google.handle(request), api, method)

    ask()
