"""Field masks: which parts of an answer are shown, and which parts of a thing are changed.

For the kinds of ``batchUpdate`` that take ``fields``::

    mask = Mask.parse(body.get("fields"), "SheetProperties")  # raises Refused with Google's words
    for path in mask: ...                                   # "gridProperties.frozenRowCount"
    if mask.covers("title"): ...                            # named itself, or something above it
    if mask.touches("gridProperties"): ...                  # named, or something above or below
    new = merged(old, body.get("properties") or {}, mask)   # old is left as it is

``merged`` sets what the mask names and ``new`` has, and clears what the mask names and ``new`` has
not. ``*`` names everything: ``merged`` then returns a copy of ``new``; keep what cannot be changed
(ids) yourself.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

import attrs

from formbridge.testing.google.answers.selections import Path, Unreadable, selections
from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, RECORDED, SEEN, behaves
from formbridge.testing.google.errors import ApiError, Refused, invalid
from formbridge.testing.google.messages import Body
from formbridge.testing.google.schema.discovery import Field, Schema, fields_of, snake

NO_FIELDS = "At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)"

Fields = Mapping[str, Field] | None
"""The fields of a message; None where nothing is known and anything goes."""

FREE = frozenset({"map", "any"})
"""The kinds of values whose content no schema names."""


def resolved(path: Path, fields: Fields) -> Path:
    """Return the path in the names of JSON; raise ``Unreadable`` for a field that is not there."""
    names: list[str] = []
    for part in path:
        if part == "*" or fields is None:
            names.append(part)
            fields = None
            continue
        field = _named(part, fields)
        if field is None:
            raise Unreadable(".".join(path))
        names.append(field.name)
        fields = field.fields if field.fields or field.shape.kind in FREE else {}
    return tuple(names)


@behaves("fields are named in camelCase or with underscores", DOCUMENTED)
def _named(name: str, fields: Mapping[str, Field]) -> Field | None:
    if name in fields:
        return fields[name]
    if "_" not in name:
        return None
    return next((field for field in fields.values() if snake(field.name) == name), None)


# --- what an update changes ---------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Mask:
    """The parts that an update sets or clears. An empty path stands for everything (``*``)."""

    paths: tuple[Path, ...]

    @classmethod
    @behaves("an update without fields, or with an unknown one, is refused", SEEN)
    def parse(cls, text: str | None, schema: str) -> "Mask":
        """Read the ``fields`` of an update of a Sheets schema (``CellData``).

        Dots, slashes, parentheses, underscores, spaces and ``*`` are understood.
        Raises ``Refused``.
        """
        try:
            read = [
                path[:-1] if path[-1] == "*" else path for path in selections(_tight(text or ""))
            ]
            found = [resolved(path, fields_of("sheets", schema)) for path in read]
        except Unreadable as unreadable:
            raise Refused(f"Invalid field: {snake(str(unreadable))}") from None
        if not found:
            raise Refused(NO_FIELDS)
        return cls(paths=tuple(dict.fromkeys(found)))

    @property
    def everything(self) -> bool:
        """Whether it is ``*``."""
        return () in self.paths

    def __iter__(self) -> Iterator[str]:
        """Yield each path with dots, in its order; ``*`` is everything."""
        return iter(".".join(path) or "*" for path in self.paths)

    def covers(self, path: str) -> bool:
        """Tell whether the whole of this path is changed: it or something above it is named."""
        parts = tuple(path.split("."))
        return any(parts[: len(named)] == named for named in self.paths)

    def touches(self, path: str) -> bool:
        """Tell whether anything at, above or below this path is named."""
        parts = tuple(path.split("."))
        return self.covers(path) or any(named[: len(parts)] == parts for named in self.paths)


def _tight(text: str) -> str:
    return "".join(text.split())


@behaves("a field that the mask names and the update does not have is cleared", DOCUMENTED)
def merged(old: Body, new: Body, mask: Mask) -> Body:
    """Return ``old`` with exactly the named parts as ``new`` has them; neither is changed."""
    if mask.everything:
        return deepcopy(new)
    result = old
    for path in mask.paths:
        result = _with(result, new, path)
    return result if result is not old else dict(old)


def _with(old: Body, new: Body, path: Path) -> Body:
    result = dict(old)
    name, rest = path[0], path[1:]
    value = new.get(name)
    if rest and not isinstance(value, list) and not isinstance(old.get(name), list):
        value = _with(_object(old.get(name)), _object(value), rest) or (
            {} if isinstance(value, dict) else None
        )
    else:
        value = deepcopy(value)
    result[name] = value
    if value is None:
        del result[name]
    return result


def _object(value: object) -> Body:
    return value if isinstance(value, dict) else {}


# --- what an answer shows -----------------------------------------------------------------------

Tree = dict[str, "Tree | None"]
"""What is shown, by name; None shows all that stands below."""


@behaves("parts that have nothing of what is asked for stay, as empty objects", RECORDED)
def narrowed(body: Body, fields: str | None, schema: Schema | None = None) -> Body:
    """Return the part of an answer that the ``fields`` parameter asks for.

    ``schema`` is the answer's: fields that it does not have are refused as its API does.
    """
    if not fields:
        return body
    shown = _tree(_asked(fields, schema))
    return body if shown is None else _shown(body, shown)


def _asked(text: str, schema: Schema | None) -> list[Path]:
    spaced = schema is not None and schema.api == "sheets"
    try:
        read = selections(text if spaced else _tight(text))
        return [resolved(path, schema.fields if schema else None) for path in read]
    except Unreadable as unreadable:
        drive = schema is not None and schema.api != "sheets"
        raise (_drive_refusal if drive else _sheets_refusal)(text, str(unreadable)) from None


@behaves("Sheets names an unknown field in the details only, and knows no spaces", SEEN)
def _sheets_refusal(text: str, path: str) -> ApiError:
    why = f"Error expanding 'fields' parameter. Cannot find matching fields for path '{path}'."
    violation = {"field": text, "description": why}
    detail = {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [violation]}
    return invalid("Request contains an invalid argument.", details=[detail])


@behaves("Drive names an unknown field, and allows spaces", SEEN)
def _drive_refusal(_text: str, path: str) -> ApiError:
    message = f"Invalid field selection {path.rpartition('.')[2]}"
    return ApiError(400, message, reason="invalidParameter", location="fields")


def _tree(paths: list[Path]) -> Tree | None:
    """Return what is shown; a name that is asked for as a whole is shown as a whole."""
    tree: Tree = {}
    for path in paths:
        below: Tree | None = tree
        for part in path[:-1]:
            below = below.setdefault(part, {}) if below is not None else None
        if below is not None:
            below[path[-1]] = None
    return None if "*" in tree and tree["*"] is None else tree


def _shown(value: Any, tree: Tree) -> Any:
    if isinstance(value, list):
        return [_shown(each, tree) for each in value]
    if not isinstance(value, dict):
        return value
    result: Body = {}
    for name, each in value.items():
        if name in tree or "*" in tree:
            below = _below(tree, name)
            if below is None or isinstance(each, (dict, list)):
                result[name] = each if below is None else _shown(each, below)
    return _trimmed(result, tree)


def _below(tree: Tree, name: str) -> Tree | None:
    """Return what is shown below a name: what is asked of it and of ``*``."""
    asked = [tree[key] for key in (name, "*") if key in tree]
    if any(each is None for each in asked):
        return None
    both: Tree = {}
    for each in asked:
        both = _united(both, each or {})
    return both


def _united(one: Tree, other: Tree) -> Tree:
    result = dict(one)
    for name, below in other.items():
        known = result.get(name, {})
        result[name] = None if known is None or below is None else _united(known, below)
    return result


@behaves("rows and cells at the end that have nothing of what is asked for are left out", RECORDED)
@behaves("that holds for every part of a cell, as it does for notes", ASSUMED)
def _trimmed(body: Body, tree: Tree) -> Body:
    for name in ("values", "rowData"):
        part = body.get(name)
        if not isinstance(part, list) or _below(tree, name) is None:
            continue
        count = next((n for n in range(len(part), 0, -1) if part[n - 1] != {}), 0)
        if count:
            body[name] = part[:count]
        else:
            del body[name]
    return body
