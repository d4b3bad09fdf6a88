"""Where in a description something stands, so that a mistake is named by its file and key."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import TypeVar

import attrs

from formbridge.domain.errors import BadDescription

_T = TypeVar("_T")
_NAMES = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text",
    list: "a list",
    dict: "a table",
}


@attrs.frozen(kw_only=True, eq=False)
class Place:
    """A key of a description. ``headers`` collects the request headers that sources ask for."""

    file: str
    key: str = ""
    joins: frozenset[str] = frozenset()
    headers: set[str] = attrs.field(factory=set)

    def at(self, key: str | int) -> "Place":
        """Return the place of a key, or of an item of a list, inside of this one."""
        inner = f"[{key}]" if isinstance(key, int) else (f".{key}" if self.key else key)
        return attrs.evolve(self, key=self.key + inner)

    def wrong(self, problem: str, remedy: str) -> BadDescription:
        """Return the error to raise: file, key, what is wrong, what to do."""
        return BadDescription(f"{self.file}: {self.key or 'the file'}: {problem}; {remedy}")

    def one_of(self, name: str, known: Iterable[str]) -> str:
        """Return the name if it is known; otherwise raise, with the nearest known name."""
        names = list(known)
        if name in names:
            return name
        raise self.wrong(f"does not know {name!r}", did_you_mean(name, names))

    def expect(self, value: object, kind: type[_T]) -> _T:
        """Return the value if it is of that TOML type; otherwise raise."""
        if type(value) is kind:
            return value
        found = _NAMES.get(type(value), "a date or time")
        raise self.wrong(f"is {found}", f"write {_NAMES[kind]}")


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a remedy for a name that nobody knows."""
    names = sorted(known)
    if not names:
        return "there is none of that sort; describe it first, or take this out"
    near = get_close_matches(name, names, n=1)
    return f"did you mean {near[0]!r}?" if near else "write one of " + ", ".join(names)


class Table:
    """A table of a description. What is asked for is known; whatever else it holds is a mistake."""

    def __init__(self, values: Mapping[str, object], place: Place) -> None:
        self.values = values
        self.place = place
        self._known: set[str] = set()

    def get(self, key: str) -> object | None:
        """Return what stands under a key, or None; the key is known from now on."""
        self._known.add(key)
        return self.values.get(key)

    def at(self, key: str) -> Place:
        """Return the place of a key."""
        return self.place.at(key)

    def need(self, key: str, remedy: str) -> object:
        """Return what stands under a key that must be there."""
        value = self.get(key)
        if value is None:
            raise self.at(key).wrong("is missing", remedy)
        return value

    def one(self, key: str, kind: type[_T], default: _T) -> _T:
        """Return the value of that TOML type, or the default where there is none."""
        value = self.get(key)
        return default if value is None else self.at(key).expect(value, kind)

    def texts(self, key: str, *, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Return a list of texts; a single text is a list of one."""
        value = self.get(key)
        if value is None:
            return default
        if isinstance(value, str):
            return (value,)
        items = self.at(key).expect(value, list)
        return tuple(self.at(key).at(i).expect(item, str) for i, item in enumerate(items))

    def table(self, key: str) -> "Table":
        """Return a table inside of this one; empty where there is none."""
        return Table(self.one(key, dict, {}), self.at(key))

    def choice(self, key: str, known: Iterable[str], default: str) -> str:
        """Return one of the known words."""
        return self.at(key).one_of(self.one(key, str, default), known)

    def done(self) -> None:
        """Raise for the first key that nobody asked for."""
        for key in self.values:
            if key not in self._known:
                remedy = did_you_mean(key, self._known)
                raise self.at(key).wrong("is no key of the language", remedy)
