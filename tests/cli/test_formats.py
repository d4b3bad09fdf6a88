"""``formbridge formats``: what there is, and whether one's own is right."""

from formbridge.formats import shipped_formats
from tests.cli.conftest import CommandLine


def test_shipped_formats_are_listed(formbridge: CommandLine) -> None:
    """A name a line, or a list in JSON."""
    names = list(shipped_formats())
    assert formbridge("formats", "list").out.split() == names
    assert formbridge.json("formats", "list") == names


def test_a_shipped_description_is_a_start_for_ones_own(formbridge: CommandLine) -> None:
    """What ``show`` writes, ``check`` accepts."""
    formbridge.write("mine.toml", formbridge("formats", "show", "native").out)
    ended = formbridge("formats", "check", "mine.toml")
    assert (ended.code, ended.err) == (0, "")
    assert "mine.toml: describes the format 'native'" in ended.out
    found = formbridge.json("formats", "check", "mine.toml")
    assert isinstance(found, dict)
    assert found["name"] == "native"


def test_a_mistake_is_told_with_file_and_key(formbridge: CommandLine) -> None:
    """Exit code 2, in one line."""
    formbridge.write("mine.toml", 'name = "mine"\nanswres = 7\n')
    ended = formbridge("formats", "check", "mine.toml")
    assert (ended.code, ended.out) == (2, "")
    assert "mine.toml" in ended.err
    assert ended.err.count("\n") == 1


def test_an_unknown_format_is_told_what_there_is(formbridge: CommandLine) -> None:
    """And a file that is no description is refused by its name."""
    assert "native" in formbridge("formats", "show", "absent").err
    assert formbridge("formats", "check", "mine.txt").code == 2
