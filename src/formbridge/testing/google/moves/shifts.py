"""Where rows and columns are once some were inserted, deleted or moved. Pure numbers."""

from typing import Protocol

import attrs

from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, behaves
from formbridge.testing.google.grid.ranges import GridRange

Span = tuple[int, int]
Bounds = tuple[int | None, int | None]

OPEN = 1 << 40
"""Where a range ends that has no end."""


class Shift(Protocol):
    """A change of the order of rows or columns."""

    def index(self, index: int) -> int | None:
        """Return where a row or column is afterwards; None once it is deleted."""

    def span(self, start: int, end: int) -> Span | None:
        """Return where a range is afterwards; None once all of it is deleted."""


@attrs.frozen
class Insertion:
    """``count`` new ones before ``at``."""

    at: int
    count: int

    def index(self, index: int) -> int:
        """Return where a row or column is afterwards."""
        return index if index < self.at else index + self.count

    @behaves(
        "a range grows when something is inserted inside, and moves when before it", DOCUMENTED
    )
    def span(self, start: int, end: int) -> Span:
        """Return where a range is afterwards."""
        return self.index(start), end if end <= self.at else end + self.count


@attrs.frozen
class Deletion:
    """Those from ``start`` to before ``end`` disappear."""

    start: int
    end: int

    def index(self, index: int) -> int | None:
        """Return where a row or column is afterwards; None for a deleted one."""
        return None if self.start <= index < self.end else self._before(index)

    def span(self, start: int, end: int) -> Span | None:
        """Return where the rest of a range is afterwards."""
        first, last = self._before(start), self._before(end)
        return None if first == last else (first, last)

    def _before(self, index: int) -> int:
        return index - min(max(index - self.start, 0), self.end - self.start)


@attrs.frozen
class Relocation:
    """Those from ``start`` to before ``end`` go to before ``to``, as counted before the move."""

    start: int
    end: int
    to: int

    @property
    def landing(self) -> int:
        """Where the first one is afterwards."""
        return self.to if self.to <= self.start else self.to - (self.end - self.start)

    def index(self, index: int) -> int:
        """Return where a row or column is afterwards."""
        if self.start <= index < self.end:
            return self.landing + index - self.start
        left = index if index < self.start else index - (self.end - self.start)
        return Insertion(self.landing, self.end - self.start).index(left)

    @behaves("a range goes along if all of it is moved; else the moved part leaves it", ASSUMED)
    def span(self, start: int, end: int) -> Span:
        """Return where a range is afterwards."""
        if self.start <= start and end <= self.end:
            return self.landing + start - self.start, self.landing + end - self.start
        left = Deletion(self.start, self.end).span(start, end)
        first, last = left or (self.start, self.start)
        return Insertion(self.landing, self.end - self.start).span(first, last)


@attrs.frozen(kw_only=True)
class Change:
    """A shift of the rows or columns of one tab.

    With a ``band`` only the cells in these columns (or rows) are shifted: what is not wholly in it
    stays where it is.
    """

    sheet: int
    dimension: str
    shift: Shift
    band: Span | None = None

    @property
    def rows(self) -> bool:
        """Whether rows are shifted."""
        return self.dimension == "ROWS"

    def range(self, given: GridRange) -> GridRange | None:
        """Return where a range is afterwards; None once all of it is deleted."""
        if given.sheet != self.sheet or not self._concerns(given):
            return given
        if self.rows:
            bounds = shifted(self.shift, given.top, given.bottom)
            return bounds and attrs.evolve(given, top=bounds[0], bottom=bounds[1])
        bounds = shifted(self.shift, given.left, given.right)
        return bounds and attrs.evolve(given, left=bounds[0], right=bounds[1])

    def _concerns(self, given: GridRange) -> bool:
        if self.band is None:
            return True
        start, end = (given.left, given.right) if self.rows else (given.top, given.bottom)
        return self.band[0] <= (start or 0) and (OPEN if end is None else end) <= self.band[1]


def shifted(shift: Shift, start: int | None, end: int | None) -> Bounds | None:
    """Return where a range with open ends is afterwards; open ends stay open."""
    if start is None and end is None:
        return None, None
    span = shift.span(start or 0, OPEN if end is None else end)
    if span is None:
        return None
    return None if start is None else span[0], None if end is None else span[1]
