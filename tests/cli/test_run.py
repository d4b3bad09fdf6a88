"""``formbridge run``: the log becomes tables, and mistakes are told before anything starts."""

import csv
import json
import sqlite3
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from formbridge.compose import open_publisher
from formbridge.domain.records import Record
from tests.cli.conftest import CommandLine

LOG = "sqlite:log.db"
RUN = ("run", "--broker", LOG, "--sink", "csv:out", "--until-idle")
MAPPING = "form_id,question_id,title\nf,q,How many?\n"
Payload = Callable[..., str]


def rows(path: Path) -> list[list[str]]:
    """Return a table's lines."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.fixture
def published(formbridge: CommandLine, payload: Payload) -> CommandLine:
    """A log with three responses of two forms, and a mapping file of one of them."""
    lines = [payload("1"), payload("2"), payload("1", form_id="g")]
    formbridge.write("a.jsonl", "\n".join(lines))
    formbridge.write("questions.csv", MAPPING)
    assert formbridge("publish", "a.jsonl", "--broker", LOG).code == 0
    return formbridge


def test_a_log_becomes_tables_once(published: CommandLine) -> None:
    """The second run finds nothing to do."""
    first = published(*RUN, "--questions", "questions.csv")
    assert (first.code, first.err) == (0, "")
    assert first.out == "csv:out: 3 records read, 3 rows changed, 0 dead letters\n"
    again = published(*RUN, "--questions", "questions.csv")
    assert again.out == "csv:out: 0 records read, 0 rows changed, 0 dead letters\n"
    table = rows(published.folder / "out" / "f.csv")
    assert table[0] == ["Response ID", "Submitted at", "Updated at", "How many?"]
    assert [row[0] for row in table[1:]] == ["1", "2"]


def test_several_sinks_have_places_of_their_own(published: CommandLine) -> None:
    """A sink that is added later reads the log from its beginning."""
    published(*RUN)
    both = published.json(*RUN, "--sink", "csv:more")
    assert isinstance(both, list)
    assert [(each["sink"], each["records"], each["state"]) for each in both] == [
        ("csv:out", 0, "ended"),
        ("csv:more", 3, "ended"),
    ]
    assert (published.folder / "more" / "g.csv").read_bytes() == (
        published.folder / "out" / "g.csv"
    ).read_bytes()


def test_a_mapping_that_comes_later_relabels(published: CommandLine) -> None:
    """Without a new response."""
    published(*RUN)
    assert rows(published.folder / "out" / "f.csv")[0][3] == "q"
    assert published(*RUN, "--questions", "questions.csv").code == 0
    assert rows(published.folder / "out" / "f.csv")[0][3] == "How many?"


def test_what_cannot_be_decoded_is_kept_and_told(published: CommandLine) -> None:
    """The neighbours are in the table; the exit code says that not everything is."""
    publisher = open_publisher(LOG)
    publisher.publish([Record(key=b"f", value=b"Margaret")])
    publisher.close()
    ended = published(*RUN)
    assert ended.code == 1
    assert "1 dead letter\n" in ended.out
    assert "formbridge dead-letters list" in ended.err
    assert "Margaret" not in ended.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--sink", "csv:out"], "--broker"),
        (["--broker", LOG], "--sink"),
        (["--broker", LOG, "--sink", "out"], "csv:out"),
        (["--broker", LOG, "--sink", "csv:a.jsonl"], "is a file, not a folder"),
        (["--broker", LOG, "--sink", "csv:out", "--sink", "csv:./out"], "same place"),
        (["--broker", LOG, "--sink", "csv:out", "--sink", "csv:b", "--group", "g"], "--group"),
        (["--broker", LOG, "--sink", "csv:out", "--questions", "absent.csv"], "absent.csv"),
        (["--broker", LOG, "--sink", "csv:out", "--questions", "bad.csv"], "lacks title"),
        (
            [*RUN[1:], "--questions", "questions.csv", "--questions", "two.csv"],
            "'q' of form 'f' has a second title",
        ),
        (["--broker", LOG, "--sink", "csv:out", "--format", "absent"], "native"),
        (["--broker", LOG, "--sink", "csv:out", "--state", "a.jsonl"], "--state"),
        (["--broker", "sqlite:absent/log.db", "--sink", "csv:out"], "absent"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(
    arguments: list[str], says: str, published: CommandLine
) -> None:
    """And nothing is started: no folder is made."""
    published.write("bad.csv", "form_id,question_id\nf,q\n")
    published.write("two.csv", "form_id,question_id,title\nf,q,How much?\n")
    ended = published("run", "--until-idle", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("formbridge: ")
    assert ended.err.count("\n") == 1
    assert says in ended.err
    assert not (published.folder / "out").exists()


@pytest.mark.parametrize("damage", ["head", "foreign"])
def test_a_damaged_log_is_one_line(damage: str, published: CommandLine) -> None:
    """Exit code 1: nothing that was typed is wrong."""
    path = published.folder / "log.db"
    if damage == "head":
        path.write_bytes(b"x" * path.stat().st_size)
    else:
        path.unlink()
        with sqlite3.connect(path) as other:
            other.execute("CREATE TABLE mine (x)")
        other.close()
    ended = published(*RUN)
    assert ended.code == 1
    assert ended.err.startswith("formbridge: log.db ")
    assert ended.err.count("\n") == 1


def same(cell: str, value: object) -> bool:
    """Whether a cell says what was answered; a number in any spelling of its value."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(cell) == Decimal(str(value))
    return cell == value


@pytest.mark.parametrize(("form", "count"), [("bfi", 2800), ("student-survey", 237)])
def test_real_responses_become_a_table_with_every_answer(
    form: str, count: int, shared: Path, formbridge: CommandLine
) -> None:
    """Real data: every answer under its question's own words, and blank where none was given."""
    data = shared / "data"
    responses = data / f"{form}-responses.jsonl"
    assert formbridge("publish", str(responses), "--broker", LOG).code == 0
    assert formbridge(*RUN, "--questions", str(data / f"{form}-questions.csv")).code == 0
    header, *lines = rows(formbridge.folder / "out" / f"{form}.csv")
    titles = {line[1]: line[2] for line in rows(data / f"{form}-questions.csv")[1:]}
    assert header == ["Response ID", "Submitted at", "Updated at", *titles.values()]
    table = {line[0]: dict(zip(header, line, strict=True)) for line in lines}
    assert len(table) == len(lines) == count
    for line in responses.read_text(encoding="utf-8").splitlines():
        response = json.loads(line)
        row = table[response["response_id"]]
        answers = {titles[it["question_id"]]: it["value"] for it in response["answers"]}
        assert all(same(row[title], value) for title, value in answers.items())
        assert all(not row[title] for title in titles.values() if title not in answers)
