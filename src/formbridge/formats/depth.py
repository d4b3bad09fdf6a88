"""How deep a payload is nested: what is too deep for a later step must not pass the first."""

from collections.abc import Iterable

DEEPEST = 500
"""Levels. Python's own limit is about 1,000, of which the caller has used some."""

SHALLOW = 2 * DEEPEST
"""A payload of no more bytes than this has no room for more levels than ``DEEPEST``."""

_CONTAINERS = frozenset({list, dict})


def may_be_deep(payload: bytes, values: Iterable[object]) -> bool:
    """Return False if the values of a payload are certainly not too deep."""
    return (
        not _CONTAINERS.isdisjoint(map(type, values))
        and payload.count(b"[") + payload.count(b"{") > DEEPEST
    )


def too_deep(value: object) -> bool:
    """Return whether lists and objects in a value are nested deeper than ``DEEPEST`` levels."""
    level = [value] if type(value) in _CONTAINERS else []
    for _ in range(DEEPEST):
        level = [inner for outer in level for inner in _containers_in(outer)]
        if not level:
            return False
    return True


def _containers_in(value: object) -> list[object]:
    items: Iterable[object] = ()
    if isinstance(value, dict):
        items = value.values()
    elif isinstance(value, list):
        items = value
    return [item for item in items if type(item) in _CONTAINERS]
