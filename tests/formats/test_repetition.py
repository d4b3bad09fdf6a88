"""A key that stands twice in one object: refused where it could hide an answer."""

import json

import pytest

from formbridge.domain.envelope import Envelope
from formbridge.domain.errors import Undecodable
from formbridge.formats import load_format

ANSWERS = '[{"question_id":"a","value":1},{"question_id":"b","value":2}]'
PAIRS = [
    '"form_id":"f"',
    '"response_id":"r"',
    '"submitted_at":"2026-03-02T08:00:00Z"',
    '"updated_at":"2026-03-02T08:00:00Z"',
    '"status":"complete"',
    '"operation":"upsert"',
    f'"answers":{ANSWERS}',
]
NATIVE = load_format("native")


def _refused(body: str) -> str:
    with pytest.raises(Undecodable) as caught:
        NATIVE.read(Envelope(body.encode()))
    return str(caught.value)


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("place", range(len(PAIRS) + 1))
@pytest.mark.parametrize("spaced", [False, True])
def test_a_repeated_name_is_refused_wherever_it_stands(
    pair: str, place: int, *, spaced: bool
) -> None:
    """Before or behind the answers, with spaces or without."""
    body = "{" + ",".join([*PAIRS[:place], pair, *PAIRS[place:]]) + "}"
    name = pair.split('"')[1]
    assert repr(name) in _refused(body.replace(":", ": ", 1) if spaced else body)


@pytest.mark.parametrize(
    "body",
    [
        '{"form_id" :"z",' + ",".join(PAIRS) + "}",
        '{"form_id"\n:"z",' + ",".join(PAIRS) + "}",
        "{" + ",".join([*PAIRS[:2], PAIRS[-1], PAIRS[2], PAIRS[0]]) + ',"more":[{"a":1}]}',
        '{"form_id":"z","a":0,"b":0,"more":{"answers":[{"a":1}]},' + ",".join(PAIRS) + "}",
        "{"
        + ",".join(PAIRS).replace('"question_id":"a"', '"question_id" :"z","question_id":"a"')
        + "}",
    ],
    ids=["blank", "line", "list behind", "answers of another", "answer"],
)
def test_a_repetition_cannot_hide(body: str) -> None:
    """Not behind blanks, nor between lists that look like the answers."""
    assert "twice in one object" in _refused(body)


def test_a_second_list_of_answers_is_refused_even_if_one_is_empty() -> None:
    """Otherwise one of the two would be lost without a word."""
    head = "{" + ",".join(PAIRS[:3])
    spaced = f" {ANSWERS}"
    pairs = [("[]", ANSWERS), (ANSWERS, "[]"), ("null", ANSWERS)]
    for first, second in [*pairs, (spaced, ANSWERS), (ANSWERS, spaced)]:
        assert "'answers'" in _refused(f'{head},"answers":{first},"answers":{second}}}')


def test_an_answer_to_two_questions_is_refused() -> None:
    """Its id would be whichever came last."""
    body = (
        "{"
        + ",".join(PAIRS).replace('"question_id":"a"', '"question_id":"z","question_id":"a"')
        + "}"
    )
    assert "'question_id'" in _refused(body)


@pytest.mark.parametrize(
    "value",
    ['"form_id"', '"\\"form_id\\":"', '{"form_id":1,"answers":[{"question_id":1}]}', '"}]}"', "[]"],
)
def test_the_same_names_inside_of_an_answer_are_nobodys_concern(value: str) -> None:
    """They are texts, or keys of another object."""
    body = "{" + ",".join(PAIRS).replace('"value":1', f'"value":{value}') + "}"
    (response,) = NATIVE.read(Envelope(body.encode()))
    assert response.values == [json.loads(value), 2]


def test_the_same_key_in_another_order_and_written_with_blanks_passes() -> None:
    """What looks unusual is read again, and is as good."""
    body = json.dumps(json.loads("{" + ",".join(reversed(PAIRS)) + "}"), indent=2)
    (response,) = NATIVE.read(Envelope(body.encode()))
    assert response.values == [1, 2]


def test_other_names_are_as_in_every_json_parser() -> None:
    """The last one counts: only the names that a description calls unique are refused."""
    body = "{" + ",".join(PAIRS).replace('"value":1', '"value":1,"value":3') + "}"
    (response,) = NATIVE.read(Envelope(body.encode()))
    assert response.values == [3, 2]
