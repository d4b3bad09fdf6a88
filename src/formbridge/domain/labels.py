"""What columns a table shall have, and what stands in their headers.

A column is found by its question id, and never lost. Its header is the title that the user's
mapping gives, else the payload's, else the id; made unique; and a person's own header stays. Its
kind is the first that anybody gave.
"""

from collections.abc import Iterable, Mapping

import attrs

from formbridge.domain.answers import Kind
from formbridge.domain.questions import FormMapping
from formbridge.domain.responses import Shape
from formbridge.domain.tables import MANAGED, Column, LabelSource, Snapshot


@attrs.frozen(kw_only=True)
class ColumnPlan:
    """The columns as they shall be: the old ones in their order, then ``new`` ones on the right.

    ``relabelled`` names the old ones that got another title, or a kind.
    """

    columns: tuple[Column, ...]
    new: int = 0
    relabelled: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Title:
    """What somebody calls a question, and how much that counts."""

    text: str
    source: LabelSource
    version: int

    @property
    def weight(self) -> tuple[LabelSource, int, str]:
        """Titles compare by this; the text settles a tie, so that any order ends the same."""
        return (self.source, self.version, self.text)


def plan_columns(
    snapshot: Snapshot, shapes: Mapping[Shape, int], mapping: FormMapping | None
) -> ColumnPlan:
    """Return the columns for responses of these shapes, each with the time it was last seen.

    Titles in a payload that is older than the table's newest response name new columns only.
    """
    titles = _payload_titles(shapes)
    known = dict.fromkeys(column.question_id for column in snapshot.columns)
    retitled = {
        column.question_id: title
        for column in snapshot.columns
        if (title := _retitled(column, titles, mapping, snapshot.newest)) is not None
    }
    kinds = _kinds(shapes)
    learnt = {
        column.question_id: kind
        for column in snapshot.columns
        if column.kind is Kind.UNKNOWN
        and (kind := _kind(column.question_id, kinds, mapping)) is not Kind.UNKNOWN
    }
    fresh = [
        question for question in _questions(snapshot, shapes, mapping) if question not in known
    ]
    if not retitled and not learnt and not fresh:
        return ColumnPlan(columns=snapshot.columns)
    taken = set(MANAGED) | set(snapshot.foreign_headers)
    taken |= {column.header for column in snapshot.columns if column.question_id not in retitled}
    columns = [
        attrs.evolve(
            _relabel(column, retitled, taken), kind=learnt.get(column.question_id, column.kind)
        )
        for column in snapshot.columns
    ]
    for question in fresh:
        title = _best_title(question, titles, mapping)
        label = _unique(title.text, taken)
        columns.append(_column(question, title, label, _kind(question, kinds, mapping)))
    changed = tuple(question for question in known if question in retitled or question in learnt)
    return ColumnPlan(columns=tuple(columns), new=len(fresh), relabelled=changed)


def _payload_titles(shapes: Mapping[Shape, int]) -> dict[str, Title]:
    """Return the latest title that the payloads give each question."""
    titles: dict[str, Title] = {}
    for shape, seen_at in shapes.items():
        if not shape.titled:
            continue
        for question, text in zip(shape.question_ids, shape.titles, strict=True):
            cleaned = " ".join((text or "").split())
            title = Title(text=cleaned, source=LabelSource.PAYLOAD, version=seen_at)
            if cleaned and (question not in titles or title.weight > titles[question].weight):
                titles[question] = title
    return titles


def _mapped(question: str, mapping: FormMapping | None) -> Title | None:
    """Return the title that the user's mapping gives; an empty one says nothing."""
    entry = mapping.questions.get(question) if mapping else None
    text = " ".join(entry.title.split()) if entry else ""
    if not text or mapping is None:
        return None
    return Title(text=text, source=LabelSource.MAPPING, version=mapping.version)


def _retitled(
    column: Column, titles: Mapping[str, Title], mapping: FormMapping | None, newest: int
) -> Title | None:
    """Return the title that this column shall get now, or None if it keeps its own."""
    if column.renamed:
        return None
    title = _mapped(column.question_id, mapping)
    if title is None:
        title = titles.get(column.question_id)
        if title is not None and title.version < newest:
            return None
    if title is None or title.text == column.title:
        return None
    current = Title(text=column.title, source=column.source, version=column.version)
    return title if title.weight > current.weight else None


def _questions(
    snapshot: Snapshot, shapes: Iterable[Shape], mapping: FormMapping | None
) -> list[str]:
    """Return the questions that need a column: for a new table all that are mapped come first."""
    questions: dict[str, None] = {}
    if mapping is not None and not snapshot.exists:
        questions.update(dict.fromkeys(question.id for question in mapping.in_order))
    for shape in shapes:
        questions.update(dict.fromkeys(shape.question_ids))
    return list(questions)


def _best_title(question: str, titles: Mapping[str, Title], mapping: FormMapping | None) -> Title:
    fallback = Title(text=question, source=LabelSource.QUESTION_ID, version=0)
    return _mapped(question, mapping) or titles.get(question) or fallback


def _kinds(shapes: Iterable[Shape]) -> dict[str, Kind]:
    kinds: dict[str, Kind] = {}
    for shape in shapes:
        for question, kind in zip(shape.question_ids, shape.kinds, strict=True):
            if kind is not Kind.UNKNOWN:
                kinds.setdefault(question, kind)
    return kinds


def _kind(question: str, kinds: Mapping[str, Kind], mapping: FormMapping | None) -> Kind:
    entry = mapping.questions.get(question) if mapping else None
    return (entry and entry.kind) or kinds.get(question, Kind.UNKNOWN)


def _unique(title: str, taken: set[str]) -> str:
    """Return the title, with a number behind it if another column has it; and take it."""
    label, number = title, 1
    while label in taken:
        number += 1
        label = f"{title} ({number})"
    taken.add(label)
    return label


def _relabel(column: Column, retitled: Mapping[str, Title], taken: set[str]) -> Column:
    title = retitled.get(column.question_id)
    if title is None:
        return column
    return _column(column.question_id, title, _unique(title.text, taken), column.kind)


def _column(question: str, title: Title, label: str, kind: Kind) -> Column:
    return Column(
        question_id=question,
        title=title.text,
        label=label,
        header=label,
        source=title.source,
        version=title.version,
        kind=kind,
    )
