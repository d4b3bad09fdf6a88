"""A response: what one person submitted to one form, once or again."""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from operator import itemgetter
from typing import NamedTuple

import attrs

from formbridge.domain.answers import Answer, Kind, Value
from formbridge.domain.digests import fingerprint_of, seed_of


class Status(StrEnum):
    """How far a response came. Only ``PARTIAL`` yields to every other."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    DISQUALIFIED = "disqualified"
    OVERQUOTA = "overquota"
    SPAM = "spam"
    TEST = "test"


class Operation(StrEnum):
    """What a response does to its row: replace it, add to it, or remove it."""

    UPSERT = "upsert"
    MERGE = "merge"
    DELETE = "delete"


@attrs.frozen(kw_only=True, eq=False)
class Shape:
    """The questions of a response, in its order; one object serves all responses that look alike.

    Compared by identity, so that a sink finds a column layout with one look. ``titles`` and
    ``kinds`` run beside ``question_ids``; a title is None where the payload gives none.
    ``sort`` puts values in the order of ``sorted_ids`` (None: they are), which does not depend on
    how a backend orders them; with ``seed`` their digests begin.
    """

    question_ids: tuple[str, ...]
    titles: tuple[str | None, ...]
    kinds: tuple[Kind, ...]
    titled: bool = attrs.field(init=False, repr=False)
    sorted_ids: tuple[str, ...] = attrs.field(init=False, repr=False)
    sort: Callable[[Sequence[Value]], Sequence[Value]] | None = attrs.field(init=False, repr=False)
    seed: int = attrs.field(init=False, repr=False)

    @titled.default
    def _titled(self) -> bool:
        return any(title is not None for title in self.titles)

    @sorted_ids.default
    def _sorted_ids(self) -> tuple[str, ...]:
        return tuple(sorted(self.question_ids))

    @sort.default
    def _sort(self) -> Callable[[Sequence[Value]], Sequence[Value]] | None:
        if self.sorted_ids == self.question_ids:
            return None
        ids = self.question_ids
        return itemgetter(*sorted(range(len(ids)), key=ids.__getitem__))

    @seed.default
    def _seed(self) -> int:
        return seed_of(self.sorted_ids)

    @classmethod
    def of(cls, *question_ids: str) -> "Shape":
        """Return the shape of these questions, without titles or kinds."""
        count = len(question_ids)
        unknown = (Kind.UNKNOWN,) * count
        return cls(question_ids=question_ids, titles=(None,) * count, kinds=unknown)


class Response(NamedTuple):
    """One submission as a format read it. One is built per response: hence a named tuple.

    ``submitted_at`` and ``updated_at`` are aware datetimes in UTC. ``values`` run beside
    ``shape.question_ids``; a question that is not there was not answered.
    """

    form_id: str
    response_id: str
    submitted_at: datetime | None
    updated_at: datetime | None
    status: Status
    operation: Operation
    shape: Shape
    values: Sequence[Value]
    source: str = ""

    @property
    def answers(self) -> tuple[Answer, ...]:
        """The answers as objects, built when somebody asks."""
        shape = self.shape
        return tuple(
            Answer(question_id=question, title=title, kind=kind, value=value)
            for question, title, kind, value in zip(
                shape.question_ids, shape.titles, shape.kinds, self.values, strict=True
            )
        )

    @property
    def idempotency_key(self) -> str:
        """A key for other APIs: the same whenever this content is delivered again."""
        parts = (self.source, self.form_id, self.response_id, self.status, self.operation)
        answers = sorted(zip(self.shape.question_ids, self.values, strict=True), key=_question)
        return fingerprint_of([*map(str, parts), answers])

    def __repr__(self) -> str:
        """Name the response and leave out what was answered."""
        return (
            f"Response(form_id={self.form_id!r}, response_id={self.response_id!r}, "
            f"operation={self.operation.value!r}, answers={len(self.values)})"
        )


def _question(answer: tuple[str, Value]) -> str:
    return answer[0]
