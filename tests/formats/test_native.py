"""The native format: FormBridge's own shape."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from formbridge.domain.answers import Kind
from formbridge.domain.envelope import Envelope
from formbridge.domain.errors import Undecodable
from formbridge.domain.responses import Operation, Response, Status
from formbridge.formats import load_format

Read = Callable[..., Response]
NATIVE = load_format("native")
WHOLE = {
    "form_id": "f",
    "response_id": "r",
    "submitted_at": "2026-03-02T08:00:00Z",
    "answers": [{"question_id": "a", "value": "x"}],
}


def _read(**changes: object) -> Response:
    envelope = Envelope(json.dumps(WHOLE | changes).encode())
    (response,) = NATIVE.read(envelope, source="s")
    return response


def _refused(payload: object) -> Undecodable:
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    with pytest.raises(Undecodable) as caught:
        NATIVE.read(Envelope(body))
    return caught.value


def test_everything_there_is() -> None:
    """Ids, times, status, operation, and what was answered to what."""
    response = _read(
        updated_at="2026-03-02T09:00:00+01:00",
        status="partial",
        operation="merge",
        answers=[{"question_id": "a", "value": 4, "kind": "rating", "title": "*How*  good?"}],
    )
    (answer,) = response.answers
    assert (response.form_id, response.response_id, response.source) == ("f", "r", "s")
    assert response.submitted_at == response.updated_at == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert (response.status, response.operation) == (Status.PARTIAL, Operation.MERGE)
    assert (answer.question_id, answer.kind, answer.value) == ("a", Kind.RATING, 4)
    assert answer.title == "How good?"


def test_what_is_left_out() -> None:
    """Without status and operation a response is complete and replaces its row."""
    response = _read()
    assert (response.status, response.operation) == (Status.COMPLETE, Operation.UPSERT)
    assert response.updated_at is None


def test_whole_numbers_as_ids_become_their_digits() -> None:
    """Also those of 19 digits, which a float would round."""
    response = _read(
        form_id=7,
        response_id=9007199254740993123,
        answers=[{"question_id": 1, "value": 9007199254740993123}],
    )
    assert (response.form_id, response.response_id) == ("7", "9007199254740993123")
    assert response.shape.question_ids == ("1",)
    assert response.values == [9007199254740993123]


def test_false_zero_empty_null_and_absent_are_different() -> None:
    """None of them is taken for another."""
    given = [False, 0, "", None, 0.0, [], {}]
    answers = [{"question_id": str(n), "value": value} for n, value in enumerate(given)]
    values = _read(answers=answers).values
    assert [(type(value), value) for value in values] == [(type(value), value) for value in given]


@pytest.mark.parametrize(
    "text", ["0.1", "0.30000000000000004", "1e5", "-0.0", "123456789012345678", "2.5e-3"]
)
def test_a_number_that_a_float_holds_stays_one(text: str) -> None:
    """No Decimal where none is needed."""
    body = json.dumps(WHOLE).replace('"x"', text).encode()
    (response,) = NATIVE.read(Envelope(body))
    assert repr(response.values[0]) == repr(json.loads(text))


@pytest.mark.parametrize(
    "text",
    ["0.1234567890123456789", "12345678901234567.25", "1e400", "1e-400", "-1.00000000000000000001"],
)
def test_a_number_that_a_float_would_round_is_exact(text: str) -> None:
    """It becomes a Decimal."""
    body = json.dumps(WHOLE).replace('"x"', text).encode()
    (response,) = NATIVE.read(Envelope(body))
    assert response.values[0] == Decimal(text)
    assert type(response.values[0]) is Decimal


def test_unknown_keys_and_kinds_pass() -> None:
    """A backend may say more than we read."""
    response = _read(
        more={"form_id": 1},
        answers=[{"question_id": "a", "value": 1, "kind": "telepathy", "aside": [1]}],
    )
    assert response.shape.kinds == (Kind.UNKNOWN,)


def test_a_delete_needs_the_ids_alone() -> None:
    """Answers and times may be missing."""
    body = b'{"form_id":"f","response_id":"r","operation":"delete"}'
    (response,) = NATIVE.read(Envelope(body))
    assert response.operation is Operation.DELETE
    assert (response.submitted_at, response.values) == (None, [])


@pytest.mark.parametrize(
    ("changes", "field", "problem"),
    [
        ({"form_id": True}, "$.form_id", "is a boolean"),
        ({"form_id": 1.5}, "$.form_id", "is a number"),
        ({"form_id": ""}, "$.form_id", "is an empty text"),
        ({"response_id": None}, "$.response_id", "is null"),
        ({"response_id": ["r"]}, "$.response_id", "is a list"),
        ({"submitted_at": "yesterday"}, "$.submitted_at", "is a text"),
        ({"submitted_at": 5}, "$.submitted_at", "is a number"),
        ({"submitted_at": "0001-01-01T00:00:00+14:00"}, "$.submitted_at", "is a text"),
        ({"submitted_at": None}, "$.submitted_at", "is empty"),
        ({"updated_at": {}}, "$.updated_at", "is an object"),
        ({"status": "done"}, "$.status", "is a text that the description does not know"),
        ({"operation": "drop"}, "$.operation", "is a text that the description does not know"),
        ({"answers": None}, "$.answers", "is null"),
        ({"answers": {}}, "$.answers", "is an object"),
        ({"answers": ["x"]}, "$.answers[0].question_id", "is missing"),
        ({"answers": [{"question_id": "a"}]}, "$.answers[0].value", "is missing"),
        (
            {"answers": [{"question_id": "", "value": 1}]},
            "$.answers[0].question_id",
            "is an empty text",
        ),
        (
            {"answers": [{"question_id": 1.5, "value": 1}]},
            "$.answers[0].question_id",
            "is a number",
        ),
    ],
)
def test_a_wrong_value_is_named_by_place_and_type(
    changes: dict[str, object], field: str, problem: str
) -> None:
    """Never by what it is: that is somebody's answer."""
    error = _refused(WHOLE | changes)
    assert error.field == field
    assert error.problem.startswith(problem)
    assert error.remedy


