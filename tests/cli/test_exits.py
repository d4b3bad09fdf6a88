"""How a command ends: one line and a code, whatever happened."""

import click
import pytest

from formbridge.cli.exits import exit_code
from formbridge.domain.errors import (
    BadAddress,
    BadSetting,
    BrokerUnavailable,
    FloodLimitReached,
    NewerVersion,
)
from tests.cli.conftest import CommandLine

ENDINGS: list[tuple[BaseException, int, str]] = [
    (BadAddress("no"), 2, "formbridge: no\n"),
    (BadSetting("two\nlines"), 2, "formbridge: two lines\n"),
    (BrokerUnavailable("locked"), 1, "formbridge: locked\n"),
    (NewerVersion("newer"), 1, "formbridge: newer\n"),
    (FloodLimitReached("flood"), 1, "formbridge: flood\n"),
    (PermissionError(13, "Permission denied", "x"), 1, "formbridge: x: Permission denied\n"),
    (KeyboardInterrupt(), 130, "\nformbridge: interrupted\n"),
    (click.Abort(), 130, "formbridge: interrupted\n"),
    (click.UsageError("no such thing."), 2, "formbridge: no such thing; see formbridge --help\n"),
]


def ending_with(error: BaseException) -> click.Command:
    """Return a command that raises the error."""

    @click.command()
    def command() -> None:
        raise error

    return command


@pytest.mark.parametrize(("error", "code", "err"), ENDINGS, ids=lambda it: type(it).__name__)
def test_an_error_is_a_line_and_a_code(
    error: BaseException, code: int, err: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """1 for what failed, 2 for what was typed, 130 from the keyboard."""
    assert exit_code(ending_with(error), []) == code
    assert capsys.readouterr().err.lstrip("\n") == err.lstrip("\n")


def test_an_unexpected_error_is_told_by_its_place_and_without_its_text(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Its text may hold an answer."""
    assert exit_code(ending_with(KeyError("Margaret")), []) == 1
    err = capsys.readouterr().err
    assert err.startswith("formbridge: unexpected KeyError at test_exits.py:")
    assert "Margaret" not in err


def test_the_version_and_the_help_are_no_errors(formbridge: CommandLine) -> None:
    """On standard output, with exit code 0."""
    assert formbridge("--version").out.startswith("formbridge 0.")
    for command in ("publish", "run", "dead-letters", "formats"):
        ended = formbridge(command, "--help")
        assert (ended.code, ended.err) == (0, "")
        assert ended.out.startswith(f"Usage: formbridge {command}")


def test_no_command_shows_what_there_is(formbridge: CommandLine) -> None:
    """As wrong usage."""
    ended = formbridge()
    assert (ended.code, ended.out) == (2, "")
    assert "dead-letters" in ended.err
