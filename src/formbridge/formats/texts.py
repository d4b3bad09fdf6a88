"""Titles and option texts as people read them: without markup, on one line."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import unescape

_TAG = re.compile(r"<[a-zA-Z/!][^<>]*>")
_RECALL = re.compile(r"\{\{[^{}]*\}\}|#recall:[^#\s]*#")
_STARS = re.compile(r"(?<![\w*])(\*{1,2})(?=[^\s*])([^*]*[^\s*])\1(?![\w*])")
_LITERAL_NEWLINE = re.compile(r"\\n")


@lru_cache(maxsize=10_000)
def plain_text(text: str) -> str:
    """Return a text without tags, ``*stars*`` of markdown, recalled answers and runs of blanks."""
    if "<" in text or "&" in text:
        text = unescape(_TAG.sub(" ", text))
    if "{{" in text or "#recall" in text:
        text = _RECALL.sub("…", text)
    if "\\n" in text:
        text = _LITERAL_NEWLINE.sub(" ", text)
    if "*" in text:
        text = _STARS.sub(r"\2", text)
    return " ".join(text.split())


def title_of(value: object) -> str | None:
    """Return any JSON value as a title; None for one without any text.

    Rich text is a list of pieces, in which the texts stand at any depth.
    """
    if type(value) is str:
        return plain_text(value) or None
    pieces = " ".join(_pieces(value, 0))
    return plain_text(pieces) or None


def _pieces(value: object, depth: int) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, bool) or value is None or depth > 8:  # noqa: PLR2004 - deep enough for rich text
        return []
    if isinstance(value, Mapping):
        return [piece for inner in value.values() for piece in _pieces(inner, depth + 1)]
    if isinstance(value, Sequence):
        return [piece for inner in value for piece in _pieces(inner, depth + 1)]
    return [str(value)]
