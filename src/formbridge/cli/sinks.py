"""The sinks that a command was given, each with what was said of it."""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import Any

import click

from formbridge.adapters.sheets.settings import SheetsSettings
from formbridge.addresses import SheetsAddress, SinkAddress, parse_sink
from formbridge.domain.errors import BadSetting
from formbridge.spreadsheets import sheets_settings

Options = Mapping[str, object]
Command = Callable[..., Any]

OPTIONS = (
    click.option(
        "--credentials",
        multiple=True,
        metavar="FILE",
        type=click.Path(dir_okay=False),
        help="For sheets: a key of a service account, or what a user allowed. Repeatable: they"
        " share the work. [default: Application Default Credentials]",
    ),
    click.option(
        "--share-with",
        multiple=True,
        metavar="WHO",
        help="For sheets: who gets access to what is made: ada@example.com,"
        " group:team@example.com, reader:bob@example.com. Repeatable.",
    ),
    click.option(
        "--subject",
        metavar="EMAIL",
        help="For sheets: the user for whom a service account acts (domain-wide delegation).",
    ),
    click.option(
        "--spreadsheet",
        "spreadsheets",
        multiple=True,
        metavar="FORM=ID",
        help="For sheets: the spreadsheet of a form, by id or link; none is made for it."
        " Repeatable.",
    ),
    click.option(
        "--time-zone",
        metavar="ZONE",
        help="For sheets: of the spreadsheets that are made, as Europe/Berlin. [default: Etc/UTC]",
    ),
    click.option(
        "--questions-tab",
        is_flag=True,
        help='For sheets: take titles from a tab "Questions" in each spreadsheet, which people'
        " correct; new questions get a row there.",
    ),
    click.option(
        "--endpoint",
        metavar="URL",
        help="For sheets: what takes the place of Google, such as an emulator's address.",
    ),
    click.option(
        "--sheets-option",
        "others",
        multiple=True,
        metavar="NAME=VALUE",
        help="For sheets: any other setting, such as reads_per_minute=300. Repeatable.",
    ),
)
NAMES = (
    *("credentials", "share_with", "subject", "spreadsheets", "time_zone", "questions_tab"),
    *("endpoint", "others"),
)
SAID_AS = {"spreadsheets": "--spreadsheet", "others": "--sheets-option"}


def sheets_options(command: Command) -> Command:
    """Give a command the options of Google Sheets; it takes them together, as ``sheets``."""

    @wraps(command)
    def gathered(**arguments: object) -> object:
        said = {name: arguments.pop(name) for name in NAMES}
        return command(sheets={name: it for name, it in said.items() if it}, **arguments)

    for option in reversed(OPTIONS):
        gathered = option(gathered)
    return gathered


def named_sinks(
    texts: Sequence[str], sheets: Options, *, state: Path | None
) -> dict[str, SinkAddress | SheetsSettings]:
    """Return each sink by its text, with the options of Google Sheets where they are for it."""
    addresses = {text: parse_sink(text) for text in texts}
    if sheets and not any(isinstance(each, SheetsAddress) for each in addresses.values()):
        name = next(iter(sheets))
        option = SAID_AS.get(name, f"--{name.replace('_', '-')}")
        raise BadSetting(f"{option} is for a sink sheets:NAME-OR-ID; leave it out")
    return {text: _named(address, sheets, state) for text, address in addresses.items()}


def settings_said(address: SheetsAddress, sheets: Options, *, state: Path | None) -> SheetsSettings:
    """Return the settings of one folder, as the options say them."""
    said = dict(sheets)
    others = _pairs(said.pop("others", ()), "--sheets-option", "reads_per_minute=300")
    if "spreadsheets" in said:
        said["spreadsheets"] = _pairs(said["spreadsheets"], "--spreadsheet", "FORM=ID")
    twice = sorted(set(said) & set(others))
    if twice:
        raise BadSetting(f"{twice[0]} is said twice; leave it out of --sheets-option")
    return sheets_settings(address, said | others, state=state)


def _named(
    address: SinkAddress, sheets: Options, state: Path | None
) -> SinkAddress | SheetsSettings:
    if isinstance(address, SheetsAddress):
        return settings_said(address, sheets, state=state)
    return address


def _pairs(texts: object, option: str, example: str) -> dict[str, str]:
    """Return names and values of texts that are ``NAME=VALUE``."""
    found: dict[str, str] = {}
    for text in texts if isinstance(texts, tuple) else ():
        name, equals, value = str(text).partition("=")
        if not equals or not name.strip() or not value.strip():
            raise BadSetting(f"{option} {text!r} is not NAME=VALUE; write {example}")
        if name.strip() in found:
            raise BadSetting(f"{option} {name.strip()} stands there twice")
        found[name.strip()] = value.strip()
    return found
