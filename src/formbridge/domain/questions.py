"""The mapping table: what the questions of a form are called, and in which order they stand."""

from collections.abc import Mapping
from types import MappingProxyType

import attrs

from formbridge.domain.answers import Kind

NO_OPTIONS: Mapping[str, str] = MappingProxyType({})


@attrs.frozen(kw_only=True)
class Question:
    """One question: its title, its place (1, 2, …; None: as it comes), its kind."""

    id: str
    title: str
    order: float | None = None
    kind: Kind | None = None
    options: Mapping[str, str] = NO_OPTIONS


@attrs.frozen(kw_only=True)
class FormMapping:
    """The mapping of one form; one with a greater ``version`` may relabel what it finds."""

    form_id: str
    questions: Mapping[str, Question]
    version: int = 0

    @property
    def in_order(self) -> tuple[Question, ...]:
        """The questions by their ``order``; those without one behind, as they were written."""
        return tuple(
            sorted(
                self.questions.values(),
                key=lambda question: float("inf") if question.order is None else question.order,
            )
        )
