"""The log of a drill: made up by arithmetic, so that any process can say what any part of it is.

Event ``n`` of a form adds a response or edits an earlier one. Forms begin one after the other and
get new questions as they grow, so that tables are made and headers rewritten all the time. One
form in five is busy: every fourth event of it is an edit, of the others every sixteenth, which
makes one in ten. Forms with an even number say when they were edited, the others leave it to the
log.
"""

from collections.abc import Iterator

import attrs
import msgspec

QUESTIONS = 3
GROWTHS = 7
BUSY = 5
GENERATIONS = 4
"""A quarter of the forms takes responses at a time: one begins when another ends."""

SUBMITTED, UPDATED = "Submitted at", "Updated at"


@attrs.frozen(kw_only=True)
class Log:
    """``count`` events of that many forms, each of which has as many."""

    count: int
    forms: int

    @property
    def rounds(self) -> int:
        """How many events a form has."""
        return self.count // self.forms

    def events(self, *, publisher: int = 0, publishers: int = 1) -> Iterator[tuple[int, int]]:
        """Yield form and event; a publisher has every n-th form of its own."""
        mine = range(publisher, self.forms, publishers)
        for tick in range((1 + GENERATIONS) * self.rounds):
            for form in mine:
                event = tick - form * GENERATIONS * self.rounds // self.forms
                if 0 <= event < self.rounds:
                    yield form, event

    def payload(self, form: int, event: int) -> bytes:
        """Return the payload of one event."""
        number, _ = response_of(form, event)
        answers = self.answers(form, event)
        body: dict[str, object] = {
            "form_id": f"form-{form}",
            "response_id": f"r{number}",
            "submitted_at": submitted_at(number),
            "answers": [{"question_id": key, "value": text} for key, text in answers.items()],
        }
        if updated := updated_at(form, event):
            body["updated_at"] = updated
        return msgspec.json.encode(body)

    def answers(self, form: int, event: int) -> dict[str, str]:
        """Return what was answered by question id; every event has other answers."""
        number, _ = response_of(form, event)
        step = max(self.rounds // GROWTHS, 1)
        questions = QUESTIONS + (number + form * 13 % step) // step
        return {
            f"q{index}": text(form, event, index)
            for index in range(questions)
            if (event + index) % 11  # else it was left out
        }

    def rows(self, form: int) -> dict[str, dict[str, str]]:
        """Return what the table must hold: response → column → cell, of the last event of each."""
        last: dict[int, int] = {}
        for event in range(self.rounds):
            last[response_of(form, event)[0]] = event
        return {
            f"r{number}": {
                SUBMITTED: submitted_at(number),
                UPDATED: updated_at(form, event),
                **{key: shown(text) for key, text in self.answers(form, event).items()},
            }
            for number, event in last.items()
        }

    def columns(self, form: int) -> set[str]:
        """Return the questions that the table must have a column for."""
        return {key for event in range(self.rounds) for key in self.answers(form, event)}


def response_of(form: int, event: int) -> tuple[int, bool]:
    """Return the number of the response that this event is about, and whether it is an edit."""
    every = 16 if form % BUSY else 4
    edits, place = divmod(event, every)
    number = event - edits
    return ((event * 7919) % number, True) if place == every - 1 else (number, False)


def text(form: int, event: int, index: int) -> str:
    """Return an answer: some are hard to keep in a line, some end a word in several bytes."""
    begin = f"f{form} e{event} q{index}"
    match (event + 3 * index) % 7:
        case 0:
            return f'{begin}: she said "no,\nnever"\r\nand left'
        case 1:
            return f"={begin}+1"
        case 2:
            return f"{begin} Größe ✓ 🙂"
        case _:
            return f"{begin}, yes"


def shown(text: str) -> str:
    """Return the cell of a text: no spreadsheet shall execute it."""
    return "'" + text if text.startswith("=") else text


def submitted_at(number: int) -> str:
    """Return when the response was given first."""
    return f"2026-03-{_moment(number)}"


def updated_at(form: int, event: int) -> str:
    """Return when it was edited, if the form says so; later events later."""
    _, edited = response_of(form, event)
    return f"2026-04-{_moment(event)}" if edited and form % 2 == 0 else ""


def _moment(number: int) -> str:
    minutes, second = divmod(number, 60)
    hours, minute = divmod(minutes, 60)
    day, hour = divmod(hours, 24)
    return f"{1 + day:02}T{hour:02}:{minute:02}:{second:02}Z"
