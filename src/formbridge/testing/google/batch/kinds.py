"""Requests by their kind, and a list of them applied in order to one spreadsheet."""

from collections.abc import Callable, Sequence
from importlib import import_module
from random import Random
from typing import TypeVar

import attrs

from formbridge.testing.google.accounts.grants import Grant
from formbridge.testing.google.behaviour import Basis, behaves
from formbridge.testing.google.errors import Refused, invalid
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.grid.sheet import Sheet
from formbridge.testing.google.messages import Body

FAMILIES = (
    "structure", "dimensions", "merging", "metadata", "cells", "pasting", "filling",
    "searching", "sorting",
    "filters", "named", "protection", "formatting", "things", "tables",
)  # fmt: skip
"""The modules of this package in which kinds are registered."""


@attrs.frozen(kw_only=True)
class Scene:
    """What a request may know beside the spreadsheet: who asks, when, and where ids come from.

    ``now`` is in microseconds since 1970, ``owner`` the address of whose file it is, if it is
    somebody's.
    """

    grant: Grant
    ids: Random
    now: int
    owner: str = ""

    def new_id(self, taken: Callable[[int], bool]) -> int:
        """Return an id that is free, as Google draws them: at random, positive, 31 bits."""
        while taken(number := self.ids.randrange(1, 1 << 31)):
            pass
        return number


Apply = Callable[[Book, Body, Scene], Body | None]
"""Changes the spreadsheet as one request says, and returns its reply (None: an empty one)."""

Function = TypeVar("Function", bound=Apply)
KINDS: dict[str, Apply] = {}


def kind(name: str, basis: Basis, source: str = "") -> Callable[[Function], Function]:
    """Register what does the requests of this name (``appendCells``)."""

    def register(function: Function) -> Function:
        KINDS[name] = function
        return behaves(f"batchUpdate {name}", basis, source)(function)

    return register


def apply_all(book: Book, requests: Sequence[Body], scene: Scene) -> list[Body]:
    """Apply the requests in order to ``book``, a clone; return a reply for each.

    Raises ``ApiError`` for the first one that cannot be done; then the clone is to be thrown away.
    """
    replies: list[Body] = []
    for index, request in enumerate(requests):
        names = [name for name, value in request.items() if value is not None]
        if len(names) != 1:
            raise invalid(f"Invalid requests[{index}]: No request set.")
        name = names[0]
        function = _known().get(name)
        if function is None:
            raise invalid(f"Invalid requests[{index}].{name}: This emulator does not know it yet.")
        try:
            reply = function(book, request[name], scene)
        except Refused as refused:
            raise invalid(f"Invalid requests[{index}].{name}: {refused}") from refused
        replies.append({} if reply is None else {name: reply})
    return replies


def sheet_of(book: Book, sheet_id: int | None) -> Sheet:
    """Return the tab that a request names; a missing id is 0."""
    sheet = book.sheet(sheet_id or 0)
    if sheet is None:
        raise Refused(f"No sheet with id: {sheet_id or 0}")
    return sheet


def _known() -> dict[str, Apply]:
    for family in FAMILIES:
        import_module(f"formbridge.testing.google.batch.{family}")
    return KINDS
