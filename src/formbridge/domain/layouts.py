"""Where the cells of a response go in the columns of its table, computed once for each shape."""

from collections.abc import Sequence

import attrs

from formbridge.domain.cells import Cell, Update
from formbridge.domain.questions import FormMapping
from formbridge.domain.responses import Shape
from formbridge.domain.tables import Column


@attrs.frozen(kw_only=True, eq=False)
class Layout:
    """Where the cells of a shape go in the columns of a table; ``picks`` is None if as they are."""

    targets: tuple[int, ...]
    width: int
    picks: tuple[int, ...] | None

    def row(self, cells: list[Cell]) -> list[Update]:
        """Return one cell per column; what was not answered is blank."""
        if self.picks is None:
            return cells  # type: ignore[return-value]  # a cell is an update
        padded = [*cells, None]
        return [padded[pick] for pick in self.picks]


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
    targets = tuple(place.get(question, -1) for question in shape.question_ids)
    width = len(columns)
    if targets == tuple(range(width)):
        return Layout(targets=targets, width=width, picks=None)
    source = {target: index for index, target in enumerate(targets)}
    picks = tuple(source.get(index, len(targets)) for index in range(width))
    return Layout(targets=targets, width=width, picks=picks)
