"""Paths: where in a payload something stands.

::

    answers.*.field.id     keys with dots between; * is each item of a list or value of an object
    answers[*]             each item of a list, and nothing but a list
    items[0]  items[-1]    by index
    "meta.data".x          quoted: a key with a dot, a bracket, a star, a brace or a quote in it
    {type}                 the key that stands at the path in braces
    .                      the item itself
    $.form.id              from the whole payload        ^.title    from the item around this one
    @key  @index           the key or index at which this item was found
"""

import re
from collections.abc import Iterator

import attrs

from formbridge.domain.errors import Undecodable
from formbridge.formats.places import Place
from formbridge.formats.scope import ABSENT, Get, Scope, type_name

_STEP = re.compile(
    r"""(?P<dot>\.?)(?:
        "(?P<quoted>(?:[^"\\]|\\.)+)" | \{(?P<named>[^{}]+)\} | \[(?P<index>-?\d{1,9})\]
      | (?P<items>\[\*\]) | (?P<each>\*) | (?P<bare>[^.\[\]{}*"]+) )""",
    re.VERBOSE,
)
_ANCHOR = re.compile(r"(?P<root>\$)|(?P<up>\^+)")
_REMEDY = 'write keys with dots between, as in data.fields.*, and quote odd keys: "a.b"'


@attrs.frozen
class Each:
    """A star: ``lists_only`` if it stands in brackets."""

    lists_only: bool


@attrs.frozen
class Named:
    """A key that stands somewhere in the item."""

    path: "Path"


Step = str | int | Each | Named


@attrs.frozen
class Path:
    """A parsed path. ``up`` is how many items around to begin from, 0 the item at hand."""

    text: str
    steps: tuple[Step, ...]
    root: bool = False
    up: int = 0
    special: str = ""

    @property
    def names(self) -> tuple[str, ...] | None:
        """The keys, if the path is made of nothing else and begins at the item."""
        names = tuple(step for step in self.steps if isinstance(step, str))
        plain = names and len(names) == len(self.steps) and not self.root and not self.up
        return names if plain else None


def parse_path(text: str, place: Place, *, stars: bool = False) -> Path:
    """Return the path that a text says; raise ``BadDescription`` for what it cannot say."""
    if text in ("@key", "@index"):
        return Path(text, (), special=text)
    if text == ".":
        return Path(text, ())
    anchor = _ANCHOR.match(text)
    rest = text[anchor.end() :] if anchor else text
    steps = tuple(_steps(rest, place, first_dot=anchor is not None)) if rest else ()
    if not steps and not anchor:
        raise place.wrong("is an empty path", _REMEDY)
    if not stars and any(isinstance(step, Each) for step in steps):
        raise place.wrong(f"has a star: {text!r}", "a star may stand in `each` only")
    up = anchor.end() if anchor and anchor["up"] else 0
    return Path(text, steps, root=bool(anchor and anchor["root"]), up=up)


def _steps(text: str, place: Place, *, first_dot: bool) -> Iterator[Step]:
    position = 0
    while position < len(text):
        found = _STEP.match(text, position)
        bracket = found is not None and (found["index"] or found["items"])
        dotted = first_dot or position > 0
        if found is None or (not bracket and bool(found["dot"]) != dotted):
            raise place.wrong(f"is no path: {text!r} at {text[position:][:20]!r}", _REMEDY)
        yield _step(found, place)
        position = found.end()


def _step(found: re.Match[str], place: Place) -> Step:
    if found["quoted"]:
        return re.sub(r"\\(.)", r"\1", found["quoted"])
    if found["named"]:
        return Named(parse_path(found["named"], place))
    if found["index"]:
        return int(found["index"])
    if found["items"] or found["each"]:
        return Each(lists_only=bool(found["items"]))
    return found["bare"].strip()


def getter(path: Path) -> Get:
    """Return a function that finds what stands at a path without stars."""
    if path.special:
        return _at_key if path.special == "@key" else _at_index
    if path.root:
        return _from_root(_walk(path.steps))
    if path.up:
        return _from_around(_walk(path.steps), path.up)
    return _walk(path.steps)


def _at_key(_item: object, scope: Scope) -> object:
    return scope.key


def _at_index(_item: object, scope: Scope) -> object:
    return scope.key if isinstance(scope.key, int) else ABSENT


def _from_root(get: Get) -> Get:
    return lambda _item, scope: get(scope.root, scope)


def _from_around(get: Get, up: int) -> Get:
    def find(_item: object, scope: Scope) -> object:
        return get(scope.around[-up], scope) if up <= len(scope.around) else ABSENT

    return find


def _walk(steps: tuple[Step, ...]) -> Get:
    """Return the function for some steps; nearly all are one key or two."""
    if not steps:
        return lambda item, _scope: item
    first, *rest = steps
    if not rest and isinstance(first, (str, Named)):
        return _key(first) if isinstance(first, str) else _named(getter(first.path))
    if isinstance(first, str):
        second = rest[0] if len(rest) == 1 else None
        if isinstance(second, str):
            return _two_keys(first, second)
        return _key_then(first, _walk(tuple(rest)))
    then = _walk(tuple(rest))
    if isinstance(first, int):
        return _index_then(first, then)
    if isinstance(first, Named):
        return _named_then(getter(first.path), then)
    raise TypeError  # parse_path refuses stars here


def _key(key: str) -> Get:
    def find(item: object, _scope: Scope) -> object:
        return item.get(key, ABSENT) if type(item) is dict else ABSENT

    return find


def _two_keys(first: str, second: str) -> Get:
    def find(item: object, _scope: Scope) -> object:
        if type(item) is dict:
            inner = item.get(first)
            if type(inner) is dict:
                return inner.get(second, ABSENT)
        return ABSENT

    return find


def _named(name: Get) -> Get:
    def find(item: object, scope: Scope) -> object:
        key = name(item, scope)
        return item.get(key, ABSENT) if type(key) is str and type(item) is dict else ABSENT

    return find


def _key_then(key: str, then: Get) -> Get:
    def find(item: object, scope: Scope) -> object:
        if type(item) is dict and key in item:
            return then(item[key], scope)
        return ABSENT

    return find


def _index_then(index: int, then: Get) -> Get:
    def find(item: object, scope: Scope) -> object:
        if type(item) is list and -len(item) <= index < len(item):
            return then(item[index], scope)
        return ABSENT

    return find


def _named_then(name: Get, then: Get) -> Get:
    def find(item: object, scope: Scope) -> object:
        key = name(item, scope)
        if type(item) is dict and type(key) is str and key in item:
            return then(item[key], scope)
        return ABSENT

    return find


def wrong_type(place: str, value: object, wanted: str) -> Undecodable:
    """Return the error for a value of the wrong type; it names the type, never the value."""
    found = "is missing" if value is ABSENT else f"is {type_name(value)}"
    return Undecodable(place, found, f"the format reads {wanted} there")
