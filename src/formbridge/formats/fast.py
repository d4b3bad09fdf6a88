"""The short way: a description that is simple enough becomes generated msgspec types.

It returns what the ordinary reader returns, sooner. Whatever it does not expect (another type, a
missing key, a payload that is deep or may have a key twice) it leaves to the ordinary reader, which
reads the payload or says what is wrong with it. So errors have one origin, and a test can hold the
two ways against each other.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any

import attrs
import msgspec

from formbridge.domain.envelope import Envelope
from formbridge.domain.responses import Operation, Response, Status
from formbridge.formats.decimals import exact_number
from formbridge.formats.depth import SHALLOW, any_too_deep
from formbridge.formats.format import Read
from formbridge.formats.repetition import innocence, repeated_name
from formbridge.formats.shapes import Shapes

Names = tuple[str, ...]
Decode = Callable[[bytes], Any]

_UNEXPECTED = (
    msgspec.MsgspecError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
_new = tuple.__new__


@attrs.frozen(kw_only=True)
class Layout:
    """Where things stand in a simple payload, as keys from the outside in; () is nowhere.

    ``answers`` leads to a list of objects, in each of which stand ``key`` and ``value`` and maybe
    ``title`` and ``kind``.
    """

    form_id: Names
    response_id: Names
    answers: Names
    key: str
    value: str
    submitted_at: Names = ()
    updated_at: Names = ()
    status: Names = ()
    event: Names = ()
    title: str | None = None
    kind: str | None = None

    @property
    def scalars(self) -> tuple[Names, ...]:
        """What is read once a payload, the optional ones first and ``answers`` last."""
        optional = (self.submitted_at, self.updated_at, self.status, self.event)
        return (*optional, *self.ids, self.answers)

    @property
    def item(self) -> tuple[str | None, ...]:
        """What is read in each answer."""
        return (self.key, self.value, self.title, self.kind)

    @property
    def ids(self) -> tuple[Names, Names]:
        """Where the two ids stand."""
        return (self.form_id, self.response_id)


@attrs.frozen(kw_only=True)
class Meaning:
    """What the texts mean; None stands for a text that is absent.

    What is no key here, and a time that cannot be parsed, is for the ordinary reader.
    """

    statuses: Mapping[str | None, Status]
    events: Mapping[str | None, Operation]
    submitted: Callable[[object], datetime]
    updated: Callable[[object], datetime]
    submitted_required: bool
    updated_required: bool
    unique: frozenset[str]
    limit: int


def fast_reader(layout: Layout, meaning: Meaning, ordinary: Read) -> Read:  # noqa: C901, PLR0915 - see read
    """Return a reader that takes the short way, and the ordinary one where it must."""
    lean, full = _decoder(layout, lean=True), _decoder(layout, lean=False)
    is_lean = True
    scalars = attrgetter(*_places(layout))
    shapes = Shapes()
    known = shapes.known
    statuses, events, unique = meaning.statuses, meaning.events, meaning.unique
    submitted_moment, updated_moment = meaning.submitted, meaning.updated
    submitted_required, updated_required = meaning.submitted_required, meaning.updated_required
    limit = meaning.limit
    is_innocent = innocence(unique, answers=layout.answers[-1], key=layout.key)
    names_needed = {path[:end] for path in layout.ids for end in range(1, len(path) + 1)}
    quotes_needed = 2 * len(names_needed) + 2 * len(layout.ids)
    item_size = len(f'{{"{layout.key}":0,"{layout.value}":}}')  # of nothing but names, at least
    delete = Operation.DELETE

    def read(envelope: Envelope, source: str = "") -> Sequence[Response]:  # noqa: C901, PLR0912, PLR0915 - one function: a call costs as much as a line of it
        nonlocal is_lean
        payload = envelope.payload
        size = len(payload)
        try:
            if size > limit:
                raise LookupError
            if is_lean:
                try:
                    decoded = lean(payload)
                except msgspec.ValidationError:
                    decoded = full(payload)
                    is_lean = False
            else:
                decoded = full(payload)
            submitted, updated, status, event, form_id, response_id, answers = scalars(decoded)
            operation = events[event]
            quotes = quotes_needed
            if submitted is not None:
                submitted = submitted_moment(submitted)
                quotes += 4
            elif submitted_required and operation is not delete:
                raise LookupError
            if updated is not None:
                updated = updated_moment(updated)
                quotes += 4
            elif updated_required and operation is not delete:
                raise LookupError
            if answers is None:
                if operation is not delete:
                    raise LookupError
                answers = ()
            if type(form_id) is not str:
                form_id = str(form_id)
                quotes -= 2
            if type(response_id) is not str:
                response_id = str(response_id)
                quotes -= 2
            if not form_id or not response_id:
                raise LookupError
            values = [answer.value for answer in answers]
            if is_lean:
                ids = tuple([answer.key for answer in answers])
                shape = known.get(ids) or shapes.add(ids, ids)
            else:
                columns = (
                    tuple([answer.key for answer in answers]),
                    tuple([answer.title for answer in answers]),
                    tuple([answer.kind for answer in answers]),
                )
                shape = known.get(columns) or shapes.add(columns, *columns)
            if status is not None:
                quotes += 4
            if event is not None:
                quotes += 4
            items = len(values)
            innocent = not unique or is_innocent(payload, quotes, items)
            if not innocent and repeated_name(payload, unique):
                raise LookupError
            if size - items * item_size > SHALLOW and any_too_deep(values):
                raise LookupError
            response = (
                form_id,
                response_id,
                submitted,
                updated,
                statuses[status],
                operation,
                shape,
                values,
                source,
            )
        except _UNEXPECTED:
            return ordinary(envelope, source)
        return (_new(Response, response),)

    return read


# --- the generated types ------------------------------------------------------------------------


def _decoder(layout: Layout, *, lean: bool) -> Decode:
    """Return a decoder into the layout; a lean one refuses answers with more than key and value."""
    types: dict[Names, object] = dict.fromkeys(layout.scalars, str | None)
    types |= dict.fromkeys((layout.form_id, layout.response_id), str | int)
    types[layout.answers] = list[_answer(layout, lean=lean)] | None  # type: ignore[misc]  # made at run time
    types.pop((), None)
    payload = _object({path: types[path] for path in sorted(types)})
    return msgspec.json.Decoder(payload, float_hook=exact_number).decode


def _answer(layout: Layout, *, lean: bool) -> type[msgspec.Struct]:
    more = {"title": layout.title, "kind": layout.kind}
    rename = {"key": layout.key, "value": layout.value}
    rename |= {field: key for field, key in more.items() if key and not lean}
    fields: list[Any] = [("key", str | int), ("value", Any)]
    fields += [(field, str | None, None) for field in more if field in rename]
    return msgspec.defstruct(
        "Answer",
        fields,
        rename=rename,
        gc=False,
        namespace={field: None for field in more if field not in rename},
        forbid_unknown_fields=lean and any(more.values()),
    )


def _object(types: Mapping[Names, object]) -> type[msgspec.Struct]:
    """Return a type for an object: a field per key, and an object again for a longer path."""
    fields: list[Any] = []
    heads = list(dict.fromkeys(path[0] for path in types))
    for number, head in enumerate(heads):
        inner = {path[1:]: kind for path, kind in types.items() if path[0] == head}
        kind = inner[()] if () in inner else _object(inner) | None
        required = kind == str | int
        fields.append((f"field{number}", kind) if required else (f"field{number}", kind, None))
    rename = {f"field{number}": head for number, head in enumerate(heads)}
    return msgspec.defstruct(
        "Object", fields, rename=rename, gc=False, kw_only=True, namespace={"nowhere": None}
    )


def _places(layout: Layout) -> tuple[str, ...]:
    """Return where the scalars stand in the generated types, as attribute paths."""
    paths = sorted(path for path in set(layout.scalars) if path)

    def place(path: Names, among: Sequence[Names]) -> str:
        heads = list(dict.fromkeys(each[0] for each in among))
        here = f"field{heads.index(path[0])}"
        inner = [each[1:] for each in among if each[0] == path[0]]
        return f"{here}.{place(path[1:], inner)}" if len(path) > 1 else here

    return tuple(place(path, paths) if path else "nowhere" for path in layout.scalars)
