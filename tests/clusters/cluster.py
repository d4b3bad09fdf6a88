"""Clusters of Apache Kafka, from one node on, that live as long as a block of code."""

import base64
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import attrs

from tests.clusters.jars import classpath
from tests.clusters.node import QUICK, Jvm, Node, PortTaken
from tests.clusters.ports import free_ports
from tests.clusters.properties import Place, properties

TRIES = 5
"""So often other ports are tried, when somebody takes one before the node does."""


@attrs.define(eq=False, kw_only=True)
class Cluster:
    """Nodes, in the order of their numbers 1, 2, …, that hold one log.

    Three keep each record three times, and acknowledge it when two have it; they notice within
    seconds that one of them is gone.
    """

    nodes: tuple[Node, ...]

    @property
    def bootstrap(self) -> str:
        """What a client takes as `bootstrap.servers`."""
        return ",".join(node.address for node in self.nodes)

    @classmethod
    @contextmanager
    def started(
        cls,
        folder: Path,
        *,
        nodes: int = 1,
        overrides: Mapping[str, object] | None = None,
        jvm: Jvm = QUICK,
    ) -> "Iterator[Cluster]":
        """Start so many nodes in this folder, and stop them at the end.

        ``overrides`` go into the server.properties of each.

        Raises:
            KafkaUnavailable: Nothing can be started here: no Java, or no jars.
            NotStarted: A node did not become ready.
        """
        cluster = Plan(nodes=nodes, overrides=overrides or {}, jvm=jvm).start(folder)
        try:
            yield cluster
        finally:
            cluster.stop()

    def stop(self) -> None:
        """End all nodes; return when they are down."""
        for node in self.nodes:
            node.terminate()
        for node in self.nodes:
            node.await_end()


@attrs.frozen(kw_only=True)
class Plan:
    """What to start. Nodes are killed when the process ``owner``, by default this one, is gone."""

    nodes: int = 1
    overrides: Mapping[str, object] = attrs.field(factory=dict)
    jvm: Jvm = QUICK
    owner: int | None = None
    ports: Callable[[int], list[int]] = free_ports

    def start(self, folder: Path) -> Cluster:
        """Return a cluster that is ready, and that somebody must stop; as `Cluster.started`."""
        for tried in range(1, TRIES + 1):
            cluster, places = self._cluster(folder.resolve())
            try:
                self._start(cluster, places)
            except BaseException as failure:
                cluster.stop()
                if not isinstance(failure, PortTaken) or tried == TRIES:
                    raise
                for node in cluster.nodes:
                    shutil.rmtree(node.folder)
            else:
                return cluster
        raise AssertionError

    def _cluster(self, folder: Path) -> tuple[Cluster, list[Place]]:
        """Return a cluster of which nothing is started yet, and where its nodes will stand."""
        ports, libs = iter(self.ports(2 * self.nodes)), classpath()
        places = [
            Place(number=number, port=next(ports), controller=next(ports))
            for number in range(1, self.nodes + 1)
        ]
        nodes = (
            Node(
                place=place,
                folder=folder / f"node-{place.number}",
                classpath=libs,
                jvm=self.jvm,
                owner=self.owner,
            )
            for place in places
        )
        return Cluster(nodes=tuple(nodes)), places

    def _start(self, cluster: Cluster, places: list[Place]) -> None:
        """Make all disks at once, start all nodes at once, and wait for each."""
        name = _uuid()
        voters = [f"{each.number}@127.0.0.1:{each.controller}:{_uuid()}" for each in places]
        for node in cluster.nodes:
            told = properties(node.place, places=places, disk=node.disk, overrides=self.overrides)
            node.format(told, cluster=name, voters=voters if len(voters) > 1 else ())
        for node in cluster.nodes:
            node.launch()
        for node in cluster.nodes:
            node.await_ready({each.number for each in places})


def _uuid() -> str:
    """Return an id as Kafka writes them; none that begins like an option of a command."""
    return base64.urlsafe_b64encode(b"f" + secrets.token_bytes(15)).rstrip(b"=").decode()
