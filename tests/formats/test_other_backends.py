"""Backends whose formats are not shipped yet: descriptions alone read their shapes.

The descriptions stand beside this file; the answers are made up, the shapes are real.
"""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from formbridge.domain.answers import Kind
from formbridge.domain.envelope import Envelope
from formbridge.domain.errors import Undecodable
from formbridge.domain.responses import Operation, Response, Status
from formbridge.formats import load_format

Read = Callable[..., Response]
DESCRIPTIONS = Path(__file__).with_name("descriptions")


def _values(response: Response) -> dict[str, object]:
    return dict(zip(response.shape.question_ids, response.values, strict=True))


def _titles(response: Response) -> dict[str, str | None]:
    return dict(zip(response.shape.question_ids, response.shape.titles, strict=True))


def _kinds(response: Response) -> dict[str, Kind]:
    return dict(zip(response.shape.question_ids, response.shape.kinds, strict=True))


def test_google_forms_objects_by_question_id(read: Read) -> None:
    """Answers are an object, the form id is in the route, titles in a definition beside them."""
    form = {
        "items": [
            {"title": "Colour", "questionItem": {"question": {"questionId": "q1"}}},
            {
                "title": "Rate",
                "questionGroupItem": {
                    "questions": [{"questionId": "q2", "rowQuestion": {"title": "Food"}}]
                },
            },
        ]
    }
    answers = {
        "q1": {
            "questionId": "q1",
            "textAnswers": {"answers": [{"value": "Red"}, {"value": "Blue"}]},
        },
        "q2": {"questionId": "q2", "textAnswers": {"answers": [{"value": "0"}]}},
        "q3": {
            "questionId": "q3",
            "fileUploadAnswers": {"answers": [{"fileId": "F", "fileName": "a"}]},
        },
    }
    record = {
        "responseId": "R",
        "createTime": "2026-03-02T08:00:00.163Z",
        "lastSubmittedTime": "2026-03-02T08:00:00.994759Z",
        "answers": answers,
    }
    response = read(
        "google_forms", {"responses": [record], "form": form}, route="/forms/1FAIp/responses"
    )
    assert response.form_id == "1FAIp"
    assert _values(response) == {"q1": ["Red", "Blue"], "q2": "0", "q3": "F"}
    assert _titles(response) == {"q1": "Colour", "q2": "Rate [Food]", "q3": None}
    assert response.updated_at == datetime(2026, 3, 2, 8, 0, 0, 994759, tzinfo=UTC)


def test_jotform_webhook_json_in_a_multipart_field(read: Read) -> None:
    """The answers are JSON in a text in multipart, under keys with noise; files are elsewhere."""
    raw = {
        "slug": "submit/1",
        "q3_fullName": {"first": "Ada", "last": "Lovelace"},
        "q4_colours": ["Red", "Blue"],
        "q6_empty": {"first": "", "last": ""},
        "q7_count": "0",
        "temp_upload": {"q5_proof": ["x"]},
        "proof": ["https://files.example/1.png"],
        "timeToSubmit": "9",
    }
    fields = {"formID": "240", "submissionID": "5801234567890123456", "rawRequest": json.dumps(raw)}
    body = "".join(
        f'--B\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    response = read(
        "jotform",
        (body + "--B--\r\n").encode(),
        content_type="multipart/form-data; boundary=B",
        received_at=1_000_000,
    )
    assert response.response_id == "5801234567890123456"
    assert response.submitted_at == datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)
    assert _values(response) == {
        "3": {"first": "Ada", "last": "Lovelace"},
        "4": ["Red", "Blue"],
        "7": "0",
        "5": ["https://files.example/1.png"],
    }


def _tally(fields: list[dict[str, object]]) -> dict[str, object]:
    data = {"formId": "f", "responseId": "r", "createdAt": "2026-03-02T08:00:00.000Z"}
    return {"eventType": "FORM_RESPONSE", "data": data | {"fields": fields}}


