"""The mapping of a form as a record of a compacted topic, and back.

The key is the form's id, the value JSON: ``{"version": 1, "questions": [{"question_id": …}]}``,
with the fields that mapping files have. A record without a value removes the form's mapping.
"""

import json
from collections.abc import Mapping

from formbridge.domain.errors import BadMapping, NewerVersion
from formbridge.domain.mapping_entries import (
    FORM,
    KIND,
    ORDER,
    QUESTION,
    TITLE,
    Entry,
    entry_of,
    join,
)
from formbridge.domain.questions import Question
from formbridge.domain.records import Delivery, Record

VERSION = 1


def mapping_record(form_id: str, questions: Mapping[str, Question] | None) -> Record:
    """Return the record that says what the questions of a form are called; None removes that."""
    if questions is None:
        return Record(key=form_id.encode(), value=None)
    body = {"version": VERSION, "questions": [_fields(it) for it in questions.values()]}
    value = json.dumps(body, ensure_ascii=False).encode()
    headers = (("content-type", b"application/json"),)
    return Record(key=form_id.encode(), value=value, headers=headers)


def questions_in(delivery: Delivery) -> tuple[str, Mapping[str, Question] | None]:
    """Return the form and its questions, None if they were removed.

    Raises ``BadMapping`` or ``NewerVersion``, neither of which holds anything of the content.
    """
    place = delivery.place
    try:
        form_id = (delivery.key or b"").decode()
        if not form_id.strip():
            raise BadMapping(f"{place}: the key is empty; it is the form's id")
        if delivery.value is None:
            return form_id, None
        body = json.loads(delivery.value)
    except (ValueError, RecursionError) as error:  # no UTF-8, or no JSON, or a bottomless one
        kind = type(error).__name__
        raise BadMapping(f"{place}: is not JSON with a key of text ({kind})") from error
    return form_id, _questions(form_id, body, place=place)


def _questions(form_id: str, body: object, *, place: str) -> Mapping[str, Question]:
    if not isinstance(body, dict) or not isinstance(body.get("questions"), list):
        raise BadMapping(f'{place}: is no object with a list of "questions"')
    version = body.get("version", VERSION)
    if not isinstance(version, int) or version > VERSION:
        raise NewerVersion(f"{place}: is of a later version than {VERSION}; upgrade FormBridge")
    numbered = enumerate(body["questions"], 1)
    entries = [_entry(form_id, it, place=f"{place}, question {number}") for number, it in numbered]
    try:
        return join(entries).get(form_id, {})
    except BadMapping as error:  # which names the question: content
        raise BadMapping(f"{place}: describes a question twice; publish the form anew") from error


def _entry(form_id: str, fields: object, *, place: str) -> Entry:
    if not isinstance(fields, dict):
        raise BadMapping(f"{place}: is {type(fields).__name__}, not an object")
    try:
        return entry_of({**fields, FORM: form_id}, place=place)
    except BadMapping as error:  # which may show a word of it
        raise BadMapping(f"{place}: breaks a rule of mapping files") from error


def _fields(question: Question) -> dict[str, object]:
    fields: dict[str, object] = {QUESTION: question.id, TITLE: question.title}
    if question.order is not None:
        fields[ORDER] = question.order
    if question.kind is not None:
        fields[KIND] = question.kind.value
    return {**question.options, **fields}
