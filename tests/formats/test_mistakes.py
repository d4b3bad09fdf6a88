"""A mistake in a description is refused when it is loaded: by file, key and remedy."""

from collections.abc import Callable
from pathlib import Path

import pytest

from formbridge.domain.errors import BadDescription
from formbridge.formats import Format, load_format

Described = Callable[[str], Format]

GOOD = """
name = "x"
[response]
form_id = "f"
response_id = "r"
[[answers]]
each = "a.*"
"""


def _with(line: str, *, table: str = "") -> str:
    """Return the good description with a line at its end, or in one of its tables."""
    if not table:
        return GOOD + line
    return GOOD.replace(table, f"{table}\n{line}", 1)


def test_the_good_one_is_good(described: Described) -> None:
    """So that every other test here fails for its own line."""
    assert described(GOOD).name == "x"


@pytest.mark.parametrize(
    ("text", "key", "remedy"),
    [
        (_with("titel = 'x'"), "answers[0].titel", "did you mean 'title'?"),
        (_with("form = 'x'", table="[response]"), "response.form", "did you mean 'form_id'?"),
        ("nmae = 'x'" + GOOD, "nmae", "did you mean 'name'?"),
        (_with("[bodi]"), "bodi", "did you mean 'body'?"),
        (GOOD.replace('name = "x"', ""), "name", "give the format a name"),
        (GOOD.replace('name = "x"', "name = 3"), "name", "write a text"),
        (GOOD.replace('form_id = "f"', ""), "response.form_id", "say where it stands"),
        (GOOD.replace('form_id = "f"', "form_id = 3"), "response.form_id", "write a path"),
        (GOOD.replace('form_id = "f"', "form_id = []"), "response.form_id", "write a path"),
        (GOOD.replace('form_id = "f"', 'form_id = "a..b"'), "response.form_id", "dots between"),
        (GOOD.replace('form_id = "f"', 'form_id = "a.*"'), "response.form_id", "in `each` only"),
        (
            GOOD.replace('form_id = "f"', 'form_id = ["f", ""]'),
            "response.form_id[1]",
            "dots between",
        ),
        (GOOD.replace('form_id = "f"', "form_id = {}"), "response.form_id", "name exactly one of"),
        (
            GOOD.replace('form_id = "f"', 'form_id = {path = "a", header = "b"}'),
            "response.form_id",
            "name exactly one of",
        ),
        (
            GOOD.replace('form_id = "f"', 'form_id = {path = "a", regexp = "b"}'),
            "response.form_id.regexp",
            "did you mean 'regex'?",
        ),
        (
            GOOD.replace('form_id = "f"', 'form_id = {path = "a", regex = "(b"}'),
            "response.form_id.regex",
            "see the syntax",
        ),
        (
            GOOD.replace('form_id = "f"', 'form_id = {path = "a", regex = "(b+)+c"}'),
            "response.form_id.regex",
            "write it without (x+)+",
        ),
        (
            GOOD.replace('form_id = "f"', 'form_id = {join = "titels", by = "a"}')
            + "[joins.titles]\n",
            "response.form_id.join",
            "did you mean 'titles'?",
        ),
        (
            GOOD.replace('form_id = "f"', 'form_id = {template = "none"}'),
            "response.form_id.template",
            "use const",
        ),
        (
            GOOD.replace('form_id = "f"', 'form_id = {received_at = "week"}'),
            "response.form_id.received_at",
            "write one of day, moment",
        ),
        (_with('repeated = "first"', table="[response]"), "response.repeated", "write one of"),
        (
            _with('submitted_at = {path = "a", time = "unix"}', table="[response]"),
            "response.submitted_at.time[0]",
            'write "iso"',
        ),
        (
            _with('submitted_at = {path = "a", time = "%Q"}', table="[response]"),
            "response.submitted_at.time[0]",
            'write "iso"',
        ),
        (
            _with('submitted_at = {path = "a", time = ["iso", "%d %d"]}', table="[response]"),
            "response.submitted_at.time[1]",
            'write "iso"',
        ),
        (_with('title = {join = "titles", by = "a"}'), "answers[0].title.join", "there is none"),
        (
            _with('submitted_at = {path = "a", zone = "Europe/Berlim"}', table="[response]"),
            "response.submitted_at.zone",
            "Europe/Berlin",
        ),
        (
            _with('submitted_at = {path = "a", zones = {EST = "5"}}', table="[response]"),
            "response.submitted_at.zones.EST",
            'write it as "-05:00"',
        ),
        (
            _with('event = {from = "e", values = {x = "remove"}}', table="[response]"),
            "response.event.values.x",
            "write one of",
        ),
        (_with("event = {}", table="[response]"), "response.event.from", "say where it stands"),
        (
            _with('status = {from = "e", default = "complet"}', table="[response]"),
            "response.status.default",
            "did you mean 'complete'?",
        ),
        (GOOD.replace("[[answers]]", "[answers]"), "answers", "with two brackets"),
        (GOOD.partition("[[answers]]")[0], "answers", "add [[answers]]"),
        (GOOD.replace('each = "a.*"', ""), "answers[0].each", "write the path"),
        (_with("required = 1"), "answers[0].required", "write true or false"),
        (_with('skip_without = ["title"]'), "answers[0].skip_without[0]", "write one of"),
        (_with("where = {}"), "answers[0].where", "write a table"),
        (_with("where = {a = {missing = 1}}"), "answers[0].where.a.missing", "write true or false"),
        (_with("where = {a = {mising = true}}"), "answers[0].where.a.mising", "did you mean"),
        (_with('steps = ["jsn"]'), "answers[0].steps[0]", "did you mean 'json'?"),
        (_with("steps = [{splt = 1}]"), "answers[0].steps[0]", "did you mean 'split'?"),
        (_with('steps = [{split = ""}]'), "answers[0].steps[0].split", "write what stands between"),
        (_with('steps = [{split = " ", x = 1}]'), "answers[0].steps[0].x", "is no key"),
        (_with('[types.a]\nkind = "chioce"'), "types.a.kind", "did you mean 'choice'?"),
        (_with('[body]\ndecode = "xml"'), "body.decode", "write one of json"),
        (_with("[body]\nlimit = 0"), "body.limit", "number of bytes"),
        (_with('[body]\nrecords = "a.*"'), "body.records", "in `each` only"),
        (_with('[body]\nrecords = "a[0]"'), "body.records", "keys with dots"),
        (_with('[body]\nrecords = "a"\ndecode = "urlencoded"'), "body.records", "one response"),
        (_with('[body]\nembedded_json = ["a[0]"]'), "body.embedded_json", "keys with dots"),
        (_with("[joins.a]"), "joins.a.each", "write the path"),
        (_with('[joins.a]\neach = "a.*"\nkey = "k"'), "joins.a.text", "say which value"),
        ("x = [", "the file", "correct it there"),
    ],
)
def test_a_mistake_is_named(described: Described, text: str, key: str, remedy: str) -> None:
    """The message says where it is and what to do about it."""
    with pytest.raises(BadDescription) as caught:
        described(text)
    message = str(caught.value)
    assert "test.toml: " in message
    assert f": {key}: " in message
    assert remedy in message


