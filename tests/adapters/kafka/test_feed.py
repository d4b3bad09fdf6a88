"""What the client of a member is told."""

from collections.abc import Callable, Iterable
from typing import cast

import attrs
from confluent_kafka import OFFSET_BEGINNING, OFFSET_INVALID, Consumer, TopicPartition

from formbridge.adapters.kafka.feed import Feed
from formbridge.adapters.kafka.places import Places
from formbridge.domain.errors import BrokerUnavailable

Assigned = Callable[[object, list[TopicPartition]], None]


@attrs.define
class Client:
    """A client that gets two partitions when it is first polled."""

    told: list[tuple[int, int]] = attrs.field(factory=list)
    on_assign: Assigned | None = None

    def subscribe(self, _: list[str], *, on_assign: Assigned, **__: object) -> None:
        """Remember whom to tell."""
        self.on_assign = on_assign

    def poll(self, _: float) -> None:
        """Assign two partitions without offsets, as librdkafka does."""
        assert self.on_assign is not None
        self.on_assign(self, [TopicPartition("t", it, OFFSET_INVALID) for it in (2, 3)])

    def incremental_assign(self, partitions: list[TopicPartition]) -> None:
        """Note where to read."""
        self.told += [(it.partition, it.offset) for it in partitions]


@attrs.define
class Commits:
    """The group's commits, or the error that asking for them raises."""

    known: dict[int, int] | None

    def commits(self, _: Iterable[int]) -> dict[int, int]:
        """Return them."""
        if self.known is None:
            raise BrokerUnavailable("not now")
        return self.known


def told(commits: dict[int, int] | None) -> list[tuple[int, int]]:
    """Return what a client is told that joins a group with these commits."""
    client, places = Client(), cast("Places", Commits(commits))
    feed = Feed(lambda: cast("Consumer", client), topic="t", group="g", places=places)
    feed.listen(0)
    return client.told


def test_a_client_is_told_where_the_group_was_and_where_it_never_was() -> None:
    """Left to ask by itself, it has begun at the beginning of what was committed."""
    assert told({2: 10}) == [(2, 10), (3, OFFSET_BEGINNING)]


def test_a_client_asks_by_itself_where_the_commits_cannot_be_had() -> None:
    """It goes on asking; to begin at the beginning would read all of it again."""
    assert told(None) == [(2, OFFSET_INVALID), (3, OFFSET_INVALID)]
