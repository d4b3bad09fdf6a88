"""``formbridge publish``: every way to write payloads down, and every mistake by itself."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from formbridge.compose import open_reader
from tests.cli.conftest import CommandLine

LOG = "sqlite:log.db"
Payload = Callable[..., str]


def logged() -> list[str]:
    """Return the response ids in the log."""
    reader = open_reader(LOG)
    ids = [json.loads(delivery.value or b"")["response_id"] for delivery in reader.read()]
    reader.close()
    return sorted(ids)


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a", "a.ndjson"])
def test_json_lines_are_published_whatever_the_name(
    name: str, formbridge: CommandLine, payload: Payload
) -> None:
    """Blank lines and a byte order mark make no difference; the last line may lack its end."""
    formbridge.write(name, "\ufeff" + payload("1") + "\n\n  \r\n" + payload("2"))
    ended = formbridge("publish", name, "--broker", LOG)
    assert (ended.code, ended.out) == (0, f"2 responses published to {LOG}\n")
    assert logged() == ["1", "2"]


@pytest.mark.parametrize("indent", [None, 2])
def test_a_document_or_a_list_is_published(
    indent: int | None, formbridge: CommandLine, payload: Payload
) -> None:
    """On one line or on many; each item of a list is a payload, in the bytes that stand there."""
    one, two = json.loads(payload("1")), json.loads(payload("2"))
    formbridge.write("one.json", "\n" + json.dumps(one, indent=indent))
    formbridge.write("list.json", json.dumps([two, two | {"response_id": "3"}], indent=indent))
    assert formbridge("publish", "one.json", "list.json", "--broker", LOG).code == 0
    assert logged() == ["1", "2", "3"]


def test_standard_input_is_a_file_too(
    formbridge: CommandLine, payload: Payload, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As ``-``."""
    stream = io.TextIOWrapper(io.BytesIO((payload("1") + "\nbad\n").encode()))
    monkeypatch.setattr(sys, "stdin", stream)
    ended = formbridge("publish", "-", "--broker", LOG)
    assert ended.code == 1
    assert ended.err.startswith("-:2: ")
    assert logged() == ["1"]


