"""Publishing files from Python: a stream of payloads, in steps, beside their mistakes."""

import io
import json

import pytest

from formbridge.compose import open_intake, open_log, open_reader
from formbridge.payload_files import Payload, payloads_of
from formbridge.publishing import Published, Refusal, publish


def line(response_id: int) -> bytes:
    """Return a response in the native format."""
    moment = "2026-03-02T08:00:00Z"
    response = {"form_id": "f", "response_id": response_id, "submitted_at": moment, "answers": []}
    return json.dumps(response).encode()


def read(content: bytes, *, name: str = "a.jsonl", largest: int = 1000) -> list[Payload]:
    """Return the payloads of a file."""
    return list(payloads_of(io.BytesIO(content), name=name, largest=largest))


def test_payloads_are_published_in_steps() -> None:
    """Each step is durable before the next is read; what is refused belongs to no step."""
    log = open_log("memory:")
    refused: list[Refusal] = []
    steps: list[int] = []

    def tell(done: Published) -> None:
        assert len(list(open_reader(log).read())) == done.responses
        steps.append(done.responses)

    payloads = read(b"\n".join([line(1), line(2), b"{}", line(3), line(4)]))
    done = publish(payloads, intake=open_intake(log), refuse=refused.append, tell=tell, at_once=2)
    assert steps == [2, 3, 4]
    assert (done.responses, done.refused, done.empty) == (4, 1, 0)
    assert [str(each).partition(": ")[0] for each in refused] == ["a.jsonl:3"]


@pytest.mark.parametrize("name", ["a.jsonl", "a"])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_payload_that_is_too_large_costs_its_neighbours_nothing(name: str, place: int) -> None:
    """Nor memory: a line is read no further than it may be long."""
    lines = [line(1), line(2)]
    lines.insert(place, b'{"x": "' + b"x" * 3000 + b'"}')
    payloads = read(b"\n".join(lines), name=name)
    assert [payload.line for payload in payloads if payload.problem] == [place + 1]
    assert [payload.content for payload in payloads if payload.content] == [line(1), line(2)]


def test_a_list_is_taken_apart_as_it_is_written() -> None:
    """Spaces and numbers within an item stay; lines are counted."""
    payloads = read(b'\n[ {"a":  1.50},\n\n {"b": [1, 2]} ,3]', name="a.json")
    assert [(payload.line, payload.content) for payload in payloads] == [
        (2, b'{"a":  1.50}'),
        (4, b'{"b": [1, 2]}'),
        (4, b"3"),
    ]


def test_a_payload_does_not_show_its_content() -> None:
    """It is personal."""
    assert repr(Payload("a.jsonl", 3, b"Margaret")) == "Payload(a.jsonl:3, 8 bytes)"
