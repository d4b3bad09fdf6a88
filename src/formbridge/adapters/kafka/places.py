"""How far a topic and its groups are, asked by a client that joins no group.

The client has connections of its own: a member's are busy waiting for records, for half a second
at a time, and would let every question wait.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from itertools import repeat

import attrs
from confluent_kafka import OFFSET_BEGINNING, OFFSET_END, Consumer, KafkaException, TopicPartition

from formbridge.adapters.kafka.clients import REACH
from formbridge.adapters.kafka.errors import NOT_A_MEMBER, kafka_error, mapped, translated
from formbridge.domain.errors import BadInput, BrokerUnavailable


@attrs.define(eq=False)
class Places:
    """Offsets of one topic, and the commits of the client's group. Opened when first asked."""

    topic: str
    make: Callable[[], Consumer]
    _client: Consumer | None = None

    def partitions(self) -> range:
        """Return the partitions of the topic as of now."""
        with self._asking():
            found = self._opened().list_topics(self.topic, timeout=REACH).topics.get(self.topic)
        if found is None or not found.partitions:
            raise BrokerUnavailable(f"topic {self.topic!r} is not there; it is looked for again")
        return range(len(found.partitions))

    def beginnings(self, partitions: Iterable[int]) -> dict[int, int]:
        """Return the first offset that each of the partitions holds."""
        return self._at(partitions, OFFSET_BEGINNING)

    def ends(self, partitions: Iterable[int]) -> dict[int, int]:
        """Return the next offset of each: behind the last record that may be read."""
        return self._at(partitions, OFFSET_END)

    def at(self, partitions: Iterable[int], microseconds: int) -> dict[int, int]:
        """Return the first offset whose record came at this time or later, else the end."""
        partitions = list(partitions)
        found = self._at(partitions, -(-microseconds // 1000))
        missing = [it for it, offset in found.items() if offset < 0]
        return found | (self.ends(missing) if missing else {})

    def commits(self, partitions: Iterable[int]) -> dict[int, int]:
        """Return what the group has committed of these partitions; none is left out."""
        with self._asking():
            found = self._opened().committed(self._named(partitions), timeout=REACH)
        return {it.partition: it.offset for it in self._checked(found) if it.offset >= 0}

    def commit(self, offsets: Mapping[int, int]) -> None:
        """Set the group's commits; raise ``BadInput``, as the cluster does, if it has members."""
        named = self._named(offsets, offsets.values())
        with self._asking():
            try:
                answers = self._opened().commit(offsets=named, asynchronous=False)
            except KafkaException as error:
                if kafka_error(error).name() not in NOT_A_MEMBER:
                    raise
                raise BadInput("the group has members; stop them before it is reset") from error
            self._checked(answers)

    def close(self) -> None:
        """Release the client."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _opened(self) -> Consumer:
        if self._client is None:
            self._client = self.make()
        return self._client

    def _asking(self) -> AbstractContextManager[None]:
        return mapped(f"topic {self.topic!r}")

    def _named(
        self, partitions: Iterable[int], offsets: Iterable[int] = repeat(0)
    ) -> list[TopicPartition]:
        return [TopicPartition(self.topic, *it) for it in zip(partitions, offsets, strict=False)]

    def _at(self, partitions: Iterable[int], time: int) -> dict[int, int]:
        """Return the offsets at a time; as in the protocol (ListOffsets), -1 and -2 are times."""
        with self._asking():
            named = self._named(partitions, repeat(time))
            found = self._opened().offsets_for_times(named, timeout=REACH)
        return {it.partition: it.offset for it in self._checked(found)}

    def _checked(self, found: Iterable[TopicPartition] | None) -> list[TopicPartition]:
        answered = list(found or ())
        for it in answered:
            if it.error is not None:
                raise translated(it.error, f"partition {it.partition} of topic {self.topic!r}")
        return answered
