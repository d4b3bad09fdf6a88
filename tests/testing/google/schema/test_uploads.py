"""Uploads: files alone, with their description, and in sessions."""

import pytest

from formbridge.testing.google.errors import ApiError
from formbridge.testing.google.messages import Request
from formbridge.testing.google.schema.methods import Match, match

FILES = "/upload/drive/v3/files"
TWO = b'--b\r\nContent-Type: application/json\r\n\r\n{"name":"x"}\r\n--b\r\n%s\r\n--b--'


def uploaded(target: str, body: bytes, kind: str, verb: str = "POST") -> Match:
    """Return what an upload is understood as."""
    return match(Request.of(verb, target, headers={"content-type": kind}, body=body))


def test_a_file_alone_is_the_body() -> None:
    """It is no JSON and is not read as such."""
    found = uploaded(f"{FILES}?uploadType=media", b"a,b", "text/csv")
    assert found.media
    assert found.body == {}
    assert found.upload is not None
    assert (found.upload.kind, found.upload.content) == ("media", b"a,b")
    assert found.upload.content_type == "text/csv"


@pytest.mark.parametrize("boundary", ["b", '"b"'])
@pytest.mark.parametrize("content", [b"a,b\r\nc\x00\xff\r\n", b""])
def test_a_file_comes_with_its_description(boundary: str, content: bytes) -> None:
    """The bytes of the file are as they were."""
    body = TWO % (b"Content-Type: text/csv\r\nX: y\r\n\r\n" + content)
    found = uploaded(
        f"{FILES}?uploadType=multipart", body, f"multipart/related; boundary={boundary}"
    )
    assert found.body == {"name": "x"}
    assert found.upload is not None
    assert (found.upload.content, found.upload.content_type) == (content, "text/csv")


@pytest.mark.parametrize("body", [b"", b"--b", b"--b\r\n\r\n{}\r\n--b--", b"x" * 50])
def test_a_body_without_two_parts_is_refused(body: bytes) -> None:
    """That is a 400, not an accident."""
    with pytest.raises(ApiError, match="multipart"):
        uploaded(f"{FILES}?uploadType=multipart", body, "multipart/related; boundary=b")


def test_a_session_begins_with_the_description_and_goes_on_with_bytes() -> None:
    """Later requests name the session, with any verb."""
    first = uploaded(f"{FILES}?uploadType=resumable", b'{"name":"x"}', "application/json")
    assert first.body == {"name": "x"}
    later = uploaded(f"{FILES}?uploadType=resumable&upload_id=7", b"abc", "text/csv", "PUT")
    assert later.upload is not None
    assert (later.upload.session, later.upload.content, later.body) == ("7", b"abc", {})
