"""A table as a sink sees it, and what must change in it."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import IntEnum
from typing import Protocol

import attrs

from formbridge.domain.answers import Kind
from formbridge.domain.cells import Moment, Update
from formbridge.domain.identity import TableKey
from formbridge.domain.revision import Revision
from formbridge.domain.versions import digest_in, revision_in, version_of

RESPONSE_ID = "Response ID"
SUBMITTED_AT = "Submitted at"
UPDATED_AT = "Updated at"
MANAGED = (RESPONSE_ID, SUBMITTED_AT, UPDATED_AT)
"""The three columns that come first in every table."""


class LabelSource(IntEnum):
    """Who said what a question is called; the greater one wins."""

    QUESTION_ID = 0
    PAYLOAD = 1
    MAPPING = 2


@attrs.frozen(kw_only=True)
class Column:
    """A column belongs to a question id, wherever it stands and whatever its header says.

    ``title`` is what its source calls the question, ``label`` is what was written as the header
    (the title, made unique within the table), ``header`` is what stands there now: different from
    ``label`` when a person renamed it. ``version`` orders titles of one source: microseconds for
    payloads, the mapping's own version for mappings.
    """

    question_id: str
    title: str
    label: str
    header: str
    source: LabelSource = LabelSource.QUESTION_ID
    version: int = 0
    kind: Kind = Kind.UNKNOWN

    @property
    def renamed(self) -> bool:
        """Whether a person gave this column its header."""
        return self.header != self.label


@attrs.frozen(kw_only=True)
class Stored:
    """What the table knows of one response.

    ``place`` is where its row stands, in the store's own terms; None marks a deleted response.
    """

    revision: Revision
    digest: bytes
    place: int | None


class Snapshot(Protocol):
    """A read view of one table as it stands. The store owns the index behind ``find``."""

    @property
    @abstractmethod
    def columns(self) -> tuple[Column, ...]:
        """The question columns, in an order that only ever grows on the right."""

    @property
    @abstractmethod
    def foreign_headers(self) -> Sequence[str]:
        """Headers of the columns that people added."""

    @property
    @abstractmethod
    def token(self) -> int:
        """Changes with every change of the table; a write for an older token is stale."""

    @property
    @abstractmethod
    def exists(self) -> bool:
        """Whether the table was ever written."""

    @property
    @abstractmethod
    def newest(self) -> int:
        """The latest ``edited_at`` of any response that the table took, in microseconds, or 0."""

    @abstractmethod
    def known(self, response_ids: AbstractSet[str], /) -> AbstractSet[str]:
        """Return those of the ids of which ``find`` knows anything: most batches have none."""

    @abstractmethod
    def find(self, response_id: str, /) -> Stored | None:
        """Return what is known of a response, in constant time."""

    @abstractmethod
    def answered(self, place: int, /) -> frozenset[str]:
        """Return the question ids whose cells are not blank in that row. Reads the row."""


@attrs.define(kw_only=True, eq=False)
class Rows:
    """Rows to append or to overwrite, as columns: the n-th of each list is the n-th row.

    ``cells`` hold one value per column of the plan (the snapshot's, then the new ones), and may be
    made when they are asked for; in an update ``KEEP`` leaves a cell (or a time) alone. ``places``
    are those of the rows to overwrite, and empty for rows to append.
    """

    response_ids: list[str] = attrs.field(factory=list)
    versions: list[bytes] = attrs.field(factory=list)
    submitted_at: list[Moment] = attrs.field(factory=list)
    updated_at: list[Moment] = attrs.field(factory=list)
    cells: Sequence[list[Update]] = attrs.field(factory=list, repr=False)
    places: list[int] = attrs.field(factory=list)

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.response_ids)

    def version(self, number: int) -> tuple[Revision, bytes]:
        """Return the revision and the digest of a row."""
        version = self.versions[number]
        return revision_in(version), digest_in(version)

    def pick(self, numbers: Sequence[int]) -> "Rows":
        """Return some rows that are appended, by their numbers."""
        return Rows(
            response_ids=[self.response_ids[n] for n in numbers],
            versions=[self.versions[n] for n in numbers],
            submitted_at=[self.submitted_at[n] for n in numbers],
            updated_at=[self.updated_at[n] for n in numbers],
            cells=[self.cells[n] for n in numbers],
        )


@attrs.frozen(kw_only=True)
class Mark:
    """A response of which only the revision changes: it is deleted, or came again unchanged.

    ``place`` is where its row stands, or None if it has none.
    """

    response_id: str
    revision: Revision
    digest: bytes
    place: int | None

    @property
    def version(self) -> bytes:
        """Revision and digest, packed."""
        return version_of(*self.revision, self.digest)


@attrs.frozen(kw_only=True)
class Changes:
    """Everything that must change in one table, decided against the snapshot with this token.

    ``columns`` are all question columns as they shall be: the snapshot's, some with another title
    or with a kind (``relabelled`` names them), and new ones on the right.
    """

    token: int
    columns: tuple[Column, ...]
    new_columns: int = 0
    relabelled: tuple[str, ...] = ()
    added: Rows = attrs.field(factory=Rows)
    updated: Rows = attrs.field(factory=Rows)
    removed: tuple[Mark, ...] = ()
    touched: tuple[Mark, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write."""
        return not (
            self.new_columns
            or self.relabelled
            or self.added.response_ids
            or self.updated.response_ids
            or self.removed
            or self.touched
        )

    @property
    def changed(self) -> int:
        """How many responses change what a person sees."""
        gone = sum(mark.place is not None for mark in self.removed)
        return len(self.added) + len(self.updated) + gone


@attrs.frozen(kw_only=True)
class Applied:
    """All changes of the table are in it, durably."""


@attrs.frozen(kw_only=True)
class Stale:
    """Somebody changed the table since the snapshot; nothing was written."""


@attrs.frozen(kw_only=True)
class Refused:
    """Nothing was written, because these rows can never be: response id → why, without answers.

    The others of the same changes are planned again without them.
    """

    reasons: Mapping[str, str]


@attrs.frozen(kw_only=True)
class TableNotNow:
    """Nothing was written; try again after ``seconds``."""

    seconds: float
    reason: str


@attrs.frozen(kw_only=True)
class TableGone:
    """Nothing was written, and nothing can be until a person mends the table."""

    reason: str


WriteOutcome = Applied | Stale | Refused | TableNotNow | TableGone
TableChanges = Mapping[TableKey, Changes]
