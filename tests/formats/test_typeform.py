"""The typeform format: keys named by types, titles joined, and what stands beside the answers."""

from collections.abc import Callable

import pytest

from formbridge.domain.answers import Answer, Kind
from formbridge.domain.errors import Undecodable
from formbridge.domain.responses import Response, Status

Read = Callable[..., Response]


def _payload(*answers: dict[str, object], **more: object) -> dict[str, object]:
    inner = {
        "form_id": "lT4Z3j",
        "token": "a3a12ec67a1365927098a606107fac15",
        "submitted_at": "2026-03-02T18:17:02Z",
        "answers": list(answers),
    }
    return {"event_id": "e", "event_type": "form_response", "form_response": inner | more}


def _answers(response: Response) -> dict[str, Answer]:
    return {answer.question_id: answer for answer in response.answers}


@pytest.mark.parametrize(
    ("name", "value", "kind", "expected"),
    [
        ("text", "Ada", Kind.TEXT, "Ada"),
        ("email", "a@example.org", Kind.EMAIL, "a@example.org"),
        ("url", "https://example.org", Kind.URL, "https://example.org"),
        ("phone_number", "+4930123", Kind.PHONE, "+4930123"),
        ("date", "2005-10-15", Kind.DATE, "2005-10-15"),
        ("number", 0, Kind.NUMBER, 0),
        ("boolean", False, Kind.BOOLEAN, False),
        ("file_url", "https://x/f.png", Kind.FILE, "https://x/f.png"),
        ("choice", {"id": "1", "label": "Blue", "ref": "r"}, Kind.CHOICE, "Blue"),
        ("choice", {"other": "Mauve"}, Kind.CHOICE, "Mauve"),
        ("choices", {"labels": ["Blue", "Red"]}, Kind.CHOICES, ["Blue", "Red"]),
        ("choices", {"ids": ["1"], "labels": ["Blue"], "other": "x"}, Kind.CHOICES, ["Blue", "x"]),
        ("choices", {"other": "Mauve"}, Kind.CHOICES, ["Mauve"]),
        (
            "payment",
            {"amount": "15.00", "last4": "1"},
            Kind.PAYMENT,
            {"amount": "15.00", "last4": "1"},
        ),
        ("hologram", [1, 2], Kind.UNKNOWN, [1, 2]),
    ],
)
def test_the_value_stands_under_the_name_of_its_type(
    read: Read, name: str, value: object, kind: Kind, expected: object
) -> None:
    """Also for a type that nobody has heard of."""
    response = read("typeform", _payload({"type": name, name: value, "field": {"id": "q"}}))
    answer = _answers(response)["q"]
    assert (answer.kind, answer.value) == (kind, expected)


def test_an_answer_without_the_key_of_its_type_passes_whole(read: Read) -> None:
    """Nothing is dropped because it looks odd."""
    odd = {"type": "hologram", "field": {"id": "q"}, "beam": 1}
    assert _answers(read("typeform", _payload(odd)))["q"].value == odd


def test_titles_come_from_the_definition_also_of_questions_in_groups(read: Read) -> None:
    """As plain text on one line; an answer without a definition has none."""
    fields = [
        {"id": "a", "title": "*Your* name,\n{{field:ref}}?"},
        {"id": "g", "title": "Group", "properties": {"fields": [{"id": "b", "title": "Inner"}]}},
    ]
    answers = ({"type": "text", "text": "x", "field": {"id": key}} for key in ("a", "b", "c"))
    response = read("typeform", _payload(*answers, definition={"id": "x", "fields": fields}))
    assert response.shape.titles == ("Your name, …?", "Inner", None)


def test_hidden_fields_variables_and_scores_are_answers(read: Read) -> None:
    """Under ids of their own, so that no question is mixed up with them."""
    response = read(
        "typeform",
        _payload(
            hidden={"user": "u1", "empty": ""},
            variables=[
                {"key": "score", "type": "number", "number": 4},
                {"key": "name", "type": "text", "text": "x"},
            ],
            calculated={"score": 9},
        ),
    )
    values = {key: answer.value for key, answer in _answers(response).items()}
    assert values == {
        "hidden.user": "u1",
        "hidden.empty": "",
        "variable.score": 4,
        "variable.name": "x",
        "calculated.score": 9,
    }


def test_a_partial_response_says_so(read: Read) -> None:
    """By the type of the event."""
    payload = _payload() | {"event_type": "form_response_partial"}
    assert read("typeform", payload).status is Status.PARTIAL
    assert read("typeform", _payload()).status is Status.COMPLETE


def test_what_is_missing_is_named_by_its_place(read: Read) -> None:
    """The path is that of the payload."""
    with pytest.raises(Undecodable, match=r"^\$\.form_response\.token: is missing"):
        read("typeform", {"form_response": {"form_id": "f"}})
    with pytest.raises(
        Undecodable, match=r"^\$\.form_response\.answers\[1\]\.field\.id: is missing"
    ):
        read(
            "typeform",
            _payload({"type": "text", "text": "x", "field": {"id": "q"}}, {"type": "text"}),
        )
