"""What the steps of a description make of values, and what its sections take for answers."""

import json
from collections.abc import Callable

import pytest

from formbridge.domain.envelope import Envelope
from formbridge.domain.errors import Undecodable
from formbridge.domain.responses import Response
from formbridge.formats import Format

Described = Callable[[str], Format]
HEAD = """
name = "x"
[response]
form_id = { const = "f" }
response_id = { const = "r" }
"""


def _read(compiled: Format, payload: object) -> Response:
    (response,) = compiled.read(Envelope(json.dumps(payload).encode()))
    return response


def _values(response: Response) -> dict[str, object]:
    return dict(zip(response.shape.question_ids, response.values, strict=True))


@pytest.mark.parametrize(
    ("steps", "given", "expected"),
    [
        ('["json"]', '{"a": [1]}', {"a": [1]}),
        ('["json"]', "{no json", "{no json"),
        ('["json"]', 5, 5),
        ('["plain"]', "<p>A&amp;B</p>\n c", "A&B c"),
        ('["plain"]', ["<b>x</b>", 1], ["x", 1]),
        ('["one"]', ["x"], "x"),
        ('["one"]', [], None),
        ('["one"]', ["x", "y"], ["x", "y"]),
        ('["list"]', "x", ["x"]),
        ('["list"]', None, None),
        ('["list"]', ["x"], ["x"]),
        ('["number"]', "4", 4),
        ('["number"]', "-1.50", -1.5),
        ('["number"]', "01234", "01234"),
        ('["number"]', "+49", "+49"),
        ('["number"]', "", ""),
        ('["text"]', 15550000000, "15550000000"),
        ('["text"]', [1, "x"], ["1", "x"]),
        ('["text"]', False, False),
        ('["text"]', 0, "0"),
        ('[{ split = " " }]', "a  b", ["a", "b"]),
        ('[{ split = "," }]', "a, b", ["a", "b"]),
        ('[{ split = " " }]', 7, 7),
        ('[{ map = { Y = true, "1" = "one" } }]', ["Y", 1, "?"], [True, "one", "?"]),
        ('[{ first = ["label", "other"] }]', {"other": "x"}, "x"),
        ('[{ first = ["label"] }]', {"no": 1}, {"no": 1}),
        ('[{ first = ["label"] }]', [{"label": "a"}, "b"], ["a", "b"]),
        ('[{ pick = ["first", "last"], with = " " }]', {"first": "Ada", "last": "L"}, "Ada L"),
        ('[{ pick = ["first", "last"] }]', {"last": "L"}, ["L"]),
        ('[{ pick = ["a", "b"] }]', {"a": ["x"], "b": "y"}, ["x", "y"]),
        ('[{ files = ["url", "file_url"] }]', [{"file_url": "u"}, "v"], ["u", "v"]),
        ('[{ files = ["url"] }]', {"url": "u"}, ["u"]),
        ('[{ files = ["url"] }]', None, None),
        ("[{ rows = '^.*/' }]", [{"a/b/c": 1, "d": 2}], [{"c": 1, "d": 2}]),
        ('[{ date = ["%d/%m/%Y"] }]', "03/04/2026", "2026-04-03"),
        ('[{ date = ["%d/%m/%Y"] }]', "soon", "soon"),
        (
            '[{ datetime = "%d/%m/%Y %H:%M", zone = "Europe/Berlin" }]',
            "01/07/2026 12:00",
            "2026-07-01T10:00:00+00:00",
        ),
        ('[{ datetime = "seconds" }]', 0, "1970-01-01T00:00:00+00:00"),
        ('["json", { split = "," }, "one"]', '"a"', "a"),
        (
            '[{ entries = ["v"], row = "r" }]',
            [{"r": "x", "v": 1}, {"r": "x", "v": 2}],
            {"x": [1, 2]},
        ),
        ('[{ entries = ["v"] }]', [{"v": 0}, {"w": 1}], [0, {"w": 1}]),
        ("[]", {"a": None}, {"a": None}),
    ],
)
def test_a_step(described: Described, steps: str, given: object, expected: object) -> None:
    """It changes what it understands, and lets pass what it does not."""
    compiled = described(f'{HEAD}[[answers]]\neach = "a.*"\nsteps = {steps}\n')
    value = _values(_read(compiled, {"a": {"q": given}}))["q"]
    assert (type(value), value) == (type(expected), expected)


@pytest.mark.parametrize("value", [None, "", [], {}, ["", None], {"first": "", "last": ""}])
def test_drop_empty_makes_no_answer_of_nothing(described: Described, value: object) -> None:
    """But false and 0 are something."""
    compiled = described(f'{HEAD}[[answers]]\neach = "a.*"\nsteps = ["drop_empty"]\n')
    response = _read(compiled, {"a": {"x": value, "y": False, "z": 0}})
    assert _values(response) == {"y": False, "z": 0}


