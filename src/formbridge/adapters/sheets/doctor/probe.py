"""Tries what the tables take for granted of Google, in a spreadsheet that is made and removed.

Each trial says: held, wrong, or not tried. What was assumed, documented or seen by others becomes
knowledge about the account at hand; ``docs/explanation/sheets.md`` says what rests on what.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing

import attrs
from requests.adapters import BaseAdapter

from formbridge.adapters.sheets.calls import reasons
from formbridge.adapters.sheets.calls.client import Call, SheetsClient
from formbridge.adapters.sheets.calls.failures import CallFailed, Invalid, Throttled, Unknown
from formbridge.adapters.sheets.doctor.accounts import Patient
from formbridge.adapters.sheets.doctor.findings import Finding, Verdict, fail
from formbridge.adapters.sheets.doctor.places import folder
from formbridge.adapters.sheets.doctor.probes import adding, columns, fences, files, limits, writing
from formbridge.adapters.sheets.doctor.probes.bench import Bench, Trial, short, untried, wrong
from formbridge.adapters.sheets.drive import naming
from formbridge.adapters.sheets.settings import SheetsSettings
from formbridge.domain.ports import Clock

TRIALS = (
    *fences.TRIALS,
    *columns.TRIALS,
    *writing.TRIALS,
    *adding.TRIALS,
    *files.TRIALS,
    *limits.TRIALS,
)
TITLE = "FormBridge trials (may be deleted)"
PATIENCE = 65.0
"""Seconds that a call waits for the quota: the trials need more than a minute allows."""


def probe(
    settings: SheetsSettings,
    *,
    clock: Clock,
    transport: BaseAdapter | None = None,
    trials: Sequence[Trial] = TRIALS,
) -> Iterator[Finding]:
    """Yield what each trial shows, by the first of the credentials.

    The spreadsheet goes to the trash in the end, whatever happens.
    """
    calls: list[Call] = []
    one = attrs.evolve(settings, credentials=settings.credentials[:1])
    client = SheetsClient.of(
        one, clock=clock, transport=transport, patience=PATIENCE, observe=calls.append
    )
    with closing(client):
        try:
            bench = _bench(client, one, calls)
        except CallFailed as failed:
            yield from _untried(failed, trials)
            return
        try:
            for trial in trials:
                yield _run(trial, bench).named(trial.name, "")
        finally:
            left = _removed(bench)
        if left:
            yield left.named("removal", "")


def _removed(bench: Bench) -> Verdict | None:
    """Put the spreadsheet into the trash; return what went wrong."""
    try:
        bench.client.change_file(bench.book, {"trashed": True})
    except CallFailed as failed:
        return fail(f"the spreadsheet is left: {failed.reason}", f"delete {TITLE!r} by hand")
    return None


def _bench(client: SheetsClient, settings: SheetsSettings, calls: Sequence[Call]) -> Bench:
    """Make the spreadsheet: in the folder if it is there, else in My Drive."""
    email = client.about("user(emailAddress)").get("user", {}).get("emailAddress", "")
    patient = Patient(settings=settings, client=client, clock=client.clock, email=email)
    folder(patient)
    place = patient.folder.id if patient.folder else ""
    body = {"name": TITLE, "mimeType": naming.SPREADSHEET}
    made = client.create_file(body | ({"parents": [place]} if place else {}))
    return Bench(
        client=client,
        clock=client.clock,
        book=made["id"],
        made=made,
        calls=calls,
        email=email,
        folder=place,
    )


def _run(trial: Trial, bench: Bench) -> Verdict:
    try:
        return trial.run(bench)
    except Invalid as failed:
        return wrong(f"Google refuses what the trial needs ({short(failed.detail)})", "report it")
    except (Throttled, Unknown) as failed:
        return attrs.evolve(untried(failed.reason), lasting=False)
    except CallFailed as failed:
        return untried(failed.reason)


def _untried(failed: CallFailed, trials: Sequence[Trial]) -> Iterator[Finding]:
    """Yield that nothing can be tried without a spreadsheet."""
    storage = failed.code == "storageQuotaExceeded"
    first = wrong("this account can make no spreadsheet here", reasons.STORAGE)
    for trial in trials:
        if storage and trial.run is files.creating:
            yield first.named(trial.name, "")
        else:
            yield untried(f"no spreadsheet could be made: {failed.reason}").named(trial.name, "")
