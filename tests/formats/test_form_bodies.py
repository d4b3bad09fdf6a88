"""Bodies of HTML forms, and what else payloads are wrapped in."""

import base64
import json
from collections.abc import Callable

import pytest

from formbridge.domain.envelope import Envelope
from formbridge.domain.errors import Undecodable
from formbridge.formats import Format
from formbridge.formats.form_bodies import multipart_fields, urlencoded_fields

Described = Callable[[str], Format]
TYPE = "multipart/form-data; boundary=B"


def test_fields_of_a_multipart_body() -> None:
    """Texts are texts, repeated names are lists, files are described and not kept."""
    body = (
        b'preamble\r\n--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
        b'--B\r\ncontent-disposition: form-data; name="a"\r\n\r\n\r\n'
        b'--B\r\nContent-Type: image/png\r\nContent-Disposition: form-data; name="f%22"; '
        b'filename="x\\"y.png"\r\n\r\n\x00\xff\r\n'
        b'--B\r\nContent-Disposition: form-data; name="multi"\r\n\r\nline\r\n--Bogus\r\n--B--\r\n'
    )
    assert multipart_fields(body, TYPE) == {
        "a": ["1", ""],
        'f"': {"filename": 'x"y.png', "type": "image/png", "size": 2},
        "multi": "line\r\n--Bogus",
    }


def test_a_boundary_is_found_even_if_no_header_names_it() -> None:
    """Some proxies lose the content type."""
    body = b'--XyZ\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--XyZ--'
    assert multipart_fields(body, "text/plain") == {"a": "1"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"--B",
        b'--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n1',
        b"--B\r\n\r\n1\r\n--B--",
        b'--B\r\nContent-Disposition: form-data; name="a"\r\n--B--',
        b'--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\r\n--B--',
        b"--B\r\n" * 10_002 + b"--B--",
    ],
)
def test_a_broken_multipart_body_is_undecodable(body: bytes) -> None:
    """A part that is cut off could be half an answer."""
    with pytest.raises(Undecodable):
        multipart_fields(body, TYPE)


def test_fields_of_a_urlencoded_body() -> None:
    """Plus is a blank, empty values stay, repeated names are lists."""
    assert urlencoded_fields(b"a=1&a=2&b=&c=%C3%A4+x") == {"a": ["1", "2"], "b": "", "c": "ä x"}


@pytest.mark.parametrize("body", [b"", b"\xff=1", b"a=%FF", b"x", b"&".join([b"a=1"] * 10_001)])
def test_a_broken_urlencoded_body_is_undecodable(body: bytes) -> None:
    """Also one in another encoding, or with very many fields."""
    with pytest.raises(Undecodable):
        urlencoded_fields(body)


WRAPPED = """
name = "x"
[body]
base64 = ["message.data"]
embedded_json = ["message.data"]
[response]
form_id = "message.data.form"
response_id = "message.data.id"
[[answers]]
each = "message.data.answers.*"
"""


def test_json_in_base64_in_json(described: Described) -> None:
    """Layer by layer."""
    inner = base64.b64encode(json.dumps({"form": "f", "id": 1, "answers": {"q": 0}}).encode())
    body = json.dumps({"message": {"data": inner.decode()}}).encode()
    (response,) = described(WRAPPED).read(Envelope(body))
    assert (response.response_id, response.values) == ("1", [0])


@pytest.mark.parametrize("data", ["!", "/w==", 5, [], base64.b64encode(b"{no").decode(), "ICA="])
def test_a_broken_layer_is_named(described: Described, data: object) -> None:
    """By where it stands."""
    with pytest.raises(Undecodable, match=r"^\$\.message\.data: "):
        described(WRAPPED).read(Envelope(json.dumps({"message": {"data": data}}).encode()))


def test_containers_are_split_without_rounding(described: Described) -> None:
    """What stands beside the records stays readable, and every number keeps its digits."""
    compiled = described(
        """
name = "x"
[body]
records = "page.items"
[response]
form_id = "$.form"
response_id = "id"
[[answers]]
each = "a.*"
title = { join = "titles", by = "@key" }
[joins.titles]
each = "$.titles.*"
key = "id"
text = "t"
"""
    )
    body = (
        b'{"form":9007199254740993123,"titles":[{"id":"q","t":"Q"}],"page":{"items":['
        b'{"id":1,"a":{"q":0.1234567890123456789}},{"id":2,"a":{"q":1e400}},{"id":3,"a":{}}]}}'
    )
    envelope = Envelope(body, "x/y", {"h": "1"}, "/r", 7)
    parts = compiled.split(envelope)
    assert [part._replace(payload=body) for part in parts] == [envelope] * 3
    assert [compiled.read(part)[0] for part in parts] == list(compiled.read(envelope))
    assert compiled.read(parts[0])[0].shape.titles == ("Q",)
    assert compiled.split(parts[0])[0] is parts[0]
    with pytest.raises(Undecodable, match=r"^\$\.page\.items: is an object"):
        compiled.split(Envelope(b'{"page":{"items":{}}}'))
    with pytest.raises(Undecodable, match=r"^\$\.page\.items\[1\]\.id: is missing"):
        compiled.read(Envelope(b'{"form":1,"page":{"items":[{"id":1},{}]}}'))


def test_a_list_of_records(described: Described) -> None:
    """A dot says that the payload itself is the list."""
    compiled = described(
        'name = "x"\n[body]\nrecords = "."\n[response]\nform_id = "f"\nresponse_id = "r"\n'
        '[[answers]]\neach = "a.*"\n'
    )
    envelope = Envelope(b'[{"f":1,"r":1},{"f":1,"r":2}]')
    assert [response.response_id for response in compiled.read(envelope)] == ["1", "2"]
    assert len(compiled.split(envelope)) == 2


def test_the_limit_of_a_description(described: Described) -> None:
    """Smaller than the default, for a backend that is known to be brief."""
    compiled = described(WRAPPED.replace("[body]", "[body]\nlimit = 10"))
    with pytest.raises(Undecodable, match="has 11 bytes, and the limit is 10"):
        compiled.read(Envelope(b"x" * 11))
