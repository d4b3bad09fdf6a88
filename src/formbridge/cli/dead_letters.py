"""``formbridge dead-letters``: look at what could not be delivered, and mend it."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime

import click

from formbridge.cli import options
from formbridge.cli.exits import DONE, FAILED
from formbridge.cli.log import client_options, existing_log
from formbridge.cli.screen import Screen, counted, show_json
from formbridge.cli.sinks import named_sinks, sheets_options
from formbridge.cli.state import state_folder
from formbridge.compose import (
    group_of,
    open_catalog,
    open_dead_letters,
    open_decoding,
    open_sink,
)
from formbridge.domain.cloudevents import FORMAT, texts_of
from formbridge.domain.dead_letters import DeadLetter, Resolution
from formbridge.domain.errors import BadInput, BadSetting
from formbridge.domain.ports import DeadLetters
from formbridge.replay import Replayed
from formbridge.replay import replay as replay_letters

every = click.option("--all", "every", is_flag=True, help="All that are unresolved in the group.")
LISTED = "list them with formbridge dead-letters list"


@click.group("dead-letters")
def dead_letters() -> None:
    """List, show, replay and discard what could not be delivered."""


@dead_letters.command("list")
@options.broker
@options.broker_options
@options.sinks(several=False)
@options.group
@options.as_json
def list_letters(
    broker: str, options_file: str | None, sink: str, group: str, *, as_json: bool
) -> int:
    """List what is neither replayed nor discarded, of one group or of all."""
    name = group_of(sink, group) if sink or group else None
    with closing(_opened(broker, options_file)) as kept:
        letters = list(kept.unresolved(group=name))
    if as_json:
        show_json([_described(letter) for letter in letters])
    else:
        for letter in letters:
            click.echo(f"{letter.id}\t{letter.group}\t{letter.error}\t{letter.reason}")
        Screen().line(counted(len(letters), "dead letter"))
    return DONE


@dead_letters.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@options.broker
@options.broker_options
@options.sinks(several=False)
@options.group
@click.option("--payload", is_flag=True, help="Show the payload too: it holds personal answers.")
@options.as_json
def show(  # noqa: PLR0913 - one argument for each option
    ids: tuple[str, ...],
    broker: str,
    options_file: str | None,
    sink: str,
    group: str,
    *,
    payload: bool,
    as_json: bool,
) -> int:
    """Say of each dead letter why it was not delivered, and where its record stands."""
    name = group_of(sink, group) if sink or group else None
    with closing(_opened(broker, options_file)) as kept:
        letters = _chosen(kept, ids, group=name, every=False)
    found = [_described(letter) | (_payload(letter) if payload else {}) for letter in letters]
    if as_json:
        show_json(found)
    else:
        for fields in found:
            click.echo("\n".join(f"{key:<12} {value}" for key, value in fields.items()) + "\n")
    return DONE


@dead_letters.command()
@click.argument("ids", nargs=-1, metavar="[ID...]")
@options.broker
@options.broker_options
@options.sinks(several=False)
@options.group
@options.questions
@options.formats
@options.state
@sheets_options
@every
@options.as_json
def replay(  # noqa: PLR0913 - one argument for each option
    *,
    ids: tuple[str, ...],
    broker: str,
    options_file: str | None,
    sink: str,
    group: str,
    questions: tuple[str, ...],
    formats: tuple[str, ...],
    state: str | None,
    sheets: Mapping[str, object],
    every: bool,
    as_json: bool,
) -> int:
    """Deliver dead letters to their sink, after their cause was mended; what fails again stays."""
    if not sink:
        raise BadSetting("--sink is missing; give the options of the run whose letters these are")
    read = open_decoding(*formats or ("native",))
    catalog = open_catalog(questions, options=client_options(questions, options_file))
    named = named_sinks((sink,), sheets, state=state_folder(state, broker))
    to = open_sink(named[sink], read=read, catalog=catalog)
    with closing(to), closing(_opened(broker, options_file)) as kept:
        letters = _chosen(kept, ids, group=group_of(sink, group), every=every)
        done = replay_letters(letters, sink=to, dead_letters=kept)
        to.idle()
    _show_replayed(done, as_json=as_json)
    return FAILED if done.reasons else DONE


@dead_letters.command()
@click.argument("ids", nargs=-1, metavar="[ID...]")
@options.broker
@options.broker_options
@options.sinks(several=False)
@options.group
@every
@options.as_json
def discard(  # noqa: PLR0913 - one argument for each option
    ids: tuple[str, ...],
    broker: str,
    options_file: str | None,
    sink: str,
    group: str,
    *,
    every: bool,
    as_json: bool,
) -> int:
    """Give dead letters up. Their records stay in the log."""
    if not (group or sink):
        raise BadSetting("--group is missing; name the group whose letters shall be given up")
    with closing(_opened(broker, options_file)) as kept:
        letters = _chosen(kept, ids, group=group_of(sink, group), every=every)
        kept.resolve(letters, Resolution.DISCARDED)
    if as_json:
        show_json({"discarded": [letter.id for letter in letters]})
    else:
        click.echo(f"{counted(len(letters), 'dead letter')} discarded")
    return DONE


def _opened(broker: str, options_file: str | None) -> DeadLetters:
    return open_dead_letters(existing_log(broker, options_file))


def _chosen(
    kept: DeadLetters, ids: Sequence[str], *, group: str | None, every: bool
) -> list[DeadLetter]:
    """Return the unresolved letters of these ids, or all; refuse an id that is not there."""
    if bool(ids) == every:
        raise BadSetting(f"name the ids of dead letters, or --all; {LISTED}")
    letters = list(kept.unresolved(group=group))
    missing = sorted(set(ids) - {letter.id for letter in letters})
    if missing:
        where = f"group {group}" if group else "any group"
        raise BadInput(f"no unresolved dead letter {missing[0]!r} in {where}; {LISTED}")
    return [letter for letter in letters if every or letter.id in ids]


def _described(letter: DeadLetter) -> dict[str, object]:
    """Return what may be shown of a letter: no answer is in it."""
    delivery = letter.delivery
    fields = texts_of(delivery.headers)
    return {
        "id": letter.id,
        "group": letter.group,
        "error": letter.error,
        "reason": letter.reason,
        "table": letter.part,
        "form": (delivery.key or b"").decode("utf-8", "replace"),
        "response": fields.get("ce_subject", ""),
        "format": fields.get(FORMAT, ""),
        "bytes": len(delivery.value or b""),
        "logged_at": _time(delivery.first_logged_at),
        "buried_at": _time(letter.buried_at),
    }


def _payload(letter: DeadLetter) -> dict[str, object]:
    return {"payload": (letter.delivery.value or b"").decode("utf-8", "replace")}


def _time(microseconds: int) -> str:
    return datetime.fromtimestamp(microseconds // 1_000_000, UTC).isoformat()


def _show_replayed(done: Replayed, *, as_json: bool) -> None:
    if as_json:
        resolved = [letter.id for letter in done.resolved]
        show_json({"replayed": resolved, "failed": done.reasons})
        return
    for letter_id, reason in done.reasons.items():
        Screen().line(f"{letter_id}: {reason}")
    failed = f", {len(done.reasons):,} failed again" if done.reasons else ""
    click.echo(f"{counted(len(done.resolved), 'dead letter')} replayed{failed}")
