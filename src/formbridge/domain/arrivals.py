"""A response on its way into a table: what a plan needs to know of it, and no more.

It is made as soon as the response is decoded, and the response can be forgotten. What waits is
packed: a batch of some 20,000 that keeps every value as an object until it is written runs out of
the processor's cache, which costs more than packing and unpacking do.
"""

from datetime import datetime
from typing import NamedTuple

from formbridge.domain.cells import Cell, cells_of, packed, unpacked
from formbridge.domain.digests import digest_of
from formbridge.domain.records import Delivery
from formbridge.domain.responses import Operation, Response, Shape
from formbridge.domain.revision import Revision, order_of
from formbridge.domain.versions import digest_in, revision_in, version_of

_new = tuple.__new__  # half the cost of a named tuple's own


class Arrival(NamedTuple):
    """One version of a response."""

    response_id: str
    operation: Operation
    shape: Shape
    submitted_at: datetime | None
    updated_at: datetime | None
    version: bytes
    packed: bytes

    @property
    def cells(self) -> list[Cell]:
        """One cell for each of ``shape.sorted_ids``."""
        return unpacked(self.packed)

    @property
    def revision(self) -> Revision:
        """The order of this version among those of its response."""
        return revision_in(self.version)

    @property
    def digest(self) -> bytes:
        """What is compared to see whether the content is another one."""
        return digest_in(self.version)

    def __repr__(self) -> str:
        """Leave out the cells: they are what was answered."""
        return f"Arrival({self.response_id!r}, {self.operation.value!r}, {self.revision!r})"


def arrival_of(response: Response, delivery: Delivery) -> Arrival:
    """Return the arrival of a response that came with this delivery."""
    shape, values = response.shape, response.values
    cells = packed(cells_of(values if shape.sort is None else shape.sort(values)))
    return _new(
        Arrival,
        (
            response.response_id,
            response.operation,
            shape,
            response.submitted_at,
            response.updated_at,
            version_of(*order_of(response, delivery), digest_of(shape.seed, cells)),
            cells,
        ),
    )
