"""What questions are called, from a topic: shared by processes, and changed while they run."""

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from time import monotonic, sleep
from uuid import uuid4

import pytest
from confluent_kafka import KafkaError

from formbridge.adapters.kafka.broker import KafkaBroker
from formbridge.adapters.kafka.catalog import KafkaCatalog, open_kafka_catalog
from formbridge.adapters.kafka.clients import NOBODY, Troubles, admin, outsider
from formbridge.adapters.kafka.mapping_records import mapping_record
from formbridge.adapters.kafka.settings import KafkaSettings
from formbridge.adapters.kafka.topics import KafkaTopics
from formbridge.adapters.system.clock import SystemClock
from formbridge.catalogs import share, shared
from formbridge.compose import open_bridge, open_catalog, open_intake
from formbridge.domain.errors import (
    BadInput,
    BadMapping,
    BadSetting,
    BrokerDenied,
    BrokerUnavailable,
)
from formbridge.domain.identity import TableKey
from formbridge.domain.questions import Question
from formbridge.domain.records import Record
from formbridge.testing.builders import a_payload
from formbridge.testing.clock import FakeClock
from tests.adapters.kafka.foreign import produce_in_transaction
from tests.clusters.fixtures import Kafka
from tests.clusters.mock import ApiKey, MockCluster

CLUB = TableKey(form_id="club")
PATIENCE = 30.0


@pytest.fixture
def topic(kafka: Kafka) -> str:
    """The address of a topic of this test alone."""
    return f"kafka://{kafka.bootstrap}/questions-{uuid4().hex}"


@pytest.fixture
def settings(kafka: Kafka) -> KafkaSettings:
    """The cluster."""
    return KafkaSettings(servers=(kafka.bootstrap,))


@pytest.fixture
def catalog(settings: KafkaSettings, topic: str) -> Iterator[KafkaCatalog]:
    """A catalog that was opened before anything was said."""
    with closing(opened(settings, topic)) as catalog:
        yield catalog


def name_of(topic: str) -> str:
    """Return the name that is in the address."""
    return topic.rpartition("/")[2]


def opened(settings: KafkaSettings, topic: str) -> KafkaCatalog:
    """Open one more catalog of the topic."""
    return open_kafka_catalog(settings, topic=name_of(topic), clock=SystemClock())


def titles(path: Path, **questions: str) -> Path:
    """Write a mapping file of the form "club"."""
    lines = [f"club,{key},{title}" for key, title in questions.items()]
    path.write_text("\n".join(["form_id,question_id,title", *lines]) + "\n")
    return path


def said(catalog: KafkaCatalog) -> dict[str, str]:
    """Return the titles that are known."""
    mapping = catalog.mapping(CLUB)
    return {} if mapping is None else {key: it.title for key, it in mapping.questions.items()}


def until(catalog: KafkaCatalog, expected: dict[str, str]) -> None:
    """Wait for what another process said."""
    give_up = monotonic() + PATIENCE
    while said(catalog) != expected:
        assert monotonic() < give_up
        sleep(0.1)


def test_a_change_orders_itself_behind_that_of_a_mapping_file(
    catalog: KafkaCatalog, topic: str, tmp_path: Path
) -> None:
    """Both have versions in nanoseconds: who moves from files to the topic can still relabel."""
    file = titles(tmp_path / "a.csv", q1="Name")
    by_file = open_catalog([file])
    assert by_file is not None
    older = by_file.mapping(CLUB)
    sleep(0.01)
    share([file], to=topic)
    until(catalog, {"q1": "Name"})
    newer = catalog.mapping(CLUB)
    assert older is not None
    assert newer is not None
    assert older.version < newer.version


