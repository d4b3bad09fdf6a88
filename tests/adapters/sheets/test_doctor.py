"""The doctor: each sentence that it says, seen against a service in which that is so."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import attrs
import pytest

from formbridge.adapters.sheets.doctor.doctor import CHECKS, admit, examine
from formbridge.adapters.sheets.doctor.findings import Finding, Outcome
from formbridge.adapters.sheets.settings import SheetsSettings
from formbridge.adapters.system.clock import SystemClock
from formbridge.domain.errors import StoreDenied
from formbridge.testing.google import Fault, Google
from formbridge.testing.google.seeds import plant
from formbridge.testing.google.trouble.faults import Kind
from tests.adapters.sheets.in_process import ENDPOINT, InProcess, opened

ADA = "ada@example.com"
ROBOT = "robot@project.iam.gserviceaccount.com"
EDITOR = [{"email": ROBOT, "role": "writer"}]
MANAGER = [{"email": ROBOT, "role": "fileOrganizer"}]
AUTH = "https://www.googleapis.com/auth/"


@attrs.define(eq=False)
class Clinic:
    """A service in this process, with Ada and a robot, and the doctor who looks at accounts."""

    folder: Path
    clock: SystemClock
    google: Google

    def plant(self, **said: object) -> None:
        """Set up what a seed file says."""
        plant(self.google, said, folder=self.folder)

    def keys(self, *emails: str) -> dict[str, Any]:
        """Return the setting that names the keys of service accounts."""
        return {"credentials": tuple(self.folder / f"{email}.json" for email in emails)}

    def settings(self, **said: Any) -> SheetsSettings:  # noqa: ANN401 - any setting
        """Return settings of the folder "Forms" at the service."""
        return SheetsSettings(**{"endpoint": ENDPOINT, "folder": "Forms", **said})

    def examined(self, **said: Any) -> list[Finding]:  # noqa: ANN401 - any setting
        """Return what the doctor finds."""
        transport = InProcess(self.google, self.clock)
        return list(examine(self.settings(**said), clock=self.clock, transport=transport))

    def seen(self, **said: Any) -> Mapping[str, Finding]:  # noqa: ANN401 - any setting
        """Return what the doctor finds, by the check."""
        return {each.check: each for each in self.examined(**said)}

    def admitted(self, **said: Any) -> None:  # noqa: ANN401 - any setting
        """Look at an account as a start does."""
        settings = self.settings(**said)
        client = opened(self.google, self.clock, settings)
        try:
            admit(client, settings, clock=self.clock)
        finally:
            client.close()


@pytest.fixture
def clinic(tmp_path: Path) -> Clinic:
    """A service with a user, Ada, and a service account, whose key lies in a file."""
    clock = SystemClock()
    clinic = Clinic(tmp_path, clock, Google(clock=clock, seed=1))
    clinic.plant(
        users=[{"email": ADA, "token": "ada-token"}],
        service_accounts=[{"email": ROBOT, "key_file": f"{ROBOT}.json"}],
    )
    return clinic


def signed_in(clinic: Clinic, scopes: str = "spreadsheets drive") -> dict[str, Any]:
    """Return the setting of a file with which Ada signed in, for these scopes."""
    granted = frozenset(AUTH + name for name in scopes.split())
    clinic.google.tokens.issue_refresh(ADA, scopes=granted, token="1//ada")  # noqa: S106 - of a made-up service
    said = {"type": "authorized_user", "client_id": "app", "client_secret": "s"}
    file = clinic.folder / "ada.json"
    file.write_text(json.dumps(said | {"refresh_token": "1//ada", "account": ADA}))
    return {"credentials": (file,)}


def outcomes(seen: Mapping[str, Finding]) -> dict[str, str]:
    """Return how each check ended that was not fine."""
    return {name: it.outcome.value for name, it in seen.items() if it.outcome is not Outcome.OK}


# --- all is well ---------------------------------------------------------------------------------


def test_the_checks_come_in_order_and_change_nothing(clinic: Clinic) -> None:
    """A line for each; the plain user of the emulator passes all of them, and nothing is made."""
    before = dict(clinic.google.drive.all)
    found = clinic.examined()
    assert [it.check for it in found] == [check.name for check in CHECKS]
    assert outcomes({it.check: it for it in found}) == {"spreadsheets": "skipped"}
    files = [it for it in clinic.google.drive.all.values() if not it.is_root]
    assert files == [it for it in before.values() if not it.is_root]
    assert clinic.google.books == {}
    assert {it.check: str(it) for it in found} == {
        "key": "none is needed: the plain user of an emulator on this machine",
        "clock": "right",
        "token": "Google gives one to this account",
        "scopes": "they reach spreadsheets and the whole Drive of the account",
        "Sheets API": "enabled",
        "Drive API": "enabled; Drive knows the account as tester@example.com",
        "folder": "there is no 'Forms' yet: it is made in My Drive of tester@example.com",
        "right to create": "yes: what is made belongs to tester@example.com",
        "spreadsheets": "none is named in the settings",
        "quota": "calls are let through; 60 reads and 60 writes a minute are used",
    }


def test_a_service_account_on_a_shared_drive_is_well(clinic: Clinic) -> None:
    """What it makes there belongs to the drive; the folder is not even marked."""
    clinic.plant(
        shared_drives=[{"name": "Team", "owner": ADA, "share": MANAGER}],
        folders=[{"name": "Forms", "owner": ADA, "in": "Team"}],
    )
    seen = clinic.seen(**clinic.keys(ROBOT), processes=2)
    assert outcomes(seen) == {"spreadsheets": "skipped"}
    assert seen["key"].says.endswith(f"{ROBOT}.json: the service account {ROBOT}")
    assert seen["token"].says == f"Google gives one to {ROBOT}"
    assert "'Forms' on a Shared Drive" in seen["folder"].says
    assert seen["right to create"].says == "yes: what is made belongs to the Shared Drive"
    assert seen["quota"].says.endswith("30 reads and 30 writes a minute are used, a part of 2")
    (forms,) = [it for it in clinic.google.drive.all.values() if it.name == "Forms"]
    assert not forms.app_properties


def test_a_user_who_signed_in_is_well(clinic: Clinic) -> None:
    """The folder is the user's own, or somebody else's."""
    clinic.plant(
        folders=[
            {"name": "Forms", "owner": ADA},
            {"name": "Theirs", "share": [{"email": ADA, "role": "writer"}]},
        ]
    )
    mine, theirs = (
        clinic.seen(**signed_in(clinic)),
        clinic.seen(**signed_in(clinic), folder="Theirs"),
    )
    assert outcomes(mine) == {"spreadsheets": "skipped"}
    assert mine["key"].says.endswith(f"ada.json: what {ADA} allowed")
    assert f"'Forms' in My Drive of {ADA} (" in mine["folder"].says
    assert f"in My Drive of tester@example.com, shared with {ADA}" in theirs["folder"].says


def test_a_service_account_that_acts_for_a_user_is_well(clinic: Clinic) -> None:
    """Domain-wide delegation: what is made is the user's."""
    clinic.plant(delegations=[{"service_account": ROBOT, "user": ADA}])
    seen = clinic.seen(**clinic.keys(ROBOT), subject=ADA)
    assert outcomes(seen) == {"spreadsheets": "skipped"}
    assert seen["key"].says.endswith(f"{ROBOT}, which acts for {ADA}")
    assert seen["right to create"].says == f"yes: what is made belongs to {ADA}"


