"""What a node of Apache Kafka is told: its server.properties."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import attrs

SMALL = {
    "num.partitions": 6,
    "offsets.topic.num.partitions": 1,
    "transaction.state.log.num.partitions": 1,
    "share.coordinator.state.topic.num.partitions": 1,
}
"""Internal topics have 50 partitions otherwise, and the first member of a group waits for them."""

FAST = {
    "group.initial.rebalance.delay.ms": 0,
    "group.min.session.timeout.ms": 1000,
    "group.consumer.min.heartbeat.interval.ms": 500,
    "group.consumer.heartbeat.interval.ms": 500,
    "group.consumer.min.session.timeout.ms": 3000,
    "group.consumer.session.timeout.ms": 3000,
}
"""Groups, of the classic protocol and of KIP-848, notice within seconds that a member is gone."""

FAILOVER = {
    "broker.session.timeout.ms": 3000,
    "broker.heartbeat.interval.ms": 500,
    "controller.quorum.election.timeout.ms": 500,
    "controller.quorum.fetch.timeout.ms": 1000,
}
"""Nodes notice within seconds that another one is gone; until then it cannot come back either."""


@attrs.frozen(kw_only=True)
class Place:
    """Where a node listens, on 127.0.0.1: ``port`` for clients, ``controller`` for nodes."""

    number: int
    port: int
    controller: int


def properties(
    place: Place, *, places: Sequence[Place], disk: Path, overrides: Mapping[str, object]
) -> str:
    """Return the server.properties of one of the nodes that stand at ``places``."""
    told = SMALL | FAST | FAILOVER | _listening(place, places) | _copies(len(places))
    told |= {"log.dirs": disk} | dict(overrides)
    return "".join(f"{name}={value}\n" for name, value in told.items())


def _listening(place: Place, places: Sequence[Place]) -> dict[str, object]:
    client = f"PLAINTEXT://127.0.0.1:{place.port}"
    return {
        "process.roles": "broker,controller",
        "node.id": place.number,
        "controller.quorum.bootstrap.servers": ",".join(
            f"127.0.0.1:{each.controller}" for each in places
        ),
        "listeners": f"{client},CONTROLLER://127.0.0.1:{place.controller}",
        "advertised.listeners": client,
        "controller.listener.names": "CONTROLLER",
        "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
    }


def _copies(nodes: int) -> dict[str, object]:
    """Return how often each record is kept, and how many of the copies make it durable."""
    copies, least = min(nodes, 3), 2 if nodes > 2 else 1
    internal = ("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")
    told: dict[str, object] = {f"{topic}.replication.factor": copies for topic in internal}
    told |= {f"{topic}.min.isr": least for topic in internal[1:]}
    return told | {"default.replication.factor": copies, "min.insync.replicas": least}
