"""Options that several commands take, in the same words."""

from collections.abc import Callable
from typing import Any

import click

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

as_json = click.option("--json", "as_json", is_flag=True, help="Write the result as JSON.")

broker = click.option(
    "--broker",
    required=True,
    metavar="ADDRESS",
    help="The log: sqlite:PATH, or kafka://HOST:PORT/TOPIC.",
)

broker_options = click.option(
    "--broker-options",
    "options_file",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    help="Options of a Kafka client, NAME=VALUE a line: TLS, SASL, tuning. Keep secrets there.",
)

group = click.option(
    "--group", default="", metavar="NAME", help="The sink's place in the log. [default: by --sink]"
)

questions = click.option(
    "--questions",
    multiple=True,
    metavar="FILE|ADDRESS",
    help="What questions are called: files of CSV, JSON or TOML (repeatable), or the topic of"
    " formbridge questions. Changes are taken while it runs.",
)

formats = click.option(
    "--format",
    "formats",
    multiple=True,
    metavar="NAME|FILE",
    help="How to read records that name no format, or this one. Repeatable. [default: native]",
)

state = click.option(
    "--state",
    metavar="FOLDER",
    type=click.Path(file_okay=False),
    help="Where to keep what can be rebuilt: the ids of spreadsheets. [default: beside a log in"
    " a file, else with the user's other state]",
)


def sinks(*, several: bool) -> Decorator:
    """Return the option that says where responses go; ``several`` for a host of bridges."""
    return click.option(
        "--sink",
        "sinks" if several else "sink",
        multiple=several,
        required=several,
        default=None if several else "",
        metavar="ADDRESS",
        help="Where to: csv:FOLDER, or sheets:NAME-OR-ID." + (" Repeatable." if several else ""),
    )
