"""The ``fields`` of a request: which properties it changes."""

import re
from collections.abc import Collection, Iterator

from formbridge.testing.google.behaviour import ASSUMED, RECORDED, SEEN, behaves
from formbridge.testing.google.errors import Refused

TOKEN = re.compile(r"[^\s,()./]+|[,()./]")

Path = tuple[str, ...]


@behaves("a request without fields is refused", SEEN)
@behaves("paths are divided by dots, slashes and parentheses", RECORDED)
def paths(fields: str | None) -> list[Path]:
    """Return the paths of a mask; ``a(b,c/d)`` is ``a.b`` and ``a.c.d``, and ``*`` a path."""
    found = list(_paths(TOKEN.findall(fields or "")))
    if not found:
        raise Refused(
            "At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)"
        )
    return found


@behaves("how the refusal of an unknown field reads", ASSUMED)
def field_names(fields: str | None, known: Collection[str], *, root: str = "") -> frozenset[str]:
    """Return which of the ``known`` dotted names a mask lists.

    A name stands for all below it, and ``*`` for all. ``root`` may be left out, or not.
    """
    listed: set[str] = set()
    for path in paths(fields):
        name = ".".join(path[1:] if path[0] == root and len(path) > 1 else path)
        if name == "*":
            return frozenset(known)
        under = {one for one in known if f"{one}.".startswith(f"{name}.")}
        over = {one for one in known if name.startswith(f"{one}.")}
        if not under | over:
            raise Refused(f"Invalid field: {name}")
        listed |= under | over
    return frozenset(listed)


def _paths(parts: list[str]) -> Iterator[Path]:
    """Yield the paths; what is between parentheses goes on from the path before them."""
    stack: list[Path] = [()]
    path: Path = ()
    for part in parts:
        if part in ",)":
            if path != stack[-1]:
                yield path
            if part == ")" and len(stack) > 1:
                stack.pop()
            path = stack[-1]
        elif part == "(":
            stack.append(path)
        elif part not in "./":
            path = (*path, _camel(part))
    if path != stack[-1]:
        yield path


def _camel(name: str) -> str:
    """Return a name as JSON has it; the API takes ``row_count`` as well."""
    return re.sub(r"_([a-z0-9])", lambda found: found[1].upper(), name)
