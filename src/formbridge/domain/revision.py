"""The order of two versions of one response."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from formbridge.domain.records import Delivery
from formbridge.domain.responses import Operation, Response, Status

MICROSECONDS = 1_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
DELETE, PARTIAL = Operation.DELETE, Status.PARTIAL  # an enum's attribute costs 50 ns each time


class Revision(NamedTuple):
    """Two versions of one response compare as these tuples do; the greater one is the later.

    A complete version beats a partial one; then the later edit (``updated_at``, else
    ``submitted_at``); then the record that the log took later. Times are microseconds since 1970.
    ``offset`` settles what a log with a coarse clock leaves open.
    """

    complete: bool
    edited_at: int
    logged_at: int
    offset: int

    def encode(self) -> str:
        """Return the stored form: four decimal numbers with a dot between."""
        return f"{int(self.complete)}.{self.edited_at}.{self.logged_at}.{self.offset}"

    @classmethod
    def decode(cls, text: str) -> "Revision":
        """Read the stored form; raise ValueError for anything else."""
        complete, edited_at, logged_at, offset = text.split(".")
        return cls(complete != "0", int(edited_at), int(logged_at), int(offset))


def revision_of(response: Response, delivery: Delivery) -> Revision:
    """Return the revision of a response that came with this delivery."""
    return Revision(*order_of(response, delivery))


def order_of(response: Response, delivery: Delivery) -> tuple[bool, int, int, int]:
    """Return the fields of a revision, without the object.

    A response without any time is as old as its record. So is a delete without ``updated_at``: its
    ``submitted_at`` says when the response was first given, not when it was withdrawn.
    """
    deletes = response.operation is DELETE
    logged_at = delivery.first_logged_at if delivery.headers else delivery.time
    moment = response.updated_at
    if moment is None and not deletes:
        moment = response.submitted_at
    edited_at = logged_at if moment is None else (moment - EPOCH) // MICROSECOND
    complete = deletes or response.status is not PARTIAL
    return (complete, edited_at, logged_at, delivery.offset)


def moment_of(microseconds: int) -> datetime:
    """Return microseconds since 1970 as an aware datetime in UTC."""
    seconds, rest = divmod(microseconds, MICROSECONDS)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)
