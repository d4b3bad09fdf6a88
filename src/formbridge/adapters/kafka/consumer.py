"""A member of a group that reads a topic of the cluster."""

from collections.abc import Mapping
from time import monotonic, sleep

from formbridge.adapters.kafka.errors import IN_DOUBT, NOT_A_MEMBER, is_fatal, translated
from formbridge.adapters.kafka.feed import Feed
from formbridge.adapters.kafka.places import Places
from formbridge.domain.errors import AssignmentLost, Closed
from formbridge.domain.ports import Consumer
from formbridge.domain.records import Batch, Offsets, Span

SLICE = 0.25
"""How long a hold listens in one call, in seconds."""
SETTLE, LOOK = 5.0, 0.05
"""How long a commit waits while partitions change hands, and how often it tries, in seconds."""


class KafkaConsumer(Consumer):
    """Reads its share of the partitions; the client's own threads fetch ahead.

    Only what is passed to ``commit`` is committed, never twice and never less than before.
    """

    def __init__(self, feed: Feed, *, places: Places) -> None:
        """Join when first polled. ``places`` asks for commits and ends; both are closed with it."""
        self._feed = feed
        self._member = feed.member
        self._places = places
        self._closed = False

    @property
    def topic(self) -> str:
        """The topic that is read."""
        return self._feed.topic

    @property
    def group(self) -> str:
        """The group whose member this is."""
        return self._feed.group

    def poll(self, limit: int, /, *, timeout: float) -> Batch:
        """Return what was fetched by now; wait for the first of it."""
        self._open()
        until = monotonic() + timeout
        while True:
            deliveries = self._feed.take(limit, timeout=max(0.0, until - monotonic()))
            lost = self._member.told()
            if deliveries or lost or monotonic() >= until:
                break
        if not deliveries and (marks := self._member.resolved()):
            self._feed.commit(marks)  # or the group would seem to be behind; if it fails, it does
        return Batch(deliveries=deliveries, lost=lost)

    def commit(self, offsets: Offsets, /) -> None:
        """Commit with the cluster; wait a little while partitions change hands."""
        self._open()
        until = None
        while error := self._feed.commit(offsets):
            until = until or monotonic() + SETTLE  # a commit may itself wait for a rebalance
            if is_fatal(error):
                raise self._feed.give_up(error)
            if error.name() in NOT_A_MEMBER:
                self._member.drop(list(self._member.epochs))
            elif error.name() in IN_DOUBT and monotonic() < until:
                self._feed.listen(0)
                sleep(LOOK)
            else:
                raise translated(error, f"a commit of {self._feed.what}")
        if lost := frozenset(offsets).difference(self._member.epochs):
            raise AssignmentLost(lost)

    def hold(self, seconds: float, /) -> frozenset[int]:
        """Stay a member; with 0 nothing is paused, and what was fetched stays so."""
        self._open()
        until = monotonic() + seconds
        while True:
            left = max(0.0, until - monotonic())
            if left:
                self._feed.pause()
            self._feed.listen(min(SLICE, left))
            if monotonic() >= until:
                return self._member.told()

    def spans(self) -> Mapping[int, Span]:
        """Return where each partition stands: here if it is read here, else in the group."""
        self._open()
        partitions = self._places.partitions()
        ends = self._places.ends(partitions)
        positions = self._places.commits(partitions) | self._member.positions
        if unknown := [it for it in partitions if it not in positions]:
            positions |= self._places.beginnings(unknown)
        return {it: Span(position=positions[it], end=ends[it]) for it in partitions}

    def close(self) -> None:
        """Leave the group, and release the clients."""
        if not self._closed:
            self._closed = True
            self._places.close()
            self._feed.close()

    def _open(self) -> None:
        if self._closed:
            raise Closed(f"this consumer of {self.topic!r} is closed; open another one")
