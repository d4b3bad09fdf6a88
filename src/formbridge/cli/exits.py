"""How a command ends: one line for every error, and an exit code that a script can rely on."""

import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

import click

from formbridge.domain.errors import BadInput, FormBridgeError

DONE = 0
FAILED = 1
"""Something failed, or was refused."""
WRONG = 2
"""Wrong usage: an option, an address, a setting, a description, a mapping file."""
INTERRUPTED = 130
"""Stopped from the keyboard, as shells say it: 128 + SIGINT."""


def exit_code(command: click.Command, arguments: Sequence[str] | None = None) -> int:
    """Run a command; return its exit code, having told an error in one line on stderr."""
    try:
        result = command.main(arguments, prog_name="formbridge", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return WRONG
    except BrokenPipeError:  # nobody reads on; Python would complain once more at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - a person gets a sentence
        text, code = _explained(error)
        click.echo(f"formbridge: {' '.join(text.split())}", err=True)
        return code
    return result if isinstance(result, int) else DONE


def _explained(error: BaseException) -> tuple[str, int]:
    """Return what to say about an error, and the exit code."""
    match error:
        case click.UsageError():
            path = error.ctx.command_path if error.ctx else "formbridge"
            return f"{error.format_message().rstrip('.')}; see {path} --help", WRONG
        case click.Abort() | KeyboardInterrupt():
            return "interrupted", INTERRUPTED
        case FormBridgeError():
            return str(error), WRONG if isinstance(error, BadInput) else FAILED
        case OSError():
            return f"{error.filename or 'the system'}: {error.strerror or error}", FAILED
        case _:
            return _unexpected(error), FAILED


def _unexpected(error: BaseException) -> str:
    """Say where it happened, without the error's text: that may hold an answer."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"unexpected {type(error).__name__}{place}; this is a mistake in FormBridge, report it"
