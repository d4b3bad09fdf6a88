"""Templates: a text with paths in braces, such as ``{^.title} [{title}]``."""

import re

from formbridge.formats.paths import getter, parse_path
from formbridge.formats.places import Place
from formbridge.formats.scope import ABSENT, Get, Scope, text_of

_HOLE = re.compile(r"\{([^{}]*)\}")


def template(text: str, place: Place) -> Get:
    """Return a function that fills a template; ``ABSENT`` if nothing fills its holes."""
    pieces = _HOLE.split(text)
    gets = [getter(parse_path(path, place)) for path in pieces[1::2]]
    if not gets:
        raise place.wrong("has no {path} in it", "write one, or use const")

    def fill(item: object, scope: Scope) -> object:
        found = [text_of(get(item, scope)) for get in gets]
        if not any(found):
            return ABSENT
        filled = [part or "" for part in found] + [""]
        return "".join(a + b for a, b in zip(pieces[::2], filled, strict=True))

    return fill
