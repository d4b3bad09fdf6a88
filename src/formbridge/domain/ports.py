"""Every port, on one page. The docstrings are the specification.

The suites in ``formbridge.testing`` ask for what they say. Adapters of this package inherit from
the protocols; those of others need not.

All calls are made from one thread at a time, unless a port says otherwise.
"""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol, runtime_checkable

from formbridge.domain.dead_letters import DeadLetter, Resolution
from formbridge.domain.events import Event
from formbridge.domain.identity import TableKey
from formbridge.domain.questions import FormMapping
from formbridge.domain.records import Batch, Delivery, Offsets, Record, Span
from formbridge.domain.sinks import Outcome, Part, Plan
from formbridge.domain.tables import Snapshot, TableChanges, WriteOutcome


class Publisher(Protocol):
    """Appends records to one topic of a log. May be shared by threads."""

    @abstractmethod
    def publish(self, records: Sequence[Record], /) -> None:
        """Return when all records are durable, in the order given per key.

        When it raises ``BrokerUnavailable``, some of them may have been taken: publishing all of
        them again is safe, because sinks recognise what they have.
        """

    @abstractmethod
    def close(self) -> None:
        """Release what is held. A second call does nothing; publishing then raises ``Closed``."""


@runtime_checkable
class AsyncPublisher(Publisher, Protocol):
    """A publisher that waits for its log without a thread; others are called in one."""

    @abstractmethod
    async def publish_async(self, records: Sequence[Record], /) -> None:
        """Do the same as ``publish`` while the event loop goes on."""


class Consumer(Protocol):
    """One member of a group that reads one topic: each partition goes to one member at a time.

    A group reads from the beginning the first time, and from its commits ever after. A member that
    polls and holds less often than the broker's bound allows is evicted: its partitions go to
    others, and it learns so from ``Batch.lost`` or from ``AssignmentLost``.
    """

    @property
    @abstractmethod
    def topic(self) -> str:
        """The topic that is read."""

    @property
    @abstractmethod
    def group(self) -> str:
        """The group whose member this is."""

    @abstractmethod
    def poll(self, limit: int, /, *, timeout: float) -> Batch:
        """Return at most ``limit`` deliveries, in order per partition.

        Waits up to ``timeout`` seconds for the first of them; an empty batch says that nothing
        came, not that the end was reached. Each delivery is returned once per assignment.
        """

    @abstractmethod
    def commit(self, offsets: Offsets, /) -> None:
        """Store the next offset of each partition, durably.

        Raises ``AssignmentLost`` with the partitions that this member no longer has; the others
        are committed. Offsets never go back by a commit.
        """

    @abstractmethod
    def hold(self, seconds: float, /) -> frozenset[int]:
        """Stay a member for ``seconds`` without reading; return the partitions lost meanwhile.

        With 0 it returns at once, having told the broker that this member lives.
        """

    @abstractmethod
    def spans(self) -> Mapping[int, Span]:
        """Return position and end of every partition of the topic.

        The position is this member's own where it reads, and the group's commit elsewhere: so all
        positions at their ends mean that the whole group is there.
        """

    @abstractmethod
    def close(self) -> None:
        """Leave the group, so that its partitions go on at once. A second call does nothing."""


class Reader(Protocol):
    """Reads one topic outside of any group."""

    @abstractmethod
    def read(self) -> Iterator[Delivery]:
        """Yield every record from the beginning to the end that the log has now, by partition."""

    @abstractmethod
    def close(self) -> None:
        """Release what is held."""


class Groups(Protocol):
    """Places of groups in one topic, while none of their members runs."""

    @abstractmethod
    def reset(self, group: str, /, *, to: str | int) -> Offsets:
        """Set the group's commits to "beginning", "end", or a time in microseconds; return them.

        Raises ``BadInput`` while the group has members.
        """


