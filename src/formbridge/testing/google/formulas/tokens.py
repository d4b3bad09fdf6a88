"""The words of a formula."""

import re
from collections.abc import Iterator

import attrs

CELL = r"\$?[A-Za-z]{1,3}\$?[1-9][0-9]{0,7}"
COLUMN = r"\$?[A-Za-z]{1,3}"
ROW = r"\$?[1-9][0-9]{0,7}"
TAB = r"(?:'(?:[^']|'')+'|[^\W\d][\w.]*)!"

PATTERN = re.compile(
    rf"""
    (?P<space>\s+)
  | (?P<text>"(?:[^"]|"")*")
  | (?P<error>\#(?:REF!|N/A|DIV/0!|VALUE!|NUM!|NAME\?|NULL!|ERROR!))
  | (?P<reference>(?:{TAB})?
        (?:{CELL}:{CELL} | {CELL}:{COLUMN}(?![\w(.]) | {CELL}:{ROW}(?![\w(.])
         | {COLUMN}:{CELL} | {COLUMN}:{COLUMN} | {ROW}:{ROW} | {ROW}:{CELL} | {CELL}
         | (?<=!)\#REF!)(?![\w(.]))
  | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<function>[^\W\d][\w.]*(?=\s*\())
  | (?P<name>[^\W\d][\w.]*)
  | (?P<operator><=|>=|<>|[-+*/^&=<>%])
  | (?P<mark>[(),;{{}}\\:])
    """,
    re.VERBOSE,
)


@attrs.frozen
class Token:
    """A word: its kind (a group of ``PATTERN``, or ``other``) and its text as it was written."""

    kind: str
    text: str


def tokens(formula: str) -> Iterator[Token]:
    """Yield the words of a formula, spaces too: joined, they are the formula again."""
    position = 0
    while position < len(formula):
        found = PATTERN.match(formula, position)
        if found is None:
            yield Token("other", formula[position])
            position += 1
        else:
            yield Token(found.lastgroup or "other", found[0])
            position = found.end()
