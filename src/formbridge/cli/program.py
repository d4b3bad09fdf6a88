"""``formbridge``: all commands together."""

from importlib.metadata import version

import click

from formbridge.cli.dead_letters import dead_letters
from formbridge.cli.doctor import doctor
from formbridge.cli.formats import formats
from formbridge.cli.publish import publish
from formbridge.cli.questions import questions
from formbridge.cli.reset import reset
from formbridge.cli.run import run
from formbridge.cli.sheets import sheets_commands


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("formbridge"), message="formbridge %(version)s")
def program() -> None:
    """Publish each response to a form once, and turn the log into tables that people may edit."""


program.add_command(publish)
program.add_command(run)
program.add_command(reset)
program.add_command(dead_letters)
program.add_command(questions)
program.add_command(formats)
program.add_command(sheets_commands)
program.add_command(doctor)
