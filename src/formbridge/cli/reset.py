"""``formbridge reset``: move a sink's place in the log."""

from datetime import UTC, datetime

import click

from formbridge.cli import options
from formbridge.cli.exits import DONE
from formbridge.cli.log import existing_log
from formbridge.cli.screen import show_json
from formbridge.compose import group_of, open_groups
from formbridge.domain.errors import BadSetting

PLACES = ("beginning", "end")


@click.command()
@options.broker
@options.broker_options
@options.sinks(several=False)
@options.group
@click.option(
    "--to",
    required=True,
    metavar="PLACE",
    help="beginning, end, or a time such as 2026-03-02T08:00:00Z (without a zone: UTC).",
)
@options.as_json
def reset(  # noqa: PLR0913 - one argument for each option
    *, broker: str, options_file: str | None, sink: str, group: str, to: str, as_json: bool
) -> int:
    """Let a sink read on from another place: the beginning, the end, or a time.

    Stop the sink first. Tables take again what they have and change nothing; a function is called
    again.
    """
    if not (sink or group):
        raise BadSetting("--sink is missing; give that of the run whose place it is, or --group")
    name = group_of(sink, group)
    place = to if to in PLACES else _microseconds(to)
    log = existing_log(broker, options_file)
    offsets = open_groups(log).reset(name, to=place)
    if as_json:
        show_json({"group": name, "offsets": {str(p): it for p, it in sorted(offsets.items())}})
    else:
        places = ", ".join(f"{p}: {offset}" for p, offset in sorted(offsets.items()))
        click.echo(f"{name} reads on from {to} (offsets by partition: {places})")
    return DONE


def _microseconds(text: str) -> int:
    """Return a time in microseconds since 1970."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        known = "beginning, end, or a time such as 2026-03-02T08:00:00Z"
        raise BadSetting(f"--to {text!r} is no place; write {known}") from error
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return round(aware.timestamp() * 1_000_000)
