"""``formbridge questions``: titles in a topic, for every process."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from tests.cli.conftest import CommandLine
from tests.clusters.fixtures import Kafka

TITLES = "form_id,question_id,title\nf,q,How many?\ng,q,How much?\n"


@pytest.fixture
def topic(kafka: Kafka) -> str:
    """The address of a topic of this test alone."""
    return f"kafka://{kafka.bootstrap}/questions-{uuid4().hex}"


def test_titles_are_published_listed_and_removed(formbridge: CommandLine, topic: str) -> None:
    """And what was done is told in a line, or in JSON."""
    file = formbridge.write("titles.csv", TITLES)
    ended = formbridge("questions", "publish", file, "--topic", topic)
    assert (ended.code, ended.out, ended.err) == (0, "2 questions of 2 forms published\n", "")
    rows = formbridge.json("questions", "list", "--topic", topic)
    assert isinstance(rows, list)
    assert [(row["form"], row["questions"]) for row in rows] == [("f", 1), ("g", 1)]
    assert formbridge("questions", "remove", "g", "--topic", topic).out == "1 form removed\n"
    assert formbridge("questions", "list", "--topic", topic).out.split()[0] == "f"


def test_a_run_labels_its_tables_from_the_topic(
    formbridge: CommandLine, topic: str, payload: Callable[..., str]
) -> None:
    """The log may be in a file, and the titles in a cluster."""
    formbridge("questions", "publish", formbridge.write("titles.csv", TITLES), "--topic", topic)
    formbridge("publish", formbridge.write("r.jsonl", payload("r1")), "--broker", "sqlite:log.db")
    run = ("run", "--broker", "sqlite:log.db", "--sink", "csv:out", "--until-idle")
    assert formbridge(*run, "--questions", topic).code == 0
    assert (formbridge.folder / "out" / "f.csv").read_text().splitlines()[0].endswith("How many?")


def test_a_mistake_in_a_file_publishes_nothing(formbridge: CommandLine, topic: str) -> None:
    """It is told with file and line, and the topic is not even made."""
    file = formbridge.write("titles.csv", "form_id,question_id,title\nf,,x\n")
    ended = formbridge("questions", "publish", file, "--topic", topic)
    assert (ended.code, ended.out) == (2, "")
    assert "titles.csv, line 2" in ended.err


def test_only_what_is_known_can_be_removed(formbridge: CommandLine, topic: str) -> None:
    """A mistyped form is told."""
    ended = formbridge("questions", "remove", "absent", "--topic", topic)
    assert ended.code == 2
    assert "'absent'" in ended.err


def test_a_file_is_no_topic(formbridge: CommandLine) -> None:
    """Only a cluster keeps what every process may read."""
    ended = formbridge("questions", "list", "--topic", "sqlite:log.db")
    assert ended.code == 2
    assert "kafka://localhost:9092/questions" in ended.err
