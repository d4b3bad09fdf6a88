"""``formbridge dead-letters``: from a record that nobody can read to a row in the table."""

from collections.abc import Sequence
from typing import Any

import pytest

from formbridge.compose import open_publisher
from formbridge.domain.records import Record
from tests.cli.conftest import CommandLine, Ended

LOG = "sqlite:log.db"
SINK = ("--broker", LOG, "--sink", "csv:out")
OTHER_SHAPE = (
    b'{"formular": "f", "nr": 1, "wann": "2026-03-02T08:00:00Z",'
    b' "antworten": [{"frage": "q", "wert": "Margaret"}]}'
)
DESCRIPTION = """\
name = "native"

[response]
form_id = "formular"
response_id = "nr"
submitted_at = "wann"

[[answers]]
each = "antworten[*]"
key = "frage"
value = "wert"
"""


def command(line: CommandLine, name: str, *arguments: str) -> Ended:
    """Run a command of the group."""
    return line("dead-letters", name, *arguments)


def listed(line: CommandLine, *arguments: str) -> list[dict[str, Any]]:
    """Return what is unresolved."""
    found = line.json("dead-letters", "list", "--broker", LOG, *arguments)
    assert isinstance(found, list)
    return found


@pytest.fixture
def buried(formbridge: CommandLine) -> CommandLine:
    """A log of two groups, each with two dead letters."""
    publisher = open_publisher(LOG)
    publisher.publish([Record(key=b"f", value=b"Margaret"), Record(key=b"f", value=OTHER_SHAPE)])
    publisher.close()
    for sink in ("csv:out", "csv:more"):
        assert formbridge("run", "--broker", LOG, "--sink", sink, "--until-idle").code == 1
    return formbridge


def ids(letters: Sequence[dict[str, Any]]) -> list[str]:
    """Return the ids."""
    return [letter["id"] for letter in letters]


def test_letters_are_listed_by_group(buried: CommandLine) -> None:
    """A line for each: id, group, error class, reason; and nothing that was answered."""
    ended = command(buried, "list", *SINK)
    assert ended.code == 0
    assert len(ended.out.splitlines()) == 2
    assert all(line.count("\t") == 3 for line in ended.out.splitlines())
    assert ended.err == "2 dead letters\n"
    assert "Margaret" not in ended.out
    assert len(listed(buried)) == 4
    assert listed(buried, "--group", "another") == []


def test_a_letter_says_why_and_where(buried: CommandLine) -> None:
    """The payload only when it is asked for."""
    (first, _) = ids(listed(buried, *SINK[2:]))
    shown = command(buried, "show", first, *SINK)
    assert shown.code == 0
    assert first in shown.out
    assert "Undecodable" in shown.out
    assert "Margaret" not in shown.out
    with_payload = command(buried, "show", first, *SINK, "--payload")
    assert "Margaret" in with_payload.out


def test_a_letter_is_replayed_after_its_cause_was_mended(buried: CommandLine) -> None:
    """To its own group only; what still cannot be read stays, and is told."""
    buried.write("mended.toml", DESCRIPTION)
    ended = command(buried, "replay", "--all", *SINK, "--format", "mended.toml")
    assert ended.code == 1
    assert ended.out == "1 dead letter replayed, 1 failed again\n"
    assert "Margaret" not in ended.err
    assert (buried.folder / "out" / "f.csv").exists()
    assert not (buried.folder / "more" / "f.csv").exists()
    assert len(listed(buried, *SINK[2:])) == 1
    assert len(listed(buried)) == 3


def test_a_letter_is_given_up(buried: CommandLine) -> None:
    """By its id, in its group; the other group still has it."""
    first, second = ids(listed(buried, *SINK[2:]))
    assert command(buried, "discard", first, *SINK).out == "1 dead letter discarded\n"
    assert ids(listed(buried, *SINK[2:])) == [second]
    assert len(listed(buried)) == 3
    again = command(buried, "discard", first, *SINK)
    assert (again.code, again.out) == (2, "")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["replay", "--all", "--broker", LOG], "--sink"),
        (["replay", *SINK], "--all"),
        (["replay", "responses/0/0", "--all", *SINK], "--all"),
        (["replay", "responses/9/9", *SINK], "no unresolved dead letter 'responses/9/9'"),
        (["discard", "--all", "--broker", LOG], "--group"),
        (["show", "responses/9/9", "--broker", LOG], "in any group"),
        (["list", "--broker", "sqlite:absent.db"], "no log sqlite:absent.db"),
        (["show", "--broker", LOG], "ID"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(
    arguments: list[str], says: str, buried: CommandLine
) -> None:
    """Nothing is replayed or given up."""
    ended = buried("dead-letters", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("formbridge: ")
    assert ended.err.count("\n") == 1
    assert says in ended.err
    assert len(listed(buried)) == 4