@pytest.mark.parametrize("name", ["form_id", "response_id", "submitted_at", "answers"])
def test_what_is_missing_is_named(name: str) -> None:
    """Each of them is needed."""
    error = _refused({key: value for key, value in WHOLE.items() if key != name})
    assert (error.field, error.problem) == (f"$.{name}", "is missing")


def test_two_answers_for_one_question_are_refused() -> None:
    """Nobody knows which of them counts; also if one id is a text and one a number."""
    answers = [{"question_id": "1", "value": 1}, {"question_id": 1, "value": 2}]
    error = _refused(WHOLE | {"answers": answers})
    assert "two answers for one question" in error.problem


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"not json",
        b"null",
        b"[]",
        b'"text"',
        b"17",
        b'{"form_id":"f"',
        b'{"form_id":"f"} trailing',
        json.dumps(WHOLE).replace('"x"', "NaN").encode(),
        json.dumps(WHOLE).replace('"x"', "Infinity").encode(),
        json.dumps(WHOLE).replace('"x"', '"\\ud800"').encode(),
        json.dumps(WHOLE).replace("x", "\0").encode(),
        json.dumps(WHOLE).encode("utf-16"),
        json.dumps(WHOLE | {"form_id": "ä"}, ensure_ascii=False).encode("latin-1"),
        json.dumps(WHOLE).replace('"x"', "1" * 5_000).encode(),
        json.dumps(WHOLE).replace('"x"', "1e99999999999999999999").encode(),
    ],
)
def test_what_is_no_json_is_undecodable(body: bytes) -> None:
    """Whatever the bytes are, one kind of error comes out."""
    assert _refused(body).field.startswith("$")


def test_a_byte_order_mark_is_ignored() -> None:
    """Some programs cannot write UTF-8 without one."""
    (response,) = NATIVE.read(Envelope(b"\xef\xbb\xbf" + json.dumps(WHOLE).encode()))
    assert response.values == ["x"]


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'[{"a":', b'{"answers":[{"value":'])
def test_nesting_without_end_is_undecodable(opening: bytes) -> None:
    """10,000 levels exhaust neither the stack nor the patience."""
    _refused(opening * 10_000)


@pytest.mark.parametrize(
    ("levels", "passes"), [(400, True), (490, True), (501, False), (900, False)]
)
def test_how_deep_an_answer_may_be(levels: int, *, passes: bool) -> None:
    """The bound is fixed, not what the stack happens to leave."""
    body = json.dumps(WHOLE).replace('"x"', "[" * levels + "]" * levels).encode()
    if passes:
        assert NATIVE.read(Envelope(body))
    else:
        assert "nested" in _refused(body).problem


def test_a_payload_beyond_the_limit_is_not_even_parsed() -> None:
    """Sixteen mebibytes are the default."""
    error = _refused(b" " * (16 * 1024 * 1024 + 1))
    assert "limit" in error.problem


def test_the_content_type_does_not_matter() -> None:
    """JSON is JSON, also if the sender calls it text or forgets to say."""
    body = json.dumps(WHOLE).encode()
    assert NATIVE.read(Envelope(body, "text/plain"))[0].values == ["x"]


def test_a_single_response_is_not_split() -> None:
    """The envelope itself comes back, byte for byte."""
    envelope = Envelope(b"anything")
    assert NATIVE.split(envelope)[0] is envelope


def test_no_answer_is_in_an_error() -> None:
    """A secret that stands where it should not is not repeated."""
    secret = "s3cret-answer"  # noqa: S105 - no password: an answer that must not leak
    for name in ("form_id", "submitted_at", "status", "operation", "answers"):
        for value in (secret, [secret], {secret: secret}):
            if name == "form_id" and value == secret:
                continue
            assert secret not in str(_refused(WHOLE | {name: value}))