def test_where_and_unless_compare_as_json_does(described: Described) -> None:
    """False is not 0, null counts as missing, and lists and regexes are alternatives."""
    compiled = described(
        HEAD
        + """
[[answers]]
each = "a.*"
key = "k"
value = "v"
where = [{ v = false }, { v = [1, "x"] }, { k = { matches = "^z" } }]
unless = { no = { missing = false } }
"""
    )
    items = [
        {"k": "a", "v": False},
        {"k": "b", "v": 0},
        {"k": "c", "v": 1.0},
        {"k": "d", "v": True},
        {"k": "zed", "v": 5, "no": None},
        {"k": "zoo", "v": 5, "no": 1},
    ]
    assert set(_values(_read(compiled, {"a": items}))) == {"a", "c", "zed"}


def test_rules_by_type(described: Described) -> None:
    """A rule may take the value from elsewhere; ``*`` is for the types without one."""
    compiled = described(
        HEAD
        + """
[types.geo]
kind = "geo"
value = "where"
[types."*"]
kind = "text"
[[answers]]
each = "a[*]"
key = "@index"
type = "t"
value = "v"
"""
    )
    response = _read(compiled, {"a": [{"t": "geo", "where": [1, 2], "v": 0}, {"t": 5, "v": "x"}]})
    assert _values(response) == {"0": [1, 2], "1": "x"}
    assert [kind.value for kind in response.shape.kinds] == ["geo", "text"]


@pytest.mark.parametrize(
    ("repeated", "expected"), [("last", {"q": 3, "p": 2}), ("collect", {"q": [1, 3], "p": 2})]
)
def test_two_answers_for_one_question(
    described: Described, repeated: str, expected: dict[str, object]
) -> None:
    """If the description says what the backend means by it, none is refused."""
    compiled = described(
        HEAD.replace("[response]", f'[response]\nrepeated = "{repeated}"')
        + '[[answers]]\neach = "a.*"\nkey = "k"\nvalue = "v"\n'
    )
    items = [{"k": "q", "v": 1}, {"k": "p", "v": 2}, {"k": "q", "v": 3}]
    assert _values(_read(compiled, {"a": items})) == expected


def test_a_path_without_a_star_is_one_answer(described: Described) -> None:
    """Or none, where nothing is."""
    compiled = described(HEAD + '[[answers]]\neach = "a.score"\nprefix = "p."\n')
    assert _values(_read(compiled, {"a": {"score": 0}})) == {"p.score": 0}
    assert _values(_read(compiled, {"a": {}})) == {}


def test_stars_in_stars_see_what_is_around_them(described: Described) -> None:
    """A key may be made of the keys on the way, and errors name the whole of it."""
    compiled = described(
        HEAD + '[[answers]]\neach = "p.*.q[*]"\nkey = { template = "{^.id}-{id}" }\nvalue = "v"\n'
        "skip_without = []\n"
    )
    payload = {"p": {"x": {"id": 1, "q": [{"id": "a", "v": 1}]}, "y": {"id": 2, "q": []}}}
    assert _values(_read(compiled, payload)) == {"1-a": 1}
    payload["p"]["y"]["q"] = [{"id": "b"}]  # type: ignore[dict-item]  # of another shape on purpose
    with pytest.raises(Undecodable, match=r"^\$\.p\.y\.q\[0\]\.v: is missing"):
        _read(compiled, payload)


def test_odd_keys_are_quoted(described: Described) -> None:
    """A dot in a key is no step."""
    compiled = described(HEAD + """[[answers]]\neach = '"a.b"."c*".*'\n""")
    assert _values(_read(compiled, {"a.b": {"c*": {"q": 1}}})) == {"q": 1}


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("Which *one*  do you\n like?", "Which one do you like?"),
        ("**Bold** 2 * 3 * 4", "Bold 2 * 3 * 4"),
        ("Required *", "Required *"),
        ("Hi {{field:abc}}!", "Hi …!"),
        ("\\nEnter your email", "Enter your email"),
        ("<p>A &lt; B</p>", "A < B"),
        ("a < b and c > d", "a < b and c > d"),
        ("שלום 😀", "שלום 😀"),
        (["Rich ", ["text", {"b": "deep"}]], "Rich text deep"),
        (7, "7"),
        ("", None),
        (None, None),
    ],
)
def test_titles_are_plain_text(described: Described, title: object, plain: str | None) -> None:
    """On one line, without markup; no title at all rather than an empty one."""
    compiled = described(HEAD + '[[answers]]\neach = "a.*"\ntitle = "t"\nvalue = "v"\n')
    assert _read(compiled, {"a": {"q": {"t": title, "v": 1}}}).shape.titles == (plain,)


def test_a_long_text_is_not_searched(described: Described) -> None:
    """A regex has no time limit; so its text has a length limit."""
    compiled = described(HEAD + "[[answers]]\neach = 'a.*'\nonly = '^(x)'\n")
    assert _values(_read(compiled, {"a": {"x1": 1, "x" * 1_001: 2}})) == {"x": 1}
