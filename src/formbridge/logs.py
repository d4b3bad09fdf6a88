"""One topic of a broker, as something to hand around."""

from typing import Protocol

import attrs

from formbridge.dead_letters import dead_letter_topic
from formbridge.domain.ports import Consumer, Groups, Publisher, Reader

TOPIC = "responses"


class Broker(Protocol):
    """What keeps topics: a maker of each port of a log."""

    def exists(self, *, topic: str) -> bool:
        """Whether there is such a topic; looking makes none."""

    def publisher(self, *, topic: str) -> Publisher:
        """Open a publisher; the topic is made if it does not exist."""

    def consumer(self, *, topic: str, group: str) -> Consumer:
        """Open a new member of the group."""

    def reader(self, *, topic: str) -> Reader:
        """Open a reader."""

    def groups(self, *, topic: str) -> Groups:
        """Open the places of the topic's groups."""


@attrs.frozen(kw_only=True)
class Log:
    """One topic of a broker; its dead letters stand in a topic beside it."""

    broker: Broker
    topic: str = TOPIC

    @property
    def dead_letters(self) -> "Log":
        """The log of what could not be delivered from this one."""
        return Log(broker=self.broker, topic=dead_letter_topic(self.topic))
