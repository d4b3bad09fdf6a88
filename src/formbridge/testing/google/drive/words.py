"""The words of a search: names, operators, quoted texts."""

import re
from collections.abc import Iterator
from typing import NamedTuple

WORD = re.compile(
    r"""\s+ | (?P<mark><=|>=|!=|[=<>(){}])
    | '(?P<single>(?:[^'\\]|\\.)*)' | "(?P<double>(?:[^"\\]|\\.)*)"
    | (?P<name>[A-Za-z_][A-Za-z0-9_.]*) | (?P<number>-?[0-9]+)""",
    re.VERBOSE | re.DOTALL,
)
ESCAPE = re.compile(r"\\(.)", re.DOTALL)


class Word(NamedTuple):
    """One word; ``kind`` is ``mark``, ``text``, ``name``, ``number`` or ``end``."""

    kind: str
    text: str


END = Word("end", "")


class NotUnderstood(Exception):
    """A search that says nothing."""


def words(text: str) -> Iterator[Word]:
    """Yield the words of a search. Texts come without quotes and backslashes."""
    position = 0
    while position < len(text):
        found = WORD.match(text, position)
        if found is None:
            raise NotUnderstood(text[position:])
        position = found.end()
        kind = found.lastgroup
        if kind in {"single", "double"}:
            yield Word("text", ESCAPE.sub(r"\1", found[kind]))
        elif kind is not None:
            yield Word(kind, found[kind])
