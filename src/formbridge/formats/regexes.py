"""Regular expressions of descriptions, kept from costing more than they are worth.

Python's engine has no time limit. So a repetition inside of a repetition, which is what takes
exponential time, is refused when the description is read, and no text longer than ``LONGEST`` is
searched: it does not match.
"""

import re
from collections.abc import Callable

from formbridge.formats.places import Place

LONGEST = 1_000
"""Characters."""

_MOST_REPETITIONS = 4
_ATOM = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL)
_REPEAT = re.compile(r"[*+]|\{\d+,\d{3,}\}|\{\d*,\}")

Search = Callable[[str], str | None]


def search_for(pattern: str, place: Place) -> Search:
    """Return a function that finds a pattern in a text: its first group, else all of the match."""
    compiled = compile_regex(pattern, place)
    group = 1 if compiled.groups else 0

    def search(text: str) -> str | None:
        found = compiled.search(text) if len(text) <= LONGEST else None
        return found[group] if found else None

    return search


def compile_regex(pattern: str, place: Place) -> re.Pattern[str]:
    """Return the compiled pattern; raise ``BadDescription`` for a wrong or a costly one."""
    try:
        compiled = re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        raise place.wrong(
            f"is no regular expression: {error}", "see the syntax of Python's re"
        ) from error
    if _is_costly(pattern):
        raise place.wrong(
            "repeats what repeats itself, which can take for ever",
            f"write it without (x+)+ and with at most {_MOST_REPETITIONS} of * and +",
        )
    return compiled


def _is_costly(pattern: str) -> bool:
    """Return whether a group that repeats is repeated, or too much repeats one after another."""
    repeats = [False]
    total, position, closed = 0, 0, False
    while position < len(pattern):
        again = _REPEAT.match(pattern, position)
        if again:
            if closed:
                return True
            repeats[-1] = True
            total += 1
            closed, position = False, again.end()
            continue
        atom = _ATOM.match(pattern, position)
        text = atom[0] if atom else pattern[position]
        closed = False
        if text == "(":
            repeats.append(False)
        elif text == ")" and len(repeats) > 1:
            closed = repeats.pop()
            repeats[-1] = repeats[-1] or closed
        position += len(text)
    return total > _MOST_REPETITIONS
