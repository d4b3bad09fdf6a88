"""Checks of the place: the folder, who may make spreadsheets in it, and those that are given.

Nothing is made: what would happen follows from what Drive says of the folder and of the account.
Source: "Service accounts" in "Shared drives versus My Drive" (they own no files), and the answers
that people got (``reasons.STORAGE``).
"""

from collections.abc import Iterator

import attrs

from formbridge.adapters.sheets.calls.failures import Forbidden, Missing
from formbridge.adapters.sheets.calls.reasons import STORAGE
from formbridge.adapters.sheets.doctor.accounts import Patient
from formbridge.adapters.sheets.doctor.findings import Verdict, fail, ok, skipped
from formbridge.adapters.sheets.drive import naming
from formbridge.adapters.sheets.drive.folders import Folders
from formbridge.adapters.sheets.drive.found import FIELDS, Found
from formbridge.adapters.sheets.drive.registry import Registry
from formbridge.adapters.sheets.drive.sharing import Sharing


def folder(patient: Patient) -> Verdict:
    """Look for the folder as the tables do: by its id, its mark or its name."""
    found = _folders(patient).look()
    if found is None:
        return _no_folder(patient)
    patient.folder = found
    return ok(f"{found.name!r} {_where(patient, found)} ({found.id})")


def _folders(patient: Patient) -> Folders:
    settings, registry = patient.settings, None if patient.only_looks else patient.settings.registry
    return Folders(
        client=patient.client,
        settings=settings,
        registry=Registry(registry, clock=patient.clock),
        sharing=Sharing(client=patient.client, sharees=()),
        clock=patient.clock,
        marking=not patient.only_looks,
    )


def _no_folder(patient: Patient) -> Verdict:
    settings, name = patient.settings, patient.settings.folder
    if settings.create and not patient.owns_nothing:
        return ok(f"there is no {name!r} yet: it is made in My Drive of {patient.who}")
    if not settings.create and settings.spreadsheets:
        return skipped(f"there is no {name!r}, and create is off: only named spreadsheets are used")
    where = (
        "make it on a Shared Drive with this account as Content manager; one of My Drive, shared "
        "as Editor, does only for spreadsheets that you make in it yourself"
        if settings.create
        else "make it, share it as Editor, and put your spreadsheets into it"
    )
    return fail(f"{patient.who} sees no folder called {name!r}", where)


def _where(patient: Patient, folder: Found) -> str:
    if folder.drive:
        return "on a Shared Drive"
    if folder.mine:
        return f"in My Drive of {patient.who}"
    return f"in My Drive of {folder.owner or 'somebody else'}, shared with {patient.who}"


def right_to_create(patient: Patient) -> Verdict:
    """Say whether a spreadsheet can be made in the folder; only the first account makes any."""
    if not patient.settings.create:
        return skipped("create is off: no spreadsheet is made")
    found = patient.folder
    if found is not None and not found.takes_files:
        share = "as Content manager" if found.drive else "as Editor"
        return fail(
            f"{patient.who} may only look into the folder",
            f"share it with {patient.who} {share}",
        )
    if not patient.first:
        return ok("this account writes only into what the first one makes")
    if found is not None and found.drive:
        return ok("yes: what is made belongs to the Shared Drive")
    if patient.owns_nothing:
        return fail(f"{patient.who} can make no spreadsheet here", STORAGE)
    return ok(f"yes: what is made belongs to {patient.who}")


def spreadsheets(patient: Patient) -> Verdict:
    """Look at the spreadsheets that the settings name."""
    given = patient.settings.spreadsheets
    if not given:
        return skipped("none is named in the settings")
    problems = list(_problems(patient))
    if problems:
        more = f" (and {len(problems) - 1} more)" if problems[1:] else ""
        return attrs.evolve(problems[0], says=f"{problems[0].says}{more}")
    return ok(f"{len(given)} may be written")


def _problems(patient: Patient) -> Iterator[Verdict]:
    for name, book in patient.settings.spreadsheets.items():
        try:
            found = Found.of(patient.client.file(book, fields=FIELDS))
        except (Missing, Forbidden):
            says = f"that of {name}: there is no such file, or {patient.who} does not see it"
            yield fail(says, f"share it with {patient.who} as Editor, or correct the id")
        else:
            yield from _unusable(patient, name, found)


def _unusable(patient: Patient, name: str, found: Found) -> Iterator[Verdict]:
    if found.trashed:
        yield fail(f"that of {name} is in the trash", "restore it in Google Drive")
    elif found.kind != naming.SPREADSHEET:
        remedy = "open it in Google Sheets and choose File, Save as Google Sheets"
        yield fail(f"that of {name} is no Google Sheet", remedy)
    elif not found.editable:
        remedy = f"share it with {patient.who} as Editor"
        yield fail(f"{patient.who} may only read that of {name}", remedy)
