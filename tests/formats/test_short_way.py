"""The generated types read what the ordinary reader reads, and nothing else."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formbridge.domain.envelope import Envelope
from formbridge.domain.errors import Undecodable
from formbridge.domain.responses import Response
from formbridge.formats import Format, description_text, load_format
from formbridge.formats.compiler import compile_text

Described = Callable[[str], Format]

NATIVE = load_format("native")
# A section that finds nothing makes the description too rich for the short way.
ORDINARY = compile_text(
    description_text("native") + '\n[[answers]]\neach = "no such key.*"\n', file="ordinary.toml"
)

ids = st.one_of(st.text(max_size=5), st.integers(), st.none(), st.booleans(), st.floats())
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
texts = st.one_of(
    st.none(), st.sampled_from(["text", "*A* title", "rating"]), st.text(max_size=5), values
)
answers = st.fixed_dictionaries(
    {"question_id": st.sampled_from(["a", "b", "c", 1, ""]) | ids, "value": values},
    optional={"kind": texts, "title": texts, "more": values},
)
payloads = st.fixed_dictionaries(
    {
        "form_id": st.just("f") | ids,
        "response_id": st.just("r") | ids,
        "submitted_at": st.sampled_from(
            [
                "2026-03-02T08:00:00Z",
                "2026-03-02",
                "2026-03-02T10:00:00.123456789+02:00",
                "",
                "x",
                1,
            ]
        ),
        "answers": st.lists(answers, max_size=4) | values,
    },
    optional={
        "updated_at": st.sampled_from(["2026-03-02T08:00:00z", None, "", 5]),
        "status": st.sampled_from(["complete", "partial", "spam", None, "", "?", True]),
        "operation": st.sampled_from(["upsert", "merge", "delete", None, "partial", "ignore"]),
        "more": values,
    },
)


def _outcome(compiled: Format, body: bytes) -> object:
    """Return what can be compared: shapes are compared by identity, so here by what they hold."""
    try:
        (response,) = compiled.read(Envelope(body), source="s")
    except Undecodable as error:
        return str(error)
    shape = response.shape
    return (
        *response._replace(shape=None, values=None),  # type: ignore[arg-type]  # taken apart
        shape.question_ids,
        shape.titles,
        shape.kinds,
        repr(response.values),
    )


@given(payload=payloads, spaced=st.booleans(), order=st.randoms(use_true_random=False))
def test_both_ways_agree_on_whole_payloads(
    payload: dict[str, object], order: object, *, spaced: bool
) -> None:
    """On what they return and on what they refuse, whatever the order of the keys."""
    keys = list(payload)
    order.shuffle(keys)  # type: ignore[attr-defined]  # a random.Random
    separators = (", ", ": ") if spaced else (",", ":")
    text = json.dumps({key: payload[key] for key in keys}, separators=separators)
    assert _outcome(NATIVE, text.encode()) == _outcome(ORDINARY, text.encode())


@given(
    answered=st.lists(
        st.tuples(st.text(min_size=1, max_size=3), values), max_size=5, unique_by=lambda a: a[0]
    )
)
def test_what_was_written_is_read(answered: Sequence[tuple[str, object]]) -> None:
    """Ids, values and their order come back as they were given."""
    payload = {
        "form_id": "f",
        "response_id": "r",
        "submitted_at": "2026-03-02T08:00:00Z",
        "answers": [{"question_id": key, "value": value} for key, value in answered],
    }
    (response,) = NATIVE.read(Envelope(json.dumps(payload).encode()))
    assert response.shape.question_ids == tuple(key for key, _ in answered)
    assert response.values == [value for _, value in answered]


def _is_short(compiled: Format) -> bool:
    return "fast_reader" in getattr(compiled.read, "__qualname__", "")


def test_the_shipped_native_format_takes_the_short_way() -> None:
    """Otherwise everything works and nothing is quick."""
    assert _is_short(NATIVE)
    assert not _is_short(ORDINARY)
    assert not _is_short(load_format("typeform"))


NESTED = """
name = "nested"
[response]
form_id = "meta.form"
response_id = "meta.submission.id"
submitted_at = { path = "meta.submission.at" }
[[answers]]
each = "meta.submission.questions[*]"
key = "id"
title = "name"
value = "value"
"""


def test_a_nested_payload_may_take_the_short_way(described: Described) -> None:
    """Keys in keys become types in types; what is not there is said as always."""
    compiled = described(NESTED)
    assert _is_short(compiled)
    submission = {"id": 5, "at": None, "questions": [{"id": "q", "name": "Q", "value": 0, "x": 1}]}
    body = json.dumps({"meta": {"form": "f", "submission": submission, "y": 2}}).encode()
    (response,) = compiled.read(Envelope(body))
    assert (response.form_id, response.response_id, response.values) == ("f", "5", [0])
    assert response.shape.titles == ("Q",)
    with pytest.raises(Undecodable, match=r"^\$\.meta\.submission\.id: is missing"):
        compiled.read(Envelope(b'{"meta":{"form":"f"}}'))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('key = "id"', 'key = "id"\nprefix = "p"'),
        ('key = "id"', 'key = ["id", "ref"]'),
        ('key = "id"', 'key = "a.id"'),
        ('key = "id"', 'key = "value"'),
        ('form_id = "meta.form"', 'form_id = { const = "x" }'),
        ('form_id = "meta.form"', 'form_id = "meta.submission"'),
        ("questions[*]", "questions.*"),
        ('path = "meta.submission.at"', 'path = "meta.submission.at", time = "seconds"'),
        ("[response]", '[response]\nrepeated = "last"'),
        ("[response]", '[response]\nstatus = { from = "s", values = { "*" = "complete" } }'),
        ("[response]", '[body]\nrecords = "r"\n[response]'),
    ],
)
def test_what_is_too_rich_takes_the_ordinary_way(described: Described, old: str, new: str) -> None:
    """It is a matter of speed alone."""
    assert old in NESTED
    assert not _is_short(described(NESTED.replace(old, new)))


def test_shapes_are_one_object_for_all_that_look_alike() -> None:
    """Sinks cache column layouts by identity, on both ways."""
    body = json.dumps(
        {
            "form_id": "f",
            "response_id": "r",
            "submitted_at": "2026-03-02T08:00:00Z",
            "answers": [{"question_id": "a", "value": 1}],
        }
    )
    for compiled in (load_format("native"), ORDINARY):
        first, second = (_shape_of(compiled, body.replace('"r"', f'"{n}"')) for n in range(2))
        assert first is second
        titled = body.replace('"value"', '"title":"A","value"')
        assert _shape_of(compiled, titled) is _shape_of(compiled, titled)
        assert _shape_of(compiled, titled) is not first
        assert _shape_of(compiled, body).titles == (None,)


def _shape_of(compiled: Format, body: str) -> object:
    response: Response = compiled.read(Envelope(body.encode()))[0]
    return response.shape


def test_real_responses_are_what_they_say(shared: Path) -> None:
    """Three thousand real ones, read by us and by Python's own json."""
    for path in (shared / "data").glob("*-responses.jsonl"):
        for line in path.read_bytes().splitlines():
            (response,) = NATIVE.read(Envelope(line))
            raw = json.loads(line)
            assert response.values == [answer["value"] for answer in raw["answers"]]
            assert response.shape.question_ids == tuple(a["question_id"] for a in raw["answers"])
            assert (response.form_id, response.response_id) == (raw["form_id"], raw["response_id"])
