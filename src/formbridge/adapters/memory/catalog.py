"""What questions are called, from a dict."""

from collections.abc import Mapping

from formbridge.domain.errors import BadMapping
from formbridge.domain.identity import TableKey
from formbridge.domain.ports import QuestionCatalog
from formbridge.domain.questions import FormMapping, Question

Questions = Mapping[str, Mapping[str, str | Question]]
"""By form id and question id: a title, or the whole question."""


class MemoryCatalog(QuestionCatalog):
    """Knows the questions of a dict: ``{"bfi": {"A1": "Am indifferent to …"}}``.

    ``version`` orders this dict among others that labelled the same tables, in earlier runs too:
    a greater one may relabel. A time is a good version. Raises ``BadMapping`` for an empty id.
    """

    def __init__(self, questions: Questions, *, version: int) -> None:
        """Begin with these questions."""
        self._version = version
        self._mappings = _mappings(questions, version=version)

    def mapping(self, table: TableKey, /) -> FormMapping | None:
        """Return the mapping of a form, whatever its source."""
        return self._mappings.get(table.form_id)

    def version(self) -> int:
        """Return the version that was last given."""
        return self._version

    def replace(self, questions: Questions, *, version: int) -> None:
        """Use these questions from now on; the version must be a greater one."""
        if version <= self._version:
            raise BadMapping(f"version {version} is not after {self._version}; pass a greater one")
        self._mappings = _mappings(questions, version=version)
        self._version = version


def _mappings(questions: Questions, *, version: int) -> dict[str, FormMapping]:
    if not all(questions) or not all(all(titles) for titles in questions.values()):
        raise BadMapping("a form id or a question id is empty; every question needs both")
    return {
        form: FormMapping(
            form_id=form,
            questions={id_: _question(id_, title) for id_, title in titles.items()},
            version=version,
        )
        for form, titles in questions.items()
    }


def _question(question_id: str, title: str | Question) -> Question:
    return title if isinstance(title, Question) else Question(id=question_id, title=title)
