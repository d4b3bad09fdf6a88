"""The headers of a record."""

from formbridge.domain.cloudevents import envelope_of, record_of, source_of, texts_of
from formbridge.domain.envelope import Envelope
from formbridge.domain.responses import Response
from tests.domain.strategies import delivery, response


def test_headers_of_a_record_are_cloudevents_in_binary_mode() -> None:
    """The attributes stand in headers, the payload is the value, and what is needed comes along."""
    envelope = Envelope(
        b"{}", "application/json", {"x-form": "7", "cookie": "no"}, "/hooks/7", 10**15
    )
    record = record_of(response(source="shop"), envelope, format_name="native", keep=["x-form"])
    fields = texts_of(record.headers)
    assert (record.key, record.value) == (b"form", b"{}")
    assert fields["ce_specversion"] == "1.0"
    assert fields["ce_source"] == "formbridge:shop"
    assert fields["ce_subject"] == "r1"
    assert "cookie" not in str(fields)
    logged = delivery(0)._replace(value=b"{}", headers=record.headers)
    raw = dict(record.headers)
    back = envelope_of(logged, raw, keep=["x-form", "x-absent"])
    assert (back.payload, back.headers, back.route) == (b"{}", {"x-form": "7"}, "/hooks/7")
    assert source_of(raw) == "shop"
    assert source_of({"ce_source": b"/somebody/else"}) == ""


def test_the_same_submission_has_the_same_event_id() -> None:
    """Publishing twice says so; another payload or another form is another event."""

    def event(one: Response, payload: bytes) -> str:
        record = record_of(one, Envelope(payload), format_name="native")
        return texts_of(record.headers)["ce_id"]

    assert event(response(), b"{}") == event(response(), b"{}")
    assert (
        len(
            {
                event(response(), b"{}"),
                event(response(), b"{ }"),
                event(response(form_id="g"), b"{}"),
            }
        )
        == 3
    )


def test_a_request_header_cannot_pose_as_one_of_ours() -> None:
    """What is kept stands behind a prefix, and only what the format reads is kept."""
    envelope = Envelope(b"{}", headers={"formbridge-format": "theirs", "ce_source": "x"})
    record = record_of(response(), envelope, format_name="native", keep=["formbridge-format"])
    fields = texts_of(record.headers)
    assert (fields["formbridge-format"], fields["ce_source"]) == ("native", "formbridge:")
    assert fields["formbridge-header-formbridge-format"] == "theirs"


def test_headers_are_found_in_any_case_and_the_last_counts() -> None:
    """As those of HTTP are."""
    assert texts_of((("CE_Id", b"1"), ("ce_id", b"2"))) == {"ce_id": "2"}
