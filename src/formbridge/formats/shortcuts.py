"""Which descriptions are simple enough for the short way (``fast``), and how they look there."""

import re
from collections.abc import Mapping

from formbridge.domain.responses import Operation, Status
from formbridge.formats.fast import Layout, Meaning, Names, fast_reader
from formbridge.formats.format import Read
from formbridge.formats.paths import Each, parse_path
from formbridge.formats.places import Place
from formbridge.formats.reader import Reader
from formbridge.formats.scalars import ANY, Word
from formbridge.formats.times import EPOCHS, iso_moment

_SECTION = frozenset({"each", "key", "value", "title", "kind", "required", "skip_without"})
_TIME = frozenset({"path", "time", "zone", "zones", "required"})
_OPERATIONS = frozenset(operation.value for operation in Operation)
_PLAIN_NAME = re.compile(r'[^"\\\x00-\x1f]+')


class _TooRich(Exception):
    """The description says something that the short way cannot."""


def shortest(reader: Reader, values: Mapping[str, object]) -> Read:
    """Return the shortest way to read what a (valid) description says."""
    try:
        return fast_reader(_layout(values), _meaning(reader), reader.read)
    except _TooRich:
        return reader.read


def _layout(values: Mapping[str, object]) -> Layout:
    response = _table(values.get("response"))
    sections = values.get("answers")
    if not isinstance(sections, list) or len(sections) != 1:
        raise _TooRich
    section = _table(sections[0])
    if not _SECTION.issuperset(section):
        raise _TooRich
    layout = Layout(
        form_id=_names(response.get("form_id")),
        response_id=_names(response.get("response_id")),
        submitted_at=_time(response.get("submitted_at")),
        updated_at=_time(response.get("updated_at")),
        status=_word(response.get("status")),
        event=_word(response.get("event")),
        answers=_list(section.get("each")),
        key=_name(section.get("key")),
        value=_name(section.get("value")),
        title=_name(section["title"]) if "title" in section else None,
        kind=_name(section["kind"]) if "kind" in section else None,
    )
    _refuse_overlap([path for path in layout.scalars if path])
    _refuse_overlap([(name,) for name in layout.item if name])
    return layout


def _meaning(reader: Reader) -> Meaning:
    body = reader.body
    if not body.is_plain_json or reader.container.path is not None or reader.repeated != "refuse":
        raise _TooRich
    submitted, updated = reader.submitted_at, reader.updated_at
    events = {
        theirs: Operation(ours)
        for theirs, ours in _words(reader.event).items()
        if ours in _OPERATIONS  # "partial" and "ignore" go the ordinary way
    }
    return Meaning(
        statuses={theirs: Status(ours) for theirs, ours in _words(reader.status).items()},
        events=events,
        submitted=submitted.parse if submitted else iso_moment,
        updated=updated.parse if updated else iso_moment,
        submitted_required=bool(submitted and submitted.required),
        updated_required=bool(updated and updated.required),
        unique=body.unique,
        limit=body.limit,
    )


def _words(word: Word) -> dict[str | None, str]:
    if ANY in word.words:
        raise _TooRich
    words: dict[str | None, str] = {None: word.default}
    words.update(word.words)
    return words


def _table(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise _TooRich
    return value


def _names(value: object) -> Names:
    """Return the keys of a plain path."""
    if not isinstance(value, str):
        raise _TooRich
    names = parse_path(value, Place(file=""), stars=True).names
    if names is None or not all(map(_PLAIN_NAME.fullmatch, names)):
        raise _TooRich
    return names


def _name(value: object) -> str:
    names = _names(value)
    if len(names) != 1:
        raise _TooRich
    return names[0]


def _list(value: object) -> Names:
    """Return the keys before a ``[*]``."""
    path = parse_path(str(value), Place(file=""), stars=True)
    if not path.steps or path.steps[-1] != Each(lists_only=True):
        raise _TooRich
    return _names(path.text.removesuffix("[*]"))


def _time(value: object) -> Names:
    if value is None:
        return ()
    if not isinstance(value, dict):
        return _names(value)
    written = value.get("time", "iso")
    if not _TIME.issuperset(value) or any(epoch in written for epoch in EPOCHS):
        raise _TooRich
    return _names(value.get("path"))


def _word(value: object) -> Names:
    return () if value is None else _names(_table(value).get("from"))


def _refuse_overlap(paths: list[Names]) -> None:
    """One generated field cannot be two things, nor both a value and what is around one."""
    for index, path in enumerate(paths):
        for other in paths[:index]:
            shorter = min(len(path), len(other))
            if path[:shorter] == other[:shorter]:
                raise _TooRich
