"""The reference names every word of the language, and no description needs another."""

import re
from pathlib import Path

import pytest

from formbridge.domain.answers import Kind
from formbridge.formats.repeated import REPEATED
from formbridge.formats.scalars import EVENTS, STATUSES
from formbridge.formats.sources import KINDS
from formbridge.formats.steps import TABLES, WORDS

PAGE = Path(__file__).resolve().parents[2] / "docs/reference/format-description.md"
ENGINE = Path(__file__).resolve().parents[2] / "src/formbridge/formats"
ASKED_FOR = re.compile(r'table\.(?:get|need|one|texts|table|choice)\("(\w+)"|_\w+\(table, "(\w+)"')


def _keys() -> set[str]:
    """Return every key that the engine asks a table for."""
    texts = (path.read_text(encoding="utf-8") for path in ENGINE.glob("*.py"))
    return {a or b for text in texts for a, b in ASKED_FOR.findall(text)}


def test_the_engine_asks_for_keys() -> None:
    """So that the next test is about something."""
    assert {"each", "limit", "embedded_json", "zones", "skip_without"} <= _keys()


@pytest.mark.parametrize(
    "words",
    [_keys(), KINDS, WORDS, TABLES, EVENTS, STATUSES, REPEATED, [kind.value for kind in Kind]],
    ids=["keys", "sources", "words", "tables", "events", "statuses", "repeated", "kinds"],
)
def test_the_reference_names_every_word(words: set[str]) -> None:
    """A key that is in no page is in nobody's head."""
    text = PAGE.read_text(encoding="utf-8")
    assert {word for word in words if not re.search(rf"\b{re.escape(word)}\b", text)} == set()
