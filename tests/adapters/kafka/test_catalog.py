"""What questions are called, from a topic: shared by processes, and changed while they run."""

import json
import logging
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import monotonic, sleep
from uuid import uuid4

import pytest

from formbridge.adapters.kafka.broker import KafkaBroker
from formbridge.adapters.kafka.catalog import KafkaCatalog, open_kafka_catalog
from formbridge.adapters.kafka.mapping_records import mapping_record, questions_in
from formbridge.adapters.kafka.settings import KafkaSettings
from formbridge.adapters.system.clock import SystemClock
from formbridge.catalogs import share, shared, withdraw
from formbridge.compose import open_bridge, open_catalog, open_intake
from formbridge.domain.answers import Kind
from formbridge.domain.errors import BadMapping, BadSetting, BrokerUnavailable, NewerVersion
from formbridge.domain.identity import TableKey
from formbridge.domain.questions import Question
from formbridge.domain.records import Record
from formbridge.testing.builders import a_delivery, a_payload
from tests.clusters.fixtures import Kafka

CLUB = TableKey(form_id="club")
PATIENCE = 30.0


@pytest.fixture
def topic(kafka: Kafka) -> str:
    """The address of a topic of this test alone."""
    return f"kafka://{kafka.bootstrap}/questions-{uuid4().hex}"


@pytest.fixture
def settings(kafka: Kafka) -> KafkaSettings:
    """The cluster, for topics that are compacted."""
    return KafkaSettings(servers=(kafka.bootstrap,)).compacted()


@pytest.fixture
def catalog(settings: KafkaSettings, topic: str) -> Iterator[KafkaCatalog]:
    """A catalog that was opened before anything was said."""
    with closing(opened(settings, topic)) as catalog:
        yield catalog


def opened(settings: KafkaSettings, topic: str) -> KafkaCatalog:
    """Open one more catalog of the topic."""
    return open_kafka_catalog(settings, topic=topic.rpartition("/")[2], clock=SystemClock())


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


def test_who_opens_it_knows_what_was_said_before(
    settings: KafkaSettings, topic: str, tmp_path: Path
) -> None:
    """So that a bridge labels its first table right; the last record of a form counts."""
    share([titles(tmp_path / "a.csv", q1="Your nam")], to=topic)
    share([titles(tmp_path / "a.csv", q1="Your name", q2="Your age")], to=topic)
    with closing(opened(settings, topic)) as catalog:
        assert said(catalog) == {"q1": "Your name", "q2": "Your age"}


def test_a_running_catalog_takes_changes(catalog: KafkaCatalog, topic: str, tmp_path: Path) -> None:
    """What somebody publishes is known everywhere in a second or two, and its version grows."""
    assert catalog.mapping(CLUB) is None
    before = catalog.version()
    share([titles(tmp_path / "a.csv", q1="Name")], to=topic)
    until(catalog, {"q1": "Name"})
    first = catalog.mapping(CLUB)
    share([titles(tmp_path / "a.csv", q1="Full name")], to=topic)
    until(catalog, {"q1": "Full name"})
    second = catalog.mapping(CLUB)
    assert first is not None
    assert second is not None
    assert first.version < second.version
    assert before < catalog.version()


def test_a_form_can_be_taken_back(catalog: KafkaCatalog, topic: str, tmp_path: Path) -> None:
    """A record without a value removes what was said of the form."""
    share([titles(tmp_path / "a.csv", q1="Name")], to=topic)
    until(catalog, {"q1": "Name"})
    withdraw(["club"], to=topic)
    until(catalog, {})
    assert shared(topic, clock=SystemClock()) == {}


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
    broken = Record(key=b"club", value=b'{"questions": "secret"}')
    with closing(KafkaBroker(settings=settings).publisher(topic=topic.rpartition("/")[2])) as it:
        it.publish([broken])
    share([titles(tmp_path / "b.csv", q1="Name", q2="Age")], to=topic)
    with caplog.at_level(logging.WARNING):
        until(catalog, {"q1": "Name", "q2": "Age"})
    (told,) = [it.getMessage() for it in caplog.records if it.name == "formbridge.questions"]
    assert "stays in use" in told
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


def test_a_topic_that_forgets_by_time_is_refused(kafka: Kafka, topic: str) -> None:
    """Without compaction the titles would be deleted with the rest of an old segment."""
    name = topic.rpartition("/")[2]
    plain = KafkaBroker(settings=KafkaSettings(servers=(kafka.bootstrap,)))
    plain.reader(topic=name).close()
    with pytest.raises(BadSetting, match=r"cleanup\.policy"):
        open_catalog(topic)


@pytest.mark.parametrize("questions", [["{topic}", "titles.csv"], ["{topic}", "{topic}"]])
def test_a_topic_stands_alone(topic: str, questions: list[str]) -> None:
    """Two sources of one title would change it to and fro."""
    with pytest.raises(BadMapping, match="stands alone"):
        open_catalog([each.format(topic=topic) for each in questions])


def test_a_cluster_out_of_reach_is_told_at_the_start() -> None:
    """A table without its titles would be the worse surprise."""
    with pytest.raises(BrokerUnavailable):
        open_catalog("kafka://127.0.0.1:1/questions")


def test_a_mapping_survives_its_record() -> None:
    """Title, order, kind and options, in any script."""
    questions = {
        "q1": Question(id="q1", title="Größe ☃", order=2.5, kind=Kind.NUMBER),
        "q2": Question(id="q2", title="", options={"width": "20"}),
    }
    record = mapping_record("club", questions)
    delivery = a_delivery(record.value, key=record.key, headers=record.headers)
    assert questions_in(delivery) == ("club", questions)


@pytest.mark.parametrize(
    ("key", "body", "error"),
    [
        (b"", {"questions": []}, BadMapping),
        (b"\xff", {"questions": []}, BadMapping),
        (b"club", [], BadMapping),
        (b"club", {"questions": {}}, BadMapping),
        (b"club", {"questions": ["q1"]}, BadMapping),
        (b"club", {"questions": [{"title": "secret"}]}, BadMapping),
        (b"club", {"questions": [{"question_id": "q", "kind": "odd"}]}, BadMapping),
        (b"club", {"version": 2, "questions": []}, NewerVersion),
    ],
)
def test_a_record_of_another_form_is_refused_by_its_place(
    key: bytes, body: object, error: type[Exception]
) -> None:
    """A person finds it by topic, partition and offset."""
    with pytest.raises(error, match="responses/0/7") as caught:
        questions_in(a_delivery(json.dumps(body).encode(), key=key, offset=7))
    assert "secret" not in str(caught.value)
