"""What a person does with a spreadsheet in a browser."""

from collections.abc import Callable, Iterable
from functools import wraps

from formbridge.testing.google.person.cells import CellEdits
from formbridge.testing.google.person.chance import Editor, RandomPerson
from formbridge.testing.google.person.order import OrderEdits
from formbridge.testing.google.person.tabs import TabEdits

EDITS = tuple(
    name
    for kind in (OrderEdits, CellEdits, TabEdits)
    for name in vars(kind)
    if not name.startswith("_")
)
"""What a person can do: the names of the methods that edit."""


def _whole(edit: Callable[..., str]) -> Callable[..., str]:
    """Let nobody come between what an edit looks at and what it changes."""

    @wraps(edit)
    def held(self: Editor, *args: object, **more: object) -> str:
        with self.google.lock:
            return edit(self, *args, **more)

    return held


class Person(Editor):
    """Somebody who edits. Rows count from 1 and columns are letters, as one sees them.

    Each method does one edit, all or nothing, and returns a sentence of what was done. It raises
    ``ApiError`` where Google does not let that person do it.
    """

    def random(
        self, seed: int, *, only: Iterable[str] | None = None, never: Iterable[str] = ()
    ) -> RandomPerson:
        """Return this person acting at random, always alike from one seed."""
        return RandomPerson(self, seed, only=only, never=never)


for _name in EDITS:
    setattr(Person, _name, _whole(getattr(Editor, _name)))
