"""Where the cells of a response go in the columns of its table, computed once for each shape."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from typing import overload

import attrs

from formbridge.domain.cells import Cell, Update, unpacked
from formbridge.domain.questions import FormMapping
from formbridge.domain.responses import Shape
from formbridge.domain.tables import Column


@attrs.frozen(kw_only=True, eq=False)
class Layout:
    """Where the sorted cells of a shape go in the columns of a table: as they are without ``pick``.

    ``pick`` finds a blank behind them.
    """

    targets: tuple[int, ...]
    width: int
    pick: Callable[[Sequence[Cell]], Iterable[Cell]] | None

    def row(self, cells: list[Cell]) -> list[Update]:
        """Return one cell per column; what was not answered is blank."""
        if self.pick is None:
            return cells  # type: ignore[return-value]  # a cell is an update
        return list(self.pick([*cells, None]))


@attrs.frozen(eq=False)
class PackedRows(Sequence[list[Update]]):
    """Rows that are unpacked when somebody asks: so they are made, written and gone in one go."""

    layouts: Sequence[Layout]
    packed: Sequence[bytes] = attrs.field(repr=False)

    def __len__(self) -> int:
        return len(self.packed)

    def __iter__(self) -> Iterator[list[Update]]:
        for layout, packed in zip(self.layouts, self.packed, strict=True):
            yield layout.row(unpacked(packed))

    @overload
    def __getitem__(self, at: int, /) -> list[Update]: ...
    @overload
    def __getitem__(self, at: slice, /) -> "PackedRows": ...
    def __getitem__(self, at: int | slice, /) -> "list[Update] | PackedRows":
        """Return one row, or some."""
        if isinstance(at, slice):
            return PackedRows(self.layouts[at], self.packed[at])
        return self.layouts[at].row(unpacked(self.packed[at]))


@attrs.define(eq=False)
class Layouts:
    """Layouts of one table that were already computed, to be handed to the next plan of it.

    Only a memory of results: a plan with a fresh one is the same plan.
    """

    columns: tuple[Column, ...] = ()
    mapping_version: int | None = None
    by_shape: dict[Shape, Layout] = attrs.field(factory=dict)

    def fit(self, columns: tuple[Column, ...], mapping: FormMapping | None) -> None:
        """Forget what was computed for other columns or for another mapping."""
        version = None if mapping is None else mapping.version
        if columns is not self.columns or version != self.mapping_version:
            self.columns, self.mapping_version = columns, version
            self.by_shape.clear()


def layout_of(columns: Sequence[Column], shape: Shape) -> Layout:
    """Return where each value of the shape goes; of a repeated question the last counts."""
    place = {column.question_id: index for index, column in enumerate(columns)}
    targets = tuple(place.get(question, -1) for question in shape.sorted_ids)
    width = len(columns)
    if targets == tuple(range(width)):
        return Layout(targets=targets, width=width, pick=None)
    source = {target: index for index, target in enumerate(targets)}
    picks = [source.get(index, len(targets)) for index in range(width)]
    return Layout(targets=targets, width=width, pick=_picker(picks))


def _picker(picks: Sequence[int]) -> Callable[[Sequence[Cell]], Iterable[Cell]]:
    """Return what takes the items at these places; ``itemgetter`` wants two at least."""
    if len(picks) > 1:
        return itemgetter(*picks)
    return lambda cells: [cells[pick] for pick in picks]
