"""``formbridge doctor``: look at what a sink needs, and say what to do about what is missing."""

from collections.abc import Iterable, Mapping

import attrs
import click

from formbridge.adapters.sheets.doctor.findings import Finding, Outcome
from formbridge.addresses import SheetsAddress, parse_sink
from formbridge.cli import options
from formbridge.cli.exits import DONE, FAILED
from formbridge.cli.screen import show_json
from formbridge.cli.sinks import settings_said, sheets_options
from formbridge.compose import system_clock
from formbridge.domain.errors import BadSetting
from formbridge.spreadsheets import examine_sheets, probe_sheets

OUTCOME_WIDTH, NAME_WIDTH = 7, 15


@click.group()
def doctor() -> None:
    """Examine what a sink needs: one line for each check, with what to do."""


@doctor.command()
@click.option(
    "--sink",
    default="sheets:FormBridge",
    metavar="ADDRESS",
    help="The folder: sheets:NAME-OR-ID. [default: sheets:FormBridge]",
)
@sheets_options
@click.option(
    "--probe",
    is_flag=True,
    help="Also try what FormBridge takes for granted of Google, in a spreadsheet of its own that is"
    " removed in the end. It takes minutes.",
)
@options.as_json
def sheets(*, sink: str, sheets: Mapping[str, object], probe: bool, as_json: bool) -> int:
    """Examine the way to Google Sheets: key, clock, token, scopes, APIs, folder, rights, quota.

    Nothing is changed. The exit code is 1 if anything fails.
    """
    address = parse_sink(sink)
    if not isinstance(address, SheetsAddress):
        raise BadSetting("--sink must be sheets:NAME-OR-ID; a folder of csv: needs no doctor")
    settings = settings_said(address, sheets, state=None)
    findings = examine_sheets(settings, clock=system_clock())
    seen = _told(findings, as_json=as_json)
    if probe and not _failed(seen):
        seen += _told(probe_sheets(settings, clock=system_clock()), as_json=as_json)
    if as_json:
        show_json([attrs.asdict(each) for each in seen])
    return FAILED if _failed(seen) else DONE


def _failed(findings: Iterable[Finding]) -> bool:
    return any(each.outcome is Outcome.FAIL for each in findings)


def _told(findings: Iterable[Finding], *, as_json: bool) -> list[Finding]:
    """Show each finding as soon as it is there; return all."""
    seen: list[Finding] = []
    for each in findings:
        if not as_json:
            if each.account and each.account not in {it.account for it in seen}:
                click.echo(each.account)
            click.echo(f"{each.outcome.value:<{OUTCOME_WIDTH}} {each.check:<{NAME_WIDTH}} {each}")
        seen.append(each)
    return seen