class Sink(Protocol):
    """Takes deliveries to where they are used."""

    @property
    @abstractmethod
    def idempotent(self) -> bool:
        """Whether writing the same deliveries twice is the same as writing them once."""

    @abstractmethod
    def plan(self, deliveries: Sequence[Delivery], /) -> Plan:
        """Sort deliveries into parts, in their order, and name those that can never be written.

        A pure function of the deliveries: no I/O but looking up mappings.
        """

    @abstractmethod
    def write(self, parts: Sequence[Part], /) -> Iterator[Outcome]:
        """Write the parts and yield one outcome for each, as soon as it is known.

        What an outcome calls written is durable. The bridge keeps its membership between two
        outcomes, so a sink that needs a call per part yields after each.
        """

    @abstractmethod
    def idle(self) -> None:
        """Do what can wait until nothing arrives: relabel headers, fold journals."""

    @abstractmethod
    def close(self) -> None:
        """Release what is held; a second call does nothing."""


class TableStore(Protocol):
    """Keeps tables that people may edit. No error of its SDK escapes: see ``errors.StoreError``."""

    @property
    @abstractmethod
    def tables_per_write(self) -> int | None:
        """How many tables one ``write`` should carry; None: as many as there are."""

    @abstractmethod
    def open(self, table: TableKey, /) -> Snapshot:
        """Return the table as it stands now, also if it does not exist yet.

        Raises ``TableBusy``, ``TableUnavailable``, ``StoreUnavailable``, ``StoreDenied`` or
        ``StoreBroken``. The snapshot is valid until the next ``write`` of that table.
        """

    @abstractmethod
    def write(self, changes: TableChanges, /) -> Mapping[TableKey, WriteOutcome]:
        """Apply the changes, atomically per table and durably for all, and answer for each table.

        Changes that were planned against an older token are ``Stale``. Never raises for one table;
        raises ``StoreUnavailable`` when none could be written, ``StoreDenied`` when none can be
        until a person mends it.
        """

    @abstractmethod
    def known(self) -> Iterable[TableKey]:
        """The tables that this store keeps, as far as it knows without a search."""

    @abstractmethod
    def tidy(self) -> None:
        """Do what can wait until nothing arrives, such as folding journals."""

    @abstractmethod
    def close(self) -> None:
        """Tidy up and release what is held; a second call does nothing."""


class QuestionCatalog(Protocol):
    """Knows what the questions of forms are called. May be shared by threads."""

    @abstractmethod
    def mapping(self, table: TableKey, /) -> FormMapping | None:
        """Return the mapping of a form as of now, or None. Cheap: called for each table and batch.

        A source that became unreadable keeps its last good mapping and says so once.
        """

    @abstractmethod
    def version(self) -> int:
        """Return a number that changes whenever any mapping does; cheap."""


class DeadLetters(Protocol):
    """Keeps what could not be delivered. Append-only: a resolution is one more record."""

    @abstractmethod
    def bury(self, letters: Sequence[DeadLetter], /) -> None:
        """Return when all letters are durable. The same letter twice counts once."""

    @abstractmethod
    def unresolved(self, *, group: str | None = None) -> Iterator[DeadLetter]:
        """Yield what is neither replayed nor discarded, in the log's order; of one group or all."""

    @abstractmethod
    def resolve(self, letters: Sequence[DeadLetter], resolution: Resolution, /) -> None:
        """Append that these letters ended so."""

    @abstractmethod
    def close(self) -> None:
        """Release what is held."""


class Ledger(Protocol):
    """Remembers the idempotency keys of calls that were made."""

    @abstractmethod
    def seen(self, keys: Sequence[str], /) -> frozenset[str]:
        """Return those of the keys that were recorded."""

    @abstractmethod
    def record(self, keys: Sequence[str], /) -> None:
        """Return when the keys are durable."""

    @abstractmethod
    def close(self) -> None:
        """Release what is held."""


class Clock(Protocol):
    """Time. Shared by threads."""

    @abstractmethod
    def now(self) -> int:
        """Return the time of day in microseconds since 1970, UTC."""

    @abstractmethod
    def monotonic(self) -> float:
        """Return seconds that never go back, from an arbitrary start."""

    @abstractmethod
    def sleep(self, seconds: float, /) -> None:
        """Return after that many seconds."""


class Hook(Protocol):
    """Is told what happens. Called in the bridge's thread: must be quick and must not raise."""

    @abstractmethod
    def __call__(self, event: Event, /) -> None:
        """Take one event."""
