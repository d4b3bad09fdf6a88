"""What a page found, and what it could not measure."""

from collections.abc import Sequence
from typing import Protocol

import attrs

from benchmarks.figure import Figure

HEAD = "| figure | measured | bar | holds | how |\n|---|---|---|---|---|"


class NotMeasured(Exception):
    """Something is missing here; says what, and what to do about it."""


@attrs.frozen(kw_only=True)
class Findings:
    """Figures, a table of Markdown that stands before them, and what is ``missing`` and why."""

    figures: Sequence[Figure] = ()
    table: str = ""
    missing: Sequence[str] = ()

    def text(self) -> str:
        """Return it as Markdown."""
        parts = [f"**Not measured:** {each}" for each in self.missing]
        if self.table:
            parts.append(self.table)
        if self.figures:
            parts.append("\n".join([HEAD, *(figure.row() for figure in self.figures)]))
        return "\n\n".join(parts)

    @property
    def missed(self) -> list[str]:
        """The names of figures that do not clear their bars."""
        return [figure.name for figure in self.figures if figure.holds is False]


class Measure(Protocol):
    """Measures a page."""

    def __call__(self, *, small: bool) -> Findings:
        """Return what was found; ``small`` only shows that it runs."""


@attrs.frozen(kw_only=True)
class Page:
    """A page of the results: its name on the command line, its title, and what measures it."""

    name: str
    title: str
    measure: Measure