def test_an_old_service_account_with_storage_is_well(clinic: Clinic) -> None:
    """There still are some."""
    clinic.plant(
        service_accounts=[{"email": ROBOT, "key_file": f"{ROBOT}.json", "storage": True}],
        folders=[{"name": "Forms", "owner": ADA, "share": EDITOR}],
    )
    assert outcomes(clinic.seen(**clinic.keys(ROBOT))) == {"spreadsheets": "skipped"}


# --- what may be wrong ---------------------------------------------------------------------------


def missing_key(clinic: Clinic) -> dict[str, Any]:
    """A file that is not there."""
    return {"credentials": (clinic.folder / "absent.json",)}


def broken_key(clinic: Clinic) -> dict[str, Any]:
    """A file that was cut."""
    (clinic.folder / "cut.json").write_text('{"type": "service_acc')
    return {"credentials": (clinic.folder / "cut.json",)}


def clock_behind(clinic: Clinic) -> dict[str, Any]:
    """This machine's clock is ten minutes behind Google's."""
    clinic.google.troubles.clock.skew = 600.0
    return clinic.keys(ROBOT)


def clock_ahead(clinic: Clinic) -> dict[str, Any]:
    """Ten minutes ahead: what is signed comes from the future."""
    clinic.google.troubles.clock.skew = -600.0
    return clinic.keys(ROBOT)


