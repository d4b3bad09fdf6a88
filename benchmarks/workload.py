"""The made-up log that all figures are measured with: 1 KB responses of 12 answers, 500 forms."""

import json
import random
from collections.abc import Iterator

ANSWERS = 12
FORMS = 500
TEXT = (
    "lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut "
    "labore et dolore magna aliqua enim ad minim veniam quis nostrud exercitation"
)
WORDS = TEXT.split()


def payloads(
    count: int, *, forms: int = FORMS, edits: float = 0.0, known: int = 0, seed: int = 7
) -> Iterator[bytes]:
    """Yield payloads in the native format, about 1 KB each.

    A share of ``edits`` are later versions of an earlier response of the same form; ``known`` says
    how many responses every form has already (ids below that number).
    """
    chance = random.Random(seed)
    given = [known] * forms
    for _ in range(count):
        form = chance.randrange(forms)
        edit = chance.random() < edits and given[form] > 0
        number = chance.randrange(given[form]) if edit else given[form]
        given[form] += 0 if edit else 1
        yield payload(form, number, chance=chance, edited=edit)


def payload(form: int, number: int, *, chance: random.Random, edited: bool = False) -> bytes:
    """Return one payload: texts, numbers, booleans, choices, dates, and a list of choices."""
    body = {
        "form_id": f"form-{form:04}",
        "response_id": f"response-{number:09}",
        "submitted_at": f"2026-03-{1 + number % 28:02}T{number % 24:02}:00:00Z",
        "answers": [
            {"question_id": f"question-{index:02}", "value": _value(index, chance)}
            for index in range(ANSWERS)
        ],
    }
    if edited:
        stamp = f"2026-04-{chance.randint(1, 28):02}T{chance.randint(0, 23):02}:00:00"
        body["updated_at"] = f"{stamp}.{chance.randint(0, 999999):06}Z"
    return json.dumps(body, separators=(",", ":")).encode()


def _value(index: int, chance: random.Random) -> object:
    return (
        " ".join(chance.choices(WORDS, k=20)),
        chance.randint(0, 100),
        chance.random() < 0.5,
        chance.choice(WORDS),
        f"2026-01-{chance.randint(10, 28)}",
        chance.choices(WORDS, k=5),
    )[index % 6]
