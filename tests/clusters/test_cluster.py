"""The brokers that tests start are Apache Kafka, and leave nothing behind."""

import os
import socket
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from confluent_kafka import Consumer, Producer

from tests.clusters.cluster import Cluster, Plan
from tests.clusters.fixtures import Kafka, StartKafka
from tests.clusters.node import NotStarted
from tests.clusters.ports import free_ports
from tests.conftest import REPOSITORY


def _publish(bootstrap: str, topic: str, value: bytes) -> None:
    producer = Producer({"bootstrap.servers": bootstrap, "acks": "all"})
    producer.produce(topic, value)
    assert producer.flush(20) == 0


def _read(bootstrap: str, topic: str) -> bytes | None:
    told = {"group.id": uuid4().hex, "auto.offset.reset": "earliest"}
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.protocol": "consumer", **told})
    try:
        consumer.subscribe([topic])
        message = consumer.poll(20)
        assert message is not None
        return message.value()
    finally:
        consumer.close()


def _lives(pid: int | None) -> bool:
    assert pid is not None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_shared_node_keeps_a_record(kafka: Kafka) -> None:
    """What is published is read by a group."""
    topic = uuid4().hex
    _publish(kafka.bootstrap, topic, b"kept")
    assert _read(kafka.bootstrap, topic) == b"kept"


@pytest.mark.usefixtures("java_and_jars")
def test_a_node_that_was_killed_comes_back_on_its_disk(tmp_path: Path) -> None:
    """With the records that it acknowledged, where it was; with its block its process ends."""
    with Cluster.started(tmp_path) as cluster:
        node, topic, pids = cluster.nodes[0], uuid4().hex, [cluster.nodes[0].pid]
        _publish(cluster.bootstrap, topic, b"kept")
        node.kill()
        assert not any(map(_lives, pids))
        node.start()
        assert _read(cluster.bootstrap, topic) == b"kept"
        pids.append(node.pid)
        assert [_lives(pid) for pid in pids] == [False, True]
    assert not any(map(_lives, pids))


@pytest.mark.usefixtures("java_and_jars")
def test_a_port_that_somebody_took_is_left_to_them(tmp_path: Path) -> None:
    """The cluster stands on other ports then."""
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        taken = somebody.getsockname()[1]
        ports = iter([[*free_ports(1), taken], free_ports(2)])
        cluster = Plan(ports=lambda _: next(ports)).start(tmp_path)
    cluster.stop()
    assert cluster.nodes[0].place.controller != taken


def test_a_node_that_cannot_start_says_why(start_kafka: StartKafka) -> None:
    """The error shows what the node said last."""
    with pytest.raises(NotStarted, match=r"ConfigException.*num\.partitions"):
        start_kafka(overrides={"num.partitions": "many"})


@pytest.mark.parametrize(("required", "outcome"), [("0", "1 skipped"), ("1", "1 error")])
def test_the_lack_of_java_is_told(required: str, outcome: str) -> None:
    """Who needs Kafka is skipped with the reason; where it is required, the run fails."""
    places = {"PATH": "", "FORMBRIDGE_REQUIRE_KAFKA": required, "FORMBRIDGE_TEST_KAFKA": ""}
    name = test_the_shared_node_keeps_a_record.__name__
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", f"{__file__}::{name}"],
        env=os.environ | places,
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome in run.stdout
    assert "there is no java on the PATH" in run.stdout
    assert run.returncode == int(required)
