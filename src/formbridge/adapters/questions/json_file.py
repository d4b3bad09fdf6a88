"""A mapping as JSON: a list of objects, or objects by form id and question id."""

import json
from collections.abc import Iterator, Mapping

from formbridge.domain.errors import BadMapping
from formbridge.domain.mapping_entries import FORM, QUESTION, REQUIRED, TITLE, Entry, entry_of

SHAPES = (
    'a list of {"form_id": …, "question_id": …, "title": …}, '
    'or {"FORM": {"QUESTION": "title" or {"title": …, "order": …, "kind": …}}}'
)


def read_json(text: str, *, name: str) -> list[Entry]:
    """Return the entries of a JSON text; raise ``BadMapping`` with the line or the key."""
    content = _parse(text, name=name)
    if isinstance(content, list):
        return [_listed(each, place=f"{name}, [{index}]") for index, each in enumerate(content)]
    if isinstance(content, dict):
        return list(nested(content, name=name))
    raise BadMapping(f"{name}: is neither a list nor an object; write {SHAPES}")


def nested(forms: Mapping[str, object], *, name: str) -> Iterator[Entry]:
    """Yield the entries of forms that hold questions that hold a title or more."""
    for form, questions in forms.items():
        if not isinstance(questions, dict):
            raise BadMapping(f"{name}, {form}: holds no questions; write {SHAPES}")
        for question, content in questions.items():
            place = f"{name}, {form} → {question}"
            fields = content if isinstance(content, dict) else {TITLE: content}
            if fields.get(TITLE) is None:
                raise BadMapping(
                    f"{place}: has no title; add one (and put an id that holds a dot in quotes)"
                )
            yield entry_of({**fields, FORM: form, QUESTION: question}, place=place)


def _listed(content: object, *, place: str) -> Entry:
    if not isinstance(content, dict):
        raise BadMapping(f"{place}: is not an object; write {SHAPES}")
    missing = [key for key in REQUIRED if content.get(key) is None]
    if missing:
        raise BadMapping(f"{place}: lacks {' and '.join(missing)}; write {SHAPES}")
    return entry_of(content, place=place)


def _parse(text: str, *, name: str) -> object:
    def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found: dict[str, object] = {}
        for key, value in pairs:
            if key in found:
                raise BadMapping(
                    f"{name}: the key {key!r} stands twice in one object; keep one of them"
                )
            found[key] = value
        return found

    try:
        return json.loads(text, object_pairs_hook=unique)
    except json.JSONDecodeError as error:
        place = f"{name}, line {error.lineno}, column {error.colno}"
        raise BadMapping(f"{place}: is not JSON: {error.msg}; correct it there") from error
    except (RecursionError, ValueError) as error:
        raise BadMapping(f"{name}: is not a mapping in JSON; write {SHAPES}") from error
