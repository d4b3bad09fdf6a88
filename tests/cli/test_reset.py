"""``formbridge reset``: a sink reads on from another place."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.conftest import CommandLine

BROKER = ("--broker", "sqlite:log.db")
SINK = ("--sink", "csv:out")


@pytest.fixture
def carried(formbridge: CommandLine, payload: Callable[..., str]) -> CommandLine:
    """A log of three responses, which are in the tables already."""
    lines = "\n".join(payload(f"r{number}") for number in range(3))
    formbridge("publish", formbridge.write("r.jsonl", lines), *BROKER)
    assert read(formbridge) == 3
    assert read(formbridge) == 0
    return formbridge


def read(formbridge: CommandLine) -> int:
    """Carry what is there; return how many records were read."""
    (bridge,) = formbridge.json("run", *BROKER, *SINK, "--until-idle")  # type: ignore[misc]  # a list of one
    records: int = bridge["records"]
    return records


def test_a_sink_reads_everything_again_from_the_beginning(carried: CommandLine) -> None:
    """And its tables stay as they are, because they have it all."""
    before = (carried.folder / "out" / "f.csv").read_bytes()
    ended = carried("reset", *BROKER, *SINK, "--to", "beginning")
    assert (ended.code, ended.err) == (0, "")
    assert "reads on from beginning" in ended.out
    assert read(carried) == 3
    assert (carried.folder / "out" / "f.csv").read_bytes() == before


def test_a_sink_skips_what_is_there(carried: CommandLine) -> None:
    """From the end, only what comes from now on."""
    carried("reset", *BROKER, *SINK, "--to", "beginning")
    found = carried.json("reset", *BROKER, *SINK, "--to", "end")
    assert isinstance(found, dict)
    assert sum(found["offsets"].values()) == 3
    assert read(carried) == 0


@pytest.mark.parametrize(("hours", "records"), [(-1, 3), (1, 0)])
def test_a_sink_reads_again_what_came_since_a_time(
    carried: CommandLine, hours: int, records: int
) -> None:
    """With a zone or without one, which is UTC."""
    moment = datetime.now(UTC) + timedelta(hours=hours)
    for text in (moment.isoformat(), moment.replace(tzinfo=None).isoformat()):
        carried("reset", *BROKER, *SINK, "--to", text)
        assert read(carried) == records


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((*BROKER, *SINK, "--to", "yesterday"), "'yesterday' is no place"),
        ((*BROKER, "--to", "end"), "--sink is missing"),
        (("--broker", "sqlite:absent.db", *SINK, "--to", "end"), "no log sqlite:absent.db"),
        (("--broker", "memory:", *SINK, "--to", "end"), "use sqlite:log.db"),
        ((*BROKER, *SINK, "--to", "end", "--broker-options", "none"), "none cannot be read"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(
    carried: CommandLine, arguments: tuple[str, ...], told: str
) -> None:
    """And nothing is made or moved."""
    ended = carried("reset", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert told in ended.err
    assert ended.err.count("\n") == 1
    assert not (carried.folder / "absent.db").exists()
    assert read(carried) == 0