@pytest.mark.parametrize("name", ["nativ", "", "a/b", "../native"])
def test_a_format_that_is_not_there(name: str) -> None:
    """The formats that are there are listed."""
    with pytest.raises(BadDescription, match="native"):
        load_format(name)


def test_a_file_that_is_not_there_or_cannot_be_read(tmp_path: Path) -> None:
    """One line with the reason, and no traceback of somebody else's error."""
    with pytest.raises(BadDescription, match="No such file"):
        load_format(tmp_path / "no.toml")
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe")
    with pytest.raises(BadDescription, match="UTF-8"):
        load_format(binary)
    folder = tmp_path / "folder.toml"
    folder.mkdir()
    with pytest.raises(BadDescription, match="name a file"):
        load_format(folder)


@pytest.mark.parametrize(
    "pattern", ["(a+)+", "(a*)*b", "((a+)b)+", "(a|b+)*", "([a-z]+)*", "(?:x{2,})+", "a*b*c*d*e*"]
)
def test_a_regex_that_could_take_for_ever_is_refused(described: Described, pattern: str) -> None:
    """A repetition inside of a repetition, or too many after one another."""
    with pytest.raises(BadDescription, match="for ever"):
        described(_with(f"only = '{pattern}'"))


@pytest.mark.parametrize("pattern", [r"^q\d+_(.+)$", "[*+]+", r"a\+b+", "(a|b)+", "(abc)+", "x{3}"])
def test_an_ordinary_regex_is_not(described: Described, pattern: str) -> None:
    """Stars in brackets and behind a backslash repeat nothing."""
    assert described(_with(f"only = '{pattern}'"))
