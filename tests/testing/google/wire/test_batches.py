"""Many calls in one request: each is answered by itself, in the order of the request."""

import pytest

from formbridge.testing.google.messages import Answer, Request
from formbridge.testing.google.wire.batches import BOUNDARY, batched

CALLS = """--===1==\r
Content-Type: application/http\r
MIME-Version: 1.0\r
Content-Transfer-Encoding: binary\r
Content-ID: <5d3f8f0c\r
 + 1>\r
\r
POST /drive/v3/files/a%2Fb/permissions?fields=id HTTP/1.1\r
Content-Type: application/json\r
\r
{"role": "reader"}\r
--===1==\r
Content-Type: application/http\r
Content-ID: <2>\r
\r
GET https://sheets.googleapis.com/v4/spreadsheets/1 HTTP/1.1\r
Authorization: Bearer other\r
\r
\r
--===1==\r
Content-Type: application/http\r
\r
nonsense\r
--===1==--\r
"""


def echo(request: Request) -> Answer:
    """Answer with what was asked."""
    return Answer.json(
        {
            "method": request.method,
            "path": request.path,
            "body": request.body.decode(),
            "token": request.headers.get("authorization"),
        },
        status=201,
        pretty=False,
    )


def batch(body: str, *, boundary: str = "===1==", path: str = "/batch/drive/v3") -> Request:
    """Return a batch."""
    headers = {
        "content-type": f'multipart/mixed; boundary="{boundary}"',
        "authorization": "Bearer outer",
    }
    return Request.of("POST", path, headers=headers, body=body.encode())


@pytest.mark.parametrize("path", ["/batch", "/batch/drive/v3", "/batch/"])
@pytest.mark.parametrize("newline", ["\r\n", "\n"])
def test_each_call_is_answered_in_its_order(path: str, newline: str) -> None:
    """With the token of the batch or its own, and with the id that it had."""
    answer = batched(batch(CALLS.replace("\r\n", newline), path=path), echo)
    assert answer is not None
    assert answer.headers["content-type"] == f"multipart/mixed; boundary={BOUNDARY}"
    parts = answer.body.decode().split(f"--{BOUNDARY}")
    assert len(parts) == 5
    assert "Content-ID: <response-5d3f8f0c + 1>" in parts[1]
    assert "HTTP/1.1 201 Created" in parts[1]
    assert '"path":"/drive/v3/files/a%2Fb/permissions"' in parts[1]
    assert '"token":"Bearer outer"' in parts[1]
    assert r"{\"role\": \"reader\"}" in parts[1]
    assert "Content-ID: <response-2>" in parts[2]
    assert '"token":"Bearer other"' in parts[2]
    assert '"path":"/v4/spreadsheets/1"' in parts[2]
    assert "HTTP/1.1 400 Bad Request" in parts[3]
    assert parts[4] == "--\r\n"


def test_what_is_no_batch_is_refused_or_not_ours() -> None:
    """No calls, too many, no boundary: a 400; another path is for others."""
    assert batched(Request.of("GET", "/batches"), echo) is None
    call = "--===1==\r\n\r\nGET / HTTP/1.1\r\n\r\n\r\n"
    for request in (
        batch(""),
        batch("--===1==--"),
        batch(call * 101),
        batch(CALLS, boundary=""),
        Request.of("GET", "/batch"),
        Request.of("POST", "/batch", headers={"content-type": "application/json"}),
    ):
        answer = batched(request, echo)
        assert answer is not None
        assert answer.status == 400
        assert answer.content["error"]["errors"][0]["reason"] == "badRequest"
    within = batched(batch("--===1==\r\n\r\nPOST /batch HTTP/1.1\r\n\r\n\r\n--===1==--"), echo)
    assert within is not None
    assert b"HTTP/1.1 400" in within.body
