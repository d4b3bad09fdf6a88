"""A file of a broker's options: read as Kafka's own tools read theirs."""

from contextlib import closing
from pathlib import Path

import pytest

from formbridge.cli.properties import read_properties
from formbridge.compose import open_log, open_publisher
from formbridge.domain.errors import BadSetting
from formbridge.domain.records import Record
from tests.cli.conftest import CommandLine


def test_a_file_gives_names_and_values(tmp_path: Path) -> None:
    """Remarks and empty lines are passed over; a value may hold an equals sign."""
    file = tmp_path / "client.properties"
    file.write_text("# TLS\n\n security.protocol = SASL_SSL \nsasl.password=a=b \n")
    assert read_properties(str(file)) == {"security.protocol": "SASL_SSL", "sasl.password": "a=b"}


def test_no_file_is_no_option() -> None:
    """The command was given none."""
    assert read_properties(None) == {}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"a=1\nsecret words\n", "line 2: is not NAME=VALUE"),
        (b"=secret\n", "line 1: is not NAME=VALUE"),
        (b"a=secret\na=secret2\n", "line 2: a stands there twice"),
        (b"\xff\xfe", "cannot be read as text"),
    ],
)
def test_a_mistake_is_told_by_its_line_and_without_its_content(
    tmp_path: Path, content: bytes, told: str
) -> None:
    """What stands there may be a secret."""
    file = tmp_path / "client.properties"
    file.write_bytes(content)
    with pytest.raises(BadSetting, match=told) as caught:
        read_properties(str(file))
    assert "secret" not in str(caught.value)


def test_options_of_kafka_are_refused_for_another_broker(formbridge: CommandLine) -> None:
    """They would have no effect."""
    file = formbridge.write("client.properties", "linger.ms=5\n")
    ended = formbridge(
        "run", "--broker", "sqlite:log.db", "--sink", "csv:out", "--broker-options", file
    )
    assert ended.code == 2
    assert "'linger.ms' is for kafka: brokers" in ended.err


def test_who_is_sent_to_the_dead_letters_gets_the_file_along(formbridge: CommandLine) -> None:
    """The command that is shown must work as it stands."""
    log = ("--broker", "sqlite:log.db", "--broker-options", formbridge.write("none", "# none\n"))
    with closing(open_publisher(open_log("sqlite:log.db"))) as publisher:
        publisher.publish([Record(key=b"f", value=b"{}")])
    ended = formbridge("run", *log, "--sink", "csv:out", "--until-idle")
    assert f"dead-letters list {' '.join(log)} --group" in ended.err
