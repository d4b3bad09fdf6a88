"""Responses of which every answer says where it belongs, and how each must be shown."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta

import attrs

from formbridge.domain.answers import Kind, Value
from formbridge.domain.cells import Cell
from formbridge.domain.responses import Operation, Response, Shape, Status
from tests.domain.strategies import START

RESPONSES = tuple(f"r{number}" for number in range(1, 9))
QUESTIONS = tuple(f"q{number}" for number in range(1, 6))
DATED = "q5"
"""The question whose answers are dates."""
FIRST_DAY = date(2026, 1, 1)

MAKERS: tuple[Callable[[int], Value], ...] = (
    lambda n: f"answer {n}",
    lambda n: f"=1+{n}",
    lambda n: f"+49{n}",
    lambda n: f"00{n}",
    lambda n: n,
    lambda n: n + 0.5,
    lambda n: f"@{n}",
    lambda n: f"-{n}",
    lambda n: f"'{n}",
    lambda n: [f"a{n}", "b"],
    lambda n: f"{n} " + "long " * 40,
    lambda _: "TRUE",
    lambda _: True,
    lambda _: False,
    lambda _: "",
    lambda _: None,
)
"""How an answer is made of a number that no other answer has."""


def answer(question: str, number: int, maker: int) -> Value:
    """Return an answer to a question."""
    if question == DATED:
        return (FIRST_DAY + timedelta(days=number)).isoformat()
    return MAKERS[maker % len(MAKERS)](number)


@attrs.frozen
class Version:
    """One version of a response, before it stands in a log. ``given`` names makers of answers."""

    who: str
    given: Mapping[str, int] = attrs.field(factory=dict)
    operation: Operation = Operation.UPSERT
    minute: int | None = None
    titles: Mapping[str, str] = attrs.field(factory=dict)
    partial: bool = False

    def response(self, offset: int) -> Response:
        """Return it as it stands at this offset of the log."""
        ids = tuple(self.given)
        kinds = tuple(Kind.DATE if each == DATED else Kind.UNKNOWN for each in ids)
        number = offset * 100 + RESPONSES.index(self.who) * 10
        updated_at = None if self.minute is None else START + timedelta(minutes=self.minute)
        return Response(
            form_id="form",
            response_id=self.who,
            submitted_at=START,
            updated_at=updated_at,
            status=Status.PARTIAL if self.partial else Status.COMPLETE,
            operation=self.operation,
            shape=Shape(question_ids=ids, titles=tuple(map(self.titles.get, ids)), kinds=kinds),
            values=[
                answer(each, number + QUESTIONS.index(each), maker)
                for each, maker in self.given.items()
            ],
        )


def shown(question: str, cell: Cell) -> tuple[str, object]:
    """Return how a cell must be shown, with its type, so that 1 and True are two things."""
    if question == DATED and isinstance(cell, str):
        day = date.fromisoformat(cell)
        return typed(datetime(day.year, day.month, day.day, tzinfo=UTC))
    return typed(float(cell) if type(cell) is int else cell)


def typed(value: object) -> tuple[str, object]:
    """Return a value that stands in a cell with its type."""
    if isinstance(value, datetime):
        return "moment", value.astimezone(UTC)
    return type(value).__name__, value
