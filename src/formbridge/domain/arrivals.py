"""A response on its way into a table: what a plan needs to know of it, and no more.

It is made as soon as the response is decoded, and the response can be forgotten: a batch that keeps
every value until it is written runs out of the processor's cache, which costs more than the work.
"""

from datetime import datetime
from typing import NamedTuple

from formbridge.domain.cells import Cell, cells_of
from formbridge.domain.records import Delivery
from formbridge.domain.responses import Operation, Response, Shape
from formbridge.domain.revision import Revision, revision_of

_new = tuple.__new__  # half the cost of a named tuple's own


class Arrival(NamedTuple):
    """One version of a response. ``cells`` run beside ``shape.question_ids``."""

    response_id: str
    operation: Operation
    shape: Shape
    submitted_at: datetime | None
    updated_at: datetime | None
    revision: Revision
    digest: bytes
    cells: list[Cell]

    def __repr__(self) -> str:
        """Leave out the cells: they are what was answered."""
        return f"Arrival({self.response_id!r}, {self.operation.value!r}, {self.revision!r})"


def arrival_of(response: Response, delivery: Delivery) -> Arrival:
    """Return the arrival of a response that came with this delivery."""
    shape, cells = response.shape, cells_of(response.values)
    return _new(
        Arrival,
        (
            response.response_id,
            response.operation,
            shape,
            response.submitted_at,
            response.updated_at,
            revision_of(response, delivery),
            shape.digest(cells),
            cells,
        ),
    )
