"""``formbridge run``: the log → sinks, until stopped or until all is done."""

import gc
import shlex
from collections.abc import Mapping, Sequence
from functools import partial

import attrs
import click

from formbridge.adapters.telemetry.logging import LoggingHook
from formbridge.cli import options
from formbridge.cli.exits import DONE, FAILED
from formbridge.cli.log import client_options, opened_log
from formbridge.cli.screen import Screen, counted, logged, show_json
from formbridge.cli.sinks import named_sinks, sheets_options
from formbridge.cli.state import state_folder
from formbridge.compose import (
    TablesName,
    group_of,
    open_bridge,
    open_catalog,
    open_decoding,
    open_format,
    open_reader,
    open_sink,
)
from formbridge.domain.errors import BadSetting
from formbridge.domain.events import Buried, Event, PartWritten, Polled, Stopped
from formbridge.domain.ports import QuestionCatalog
from formbridge.host import Host, Report, State
from formbridge.logs import Log


@attrs.define(eq=False)
class Count:
    """What one bridge did, and with which tables. Written by its thread only."""

    sink: str
    tables: TablesName
    group: str
    records: int = 0
    changed: int = 0
    dead_letters: int = 0
    told: bool = False

    def take(self, event: Event) -> None:
        """Count an event."""
        match event:
            case Polled(records=records):
                self.records += records
            case PartWritten(changed=changed):
                self.changed += changed
            case Buried(records=records):
                self.dead_letters += records

    def summary(self) -> dict[str, object]:
        """Return it for programs."""
        return {
            "sink": self.sink,
            "group": self.group,
            "records": self.records,
            "changed": self.changed,
            "dead_letters": self.dead_letters,
        }

    def __str__(self) -> str:
        """Say it in one line."""
        return (
            f"{self.sink}: {counted(self.records, 'record')} read, "
            f"{counted(self.changed, 'row')} changed, "
            f"{counted(self.dead_letters, 'dead letter')}"
        )


@click.command()
@options.broker
@options.broker_options
@options.sinks(several=True)
@options.group
@options.questions
@options.formats
@click.option("--until-idle", is_flag=True, help="End when everything that is in the log is done.")
@options.state
@sheets_options
@click.option("--verbose", is_flag=True, help="Tell what happens, on standard error.")
@options.as_json
def run(  # noqa: PLR0913 - one argument for each option
    *,
    broker: str,
    options_file: str | None,
    sinks: tuple[str, ...],
    group: str,
    questions: tuple[str, ...],
    formats: tuple[str, ...],
    state: str | None,
    sheets: Mapping[str, object],
    until_idle: bool,
    verbose: bool,
    as_json: bool,
) -> int:
    """Carry responses from the log to each sink, until SIGTERM, SIGINT, or --until-idle."""
    calm_collector()
    screen = Screen()
    groups = _groups(sinks, group)
    named = named_sinks(sinks, sheets, state=state_folder(state, broker))
    counts = [Count(sink, named[sink], name) for sink, name in groups.items()]
    with logged(screen, verbose=verbose):
        log = opened_log(broker, options_file)
        catalog = open_catalog(questions, options=client_options(questions, options_file))
        host = _host(counts, log, catalog, formats, screen=screen, until_idle=until_idle)
        reports = host.run()
    screen.clear()
    where = ["--broker", broker, *(["--broker-options", options_file] if options_file else [])]
    _show(counts, reports, where=shlex.join(where), as_json=as_json, screen=screen)
    failed = any(report.state is not State.ENDED for report in reports)
    incomplete = until_idle and (host.asked or any(count.dead_letters for count in counts))
    return FAILED if failed or incomplete else DONE


def calm_collector() -> None:
    """Let the garbage collector look less often at what lives for one batch and is no cycle.

    With Python's defaults it costs a fifth of the time of a bridge. Only a program may decide this
    for its process, so the library never does.
    """
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)


def _groups(sinks: Sequence[str], group: str) -> dict[str, str]:
    """Return the group of each sink; refuse two sinks that would share one."""
    if group and len(sinks) > 1:
        raise BadSetting("--group names one place in the log; give it with one --sink only")
    groups = {sink: group_of(sink, group) for sink in sinks}
    if len(set(groups.values())) < len(sinks):
        raise BadSetting("two of the sinks are the same place; name each once")
    return groups


def _host(  # noqa: PLR0913 - as in run
    counts: Sequence[Count],
    log: Log,
    catalog: QuestionCatalog | None,
    formats: Sequence[str],
    *,
    screen: Screen,
    until_idle: bool,
) -> Host:
    """Open what is shared, so that a mistake is told before anything starts."""
    first, *others = [open_format(each) for each in formats or ("native",)]
    read = open_decoding(first, *others)
    for count in counts:
        open_sink(count.tables, read=read, catalog=catalog).close()
    open_reader(log).close()
    logging_hook = LoggingHook()

    def told(count: Count, event: Event) -> None:
        count.take(event)
        if not isinstance(event, Stopped):
            logging_hook(event)
        elif event.error:
            count.told = True
            screen.line(f"formbridge: {count.sink}: {event.error}")
        screen.progress(lambda: "; ".join(map(str, counts)))

    bridges = {
        count.group: partial(
            open_bridge,
            broker=log,
            sink=count.tables,
            group=count.group,
            questions=catalog or (),
            format=first,
            formats=others,
            hook=partial(told, count),
        )
        for count in counts
    }
    return Host(bridges=bridges, until_idle=until_idle)


def _show(
    counts: Sequence[Count],
    reports: Sequence[Report],
    *,
    where: str,
    as_json: bool,
    screen: Screen,
) -> None:
    by_name = {report.name: report for report in reports}
    if as_json:
        show_json([it.summary() | _ending(by_name[it.group]) for it in counts])
    for count in counts:
        report = by_name[count.group]
        if not as_json:
            click.echo(str(count))
        if count.dead_letters:
            look = f"formbridge dead-letters list {where} --group {count.group}"
            screen.line(f"formbridge: {count.sink}: dead letters were kept; see {look}")
        if report.state is State.FAILED and not count.told:
            screen.line(f"formbridge: {count.sink}: {report.error}")
        elif report.state is State.RUNNING:
            screen.line(
                f"formbridge: {count.sink}: did not stop in time; what was left comes again"
            )


def _ending(report: Report) -> dict[str, str]:
    return {"state": report.state.value, "error": report.error}
