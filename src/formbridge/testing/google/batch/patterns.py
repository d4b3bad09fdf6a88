"""What a search finds in a text, and the text once it is replaced."""

import re
from collections.abc import Callable

import attrs

from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, behaves
from formbridge.testing.google.errors import Refused

TOO_DEEP = 1_000
"""Characters of a regular expression; and of a text that one with loops in loops may search."""

LOOPS = re.compile(r"[*+}][^()]*\)[*+{]")


@attrs.frozen(kw_only=True)
class Pattern:
    """A text or an expression with what takes its place."""

    expression: re.Pattern[str]
    replacement: Callable[[re.Match[str]], str]
    whole: bool
    limit: int

    def replaced(self, text: str) -> tuple[str, int]:
        """Return a text with what was found replaced, and how often it was."""
        text_searched = text if len(text) <= self.limit else ""
        if self.whole:
            found = self.expression.fullmatch(text_searched)
            return (self.replacement(found), 1) if found and text_searched else (text, 0)
        if not text_searched:
            return text, 0
        return self.expression.subn(self.replacement, text_searched)


def literal(find: str, replacement: str, *, case: bool, whole: bool) -> Pattern:
    """Return what finds a text as it is written."""
    expression = re.compile(re.escape(find), 0 if case else re.IGNORECASE)
    return Pattern(
        expression=expression, replacement=lambda _: replacement, whole=whole, limit=100_000
    )


@behaves("an expression that cannot be read is refused", ASSUMED)
@behaves(
    "an expression with loops in loops searches only short texts: it might take for ever", ASSUMED
)
def regular(find: str, replacement: str, *, case: bool, whole: bool) -> Pattern:
    """Return what finds a regular expression. Its syntax is Java's, read as Python's."""
    try:
        expression = re.compile(_python(find), 0 if case else re.IGNORECASE)
    except (re.error, RecursionError, OverflowError) as error:
        raise Refused(f"Invalid regular expression: {find}") from error
    if len(find) > TOO_DEEP:
        raise Refused(f"Invalid regular expression: {find}")
    parts = _parts(replacement, expression.groups)
    return Pattern(
        expression=expression,
        replacement=lambda found: "".join(
            part if isinstance(part, str) else found[part] or "" for part in parts
        ),
        whole=whole,
        limit=24 if LOOPS.search(find) else 100_000,
    )


def _python(find: str) -> str:
    """Return Java's spelling of what Python spells in another way."""
    find = re.sub(r"\(\?<([A-Za-z]\w*)>", r"(?P<\1>", find)
    return find.replace(r"\z", r"\Z").replace(r"\p{L}", r"[^\W\d_]").replace(r"\p{N}", r"\d")


@behaves("$1 in a replacement is the first group, \\$ is the sign itself", DOCUMENTED)
def _parts(replacement: str, groups: int) -> list[str | int]:
    parts: list[str | int] = []
    for found in re.finditer(r"\\(.)|\$(\d)|(.)", replacement, re.DOTALL):
        if found[2] is not None:
            number = int(found[2])
            if number > groups:
                raise Refused(f"Invalid replacement: no group {number}")
            parts.append(number)
        else:
            parts.append(found[1] or found[3] or "")
    return parts
