"""``formbridge formats``: descriptions of payloads, to look at and to check."""

import click

from formbridge.cli import options
from formbridge.cli.exits import DONE
from formbridge.cli.screen import show_json
from formbridge.domain.errors import BadDescription
from formbridge.formats import description_text, load_format, shipped_formats


@click.group("formats")
def formats() -> None:
    """List, show and check descriptions of payloads."""


@formats.command("list")
@options.as_json
def list_formats(*, as_json: bool) -> int:
    """List the formats that come with FormBridge."""
    if as_json:
        show_json(list(shipped_formats()))
    else:
        click.echo("\n".join(shipped_formats()))
    return DONE


@formats.command("show")
@click.argument("name")
def show_format(name: str) -> int:
    """Show a format's description, to start one's own from."""
    click.echo(description_text(name), nl=False)
    return DONE


@formats.command("check")
@click.argument("file")
@options.as_json
def check_format(file: str, *, as_json: bool) -> int:
    """Say whether the description in FILE is right, or what is wrong with it."""
    if not file.endswith(".toml"):
        raise BadDescription(f"{file} is no description file; its name must end with .toml")
    found = load_format(file)
    if as_json:
        show_json({"file": file, "name": found.name, "headers": list(found.headers)})
    else:
        click.echo(f"{file}: describes the format {found.name!r}; no mistake found")
    return DONE