def deleted_account(clinic: Clinic) -> dict[str, Any]:
    """A service account that is no more."""
    del clinic.google.tokens.accounts[ROBOT]
    return clinic.keys(ROBOT)


def revoked_sign_in(clinic: Clinic) -> dict[str, Any]:
    """A refresh token that the user took back."""
    said = signed_in(clinic)
    clinic.google.tokens.revoke("1//ada")
    return said


def revoked_token(clinic: Clinic) -> dict[str, Any]:
    """A token that Google does not know any more."""
    clinic.google.tokens.revoke("test-token")
    return {}


def no_delegation(clinic: Clinic) -> dict[str, Any]:
    """Nobody allowed the service account to act for Ada."""
    return {**clinic.keys(ROBOT), "subject": ADA}


def sheets_only(clinic: Clinic) -> dict[str, Any]:
    """Ada did not allow Drive."""
    return signed_in(clinic, "spreadsheets")


def own_files_only(clinic: Clinic) -> dict[str, Any]:
    """Ada allowed what the app made itself."""
    return signed_in(clinic, "spreadsheets drive.file")


def sheets_off(clinic: Clinic) -> dict[str, Any]:
    """The Sheets API is not enabled."""
    clinic.google.apis_off.add("sheets")
    return {}


def drive_off(clinic: Clinic) -> dict[str, Any]:
    """The Drive API is not enabled."""
    clinic.google.apis_off.add("drive")
    return {}


def no_folder(clinic: Clinic) -> dict[str, Any]:
    """Nobody shared a folder with the service account."""
    return clinic.keys(ROBOT)


def no_folder_and_none_made(_clinic: Clinic) -> dict[str, Any]:
    """Nothing may be made, and there is nothing."""
    return {"create": False}


def unknown_id(_clinic: Clinic) -> dict[str, Any]:
    """An id that nobody shared."""
    return {"folder": "1aBcDeFgHiJkLmNoPqRsTuVwXyZ012345"}


def trashed_folder(clinic: Clinic) -> dict[str, Any]:
    """The folder is in the trash."""
    clinic.plant(folders=[{"name": "Forms"}])
    (forms,) = [it for it in clinic.google.drive.all.values() if it.name == "Forms"]
    clinic.google.drive.put(attrs.evolve(forms, trashed=True), now=clinic.clock.now())
    return {}


def spreadsheet_for_a_folder(clinic: Clinic) -> dict[str, Any]:
    """An id that is not a folder's."""
    clinic.plant(spreadsheets=[{"name": "Club", "id": "1aBcDeFgHiJkLmNoPqRsTuVwXyZ012345"}])
    return {"folder": "1aBcDeFgHiJkLmNoPqRsTuVwXyZ012345"}


def two_people(clinic: Clinic) -> dict[str, Any]:
    """Two people share folders of one name."""
    clinic.plant(
        users=[{"email": "eve@example.com"}],
        folders=[
            {"name": "Forms", "owner": ADA, "share": EDITOR},
            {"name": "Forms", "owner": "eve@example.com", "share": EDITOR},
        ],
    )
    return clinic.keys(ROBOT)