def test_tally_options_of_the_item_itself(read: Read) -> None:
    """Option ids become texts, old payloads with one bare id too, and an unknown id stays."""
    options = [{"id": "a", "text": "Yes"}, {"id": "b", "text": "No"}]
    fields: list[dict[str, object]] = [
        {
            "key": "q1",
            "label": "New *",
            "type": "MULTIPLE_CHOICE",
            "value": ["a"],
            "options": options,
        },
        {"key": "q2", "label": "Old", "type": "MULTIPLE_CHOICE", "value": "b", "options": options},
        {
            "key": "q3",
            "label": "Many",
            "type": "CHECKBOXES",
            "value": ["b", "?"],
            "options": options,
        },
        {"key": "q3_a", "label": "Many (Yes)", "type": "CHECKBOXES", "value": False},
        {"key": "q4_a", "label": "hidden", "type": "HIDDEN_FIELDS", "value": "x"},
        {"key": "q5", "label": "Phone", "type": "INPUT_PHONE_NUMBER", "value": 15550000000},
        {"key": "q6", "label": "Not answered", "type": "INPUT_TEXT", "value": None},
        {
            "key": "q7",
            "label": "Grid",
            "type": "MATRIX",
            "value": {"r1": ["c1"], "r2": ["c1", "c2"]},
            "rows": [{"id": "r1", "text": "Food"}, {"id": "r2", "text": "Room"}],
            "columns": [{"id": "c1", "text": "Good"}, {"id": "c2", "text": "Bad"}],
        },
        {"key": "q8", "label": "File", "type": "FILE_UPLOAD", "value": [{"url": "u", "name": "n"}]},
    ]
    response = read("tally", _tally(fields))
    assert _values(response) == {
        "q1": "Yes",
        "q2": "No",
        "q3": ["No", "?"],
        "q4_a": "x",
        "q5": "15550000000",
        "q6": None,
        "q7": {"Food": "Good", "Room": ["Good", "Bad"]},
        "q8": ["u"],
    }
    assert _kinds(response)["q5"] is Kind.PHONE
    assert _kinds(response)["q4_a"] is Kind.UNKNOWN


def test_formbricks_partial_complete_delete_and_ignored_events(read: Read) -> None:
    """A flag says how far a response came, and the event what became of it."""
    data = {
        "id": "r",
        "surveyId": "s",
        "createdAt": "2026-03-02T08:00:00Z",
        "updatedAt": "2026-03-02T08:01:00Z",
        "finished": False,
        "data": {"el1": "Oui", "el2": 0, "el3": ["a", "b"], "el4": {"row": "col"}},
        "variables": {"v": 1.5},
    }
    partial = read("formbricks", {"event": "responseUpdated", "data": data})
    assert partial.status is Status.PARTIAL
    assert _values(partial)["variable.v"] == 1.5
    complete = read("formbricks", {"event": "responseFinished", "data": data | {"finished": True}})
    assert complete.status is Status.COMPLETE
    deleted = read("formbricks", {"event": "responseDeleted", "data": {"id": "r", "surveyId": "s"}})
    assert deleted.operation is Operation.DELETE
    ignored = Envelope(json.dumps({"event": "testEndpoint", "data": {}}).encode())
    assert list(load_format(DESCRIPTIONS / "formbricks.toml").read(ignored)) == []


def test_kobo_flat_records_with_noise(read: Read) -> None:
    """Questions and metadata in one object; lists are texts with spaces, repeats are tables."""
    record = {
        "_id": 7,
        "meta/rootUuid": "uuid:1",
        "_uuid": "2",
        "_submission_time": "2026-03-02T08:00:00",
        "household/size": "06",
        "household/colours": "red blue",
        "household/people": [{"household/people/name": "Ada"}],
        "_attachments": [],
    }
    response = read("kobo", record, headers={"x-form": "asset/aXyz"})
    assert (response.form_id, response.response_id) == ("aXyz", "uuid:1")
    assert _values(response) == {
        "household/size": "06",
        "household/colours": ["red", "blue"],
        "household/people": [{"name": "Ada"}],
    }
    assert load_format(DESCRIPTIONS / "kobo.toml").headers == ("x-form",)


def test_surveymonkey_nested_pages(read: Read) -> None:
    """Questions stand in pages; their answers are entries of rows, choices and texts."""
    questions = [
        {"id": "1", "answers": [{"choice_id": "11"}]},
        {"id": "2", "answers": [{"choice_id": "11"}, {"other_id": "19", "text": "Green"}]},
        {
            "id": "3",
            "answers": [{"row_id": "31", "choice_id": "11"}, {"row_id": "32", "choice_id": "12"}],
        },
        {"id": "4", "answers": [{"row_id": "31", "col_id": "12", "choice_id": "11"}]},
        {"id": "5", "answers": [{"text": "free"}]},
    ]
    choices = [{"id": "11", "text": "Red"}, {"id": "12", "text": "Blue"}]
    rows = [{"id": "31", "text": "Food"}, {"id": "32", "text": "Room"}]
    details = {
        "pages": [
            {
                "questions": [
                    {
                        "id": "1",
                        "headings": [{"heading": "<b>Which</b> colour &amp; why?"}],
                        "answers": {"choices": choices, "rows": rows},
                    }
                ]
            }
        ]
    }
    record = {
        "id": "r",
        "survey_id": "s",
        "response_status": "overquota",
        "date_created": "2026-03-02T08:00:00+00:00",
        "pages": [
            {"id": "p", "questions": questions[:2]},
            {"id": "p2", "questions": questions[2:]},
        ],
    }
    response = read("surveymonkey", {"data": [record], "details": details})
    assert response.status is Status.OVERQUOTA
    assert _values(response) == {
        "1": "Red",
        "2": ["Red", "Green"],
        "3": {"Food": "Red", "Room": "Blue"},
        "4": {"Food": {"Blue": "Red"}},
        "5": "free",
    }
    assert _titles(response)["1"] == "Which colour & why?"


