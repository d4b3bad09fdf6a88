"""Examines accounts and the place that they write to, in order, and says what to do.

``examine`` checks everything; ``admit`` only what would stop every write, before one is tried.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing

import attrs
from requests.adapters import BaseAdapter

from formbridge.adapters.sheets.calls.client import SheetsClient
from formbridge.adapters.sheets.calls.failures import CallFailed, Throttled, Unknown
from formbridge.adapters.sheets.doctor import accounts, places
from formbridge.adapters.sheets.doctor.accounts import Patient
from formbridge.adapters.sheets.doctor.findings import Finding, Outcome, Verdict, fail, skipped
from formbridge.adapters.sheets.settings import SheetsSettings
from formbridge.domain.errors import BadSetting, StoreDenied, TableUnavailable
from formbridge.domain.ports import Clock


@attrs.frozen
class Check:
    """One check: its name in the report, what it does, and which others it needs to be fine."""

    name: str
    run: Callable[[Patient], Verdict]
    needs: tuple[str, ...] = ()


CHECKS = (
    Check("key", accounts.key),
    Check("clock", accounts.clock),
    Check("token", accounts.token, ("key",)),
    Check("scopes", accounts.scopes, ("token",)),
    Check("Sheets API", accounts.sheets_api, ("token", "scopes")),
    Check("Drive API", accounts.drive_api, ("token", "scopes")),
    Check("folder", places.folder, ("Drive API",)),
    Check("right to create", places.right_to_create, ("folder",)),
    Check("spreadsheets", places.spreadsheets, ("Drive API",)),
    Check("quota", accounts.quota, ("Sheets API",)),
)
"""All of them, in their order."""

AT_START = tuple(
    check
    for check in CHECKS
    if check.name in {"Sheets API", "Drive API", "folder", "right to create", "spreadsheets"}
)
"""What is checked whenever tables are opened. A key, a token and scopes fail in the first two."""
MAY_DO_WITHOUT = ("folder", "right to create")
"""Where spreadsheets are given, these are not needed as long as no other form comes."""


def examine(
    settings: SheetsSettings, *, clock: Clock, transport: BaseAdapter | None = None
) -> Iterator[Finding]:
    """Yield what each check finds, for each of the credentials. Leaves nothing behind."""
    for number, each in enumerate(_one_by_one(settings)):
        name = str(each.credentials[0]) if each.credentials else ""
        try:
            client = SheetsClient.of(each, clock=clock, transport=transport)
        except BadSetting as error:
            yield from _without(str(error), name)
            continue
        with closing(client):
            patient = Patient(settings=each, client=client, clock=clock, first=number == 0)
            yield from _examined(patient, name)


def admit(client: SheetsClient, settings: SheetsSettings, *, clock: Clock) -> None:
    """Raise ``StoreDenied`` where every write would fail, in the words of the doctor.

    What may pass by itself (a server that does not answer, a quota that is used up) is left to
    whoever writes: that is tried again.
    """
    without = MAY_DO_WITHOUT if settings.spreadsheets else ()
    for number, wire in enumerate(client.wires):
        one = attrs.evolve(client, wires=[wire])
        patient = Patient(
            settings=settings, client=one, clock=clock, first=number == 0, only_looks=False
        )
        needed = [check for check in AT_START if check.name not in without]
        for finding in _examined(patient, checks=needed):
            if finding.outcome is Outcome.FAIL and finding.lasting:
                raise StoreDenied(f"Google Sheets, {finding.check}: {finding}")


def _one_by_one(settings: SheetsSettings) -> Iterator[SheetsSettings]:
    """Yield the settings for each of the credentials; once for those that are not in files."""
    if not settings.credentials:
        yield settings
    for path in settings.credentials:
        yield attrs.evolve(settings, credentials=(path,))


def _without(reason: str, name: str) -> Iterator[Finding]:
    """Yield what can be said without a key."""
    says, _, remedy = reason.removeprefix("credentials: ").partition("; ")
    yield fail(says, remedy).named("key", name)
    for check in CHECKS[1:]:
        yield skipped("needs the key").named(check.name, name)


def _examined(
    patient: Patient, name: str = "", *, checks: Sequence[Check] = CHECKS
) -> Iterator[Finding]:
    failed: set[str] = set()
    for check in checks:
        lacking = [need for need in check.needs if need in failed]
        verdict = skipped(f"needs the {lacking[0]}") if lacking else _run(check, patient)
        if lacking or verdict.outcome is Outcome.FAIL:
            failed.add(check.name)
        yield verdict.named(check.name, name)


def _run(check: Check, patient: Patient) -> Verdict:
    try:
        return check.run(patient)
    except (CallFailed, TableUnavailable) as error:
        says, _, remedy = str(error).partition("; ")
        return fail(says, remedy, lasting=not isinstance(error, (Throttled, Unknown)))
