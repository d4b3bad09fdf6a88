"""``formbridge publish``: payloads in files → the log."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path
from typing import BinaryIO

import attrs
import click

from formbridge.cli import options
from formbridge.cli.exits import DONE, FAILED
from formbridge.cli.log import opened_log
from formbridge.cli.screen import Screen, counted, show_json
from formbridge.compose import open_intake
from formbridge.domain.errors import BadInput
from formbridge.intake import Intake
from formbridge.payload_files import Payload, payloads_of
from formbridge.publishing import Published, Refusal
from formbridge.publishing import publish as publish_payloads

STDIN = "-"


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@options.broker
@options.broker_options
@click.option(
    "--format", "name", default="native", metavar="NAME|FILE", help="The payloads' format. [native]"
)
@click.option("--source", default="", metavar="NAME", help="The system that the forms belong to.")
@options.as_json
def publish(  # noqa: PLR0913 - one argument for each option
    files: tuple[str, ...],
    broker: str,
    options_file: str | None,
    name: str,
    source: str,
    *,
    as_json: bool,
) -> int:
    """Publish the payloads in FILEs: JSON, a JSON list, JSON Lines, or - for standard input.

    A payload that cannot be read is told with its file and line, and the others are published.
    """
    for file in files:
        _check(file)
    log = opened_log(broker, options_file)
    intake = open_intake(log, format=name, source=source)
    screen, refusals = Screen(), list[Refusal]()
    with closing(intake.publisher):
        done = _publish(files, intake, screen=screen, refusals=refusals)
    screen.clear()
    if as_json:
        refused = [attrs.asdict(refusal) for refusal in refusals]
        show_json({"published": done.responses, "empty": done.empty, "refused": refused})
    else:
        click.echo(f"{counted(done.responses, 'response')} published to {broker}{_rest(done)}")
    return FAILED if refusals else DONE


def _publish(
    files: Sequence[str], intake: Intake, *, screen: Screen, refusals: list[Refusal]
) -> Published:
    def refuse(refusal: Refusal) -> None:
        refusals.append(refusal)
        screen.line(str(refusal))

    def tell(done: Published) -> None:
        screen.progress(lambda: f"{counted(done.responses, 'response')} published")

    return publish_payloads(_payloads(files), intake=intake, refuse=refuse, tell=tell)


def _rest(done: Published) -> str:
    refused = f", {counted(done.refused, 'payload')} refused" if done.refused else ""
    empty = f", {counted(done.empty, 'payload')} without a response" if done.empty else ""
    return refused + empty


def _check(file: str) -> None:
    """Refuse a file that is not there before anything is published."""
    path = Path(file)
    if file != STDIN and (path.is_dir() or not path.exists()):
        problem = "is a folder" if path.is_dir() else "does not exist"
        raise BadInput(f"{file} {problem}; name files of payloads, or - for standard input")


def _payloads(files: Sequence[str]) -> Iterator[Payload]:
    for file in files:
        with _opened(file) as stream:
            yield from payloads_of(stream, name=file)


def _opened(file: str) -> AbstractContextManager[BinaryIO]:
    if file == STDIN:
        return nullcontext(sys.stdin.buffer)
    return Path(file).open("rb")
