"""Going through the items that a path with stars leads to."""

from collections.abc import Callable, Iterable, Iterator

from formbridge.formats.paths import Each, Path, getter, wrong_type
from formbridge.formats.scope import ABSENT, Get, Scope

Items = Callable[[object, Scope], Iterable[object]]
"""Yields each item; while one is at hand, the scope's key, keys and around are its own."""

_Stage = tuple[Get, bool]


def items_at(path: Path, *, required: bool = False) -> Items:
    """Return a function that goes through the items of a path; without a star there is one at most.

    Nothing, or null, where the items should be is no item; with ``required`` it is ``Undecodable``.
    So is anything but a list or an object, and for ``[*]`` anything but a list.
    """
    stages = _stages(path)
    text = path.text
    if not stages:
        return _single(getter(path), path)
    if len(stages) == 1:
        (get, lists_only) = stages[0]
        return _one_star(get, text, lists_only=lists_only, required=required)

    def go(item: object, scope: Scope) -> Iterator[object]:
        scope.each = text
        scope.keys = scope.around = ()
        return _nested(item, scope, stages, required=required)

    return go


def _single(get: Get, path: Path) -> Items:
    name = next((step for step in reversed(path.steps) if isinstance(step, (str, int))), "")

    def go(item: object, scope: Scope) -> Iterator[object]:
        scope.each, scope.keys, scope.around, scope.key = path.text, (), (item,), name
        found = get(item, scope)
        if found is not ABSENT:
            yield found

    return go


def _one_star(get: Get, text: str, *, lists_only: bool, required: bool) -> Items:
    def go(item: object, scope: Scope) -> Iterator[object]:
        scope.each, scope.keys, scope.around = text, (), (item,)
        found = get(item, scope)
        for key, inner in _pairs(found, scope, lists_only=lists_only, required=required):
            scope.key = key
            yield inner

    return go


def _nested(
    item: object, scope: Scope, stages: tuple[_Stage, ...], *, required: bool
) -> Iterator[object]:
    (get, lists_only), *rest = stages
    found = get(item, scope)
    if (found is ABSENT or found is None) and not required:
        return
    keys, around, then = scope.keys, scope.around, tuple(rest)
    for key, inner in _pairs(found, scope, lists_only=lists_only, required=required):
        scope.key, scope.keys, scope.around = key, keys, (*around, item)
        if not then:
            yield inner
        elif type(inner) is dict or type(inner) is list:
            scope.keys = (*keys, key)
            yield from _nested(inner, scope, then, required=False)


def _pairs(
    found: object, scope: Scope, *, lists_only: bool, required: bool
) -> Iterable[tuple[str | int, object]]:
    if type(found) is list:
        return enumerate(found)
    if type(found) is dict and not lists_only:
        return found.items()
    if (found is ABSENT or found is None) and not required:
        return ()
    wanted = "a list" if lists_only else "a list or an object"
    raise wrong_type(_container(scope), found, wanted)


def _container(scope: Scope) -> str:
    """Return where the list should be: the path up to the star at hand, without what was found."""
    before = scope.each.split("*")[0].rstrip("[.")
    return ".".join(part for part in (scope.at, before) if part)


def _stages(path: Path) -> tuple[_Stage, ...]:
    stages: list[_Stage] = []
    start = 0
    for end, step in enumerate(path.steps):
        if isinstance(step, Each):
            first = not stages
            part = Path(
                path.text,
                path.steps[start:end],
                root=path.root and first,
                up=path.up if first else 0,
            )
            stages.append((getter(part), step.lists_only))
            start = end + 1
    return tuple(stages)
