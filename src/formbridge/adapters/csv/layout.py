"""Which field of a line belongs to whom: found by header first, then renamed ones by their place.

A column that a person renamed stands where it stood: between the same neighbours. One that was
renamed and moved at once cannot be told from a column of theirs, and its identity is lost.
"""

from collections.abc import Sequence
from itertools import groupby

import attrs

from formbridge.domain.cells import Cell
from formbridge.domain.tables import MANAGED, Column

NOWHERE = -1


@attrs.frozen(kw_only=True)
class Layout:
    """``header`` is the table's first line; ``places`` say which of its fields are ours.

    The first three are those of ``MANAGED``, then one for each column; ``NOWHERE`` if it is gone.
    """

    header: tuple[str, ...]
    places: tuple[int, ...]

    @classmethod
    def fresh(cls, columns: Sequence[Column]) -> "Layout":
        """Return the layout of a table that nobody touched."""
        header = (*MANAGED, *(column.header for column in columns))
        return cls(header=header, places=tuple(range(len(header))))

    @property
    def natural(self) -> bool:
        """Whether a line is the managed fields, then the columns, and nothing else."""
        return self.places == tuple(range(len(self.header)))

    @property
    def cells(self) -> list[Cell]:
        """The first line as cells; a column without a header has a blank."""
        return [text or None for text in self.header]

    @property
    def foreign(self) -> tuple[str, ...]:
        """Headers of the columns that people added."""
        ours = set(self.places)
        return tuple(text for place, text in enumerate(self.header) if place not in ours)

    def arrange(
        self, columns: Sequence[Sequence[Cell]], *, blank: Sequence[Cell]
    ) -> list[Sequence[Cell]]:
        """Return our columns in the order of the line, with blank ones where others' stand."""
        line = [blank] * len(self.header)
        for place, column in zip(self.places, columns, strict=True):
            if place != NOWHERE:
                line[place] = column
        return line

    def with_columns(self, columns: Sequence[Column], new: int, *, width: int) -> "Layout":
        """Return the layout with these columns' headers, the last ``new`` of them on the right.

        They stand behind the first ``width`` fields, of which some may have no header.
        """
        header = [*self.header, *[""] * (width - len(self.header))]
        places = list(self.places)
        for column in columns[len(columns) - new :]:
            places.append(len(header))
            header.append(column.header)
        for place, column in zip(places[len(MANAGED) :], columns, strict=True):
            header[place] = column.header
        return Layout(header=tuple(header), places=tuple(places))


def writable(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Return the columns with headers that are text: half of a surrogate pair is spelled out.

    Where all of them are, these are the ones that came, so that what was computed for them holds.
    """
    spelled = tuple(map(_writable, columns))
    return columns if spelled == columns else spelled


def _writable(column: Column) -> Column:
    header = column.header.encode("utf-8", "backslashreplace").decode()
    return column if header == column.header else attrs.evolve(column, label=header, header=header)


def find_places(old: Layout, header: Sequence[str]) -> tuple[int, ...]:
    """Return where each of the old layout's places is under this header."""
    header, known = tuple(header), set(old.header)
    found = _by_header(old.header, header)
    for before, after in _pairs(_gaps(old.header, header, found)):
        if not any(header[place] in known for place in after):  # that would be a copy
            found.update(zip(before, after, strict=True))
    return tuple(found.get(place, NOWHERE) for place in old.places)


def _by_header(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Match equal headers; of several the one that still has a neighbour, then the first."""
    standing: dict[str, list[int]] = {}
    for place, text in enumerate(new):
        standing.setdefault(text, []).append(place)
    found: dict[int, int] = {}
    for place, text in enumerate(old):
        if candidates := standing.get(text):
            best = min(candidates, key=lambda each: (-_neighbours(old, place, new, each), each))
            candidates.remove(best)
            found[place] = best
    return found


def _neighbours(old: Sequence[str], place: int, new: Sequence[str], other: int) -> int:
    before = old[place - 1 : place] == new[other - 1 : other] if place and other else place == other
    after = old[place + 1 : place + 2] == new[other + 1 : other + 2]
    return before + after


@attrs.frozen
class _Gap:
    """Fields that stand side by side and were not found, with the old places beside them."""

    fields: tuple[int, ...]
    before: int
    after: int


def _gaps(
    old: Sequence[str], new: Sequence[str], found: dict[int, int]
) -> tuple[list[_Gap], list[_Gap]]:
    came_from = {after: before for before, after in found.items()}
    lost = _runs(len(old), {place: place for place in found}, len(old))
    fresh = _runs(len(new), came_from, len(old))
    return lost, fresh


def _runs(width: int, anchors: dict[int, int], end: int) -> list[_Gap]:
    gaps = []
    for known, group in groupby(range(width), key=anchors.__contains__):
        fields = tuple(group)
        if not known:
            before = anchors[fields[0] - 1] if fields[0] else -1
            after = anchors[fields[-1] + 1] if fields[-1] + 1 < width else end
            gaps.append(_Gap(fields, before, after))
    return gaps


def _pairs(gaps: tuple[list[_Gap], list[_Gap]]) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Pair gaps of one size that have both neighbours in common, then those that have one."""
    lost, fresh = list(gaps[0]), list(gaps[1])
    pairs = []
    for least in (2, 1):
        for gap in list(lost):
            fits = [each for each in fresh if _common(gap, each) >= least]
            if len(fits) == 1 and len(fits[0].fields) == len(gap.fields):
                lost.remove(gap)
                fresh.remove(fits[0])
                pairs.append((gap.fields, fits[0].fields))
    return pairs


def _common(one: _Gap, other: _Gap) -> int:
    return (one.before == other.before) + (one.after == other.after)
