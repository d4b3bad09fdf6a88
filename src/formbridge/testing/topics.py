"""One topic of a broker under test, and what a test does with it."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from uuid import uuid4

import attrs

from formbridge.domain.errors import AssignmentLost
from formbridge.domain.offsets import next_offsets
from formbridge.domain.ports import Consumer, Publisher, Reader
from formbridge.domain.records import Delivery, Offsets, Record
from formbridge.logs import Broker


@attrs.frozen(kw_only=True)
class BrokerDriver:
    """A broker, and how a test makes time pass for it.

    Its topics have ``partitions`` each, at least two. ``wait`` lets seconds pass (a fake clock's
    ``advance``, or ``time.sleep``); ``max_poll_interval`` is the bound in seconds after which a
    silent member is evicted; ``patience`` is how many real seconds a test polls for what must come.
    """

    broker: Broker
    partitions: int
    wait: Callable[[float], None]
    max_poll_interval: float
    patience: float = 10.0


def keyed(keys: int, each: int) -> list[Record]:
    """Return records of ``keys`` keys in turn; the value counts within its key."""
    return [
        Record(key=b"form-%d" % key, value=b"%d" % number)
        for number in range(each)
        for key in range(keys)
    ]


def places(deliveries: Iterable[Delivery]) -> list[tuple[int, int]]:
    """Return partition and offset of each, sorted."""
    return sorted((delivery.partition, delivery.offset) for delivery in deliveries)


@attrs.define(eq=False)
class Member:
    """A bridge in miniature: what it read waits until it is committed, or is dropped when lost."""

    consumer: Consumer
    pending: list[Delivery] = attrs.field(factory=list)
    resolved: list[Delivery] = attrs.field(factory=list)
    lost: set[int] = attrs.field(factory=set)

    def step(self) -> None:
        """Read and commit what is there."""
        self.poll()
        self.commit()

    def poll(self) -> None:
        """Read what is there, and drop what was lost."""
        batch = self.consumer.poll(500, timeout=0.05)
        self._drop(batch.lost)
        self.pending += batch.deliveries

    def commit(self) -> None:
        """Commit all that waits, but what was lost."""
        try:
            self.consumer.commit(next_offsets(self.pending))
        except AssignmentLost as error:
            self._drop(error.partitions)
        self.resolved += self.pending
        self.pending.clear()

    def _drop(self, lost: frozenset[int]) -> None:
        self.lost |= lost
        self.pending = [it for it in self.pending if it.partition not in lost]


@attrs.frozen(kw_only=True)
class TopicUnderTest:
    """A topic of its own for one test. What is opened here is closed after the test."""

    driver: BrokerDriver
    name: str
    opened: ExitStack

    @classmethod
    @contextmanager
    def of(cls, driver: BrokerDriver) -> Iterator["TopicUnderTest"]:
        """Name a new topic, and close everything in the end."""
        with ExitStack() as opened:
            yield cls(driver=driver, name=f"topic-{uuid4().hex}", opened=opened)

    def publisher(self) -> Publisher:
        """Open a publisher."""
        publisher = self.driver.broker.publisher(topic=self.name)
        self.opened.callback(publisher.close)
        return publisher

    def group(self, name: str) -> str:
        """Return the name of a group that no other test has: a broker's groups may be global."""
        return f"{name}-of-{self.name}"

    def consumer(self, group: str = "sink") -> Consumer:
        """Open a new member of the group."""
        consumer = self.driver.broker.consumer(topic=self.name, group=self.group(group))
        self.opened.callback(consumer.close)
        return consumer

    def member(self) -> Member:
        """Open a new member of the group "sink" that reads, keeps and commits."""
        return Member(self.consumer())

    def reader(self) -> Reader:
        """Open a reader."""
        reader = self.driver.broker.reader(topic=self.name)
        self.opened.callback(reader.close)
        return reader

    def reset(self, group: str, *, to: str | int) -> Offsets:
        """Reset the group."""
        return self.driver.broker.groups(topic=self.name).reset(self.group(group), to=to)

    def publish(self, *records: Record) -> None:
        """Publish the records and close the publisher."""
        publisher = self.driver.broker.publisher(topic=self.name)
        publisher.publish(records)
        publisher.close()

    def logged(self) -> list[Delivery]:
        """Return what the log holds, by a reader."""
        return list(self.reader().read())

    def poll(self, consumer: Consumer, count: int, *, limit: int = 500) -> list[Delivery]:
        """Poll until ``count`` deliveries came, and once more to see that it is all."""
        deliveries: list[Delivery] = []
        self.until(
            lambda: deliveries.extend(consumer.poll(limit, timeout=0.05).deliveries),
            lambda: len(deliveries) >= count,
        )
        deliveries += consumer.poll(limit, timeout=0.05).deliveries
        assert len(deliveries) == count
        return deliveries

    def settle(self, *members: Member) -> dict[Member, frozenset[int]]:
        """Publish and read until the members share the partitions fairly; return their shares."""
        rounds = [self._round(members)]
        self.until(
            lambda: rounds.append(self._round(members)),
            lambda: self._fair([len(share) for share in rounds[-1].values()]),
        )
        return rounds[-1]

    def _fair(self, sizes: Sequence[int]) -> bool:
        return sum(sizes) == self.driver.partitions and max(sizes) - min(sizes) <= 1

    def _round(self, members: Sequence[Member]) -> dict[Member, frozenset[int]]:
        """Publish to every partition, and return which member resolved what of that."""
        before = {member: len(member.resolved) for member in members}
        self.publish(*keyed(40, 1))
        self.finish(*members)
        return {it: frozenset(at.partition for at in it.resolved[before[it] :]) for it in members}

    def finish(self, *members: Member) -> None:
        """Let the members read and commit until the group is at the end."""

        def step() -> None:
            for member in members:
                member.step()

        spans = [member.consumer.spans for member in members]
        self.until(step, lambda: not any(it.lag for each in spans for it in each().values()))

    def until(self, step: Callable[[], object], done: Callable[[], bool]) -> None:
        """Repeat the step until it is done, for as long as the driver's patience lasts."""
        give_up = time.monotonic() + self.driver.patience
        while not done():
            assert time.monotonic() < give_up, "waited in vain"
            step()

    def outlast(self, member: Member) -> None:
        """Let more than the poll interval pass, in which this member alone goes on."""
        for _ in range(6):
            self.driver.wait(self.driver.max_poll_interval / 4)
            member.step()
