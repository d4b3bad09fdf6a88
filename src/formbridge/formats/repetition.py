"""Keys that a JSON object has twice.

Every decoder keeps one of the two and says nothing. For the names that a description calls unique
that could be somebody's answer, so such a payload is refused. Looking for the names in the bytes
shows that nearly all payloads are innocent; the rest is parsed again, by the one parser that shows
its pairs.
"""

import json
from collections.abc import Callable, Sequence

Innocent = Callable[[bytes, int, int], bool]
"""Takes a payload, how many quotes should stand before its answers, and how many answers it has."""


def innocence(unique: frozenset[str], *, answers: str, key: str) -> Innocent:
    r"""Return a test that is True only for payloads in which no unique name is repeated.

    It is fast for the ordinary form, without spaces or with those of Python's ``json``: scalars
    first, then the list of answers as the last thing, each of which begins with its key. There it
    looks for the key in the answers, and for more quotes before them than the scalars have.
    A name that is written with escapes (``"form\u005fid"``) is not recognised as itself.
    """
    names = [f'"{name}"'.encode() for name in sorted((unique | {answers}) - {key})]
    list_key, item_key = f'"{answers}"'.encode(), f'"{key}"'.encode()
    compact, spaced = list_key + b":[{" + item_key, list_key + b": [{" + item_key

    def is_innocent(payload: bytes, quotes: int, items: int) -> bool:
        start = payload.find(compact)
        if start < 0:
            start = payload.find(spaced)
        if (
            start >= 0
            and payload.endswith(b"}]}")
            and payload.startswith(item_key, payload.rfind(b"{") + 1)
        ):
            return payload.count(item_key, start) == items and (
                payload.count(b'"', 0, start) == quotes
                or all(payload.count(name, 0, start + len(list_key)) <= 1 for name in names)
            )
        return payload.count(item_key) == items and all(payload.count(name) <= 1 for name in names)

    return is_innocent


def repeated_name(payload: bytes, names: frozenset[str]) -> str | None:
    """Return one of the names that an object in this JSON text has twice, or None."""
    found: list[str] = []

    def look(pairs: Sequence[tuple[str, object]]) -> None:
        keys = [key for key, _ in pairs]
        if len(set(keys)) != len(keys):
            found.extend(name for name in names if keys.count(name) > 1)

    # Numbers are not of interest here, and some are too long for int().
    json.loads(payload, object_pairs_hook=look, parse_int=str, parse_float=str)
    return min(found, default=None)