def in_my_drive(clinic: Clinic) -> dict[str, Any]:
    """A folder of Ada's My Drive, shared with a service account."""
    clinic.plant(folders=[{"name": "Forms", "owner": ADA, "share": EDITOR}])
    return clinic.keys(ROBOT)


def only_read(clinic: Clinic) -> dict[str, Any]:
    """A folder that the account may only look into."""
    share = [{"email": ROBOT, "role": "reader"}]
    clinic.plant(folders=[{"name": "Forms", "owner": ADA, "share": share}])
    return clinic.keys(ROBOT)


def only_read_on_a_shared_drive(clinic: Clinic) -> dict[str, Any]:
    """A Shared Drive of which the account is a mere reader."""
    share = [{"email": ROBOT, "role": "reader"}]
    clinic.plant(
        shared_drives=[{"name": "Team", "owner": ADA, "share": share}],
        folders=[{"name": "Forms", "owner": ADA, "in": "Team"}],
    )
    return clinic.keys(ROBOT)


def given(clinic: Clinic, **part: object) -> dict[str, Any]:
    """A spreadsheet of Ada's that the settings name."""
    clinic.plant(spreadsheets=[{"name": "Club", "id": "1club", "owner": ADA, **part}])
    return {**clinic.keys(ROBOT), "create": False, "spreadsheets": {"club": "1club"}}


def given_and_not_shared(clinic: Clinic) -> dict[str, Any]:
    """Which nobody shared."""
    return given(clinic)


def given_to_read(clinic: Clinic) -> dict[str, Any]:
    """Which may only be read; and another one that is not there."""
    said = given(clinic, share=[{"email": ROBOT, "role": "reader"}])
    return {**said, "spreadsheets": {"club": "1club", "other": "1other"}}


def given_in_the_trash(clinic: Clinic) -> dict[str, Any]:
    """Which lies in the trash."""
    said = given(clinic, share=EDITOR)
    club = clinic.google.drive.all["1club"]
    clinic.google.drive.put(attrs.evolve(club, trashed=True), now=clinic.clock.now())
    return said


def given_is_no_sheet(clinic: Clinic) -> dict[str, Any]:
    """Which is a folder."""
    clinic.plant(folders=[{"name": "Club", "owner": ADA, "share": EDITOR}])
    (club,) = [it for it in clinic.google.drive.all.values() if it.name == "Club"]
    return {**clinic.keys(ROBOT), "create": False, "spreadsheets": {"club": club.id}}


def no_reads_left(clinic: Clinic) -> dict[str, Any]:
    """Somebody else reads with the same credentials."""
    clinic.google.troubles.quotas.on = True
    clinic.google.troubles.quotas.user = 0
    return {}


def no_writes_left(clinic: Clinic) -> dict[str, Any]:
    """Writes only are refused."""
    clinic.google.troubles.add(
        Fault(kind=Kind.ERROR, status=429, method="*.batchUpdate", times=None)
    )
    return {}


def sign_in_fails(clinic: Clinic) -> dict[str, Any]:
    """Google's page of a bad day."""
    clinic.google.troubles.add(Fault(kind=Kind.HTML, path="/tokeninfo", nth=2))
    return {}


def token_fails(clinic: Clinic) -> dict[str, Any]:
    """The token endpoint has a bad day."""
    clinic.google.troubles.add(Fault(kind=Kind.ERROR, method="oauth2.token", times=None))
    return clinic.keys(ROBOT)


def unreachable(clinic: Clinic) -> dict[str, Any]:
    """No connection leads to Google."""
    clinic.google.troubles.add(Fault(kind=Kind.REFUSE, times=None))
    return {}


def no_date(clinic: Clinic) -> dict[str, Any]:
    """A proxy takes the time out of answers."""
    handle = clinic.google.handle
    clinic.google.handle = lambda asked: attrs.evolve(handle(asked), headers={})  # type: ignore[method-assign]
    return {}


