"""The language of field masks: names with dots or slashes, commas, and parentheses for several."""

from collections.abc import Iterator
from re import compile as pattern

Path = tuple[str, ...]

TOKEN = pattern(r"[^,()/.]+|[,()/.]")
DEEPEST = 100
"""How many parts a path may have; no message is nested as deep."""


class Unreadable(ValueError):
    """The text is no mask, or names what there is not; its argument is the part that is wrong."""


def selections(text: str) -> list[Path]:
    """Return every path of a mask, parentheses multiplied out; raise ``Unreadable``."""
    reader = _Reader(text)
    found = list(reader.group(()))
    if reader.here:
        raise Unreadable(text)
    return found


class _Reader:
    """Reads a mask from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = TOKEN.findall(text)
        self.at = 0

    @property
    def here(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        found = self.here
        self.at += 1
        return found

    def group(self, above: Path) -> Iterator[Path]:
        """Yield the paths between commas; nothing between two commas is nothing."""
        while True:
            if self.here not in {",", ")", ""}:
                yield from self.selection(above)
            if self.here != ",":
                return
            self.take()

    def selection(self, above: Path) -> Iterator[Path]:
        path = (*above, self.name())
        while self.here in {".", "/"}:
            self.take()
            path = (*path, self.name())
            if len(path) > DEEPEST:
                raise Unreadable(self.text)
        if self.here != "(":
            yield path
            return
        self.take()
        yield from self.inside(path)

    def inside(self, path: Path) -> Iterator[Path]:
        count = 0
        for found in self.group(path):
            count += 1
            yield found
        if len(path) > DEEPEST or not count or self.take() != ")":
            raise Unreadable(self.text)

    def name(self) -> str:
        found = self.take()
        if found in set(",()/.") | {""}:
            raise Unreadable(self.text)
        return found
