"""Shapes: one object for all responses with the same questions, so that sinks can cache by it."""

from formbridge.domain.answers import Kind
from formbridge.domain.responses import Shape
from formbridge.formats.texts import title_of

MOST_QUESTIONS = 200_000
"""How many questions the remembered shapes of one format may have in all: some 50 MB of titles."""

Columns = tuple[object, ...]


class RepeatedQuestion(ValueError):
    """Two answers of one response are for the same question."""


class Shapes:
    """Remembers the shape of each combination of ids, titles and kinds; forgets all when too many.

    Forgetting costs a sink some work and changes nothing. Threads that meet here may build the
    same shape twice, which does no harm either.
    """

    def __init__(self) -> None:
        self._questions = 0
        self.known: dict[Columns, Shape] = {}

    def add(self, key: Columns, ids: Columns, titles: Columns = (), kinds: Columns = ()) -> Shape:
        """Build and remember the shape for a key; () stands for no titles, or no kinds, at all.

        Raises ``RepeatedQuestion``, and ValueError for an id that is empty.
        """
        shape = _shape(ids, titles or (None,) * len(ids), kinds or (None,) * len(ids))
        self._questions += len(ids) + 1
        if self._questions > MOST_QUESTIONS:
            self.known.clear()
            self._questions = len(ids) + 1
        self.known[key] = shape
        return shape


def _shape(ids: Columns, titles: Columns, kinds: Columns) -> Shape:
    question_ids = tuple(map(str, ids))
    if "" in question_ids:
        raise ValueError
    if len(set(question_ids)) != len(question_ids):
        raise RepeatedQuestion
    return Shape(
        question_ids=question_ids,
        titles=tuple(None if title is None else title_of(title) for title in titles),
        kinds=tuple(kind if isinstance(kind, Kind) else _kind(kind) for kind in kinds),
    )


def _kind(name: object) -> Kind:
    return Kind.of(name if isinstance(name, str) else None)
