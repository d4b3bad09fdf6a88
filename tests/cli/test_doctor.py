"""``formbridge doctor sheets``: a line for each check, and an exit code for scripts."""

from collections.abc import Iterator, Mapping

import pytest

from formbridge.testing.google import Fault, Served, serve
from formbridge.testing.google.trouble.faults import Kind
from tests.cli.conftest import CommandLine

ROBOT = "robot@project.iam.gserviceaccount.com"


@pytest.fixture
def google() -> Iterator[Served]:
    """An emulator at an address of its own."""
    with serve() as served:
        yield served


def test_all_is_well(formbridge: CommandLine, google: Served) -> None:
    """Ten lines that begin with how it is, and the exit code 0; nothing is made."""
    ended = formbridge("doctor", "sheets", "--endpoint", google.url)
    lines = ended.out.splitlines()
    assert (ended.code, ended.err, len(lines)) == (0, "", 10)
    assert {line.split()[0] for line in lines} == {"ok", "skipped"}
    assert lines[1] == "ok      clock           right"
    assert "there is no 'FormBridge' yet" in ended.out
    assert [it for it in google.google.drive.all.values() if not it.is_root] == []


def test_what_is_wrong_is_a_line_with_what_to_do(formbridge: CommandLine, google: Served) -> None:
    """And the exit code 1; the folder is that of the address."""
    google.google.apis_off.add("drive")
    ended = formbridge("doctor", "sheets", "--sink", "sheets:Mine", "--endpoint", google.url)
    assert ended.code == 1
    (line,) = [line for line in ended.out.splitlines() if line.startswith("fail")]
    assert line.startswith("fail    Drive API       Google Drive: the API is not enabled in the ")
    assert "apis/api/drive.googleapis.com/overview" in line
    assert "skipped folder          needs the Drive API" in ended.out


def test_each_account_has_its_lines(formbridge: CommandLine, google: Served) -> None:
    """Below the name of its file; one that cannot be read stops no other."""
    key = str(google.service_account_file())
    more = ("--credentials", "absent.json", "--credentials", key)
    ended = formbridge("doctor", "sheets", "--endpoint", google.url, *more)
    lines = ended.out.splitlines()
    assert ended.code == 1
    assert (lines[0], lines[11]) == ("absent.json", key)
    assert lines[1].startswith("fail    key             absent.json cannot be read")
    assert f"the service account {ROBOT}" in lines[12]


def test_programs_read_json(formbridge: CommandLine, google: Served) -> None:
    """One list, with everything that the lines say."""
    found = formbridge.json("doctor", "sheets", "--endpoint", google.url)
    assert isinstance(found, list)
    by_check: Mapping[str, Mapping[str, object]] = {it["check"]: it for it in found}
    assert by_check["clock"] == {
        "check": "clock",
        "outcome": "ok",
        "says": "right",
        "remedy": "",
        "lasting": True,
        "account": "",
    }


def test_the_trials_come_behind_the_checks(formbridge: CommandLine, google: Served) -> None:
    """If all of these are well; then the exit code says whether every assumption holds."""
    command = ("doctor", "sheets", "--probe", "--endpoint", google.url)
    quick = ("--sheets-option", "reads_per_minute=100000")
    fast = ("--sheets-option", "writes_per_minute=100000")
    google.google.troubles.quotas.on = True
    google.google.troubles.quotas.user = 1_000
    ended = formbridge(*command, *quick, *fast)
    lines = ended.out.splitlines()
    assert ended.code == 0
    assert any(line.startswith("ok      id made anew    held: ") for line in lines)
    assert lines[-1].startswith("ok      429             held: ")


def test_no_trial_is_made_where_a_check_fails(formbridge: CommandLine, google: Served) -> None:
    """There would be nothing to learn."""
    google.google.apis_off.add("sheets")
    ended = formbridge("doctor", "sheets", "--probe", "--endpoint", google.url)
    assert ended.code == 1
    assert "held" not in ended.out


def test_an_assumption_that_is_wrong_fails(formbridge: CommandLine, google: Served) -> None:
    """As a check does."""
    command = ("doctor", "sheets", "--probe", "--json", "--endpoint", google.url)
    fast = ("--sheets-option", "writes_per_minute=100000")
    fault = Fault(kind=Kind.ERROR, method="drive.files.update", times=None)
    google.google.troubles.add(fault)
    ended = formbridge(*command, *fast)
    assert ended.code == 1
    assert '"check": "removal", "outcome": "fail"' in ended.out


def test_another_kind_of_tables_needs_no_doctor(formbridge: CommandLine) -> None:
    """Wrong usage."""
    ended = formbridge("doctor", "sheets", "--sink", "csv:out")
    assert (ended.code, ended.out) == (2, "")
    assert "needs no doctor" in ended.err