BAD = {
    "not JSON": b"Margaret Hamilton",
    "a value that is no object": b'"Margaret Hamilton"',
    "wrong encoding": '{"form_id": "f", "response_id": "Margaret ü"}'.encode("latin-1"),
    "nesting": b'{"form_id":"f","response_id":"x","answers":'
    + b"[" * 10_000
    + b"]" * 10_000
    + b"}",
    "50 MB": b'{"form_id":"f","response_id":"x","y":"' + b"Margaret" * 6_250_000 + b'"}',
    "duplicate keys": b'{"form_id":"f","form_id":"g","response_id":"Margaret","answers":[]}',
    "no form id": b'{"response_id":"Margaret","answers":[]}',
    "a form id that is a list": b'{"form_id":["Margaret"],"response_id":"x","answers":[]}',
    "NaN": b'{"form_id":"f","response_id":"Margaret","answers":[{"question_id":"q","value":NaN}]}',
    "lone surrogate": b'{"form_id":"f","response_id":"x","answers":[{"question_id":"q",'
    b'"value":"Margaret \\ud800"}]}',
    "NUL bytes": b'{"form_id":"f","response_id":"Margaret\0","answers":[]}',
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_payload_is_told_by_its_place_and_its_neighbours_go_on(
    name: str, formbridge: CommandLine, payload: Payload
) -> None:
    """One line that names file and line and holds nothing of the payload; exit code 1."""
    content = payload("1").encode() + b"\n" + BAD[name] + b"\n" + payload("2").encode() + b"\n"
    formbridge.write("a.jsonl", content)
    ended = formbridge("publish", "a.jsonl", "--broker", LOG)
    assert ended.code == 1
    assert ended.out == f"2 responses published to {LOG}, 1 payload refused\n"
    assert ended.err.startswith("a.jsonl:2: $")
    assert ended.err.count("\n") == 1
    assert "Margaret" not in ended.err
    assert "Traceback" not in ended.err
    assert logged() == ["1", "2"]


def test_an_escaped_nul_is_an_answer_like_another(
    formbridge: CommandLine, payload: Payload
) -> None:
    """It is legal JSON; what becomes of it is for the sink to say."""
    formbridge.write("a.jsonl", payload("1", "a\0b"))
    assert formbridge("publish", "a.jsonl", "--broker", LOG).code == 0


@pytest.mark.parametrize(
    ("content", "places"),
    [
        ("[{PAYLOAD}, nonsense, {PAYLOAD}]", ["a.json:1"]),
        ("[\n{PAYLOAD},\n{PAYLOAD}\n", ["a.json:3"]),
        ("[{PAYLOAD}] and more", ["a.json:1"]),
        ("[{PAYLOAD},\n7,\n{PAYLOAD}]", ["a.json:2"]),
        ('{"form_id": "f"\n{PAYLOAD}\n', ["a.json:1"]),
        ('{\n"form_id": "f"\n', ["a.json:1"]),
    ],
)
def test_a_broken_file_keeps_what_stands_before_the_break(
    content: str, places: list[str], formbridge: CommandLine, payload: Payload
) -> None:
    """Each payload that can be found is published; the break is told by its line."""
    formbridge.write("a.json", content.replace("{PAYLOAD}", payload("1")))
    ended = formbridge("publish", "a.json", "--broker", LOG)
    assert ended.code == 1
    assert [line[: len(places[0])] for line in ended.err.splitlines()] == places
    assert len(logged()) == content.count("{PAYLOAD}") - ("nonsense" in content)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_a_file_in_another_encoding_is_one_error(
    encoding: str, formbridge: CommandLine, payload: Payload
) -> None:
    """Not one for each of its lines."""
    formbridge.write("a.jsonl", "\n".join([payload("1")] * 50).encode(encoding))
    ended = formbridge("publish", "a.jsonl", "--broker", LOG)
    assert ended.code == 1
    assert ended.err.startswith("a.jsonl:1: ")
    assert ended.err.count("\n") == 1
    assert "UTF-8" in ended.err


def test_an_empty_file_publishes_nothing(formbridge: CommandLine) -> None:
    """And is no mistake: perhaps nobody answered yet."""
    formbridge.write("a.jsonl", "")
    assert formbridge("publish", "a.jsonl", "--broker", LOG).code == 0


def test_the_result_is_json_for_programs(formbridge: CommandLine, payload: Payload) -> None:
    """Counts, and each refusal with its place."""
    formbridge.write("a.jsonl", payload("1") + "\n{}\n")
    result = formbridge.json("publish", "a.jsonl", "--broker", LOG)
    assert isinstance(result, dict)
    (refused,) = result.pop("refused")
    assert result == {"published": 1, "empty": 0}
    assert (refused["file"], refused["line"]) == ("a.jsonl", 2)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["absent.jsonl", "--broker", LOG], "absent.jsonl does not exist; "),
        ([".", "--broker", LOG], ". is a folder; "),
        (["a.jsonl"], "--broker"),
        (["--broker", LOG], "FILE"),
        (["a.jsonl", "--broker", "log.db"], "sqlite:log.db"),
        (["a.jsonl", "--broker", "memory:"], "memory:"),
        (["a.jsonl", "--broker", "sqlite:absent/log.db"], "absent"),
        (["a.jsonl", "--broker", LOG, "--format", "absent"], "native"),
        (["a.jsonl", "--broker", LOG, "--format", "bad.toml"], "bad.toml"),
        (["a.jsonl", "--broker", LOG, "--formt", "native"], "--formt"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(
    arguments: list[str], says: str, formbridge: CommandLine, payload: Payload
) -> None:
    """And nothing is published."""
    formbridge.write("a.jsonl", payload("1"))
    formbridge.write("bad.toml", "answers = 7\n")
    ended = formbridge("publish", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("formbridge: ")
    assert ended.err.count("\n") == 1
    assert says in ended.err


def test_one_mistaken_file_name_publishes_nothing_of_the_others(
    formbridge: CommandLine, payload: Payload
) -> None:
    """Files are looked at first."""
    formbridge.write("a.jsonl", payload("1"))
    assert formbridge("publish", "a.jsonl", "absent", "--broker", LOG).code == 2
    assert not (formbridge.folder / "log.db").exists()


def test_a_log_that_is_none_is_refused(formbridge: CommandLine, payload: Payload) -> None:
    """A damaged or foreign file is left as it is."""
    formbridge.write("a.jsonl", payload("1"))
    formbridge.write("log.db", b"no database" * 1000)
    ended = formbridge("publish", "a.jsonl", "--broker", LOG)
    assert ended.code == 1
    assert ended.err.startswith("formbridge: log.db ")
    assert (formbridge.folder / "log.db").read_bytes() == b"no database" * 1000


def test_real_shapes_of_a_provider_are_published_by_its_format(formbridge: CommandLine) -> None:
    """The example's webhooks."""
    data = Path(__file__).resolve().parents[2] / "examples" / "data" / "typeform.jsonl"
    ended = formbridge("publish", str(data), "--broker", LOG, "--format", "typeform")
    assert ended.code == 0, ended.err
