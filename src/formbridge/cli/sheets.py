"""``formbridge sheets``: what is done once before tables are kept in Google Sheets."""

from collections.abc import Mapping

import click

from formbridge.addresses import parse_folder
from formbridge.cli import options
from formbridge.cli.exits import DONE
from formbridge.cli.screen import show_json
from formbridge.cli.sinks import settings_said, sheets_options
from formbridge.compose import system_clock
from formbridge.spreadsheets import ensure_sheets_folder


@click.group("sheets")
def sheets_commands() -> None:
    """Prepare Google Sheets for tables; see run --sink sheets:NAME-OR-ID."""


@sheets_commands.command()
@click.argument("name")
@sheets_options
@options.as_json
def folder(name: str, *, sheets: Mapping[str, object], as_json: bool) -> int:
    """Make the folder NAME in My Drive and share it, unless it is there; say where it is.

    A folder on a Shared Drive is made by a person, and found by its name or its id.
    """
    settings = settings_said(parse_folder(name), sheets, state=None)
    found, link = ensure_sheets_folder(settings, clock=system_clock())
    if as_json:
        show_json({"id": found, "link": link})
    else:
        click.echo(f"{name}: {link}")
    return DONE