def test_qualtrics_fields_of_a_form(read: Read) -> None:
    """A urlencoded body, a time of its own zone, an event inside of a text."""
    body = (
        b"Topic=surveyengine.completedResponse.SV_1&Status=Complete&SurveyID=SV_1"
        b"&ResponseID=R_1&CompletedDate=2026-03-02+01%3A00%3A00&RecipientID="
    )
    response = read("qualtrics", body, content_type="application/x-www-form-urlencoded")
    assert response.submitted_at == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert _values(response) == {"Status": "Complete", "RecipientID": ""}


def test_webflow_keys_that_are_labels(read: Read) -> None:
    """A stable id is joined by label; a label without one is its own id; a phone stays a text."""
    payload = {
        "formId": "f",
        "id": "r",
        "submittedAt": "2026-03-02T08:00:00Z",
        "data": {"First Name": "Zaphod", "Phone": 15550000000, "Loose": False},
        "schema": [
            {"fieldName": "First Name", "fieldType": "Plain", "fieldElementId": "e1"},
            {"fieldName": "Phone", "fieldType": "Phone", "fieldElementId": "e2"},
        ],
    }
    response = read("webflow", {"triggerType": "form_submission", "payload": payload})
    assert _values(response) == {"e1": "Zaphod", "e2": "15550000000", "Loose": False}
    assert _titles(response) == {"e1": "First Name", "e2": "Phone", "Loose": "Loose"}


def test_opnform_without_id_and_time(read: Read) -> None:
    """The id is that of an edit link, else derived from the content; the time is when it came."""
    data = {"b": {"name": "Name", "value": "Ada"}, "c": {"name": "Empty", "value": ""}}
    linked = {"form_slug": "f", "data": data, "edit_link": "https://x/?submission_id=abc&y=1"}
    assert read("opnform", linked).response_id == "abc"
    payload = {"form_slug": "f", "data": data}
    first = read("opnform", payload, received_at=5)
    assert first.response_id == read("opnform", payload, received_at=6).response_id
    other_day = read("opnform", payload, received_at=200_000_000_000)
    assert first.response_id != other_day.response_id
    assert len(first.response_id) == 32
    assert read("opnform", {"form_slug": "f", "data": []}).values == []


def test_records_inside_of_base64_inside_of_json() -> None:
    """A page of records in an envelope of its own is read, and is split into whole envelopes."""
    records = [
        {"id": 1, "submitdate": "2026-03-02 09:00:00", "G01Q01": "Y", "Q2[SQ001]": "0"},
        {"id": 2, "submitdate": "", "G01Q01": "N", "Q2[SQ001]": "1.10000000000000000001"},
    ]
    text = base64.b64encode(json.dumps({"responses": records}).encode()).decode()
    envelope = Envelope(json.dumps({"form": 3, "result": text}).encode())
    pages = load_format(DESCRIPTIONS / "pages.toml")
    first, second = pages.read(envelope)
    assert first.submitted_at == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert second.submitted_at is None
    assert _values(first) == {"G01Q01": True, "Q2[SQ001]": "0"}
    parts = pages.split(envelope)
    assert [pages.read(part)[0].response_id for part in parts] == ["1", "2"]
    assert [list(pages.read(part)) for part in parts] == [[first], [second]]


def test_odk_groups_and_deleted_submissions(read: Read) -> None:
    """Groups become questions with their path; a time of deletion makes the event a delete."""
    record = {
        "__id": "uuid:1",
        "__system": {"submissionDate": "2026-03-02T08:00:00.123Z", "deletedAt": None},
        "meta": {"instanceID": "x"},
        "age": 30,
        "home": {"street": {"name": "A", "number": 4}, "town": None},
        "people@odata.navigationLink": "x",
    }
    context = "https://x/v1/projects/1/forms/census.svc/$metadata#Submissions"
    response = read("odk", {"@odata.context": context, "value": [record]})
    assert response.form_id == "census"
    assert _values(response) == {
        "age": 30,
        "home/town": None,
        "home/street/name": "A",
        "home/street/number": 4,
    }
    record["__system"] = {"deletedAt": "2026-03-03T00:00:00Z"}
    gone = read("odk", {"@odata.context": context, "value": [record]})
    assert gone.operation is Operation.DELETE


@pytest.mark.parametrize("name", sorted(path.stem for path in DESCRIPTIONS.glob("*.toml")))
def test_no_description_reads_an_empty_object(name: str) -> None:
    """What is not there is named by its place."""
    with pytest.raises(Undecodable):
        list(load_format(DESCRIPTIONS / f"{name}.toml").read(Envelope(b"{}"))) or _raise()


def _raise() -> None:
    raise Undecodable("$", "was ignored")


@pytest.mark.parametrize("path", sorted(DESCRIPTIONS.glob("*.toml")), ids=lambda path: path.stem)
def test_a_description_is_short(path: Path) -> None:
    """A backend is some twenty to sixty lines."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 60
