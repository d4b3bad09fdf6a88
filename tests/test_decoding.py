"""Which format reads a delivery, and with which source."""

from collections.abc import Sequence

import pytest

from formbridge.decoding import Decoding
from formbridge.domain.envelope import Envelope
from formbridge.domain.errors import Undecodable
from formbridge.domain.records import LOGGED_AT as LOGGED_AT_HEADER
from formbridge.domain.responses import Response
from formbridge.formats import Format, load_format
from formbridge.testing.builders import LOGGED_AT, a_delivery, a_payload, a_response


def naming(name: str, seen: list[Envelope] | None = None) -> Format:
    """Return a format whose responses are called after it; it notes what it was given."""

    def read(envelope: Envelope, source: str = "") -> Sequence[Response]:
        if seen is not None:
            seen.append(envelope)
        return [a_response(name, source=source)]

    return Format(name=name, read=read, split=lambda it: [it], headers=("x-form",))


def headers(**fields: str) -> tuple[tuple[str, bytes], ...]:
    """Return headers, with a hyphen for each underscore but those of CloudEvents."""
    return tuple(
        (name if name.startswith("ce_") else name.replace("_", "-"), value.encode())
        for name, value in fields.items()
    )


def who_read(decoding: Decoding, **fields: str) -> str:
    """Return the name of the format that read a delivery with these headers."""
    (response,) = decoding(a_delivery(headers=headers(**fields)))
    return response.response_id


def test_a_bare_record_is_read_with_the_default() -> None:
    """A backend that writes JSON to the log by itself needs no FormBridge on its side."""
    seen: list[Envelope] = []
    decoding = Decoding(naming("mine", seen))
    (response,) = decoding(a_delivery(b"{}", offset=3))
    assert (response.response_id, response.source) == ("mine", "")
    assert seen == [Envelope(b"{}", "application/json", {}, "", LOGGED_AT + 3_000_000)]


def test_a_record_that_names_its_format_is_read_with_it() -> None:
    """Also when its header is written another way."""
    decoding = Decoding(naming("mine"), {"theirs": naming("theirs")})
    assert who_read(decoding, formbridge_format="theirs") == "theirs"
    assert who_read(decoding, Formbridge_Format="theirs") == "theirs"
    assert who_read(decoding, formbridge_format="mine") == "mine"
    assert who_read(decoding, content_type="application/json") == "mine"


def test_the_default_serves_its_own_name_before_others() -> None:
    """So a corrected description under the same name repairs what a replay brings."""
    corrected = naming("corrected")
    mine = Format(name="mine", read=corrected.read, split=corrected.split)
    assert (
        who_read(Decoding(mine, {"mine": naming("old")}), formbridge_format="mine") == "corrected"
    )


def test_a_shipped_format_is_loaded_when_a_record_asks_for_it() -> None:
    """A sink need not list what its topics may hold."""
    decoding = Decoding(naming("mine"))
    delivery = a_delivery(a_payload("r7"), headers=headers(formbridge_format="native"))
    assert [it.response_id for it in decoding(delivery)] == ["r7"]


@pytest.mark.parametrize("name", ["nobody's", "", "../native", "/etc/passwd", "native.toml"])
def test_an_unknown_format_makes_a_dead_letter_with_a_remedy(name: str) -> None:
    """And never opens a file that a record names."""
    with pytest.raises(Undecodable, match="description file"):
        who_read(Decoding(naming("mine")), formbridge_format=name)


def test_a_record_without_a_value_makes_a_dead_letter() -> None:
    """With or without headers; the remedy says what to publish instead."""
    decoding = Decoding(naming("mine"))
    for fields in ({}, {"formbridge_format": "mine"}):
        delivery = a_delivery(headers=headers(**fields))._replace(value=None)
        with pytest.raises(Undecodable, match=r"no value.*marked delete"):
            decoding(delivery)


def test_the_source_is_the_one_that_formbridge_set() -> None:
    """A foreign event's source says nothing about tables."""
    decoding = Decoding(naming("mine"))
    ours = decoding(a_delivery(headers=headers(ce_source="formbridge:shop")))
    foreign = decoding(a_delivery(headers=headers(ce_source="https://example.org/shop")))
    assert [it.source for it in (*ours, *foreign)] == ["shop", ""]


def test_the_envelope_is_as_it_was_received() -> None:
    """Content type, route, the kept request headers, and the time of the first log."""
    seen: list[Envelope] = []
    fields = headers(
        content_type="application/x-www-form-urlencoded",
        formbridge_route="/hooks/7",
        formbridge_header_x_form="7",
    )
    restored = (*fields, (LOGGED_AT_HEADER, b"1234"))
    Decoding(naming("mine", seen))(a_delivery(b"a=1", headers=restored))
    expected = Envelope(
        b"a=1", "application/x-www-form-urlencoded", {"x-form": "7"}, "/hooks/7", 1234
    )
    assert seen == [expected]


def test_headers_that_are_no_text_do_no_harm() -> None:
    """Bytes that are not UTF-8 are somebody else's."""
    decoding = Decoding(naming("mine"))
    (response,) = decoding(a_delivery(headers=(("traceparent", b"\xff\xfe"), ("x", b""))))
    assert response.response_id == "mine"


def test_the_native_format_reads_what_the_builders_write() -> None:
    """The two halves of the test kit fit."""
    (response,) = Decoding(load_format("native"))(a_delivery(a_payload("r1", answers={"q": 1})))
    assert (response.form_id, response.response_id, list(response.values)) == ("form", "r1", [1])


@pytest.mark.parametrize("before", [b"", b"\n  "], ids=["bare", "blanks"])
def test_the_frame_of_a_json_schema_serializer_is_taken_off(before: bytes) -> None:
    """A zero byte and four of a schema's number stand before the JSON, whatever they are."""
    framed = b"\0\n{[\xff" + before + a_payload("r1")
    (response,) = Decoding(load_format("native"))(a_delivery(framed))
    assert response.response_id == "r1"


@pytest.mark.parametrize(
    "value", [b"\0", b"\0\0\0\0\7", b"\0\0\0\0\7\2H", b"\0\0\0{}"], ids=["1", "5", "avro", "short"]
)
def test_what_only_begins_like_a_frame_is_told_as_it_is(value: bytes) -> None:
    """Another serializer's bytes become a dead letter, as they came."""
    with pytest.raises(Undecodable):
        Decoding(load_format("native"))(a_delivery(value))
