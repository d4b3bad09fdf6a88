"""Whatever bytes come, only ``Undecodable`` comes out, and quickly.

`make test` tries some thousands, `--long` hundreds of thousands; `-s` shows the number.
"""

import json
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from formbridge.domain.envelope import Envelope
from formbridge.domain.errors import Undecodable
from formbridge.formats import Format, load_format, shipped_formats

DESCRIPTIONS = Path(__file__).with_name("descriptions")
FORMATS = {
    **{name: load_format(name) for name in shipped_formats()},
    **{path.stem: load_format(path) for path in sorted(DESCRIPTIONS.glob("*.toml"))},
}
SEEDS: dict[str, bytes] = {
    "native": (
        b'{"form_id":"f","response_id":7,"submitted_at":"2026-03-02T08:00:00.123Z","status":'
        b'"partial","operation":"merge","answers":[{"question_id":"a","value":1.5,"kind":"number","title":"A"},'
        b'{"question_id":"b","value":["x",{"y":null}]}]}'
    ),
    "typeform": (
        b'{"event_type":"form_response","form_response":{"form_id":"f","token":"t","submitted_at":'
        b'"2026-03-02T08:00:00Z","hidden":{"u":"1"},'
        b'"variables":[{"key":"s","type":"number",'
        b'"number":1}],"definition":{"fields":[{"id":"q",'
        b'"title":"*Q* {{field:x}}","properties":{"fields":[]}}]},'
        b'"answers":[{"type":"choices","choices":{"labels":["a"],"other":"b"},"field":{"id":"q"}}]}}'
    ),
    "jotform": (
        b'--B\r\nContent-Disposition: form-data; name="formID"\r\n\r\n1\r\n--B\r\n'
        b"Content-Disposition: form-data; "
        b'name="submissionID"\r\n\r\n2\r\n--B\r\nContent-Disposition: form-data; name='
        b'"rawRequest"\r\n\r\n{"q1_a":"x","temp_upload":{"q2_f":[]},"f":["u"]}\r\n--B--\r\n'
    ),
    "qualtrics": b"Topic=a.completedResponse.SV_1&SurveyID=S&ResponseID=R&CompletedDate=x&Status=1",
    "surveymonkey": (
        b'{"data":[{"id":"r","survey_id":"s","pages":[{"questions":[{"id":"1","answers":[{"row_id":"a",'
        b'"col_id":"b","choice_id":"c"},{"text":"t"}]}]}]}],"details":{"pages":[]}}'
    ),
    "tally": (
        b'{"data":{"formId":"f","responseId":"r","fields":[{"key":"k","type":"MATRIX","value":{"a":["b"]},'
        b'"rows":[{"id":"a","text":"A"}],"columns":[]},{"key":"l","type":"MULTIPLE_CHOICE","value":["o"],'
        b'"options":[{"id":"o","text":"O"}]}]}}'
    ),
    "pages": b'{"form":1,"result":"eyJyZXNwb25zZXMiOlt7ImlkIjoxfSx7ImlkIjoyfV19"}',
}
TOKENS = [
    b'"',
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"null",
    b"true",
    b"1e999",
    b"-",
    b"\\ud800",
    b"\x00",
]
TOKENS += [
    b"\xff",
    b"\xef\xbb\xbf",
    b"NaN",
    b'""',
    b"{}",
    b"[[[[",
    b"1" * 400,
    b'"form_id":1,',
    b"--B",
    b"%",
    b"&",
]

KEYS = "form_id response_id submitted_at answers question_id value type fields data id key title"
keys = st.sampled_from(KEYS.split()) | st.text(max_size=4)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=15,
)


def _try(compiled: Format, body: bytes) -> bool:
    """Read and split; return whether there was something to read. Any other error is a failure."""
    envelope = Envelope(body, "multipart/form-data; boundary=B", {}, "/forms/x", 1)
    read, longest = True, 0
    for function in (compiled.read, compiled.split):
        try:
            function(envelope)
        except Undecodable as error:
            read = False
            longest = max(longest, len(str(error)))
    assert longest < 1_000
    return read


@pytest.mark.parametrize("name", sorted(FORMATS))
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    body=st.binary(max_size=200)
    | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))
)
@example(body=b"")
def test_random_bytes(name: str, body: bytes) -> None:
    """Of any kind."""
    _try(FORMATS[name], body)


@pytest.mark.parametrize("name", sorted(FORMATS))
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(value=json_values)
def test_random_json(name: str, value: object) -> None:
    """With the keys that matter in places where they do not belong."""
    _try(FORMATS[name], json.dumps(value).encode())


def _mutated(seed: bytes, random: Random) -> bytes:
    """Return a payload with some bytes changed, cut, doubled or moved."""
    body = bytearray(seed)
    for _ in range(random.choice([1, 1, 2, 3, 8])):
        start = random.randrange(len(body) + 1)
        end = min(len(body), start + random.choice([0, 1, 2, 5, 20]))
        kind = random.randrange(4)
        if kind == 0:
            body[start:end] = random.choice(TOKENS)
        elif kind == 1:
            del body[start:end]
        elif kind == 2:
            body[start:start] = body[start:end]
        else:
            body[start:end] = random.randbytes(end - start)
    return bytes(body)


def test_mutated_payloads(*, long_run: bool) -> None:
    """Whole payloads with a few bytes changed reach further than random ones."""
    rounds = 60_000 if long_run else 1_500
    tried = read = 0
    for name, seed in SEEDS.items():
        assert _try(FORMATS[name], seed) or name == "qualtrics"
        random = Random(name)  # noqa: S311 - repeatable, not secret
        for _ in range(rounds):
            tried += 1
            read += _try(FORMATS[name], _mutated(seed, random))
    print(f"\n{tried:,} mutated payloads tried, {read:,} of them still readable")
    assert 0 < read < tried
