"""One question as a mapping gives it, in a file or a record, checked; and all joined by form."""

from collections.abc import Iterable, Mapping
from math import isfinite

import attrs

from formbridge.domain.answers import Kind
from formbridge.domain.errors import BadMapping
from formbridge.domain.questions import Question

FORM, QUESTION, TITLE, ORDER, KIND = "form_id", "question_id", "title", "order", "kind"
REQUIRED = (FORM, QUESTION, TITLE)
KIND_ALIAS = "type"


@attrs.frozen(kw_only=True)
class Entry:
    """A question of a form; ``place`` says where it was read: ``questions.csv, line 3``."""

    form_id: str
    question: Question
    place: str


def entry_of(fields: Mapping[str, object], *, place: str) -> Entry:
    """Return the entry that these fields make; those with other names become options.

    Raises ``BadMapping`` for an empty id, an unknown kind, or an order that is no number.
    """
    rest = {name: value for name, value in fields.items() if value is not None}
    kind = rest.pop(KIND, None) or rest.pop(KIND_ALIAS, None)
    question = Question(
        id=_id(rest.pop(QUESTION, None), name=QUESTION, place=place),
        title=_text(rest.pop(TITLE, ""), name=TITLE, place=place),
        order=_order(rest.pop(ORDER, None), place=place),
        kind=_kind(kind, place=place),
        options={
            name: text
            for name, value in rest.items()
            if name not in (FORM, KIND_ALIAS) and (text := _text(value, name=name, place=place))
        },
    )
    form_id = _id(fields.get(FORM), name=FORM, place=place)
    return Entry(form_id=form_id, question=question, place=place)


def field_name(header: str) -> str:
    """Return the field that a column of this header holds: ``Question ID`` is ``question_id``."""
    return "_".join(header.strip().lower().replace("-", " ").split())


def join(entries: Iterable[Entry]) -> dict[str, dict[str, Question]]:
    """Return the questions by form and id; raise ``BadMapping`` if one is described in two ways."""
    first: dict[tuple[str, str], Entry] = {}
    forms: dict[str, dict[str, Question]] = {}
    for entry in entries:
        known = first.setdefault((entry.form_id, entry.question.id), entry)
        if known.question != entry.question:
            raise BadMapping(_conflict(known, entry))
        forms.setdefault(entry.form_id, {})[entry.question.id] = entry.question
    return forms


def _conflict(known: Entry, entry: Entry) -> str:
    what = "title" if known.question.title != entry.question.title else "description"
    return (
        f"{entry.place}: question {entry.question.id!r} of form {entry.form_id!r} has a second "
        f"{what}, different from that in {known.place}; keep one of the two"
    )


def _id(value: object, *, name: str, place: str) -> str:
    text = _text(value, name=name, place=place) if value is not None else ""
    if not text.strip():
        raise BadMapping(
            f"{place}: {name} is empty; every question has a form_id and a question_id"
        )
    return text


def _text(value: object, *, name: str, place: str) -> str:
    """Return text as it is and an integer as its digits: ids are often numbers."""
    if isinstance(value, str):
        if any("\ud800" <= char <= "\udfff" for char in value):
            raise BadMapping(f"{place}: {name} holds half of a surrogate pair; write it anew")
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, bool | float) and name not in REQUIRED:
        return str(value)
    raise BadMapping(f"{place}: {name} is {_shape(value)}; write it as text in quotes")


def _shape(value: object) -> str:
    names = {bool: "true or false", float: "a decimal number", list: "a list", dict: "a table"}
    return names.get(type(value), f"a {type(value).__name__}")


def _order(value: object, *, place: str) -> float | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    try:
        order = float(value) if isinstance(value, str | int | float) else float("nan")
    except (ValueError, OverflowError):
        order = float("nan")
    if not isfinite(order) or isinstance(value, bool):
        raise BadMapping(f"{place}: order is not a number; write 1, 2, 3, … or leave it empty")
    return order


def _kind(value: object, *, place: str) -> Kind | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    text = _text(value, name=KIND, place=place).strip().lower()
    if text not in set(Kind):
        known = ", ".join(Kind)
        raise BadMapping(f"{place}: kind {text[:40]!r} is unknown; use one of {known}, or none")
    return Kind(text)
