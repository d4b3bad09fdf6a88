"""How deep an answer is nested: what is too deep for a later step must not pass the first."""

from collections.abc import Iterable

DEEPEST = 500
"""Levels. Python's own limit is about 1,000, of which the caller has used some."""

SHALLOW = 2 * DEEPEST
"""A payload of no more bytes than this has no room for more levels than ``DEEPEST``."""

_CONTAINERS = frozenset({list, dict})


def any_too_deep(values: Iterable[object]) -> bool:
    """Return whether lists and objects in any of the values nest deeper than ``DEEPEST`` levels."""
    return any(
        type(value) in _CONTAINERS and _nests(value) and _too_deep(value) for value in values
    )


def _nests(value: object) -> bool:
    """Return whether a list or object holds another: few do, and this is the fast way to tell."""
    items: Iterable[object] = value.values() if isinstance(value, dict) else value  # type: ignore[assignment]  # a list
    return not _CONTAINERS.isdisjoint(map(type, items))


def _too_deep(value: object) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for outer in level for inner in _containers_in(outer)]
        if not level:
            return False
    return True


def _containers_in(value: object) -> list[object]:
    items: Iterable[object] = value.values() if isinstance(value, dict) else value  # type: ignore[assignment]  # a list
    return [item for item in items if type(item) in _CONTAINERS]
