"""Which function answers which method of the API, and what it is given.

Paths, parameters, bodies and scopes of the methods stand in Google's discovery documents (see
``schema``); here each method has the function that does it.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from enum import Enum
from importlib import import_module
from random import Random
from typing import Any, Protocol, TypeVar

import attrs

from formbridge.domain.ports import Clock
from formbridge.testing.google.accounts.grants import Grant
from formbridge.testing.google.accounts.tokens import Tokens
from formbridge.testing.google.files.drive import Drive
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.messages import Answer, Body, Request

ROOMS = (
    "spreadsheets.methods",
    "spreadsheets.updates",
    "values.methods",
    "drive.methods",
    "accounts.methods",
)
"""The modules in which methods are registered."""


class Use(Enum):
    """Which quota a call takes from."""

    READ = "read"
    WRITE = "write"
    FREE = "free"


class World(Protocol):
    """What a method may use of ``google.Google``."""

    clock: Clock
    ids: Random
    tokens: Tokens
    drive: Drive
    books: dict[str, Book]
    hostile_appends: bool

    def book(self, call: "Call", book_id: str) -> Book:
        """Return a spreadsheet to read it; raise the Sheets API's 404 or 403."""

    def changing(self, call: "Call", book_id: str) -> AbstractContextManager[Book]:
        """Yield a clone, which takes the original's place when the block ends without an error."""


@attrs.frozen(kw_only=True)
class Call:
    """One call of a method, once its token, parameters and body were understood.

    ``variables`` are the parts of its path, decoded; ``params`` its query parameters by name, of
    the types that the discovery document says (a list where it is repeated); ``body`` its JSON, in
    which enums, numbers and names are valid. ``now`` is in microseconds since 1970.
    """

    google: World
    grant: Grant
    request: Request
    method: str
    variables: Mapping[str, str]
    params: Mapping[str, Any]
    body: Body
    now: int
    ids: Random


Function = TypeVar("Function", bound=Callable[[Call], Body | Answer])


@attrs.frozen(kw_only=True)
class Route:
    """What answers a method: with JSON, which a ``fields`` parameter narrows, or with bytes."""

    function: Callable[[Call], Body | Answer]
    use: Use


HANDLERS: dict[str, Route] = {}


def method(name: str, use: Use) -> Callable[[Function], Function]:
    """Register what answers the method of that id (``sheets.spreadsheets.get``)."""

    def register(function: Function) -> Function:
        HANDLERS[name] = Route(function=function, use=use)
        return function

    return register


def handlers() -> Mapping[str, Route]:
    """Return every handler, by the id of its method."""
    for room in ROOMS:
        import_module(f"formbridge.testing.google.{room}")
    return HANDLERS