Wrong = Callable[[Clinic], dict[str, Any]]
REMEDIES: list[tuple[Wrong, str, str, str]] = [
    (missing_key, "key", "absent.json cannot be read", ""),
    (broken_key, "key", "cut.json is no JSON", "download the key anew"),
    (clock_behind, "clock", "clock is 10 minutes behind", "set the clock"),
    (clock_ahead, "clock", "clock is 10 minutes ahead", "set the clock"),
    (clock_ahead, "token", f"no token for {ROBOT}: the clock of this machine is wrong", "NTP"),
    (no_date, "clock", "the answer tells no time", "proxy"),
    (deleted_account, "token", "the service account was deleted", "share anew"),
    (revoked_sign_in, "token", "sign-in has ended or was revoked", "sign in again"),
    (revoked_token, "scopes", "Google does not know the token", "sign in again"),
    (no_delegation, "token", "may not act for this user", "Domain-wide delegation"),
    (sheets_only, "scopes", f"the token lacks {AUTH}drive", "allow both scopes"),
    (own_files_only, "scopes", "the token lacks", "reaches only what FormBridge made itself"),
    (sheets_off, "Sheets API", "the API is not enabled", "apis/api/sheets.googleapis.com/overview"),
    (drive_off, "Drive API", "the API is not enabled", "apis/api/drive.googleapis.com/overview"),
    (no_folder, "folder", f"{ROBOT} sees no folder called 'Forms'", "Shared Drive"),
    (no_folder_and_none_made, "folder", "sees no folder", "put your spreadsheets into it"),
    (unknown_id, "folder", "is not there, or not shared", "share it as Editor"),
    (trashed_folder, "folder", "is in the trash", "restore it"),
    (spreadsheet_for_a_folder, "folder", "which is no folder", "copy its address"),
    (two_people, "folder", f"{ADA}, eve@example.com", "by its id"),
    (in_my_drive, "right to create", f"{ROBOT} can make no spreadsheet here", "(4)"),
    (only_read, "right to create", "may only look into the folder", "as Editor"),
    (only_read_on_a_shared_drive, "right to create", "may only look", "as Content manager"),
    (given_and_not_shared, "spreadsheets", "club: there is no such file", "as Editor"),
    (given_to_read, "spreadsheets", "may only read that of club (and 1 more)", "as Editor"),
    (given_in_the_trash, "spreadsheets", "club is in the trash", "restore it"),
    (given_is_no_sheet, "spreadsheets", "club is no Google Sheet", "Save as Google Sheets"),
    (no_reads_left, "quota", "no reads are left for", "processes"),
    (no_writes_left, "quota", "no writes are left for", "processes"),
    (unreachable, "clock", "Google cannot be reached from here", "tried again"),
    (unreachable, "scopes", "Google cannot be reached from here", "tried again"),
    (sign_in_fails, "scopes", "Google's sign-in fails for the moment (502)", ""),
    (token_fails, "token", "Google's sign-in fails for the moment", "tried again"),
]


@pytest.mark.parametrize(
    ("wrong", "check", "says", "remedy"), REMEDIES, ids=lambda it: getattr(it, "__name__", "")
)
def test_what_is_wrong_is_said_with_what_to_do(
    wrong: Wrong, check: str, says: str, remedy: str, clinic: Clinic
) -> None:
    """The check fails that is about it, and says in words what a person can do."""
    seen = clinic.seen(**wrong(clinic))
    found = seen[check]
    assert found.outcome is Outcome.FAIL
    assert says in found.says
    assert remedy in found.remedy


def test_a_clock_that_is_off_a_little_is_told_and_good_enough(clinic: Clinic) -> None:
    """Google allows five minutes."""
    clinic.google.troubles.clock.skew = -120.0
    found = clinic.seen()["clock"]
    assert found.outcome is Outcome.OK
    assert found.says.endswith("seconds ahead: still good enough")


