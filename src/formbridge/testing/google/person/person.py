"""What a person does with a spreadsheet in a browser."""

from collections.abc import Iterable

from formbridge.testing.google.person.chance import Editor, RandomPerson


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
