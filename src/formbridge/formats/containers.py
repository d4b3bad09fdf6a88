"""Payloads that hold several responses, such as a page of a list."""

from collections.abc import Iterable, Sequence

import attrs

from formbridge.domain.envelope import Envelope
from formbridge.formats.bodies import Body
from formbridge.formats.paths import parse_path, wrong_type
from formbridge.formats.places import Table
from formbridge.formats.scope import ABSENT

Names = tuple[str, ...]


@attrs.frozen(kw_only=True)
class Container:
    """Where the records stand: None: the payload is one; (): it is a list of them; else: in it."""

    path: Names | None

    def records(self, root: object) -> Iterable[tuple[object, str]]:
        """Yield each record with its place; raise ``Undecodable`` where no list is."""
        if self.path is None:
            return ((root, "$"),)
        shown = ".".join(("$", *self.path))
        return ((item, f"{shown}[{i}]") for i, item in enumerate(self._list(root, shown)))

    def split(self, envelope: Envelope, body: Body) -> Sequence[Envelope]:
        """Return an envelope per record; the one that was given if there is one, or none."""
        if self.path is None:
            return (envelope,)
        root = body.value(envelope)
        items = list(self._list(root, ".".join(("$", *self.path))))
        if len(items) <= 1:
            return (envelope,)
        alone = (body.payload(_replaced(root, self.path, [item])) for item in items)
        return [envelope._replace(payload=payload) for payload in alone]

    def _list(self, root: object, shown: str) -> list[object]:
        found = root
        for name in self.path or ():
            found = found.get(name, ABSENT) if isinstance(found, dict) else ABSENT
        if isinstance(found, list):
            return found
        raise wrong_type(shown, found, "a list of responses")


def _replaced(root: object, path: Names, items: list[object]) -> object:
    if not path:
        return items
    if isinstance(root, dict):
        return root | {path[0]: _replaced(root[path[0]], path[1:], items)}
    return root


def container_in(table: Table, body: Body) -> Container:
    """Return the container that ``records`` says: a path to a list, ``.`` for a list of records."""
    text = table.one("records", str, "")
    place = table.at("records")
    if not text:
        return Container(path=None)
    if body.decode != "json":
        raise place.wrong("is for JSON bodies", "leave it out: a form's body is one response")
    if text == ".":
        return Container(path=())
    names = parse_path(text, place).names
    if names is None:
        raise place.wrong(f"is not made of keys alone: {text!r}", "write keys with dots between")
    return Container(path=names)