def test_what_needs_something_that_failed_is_not_tried(clinic: Clinic) -> None:
    """And says which it is; what does not need it is tried."""
    seen = clinic.seen(**drive_off(clinic))
    assert outcomes(seen) == {
        "Drive API": "fail",
        "folder": "skipped",
        "right to create": "skipped",
        "spreadsheets": "skipped",
    }
    assert seen["folder"].says == "needs the Drive API"
    assert seen["right to create"].says == "needs the folder"
    keyless = clinic.seen(**missing_key(clinic))
    assert {it.says for name, it in keyless.items() if name != "key"} == {"needs the key"}


def test_the_four_remedies_of_a_service_account_in_my_drive_are_named(clinic: Clinic) -> None:
    """A Shared Drive, a user's sign-in, delegation, or a spreadsheet that a person makes."""
    remedy = clinic.seen(**in_my_drive(clinic))["right to create"].remedy
    for words in ("Shared Drive", "OAuth", "domain-wide", "name it in spreadsheets"):
        assert words in remedy


def test_where_nothing_is_made_no_right_to_make_is_needed(clinic: Clinic) -> None:
    """The fourth remedy: the spreadsheets are a person's own."""
    seen = clinic.seen(**given(clinic, share=EDITOR))
    assert outcomes(seen) == {"folder": "skipped", "right to create": "skipped"}
    assert seen["folder"].says.endswith("only named spreadsheets are used")
    assert seen["right to create"].says == "create is off: no spreadsheet is made"
    assert seen["spreadsheets"].says == "1 may be written"


def test_each_of_several_accounts_is_examined(clinic: Clinic) -> None:
    """Only the first one makes anything; the others must be able to write it."""
    other = "second@project.iam.gserviceaccount.com"
    share = [{"email": ROBOT, "role": "fileOrganizer"}, {"email": other, "role": "writer"}]
    clinic.plant(
        service_accounts=[{"email": other, "key_file": f"{other}.json"}],
        shared_drives=[{"name": "Team", "owner": ADA, "share": share}],
        folders=[{"name": "Forms", "owner": ADA, "in": "Team"}],
    )
    found = clinic.examined(**clinic.keys(ROBOT, other))
    assert {it.account for it in found} == {
        str(clinic.folder / f"{ROBOT}.json"),
        str(clinic.folder / f"{other}.json"),
    }
    assert {it.outcome for it in found} == {Outcome.OK, Outcome.SKIPPED}
    rights = [it.says for it in found if it.check == "right to create"]
    assert rights == [
        "yes: what is made belongs to the Shared Drive",
        "this account writes only into what the first one makes",
    ]


# --- at the start --------------------------------------------------------------------------------

LASTING = [
    clock_ahead,
    deleted_account,
    revoked_sign_in,
    revoked_token,
    no_delegation,
    sheets_only,
    sheets_off,
    drive_off,
    no_folder,
    trashed_folder,
    two_people,
    in_my_drive,
    only_read,
    given_and_not_shared,
]


@pytest.mark.parametrize("wrong", LASTING, ids=lambda it: str(it.__name__))
def test_what_stops_every_write_is_told_at_the_start(wrong: Wrong, clinic: Clinic) -> None:
    """Before any response is read, in the doctor's words."""
    with pytest.raises(StoreDenied, match="; "):
        clinic.admitted(**wrong(clinic))


@pytest.mark.parametrize(
    "passing", [unreachable, no_reads_left, token_fails], ids=lambda it: str(it.__name__)
)
def test_what_may_pass_stops_no_start(passing: Wrong, clinic: Clinic) -> None:
    """A service that starts while Google is away waits, as it does when Google goes away later."""
    clinic.admitted(**passing(clinic))


def test_spreadsheets_that_are_given_need_no_folder_at_the_start(clinic: Clinic) -> None:
    """A service account with a spreadsheet of Ada's, though it could make none itself."""
    said = given(clinic, share=EDITOR)
    clinic.admitted(**{**said, "create": True})