def test_a_record_that_cannot_be_read_keeps_what_was_known(
    catalog: KafkaCatalog,
    settings: KafkaSettings,
    topic: str,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is told by its place and without its content, and the next good one counts."""
    share([titles(tmp_path / "a.csv", q1="Name")], to=topic)
    until(catalog, {"q1": "Name"})
    broken = Record(key=b"club", value=b'{"questions": [{"question_id": "q1", "kind": "secret"}]}')
    with closing(KafkaBroker(settings=settings).publisher(topic=name_of(topic))) as it:
        it.publish([broken])
    share([titles(tmp_path / "b.csv", q1="Name", q2="Age")], to=topic)
    with caplog.at_level(logging.WARNING):
        until(catalog, {"q1": "Name", "q2": "Age"})
    (told,) = [it.getMessage() for it in caplog.records if it.name == "formbridge.questions"]
    assert re.match(rf"{name_of(topic)}/\d/\d+, question 1: .* stays in use\.", told)
    assert "secret" not in told


def test_a_table_is_labelled_and_relabelled_from_the_topic(
    kafka: Kafka, topic: str, tmp_path: Path
) -> None:
    """The whole way, with a bridge that runs on."""
    log = f"kafka://{kafka.bootstrap}/responses-{uuid4().hex}"
    intake = open_intake(log)
    with closing(intake.publisher):
        intake.accept(a_payload("r1", form_id="club"))
    share([titles(tmp_path / "a.csv", q1="Name")], to=topic)
    table = tmp_path / "out" / "club.csv"
    with open_bridge(broker=log, sink=f"csv:{tmp_path / 'out'}", questions=topic) as bridge:
        bridge.run_until_idle()
        assert table.read_text().splitlines()[0].endswith(",Name")
        share([titles(tmp_path / "a.csv", q1="Full name")], to=topic)
        give_up = monotonic() + PATIENCE
        while not table.read_text().splitlines()[0].endswith(",Full name"):
            assert monotonic() < give_up
            bridge.step()


@pytest.mark.parametrize("policy", ["delete", "compact,delete"])
def test_a_topic_that_forgets_by_time_is_refused(
    kafka: Kafka, topic: str, policy: str, tmp_path: Path
) -> None:
    """Titles would be deleted with the rest of an old segment; and it may be one of responses."""
    options = {"formbridge.topic.cleanup.policy": policy}
    other = KafkaBroker(settings=KafkaSettings.of((kafka.bootstrap,), options))
    other.reader(topic=name_of(topic)).close()
    with pytest.raises(BadSetting, match=f"cleanup.policy={policy}, .* another topic"):
        open_catalog(topic)
    with pytest.raises(BadSetting, match=f"cleanup.policy={policy}"):
        share([titles(tmp_path / "a.csv", q1="Name")], to=topic)


def test_what_is_stated_of_topics_is_of_those_of_responses(kafka: Kafka, topic: str) -> None:
    """One file of options serves the whole cluster: of it the number of copies counts here."""
    stated: dict[str, object] = {"partitions": 3, "retention.ms": 5, "replication.factor": 1}
    options = {f"formbridge.topic.{name}": value for name, value in stated.items()}
    open_catalog(topic, options=options)
    assert open_catalog(topic) is not None
    config = KafkaTopics(KafkaSettings(servers=(kafka.bootstrap,))).config(name_of(topic))
    assert (config["cleanup.policy"], config["retention.ms"]) == ("compact", "-1")
    with pytest.raises(BadSetting, match=r"replication\.factor"):
        open_catalog(topic, options={"formbridge.topic.replication.factor": 2})


def test_options_reach_the_client(topic: str) -> None:
    """TLS, SASL and tuning: what the cluster asks of one client it asks of this one too."""
    with pytest.raises(BadSetting, match=r"sasl\.pasword"):
        open_catalog(topic, options={"sasl.pasword": "x"})


@pytest.mark.parametrize("questions", [["{topic}", "titles.csv"], ["{topic}", "{topic}"]])
def test_a_topic_stands_alone(topic: str, questions: list[str]) -> None:
    """Two sources of one title would change it to and fro."""
    with pytest.raises(BadMapping, match="stands alone"):
        open_catalog([each.format(topic=topic) for each in questions])


def test_a_cluster_out_of_reach_is_told_at_the_start() -> None:
    """A table without its titles would be the worse surprise."""
    with pytest.raises(BrokerUnavailable):
        open_catalog("kafka://127.0.0.1:1/questions")


def test_a_topic_that_is_made_anew_is_read_from_its_beginning(
    catalog: KafkaCatalog, settings: KafkaSettings, topic: str, tmp_path: Path
) -> None:
    """Meanwhile the last good titles stay; nobody restarts a bridge because of it."""
    for title in ("Nam", "Name"):
        share([titles(tmp_path / "a.csv", q1=title)], to=topic)
    until(catalog, {"q1": "Name"})
    client = admin(settings, Troubles("test", quiet=True))
    client.delete_topics([name_of(topic)])[name_of(topic)].result(PATIENCE)
    sleep(1.5)
    assert said(catalog) == {"q1": "Name"}
    share([titles(tmp_path / "a.csv", q1="Full name")], to=topic)
    until(catalog, {"q1": "Full name"})


def test_records_that_were_compacted_away_are_not_missed(
    settings: KafkaSettings, topic: str, tmp_path: Path
) -> None:
    """Offsets have gaps then, and marks of transactions stand among them."""
    share([titles(tmp_path / "a.csv", q1="Nam")], to=topic)
    record = mapping_record("club", {"q1": Question(id="q1", title="Name")})
    assert record.value is not None
    produce_in_transaction(settings.servers[0], name_of(topic), [record.value], key=b"club")
    with closing(opened(settings, topic)) as catalog:
        assert said(catalog) == {"q1": "Name"}


def test_a_closed_catalog_knows_what_it_knew(
    settings: KafkaSettings, topic: str, tmp_path: Path
) -> None:
    """A second close does nothing, and nothing is read any more."""
    share([titles(tmp_path / "a.csv", q1="Name")], to=topic)
    catalog = opened(settings, topic)
    catalog.close()
    catalog.close()
    assert said(catalog) == {"q1": "Name"}


def test_looking_at_a_topic_that_is_not_there_makes_none(kafka: Kafka, topic: str) -> None:
    """A mistyped name is told."""
    with pytest.raises(BadInput, match=name_of(topic)):
        shared(topic, clock=SystemClock())
    assert not KafkaTopics(KafkaSettings(servers=(kafka.bootstrap,))).partitions(name_of(topic))


def from_mock(mock: MockCluster, warnings: list[str], clock: FakeClock) -> KafkaCatalog:
    """Return a catalog of the topic "questions" of a mock cluster, which was not read yet."""
    client = outsider(KafkaSettings(servers=(mock.bootstrap,)), NOBODY)
    return KafkaCatalog(client, topic="questions", partitions=1, clock=clock, warn=warnings.append)


def test_who_may_not_read_it_is_told_at_once(caplog: pytest.LogCaptureFixture) -> None:
    """At the start, with the remedy, and not after half a minute as something that may pass."""
    caplog.set_level(logging.CRITICAL)
    with MockCluster.started() as mock:
        mock.create_topic("questions", partitions=1)
        say(mock, "Name")
        mock.fail(ApiKey.FETCH, *[KafkaError.TOPIC_AUTHORIZATION_FAILED] * 3)
        catalog = from_mock(mock, [], FakeClock())
        began = monotonic()
        with closing(catalog), pytest.raises(BrokerDenied, match="access rights"):
            catalog.read()
        assert monotonic() - began < PATIENCE / 2


def test_what_keeps_it_from_being_read_later_is_told_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The last good mapping stays, and when the trouble is over the next change is taken."""
    caplog.set_level(logging.CRITICAL)
    warnings: list[str] = []
    clock = FakeClock()
    with MockCluster.started() as mock:
        mock.create_topic("questions", partitions=1)
        say(mock, "Name")
        with closing(from_mock(mock, warnings, clock)) as catalog:
            catalog.read()
            mock.fail(ApiKey.FETCH, KafkaError.TOPIC_AUTHORIZATION_FAILED)
            pass_until(clock, lambda: said(catalog) == {"q1": "Name"} and bool(warnings))
            say(mock, "Full name")
            pass_until(clock, lambda: said(catalog) == {"q1": "Full name"})
    assert len(warnings) == 1
    assert "TOPIC_AUTHORIZATION_FAILED" in warnings[0]
    assert "stays in use" in warnings[0]


def say(mock: MockCluster, title: str) -> None:
    """Publish the title of a question to a mock, which has no admin to make topics with."""
    broker = KafkaBroker(settings=KafkaSettings(servers=(mock.bootstrap,)))
    with closing(broker.publisher(topic="questions")) as publisher:
        publisher.publish([mapping_record("club", {"q1": Question(id="q1", title=title)})])


def pass_until(clock: FakeClock, done: Callable[[], bool]) -> None:
    """Let the catalog look again until it is done."""
    give_up = monotonic() + PATIENCE
    while not done():
        assert monotonic() < give_up
        sleep(0.05)
        clock.advance(1)
