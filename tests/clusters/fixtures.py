"""Brokers that tests may ask for.

Where Kafka cannot be started, who asks for it is skipped with the reason; or fails, where
FORMBRIDGE_REQUIRE_KAFKA is 1. The mock cluster can be started wherever the client is installed.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import attrs
import pytest

from tests.clusters.cluster import Cluster
from tests.clusters.jars import KafkaUnavailable, classpath
from tests.clusters.mock import MockCluster
from tests.clusters.node import QUICK, Jvm
from tests.clusters.readiness import await_brokers
from tests.clusters.shared import shared_node

StartKafka = Callable[..., Cluster]
"""Takes what `Cluster.started` takes, besides the folder."""


@attrs.frozen(kw_only=True)
class Kafka:
    """A broker that all tests share: what a test makes there needs names of its own."""

    bootstrap: str


@pytest.fixture(scope="session")
def java_and_jars() -> None:
    """What a broker takes to start; who asks for it is skipped, or fails, where it is missing."""
    try:
        classpath()
    except KafkaUnavailable as missing:
        reason = f"left out, as no Kafka can be started: {missing}"
        if os.environ.get("FORMBRIDGE_REQUIRE_KAFKA") == "1":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)


@pytest.fixture(scope="session")
def kafka(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Kafka:
    """One node of Apache Kafka, or the broker that FORMBRIDGE_TEST_KAFKA names, for the whole run.

    It is started when the first test asks for it.
    """
    named = os.environ.get("FORMBRIDGE_TEST_KAFKA")
    if named:
        return _named(named)
    request.getfixturevalue("java_and_jars")
    folder = tmp_path_factory.getbasetemp()
    whole_run = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    return Kafka(bootstrap=shared_node(whole_run / "kafka"))


def _named(bootstrap: str) -> Kafka:
    if not await_brokers(bootstrap, enough=bool, within=10):
        pytest.fail(f"FORMBRIDGE_TEST_KAFKA names {bootstrap!r}, where no broker answers")
    return Kafka(bootstrap=bootstrap)


@pytest.fixture
def start_kafka(java_and_jars: None, tmp_path: Path) -> Iterator[StartKafka]:  # noqa: ARG001 - a need
    """Start clusters of the test's own, with its own settings; they are stopped at its end."""
    numbers = count(1)
    with ExitStack() as clusters:

        def started(
            *, nodes: int = 1, overrides: Mapping[str, object] | None = None, jvm: Jvm = QUICK
        ) -> Cluster:
            folder = tmp_path / f"kafka-{next(numbers)}"
            started = Cluster.started(folder, nodes=nodes, overrides=overrides, jvm=jvm)
            return clusters.enter_context(started)

        yield started


@pytest.fixture
def three_nodes(start_kafka: StartKafka) -> Cluster:
    """A cluster of the test's own, whose nodes it may kill: three copies, two of them in sync."""
    return start_kafka(nodes=3)


@pytest.fixture(scope="session")
def mock_kafka() -> Iterator[MockCluster]:
    """A broker of librdkafka's mock cluster, for all tests of this process.

    A test that lets it fail starts one of its own: that takes a fifth of a second.
    """
    with MockCluster.started() as cluster:
        yield cluster
