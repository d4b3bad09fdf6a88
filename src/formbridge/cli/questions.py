"""``formbridge questions``: what questions are called, in a topic that every process reads."""

from datetime import UTC, datetime

import click

from formbridge.catalogs import share, shared, withdraw
from formbridge.cli import options
from formbridge.cli.exits import DONE
from formbridge.cli.properties import read_properties
from formbridge.cli.screen import Screen, counted, show_json
from formbridge.compose import system_clock
from formbridge.domain.errors import BadInput

NANOSECONDS = 1_000_000_000

topic = click.option(
    "--topic",
    required=True,
    metavar="ADDRESS",
    help="Where they are kept: kafka://HOST:PORT/TOPIC. It is made if it is missing.",
)


@click.group("questions")
def questions() -> None:
    """Tell every sink what questions are called, by a topic; see run --questions ADDRESS."""


@questions.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@topic
@options.broker_options
@options.as_json
def publish(files: tuple[str, ...], topic: str, options_file: str | None, *, as_json: bool) -> int:
    """Publish the mappings in FILEs: CSV, JSON or TOML. A form's former one is replaced."""
    forms = share(files, to=topic, options=read_properties(options_file))
    if as_json:
        show_json({form_id: len(found) for form_id, found in forms.items()})
    else:
        count = sum(map(len, forms.values()))
        click.echo(f"{counted(count, 'question')} of {counted(len(forms), 'form')} published")
    return DONE


@questions.command("list")
@topic
@options.broker_options
@options.as_json
def list_questions(topic: str, options_file: str | None, *, as_json: bool) -> int:
    """List the forms whose questions are known."""
    found = shared(topic, clock=system_clock(), options=read_properties(options_file))
    rows = [
        {"form": form_id, "questions": len(it.questions), "changed_at": _time(it.version)}
        for form_id, it in sorted(found.items())
    ]
    if as_json:
        show_json(rows)
    else:
        for row in rows:
            click.echo("\t".join(map(str, row.values())))
        Screen().line(counted(len(rows), "form"))
    return DONE


@questions.command()
@click.argument("forms", nargs=-1, required=True, metavar="FORM...")
@topic
@options.broker_options
@options.as_json
def remove(forms: tuple[str, ...], topic: str, options_file: str | None, *, as_json: bool) -> int:
    """Forget what the questions of FORMs are called. Their tables keep the headers they have."""
    client = read_properties(options_file)
    unknown = sorted(set(forms) - set(shared(topic, clock=system_clock(), options=client)))
    if unknown:
        raise BadInput(
            f"nothing is known of the form {unknown[0]!r}; see formbridge questions list"
        )
    withdraw(forms, to=topic, options=client)
    if as_json:
        show_json({"removed": list(forms)})
    else:
        click.echo(f"{counted(len(forms), 'form')} removed")
    return DONE


def _time(nanoseconds: int) -> str:
    return datetime.fromtimestamp(nanoseconds // NANOSECONDS, UTC).isoformat()
