"""One catalog over another: a tab in which people correct what a file says."""

from collections.abc import Mapping
from threading import Lock

import attrs

from formbridge.domain.identity import TableKey
from formbridge.domain.ports import QuestionCatalog
from formbridge.domain.questions import FormMapping, Question


@attrs.frozen(kw_only=True)
class _Known:
    """What a table's mapping was made of, and what it was. A version outlasts its mapping."""

    sources: tuple[FormMapping | None, ...]
    mapping: FormMapping | None
    version: int


class LayeredCatalog(QuestionCatalog):
    """Knows what its layers know; what an earlier one says of a question counts more.

    That is so for each thing that can be said of it: a layer that gives a question a place, and no
    title, leaves it the title of a later layer. Questions stand in the order of the last layer that
    knows them. Shared by threads, if all layers are.

    A mapping's version is the greatest of its layers', and greater than before where it changed.
    """

    def __init__(self, *layers: QuestionCatalog) -> None:
        """Begin with the layer that counts most."""
        self._layers = layers
        self._known: dict[TableKey, _Known] = {}
        self._lock = Lock()

    def mapping(self, table: TableKey, /) -> FormMapping | None:
        """Return what the layers say together."""
        sources = tuple(layer.mapping(table) for layer in self._layers)
        with self._lock:
            known = self._known.get(table)
            if known is None or not _same(known.sources, sources):
                known = self._known[table] = _joined(table, sources, known)
            return known.mapping

    def version(self) -> int:
        """Return a number that changes whenever that of a layer does."""
        return hash(tuple(layer.version() for layer in self._layers))


def _same(one: tuple[FormMapping | None, ...], other: tuple[FormMapping | None, ...]) -> bool:
    return all(left is right for left, right in zip(one, other, strict=True))


def _joined(
    table: TableKey, sources: tuple[FormMapping | None, ...], before: _Known | None
) -> _Known:
    said = [source for source in sources if source is not None]
    questions: dict[str, Question] = {}
    for source in reversed(said):
        for question_id, question in source.questions.items():
            questions[question_id] = _over(question, questions.get(question_id))
    if before is not None and _written(before.mapping) == list(questions.values()):
        return attrs.evolve(before, sources=sources)
    version = max([source.version for source in said], default=0)
    version = version if before is None else max(version, before.version + 1)
    if not said:
        return _Known(sources=sources, mapping=None, version=version)
    mapping = FormMapping(form_id=table.form_id, questions=questions, version=version)
    return _Known(sources=sources, mapping=mapping, version=version)


def _over(upper: Question, lower: Question | None) -> Question:
    """Return what two layers say of one question."""
    if lower is None:
        return upper
    options: Mapping[str, str] = {**lower.options, **upper.options}
    return Question(
        id=upper.id,
        title=upper.title if upper.title.strip() else lower.title,
        order=lower.order if upper.order is None else upper.order,
        kind=lower.kind if upper.kind is None else upper.kind,
        options=options,
    )


def _written(mapping: FormMapping | None) -> list[Question]:
    """Return the questions as they stand, whose order counts where they name none."""
    return [] if mapping is None else list(mapping.questions.values())
