"""``formbridge questions``: titles in a topic, for every process."""

from collections.abc import Callable
from contextlib import closing
from uuid import uuid4

import pytest

from formbridge.compose import open_publisher
from formbridge.domain.records import Record
from tests.cli.conftest import CommandLine
from tests.clusters.fixtures import Kafka

MENDED = """\
name = "native"

[response]
form_id = "formId"
response_id = "responseId"
submitted_at = "submitted_at"

[[answers]]
each = "answers[*]"
key = "questionId"
value = "value"
"""
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
    """A mistyped form is told, and none of the others is removed."""
    formbridge("questions", "publish", formbridge.write("titles.csv", TITLES), "--topic", topic)
    ended = formbridge("questions", "remove", "f", "absent", "--topic", topic)
    assert ended.code == 2
    assert "'absent'" in ended.err
    assert len(formbridge("questions", "list", "--topic", topic).out.splitlines()) == 2


def test_a_topic_that_is_not_there_is_told(formbridge: CommandLine, topic: str) -> None:
    """Looking at it makes none, so the second time says the same."""
    for command in (["list"], ["remove", "f"], ["list"]):
        ended = formbridge("questions", *command, "--topic", topic)
        assert ended.code == 2
        assert "there is no topic" in ended.err


def test_what_was_done_is_told_to_programs(formbridge: CommandLine, topic: str) -> None:
    """One JSON value each."""
    file = formbridge.write("titles.csv", TITLES)
    assert formbridge.json("questions", "publish", file, "--topic", topic) == {"f": 1, "g": 1}
    assert formbridge.json("questions", "remove", "f", "g", "--topic", topic) == {
        "removed": ["f", "g"]
    }
    assert formbridge.json("questions", "list", "--topic", topic) == []


def test_options_come_from_a_file(formbridge: CommandLine, topic: str) -> None:
    """For each of these commands, and for a run that reads its titles from the topic."""
    file = formbridge.write("titles.csv", TITLES)
    options = ("--broker-options", formbridge.write("client.properties", "sasl.pasword=hidden"))
    for command in (["publish", file], ["list"], ["remove", "f"]):
        ended = formbridge("questions", *command, "--topic", topic, *options)
        assert (ended.code, "sasl.pasword" in ended.err) == (2, True)
        assert "hidden" not in ended.err


def test_files_and_a_topic_are_not_mixed(formbridge: CommandLine, topic: str) -> None:
    """Two sources of one title would change it to and fro."""
    file = formbridge.write("titles.csv", TITLES)
    run = ("run", "--broker", "sqlite:log.db", "--sink", "csv:out", "--until-idle")
    ended = formbridge(*run, "--questions", topic, "--questions", file)
    assert ended.code == 2
    assert "stands alone" in ended.err


def test_a_replay_labels_its_tables_from_the_topic(
    formbridge: CommandLine, topic: str, payload: Callable[..., str]
) -> None:
    """As the run does whose dead letters these are."""
    formbridge("questions", "publish", formbridge.write("titles.csv", TITLES), "--topic", topic)
    with closing(open_publisher("sqlite:log.db")) as publisher:
        publisher.publish([Record(key=b"f", value=payload("r1").replace("_id", "Id").encode())])
    place = ("--broker", "sqlite:log.db", "--sink", "csv:out")
    assert formbridge("run", *place, "--until-idle").code == 1
    mended = ("--format", formbridge.write("mended.toml", MENDED), "--questions", topic)
    assert formbridge("dead-letters", "replay", "--all", *place, *mended).code == 0
    assert (formbridge.folder / "out" / "f.csv").read_text().splitlines()[0].endswith("How many?")
