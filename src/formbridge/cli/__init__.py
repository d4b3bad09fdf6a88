"""The command line: addresses and options in, exit codes out. Nothing is decided here.

Read in this order: ``exits`` (errors → one line and a code), ``screen`` (progress and results),
``options`` (what several commands take), ``properties`` and ``log`` (a broker's address and options
→ its log), then the commands: ``publish``, ``run``, ``reset``, ``dead_letters``, ``questions``,
``formats``;
``program`` joins them. Only these modules need click.
"""

import sys

MISSING = "formbridge: the command line needs click; install it with: pip install 'formbridge[cli]'"


def main() -> None:
    """Run the command that was typed and end the process with its exit code."""
    try:
        import click  # noqa: F401, PLC0415 - an extra: its absence must be a sentence, no traceback
    except ImportError:
        print(MISSING, file=sys.stderr)  # noqa: T201 - what prints elsewhere is click
        sys.exit(1)
    from formbridge.cli.exits import exit_code  # noqa: PLC0415 - as above: imports click
    from formbridge.cli.program import program  # noqa: PLC0415 - as above

    sys.exit(exit_code(program))
