"""Drive: who may make spreadsheets, when search knows of them, and what tells of changes."""

from collections.abc import Callable
from functools import partial

from formbridge.adapters.sheets.calls.client import FILES
from formbridge.adapters.sheets.calls.failures import Invalid
from formbridge.adapters.sheets.doctor.findings import Verdict
from formbridge.adapters.sheets.doctor.probes.bench import (
    Bench,
    Trial,
    held,
    put,
    short,
    wrong,
)
from formbridge.adapters.sheets.drive import naming
from formbridge.adapters.sheets.drive.folders import SERVICE
from formbridge.adapters.sheets.drive.making import LONGEST_LAG

MARK = "formbridge_trial"
HINT_SECONDS = 240.0
"""How long Drive may take to tell that a spreadsheet has changed."""


def creating(bench: Bench) -> Verdict:
    """Say who has made the spreadsheet of these trials, and whose it is."""
    where = "on a Shared Drive" if bench.made.get("driveId") else "in My Drive"
    robot = bench.email.endswith(SERVICE)
    who = "a service account" if robot else "a user"
    note = ", though such accounts own nothing today" if robot and where == "in My Drive" else ""
    return held(f"{who} can make a spreadsheet {where}{note}")


def lag(bench: Bench) -> Verdict:
    """Wait until search knows of a new spreadsheet, in three ways."""
    name = f"FormBridge trial {bench.clock.now()}"
    body = {"name": name, "mimeType": naming.SPREADSHEET, "appProperties": {MARK: name[-16:]}}
    made = bench.client.create_file(body | ({"parents": [bench.folder]} if bench.folder else {}))
    of_type = f"mimeType={naming.quoted(naming.SPREADSHEET)}"
    parent = made.get("parents", ["root"])[0]
    ways = {
        "name": f"name={naming.quoted(name)}",
        "folder": naming.both(of_type, f"{naming.quoted(parent)} in parents"),
        "mark": naming.has_mark(MARK, name[-16:]),
    }
    try:
        waited = {
            way: bench.until(_listed(bench, query, made["id"]), most=LONGEST_LAG)
            for way, query in ways.items()
        }
    finally:
        bench.client.change_file(made["id"], {"trashed": True})
    late = [way for way, seconds in waited.items() if seconds is None]
    if late:
        return wrong(f"search by {late[0]} does not know a spreadsheet after {LONGEST_LAG:.0f} s")
    times = ", ".join(f"by its {way} after {seconds:.0f} s" for way, seconds in waited.items())
    return held(f"search finds a new spreadsheet {times}")


def _listed(bench: Bench, query: str, file_id: str) -> Callable[[], bool]:
    def listed() -> bool:
        return file_id in {it["id"] for it in bench.client.files(query, fields="id")}

    return listed


def given_ids(bench: Bench) -> Verdict:
    """Ids that Drive gives beforehand would make creation safe to repeat, but are refused."""
    url, params = f"{FILES}/generateIds", {"count": "1", "space": "drive"}
    (identity,) = bench.call("get", url, params)["ids"]
    body = {"id": identity, "name": "FormBridge trial", "mimeType": naming.SPREADSHEET}
    try:
        bench.client.create_file(body | ({"parents": [bench.folder]} if bench.folder else {}))
    except Invalid as failed:
        return held(f"ids given beforehand are refused for spreadsheets ({short(failed.detail)})")
    bench.client.change_file(identity, {"trashed": True})
    return held("ids given beforehand are accepted for spreadsheets: report it (not used yet)")


def changes(bench: Bench) -> Verdict:
    """Wait until Drive tells that a spreadsheet was edited: a hint for the tabs of questions."""
    look = partial(bench.client.file, bench.book, fields="version,modifiedTime")
    before = look()
    sheet = bench.tab()
    bench.do(put(sheet, 0, 0, ["edited"]))

    def changed(name: str) -> bool:
        return bool(look().get(name) != before.get(name))

    waited = {
        name: bench.until(partial(changed, name), most=HINT_SECONDS)
        for name in ("modifiedTime", "version")
    }
    if waited["modifiedTime"] is None:
        return wrong(
            f"Drive does not tell of an edit within {HINT_SECONDS:.0f} s",
            "corrected titles take a round of all forms to be seen",
        )
    version = waited["version"]
    other = "does not change" if version is None else f"after {version:.0f} s"
    return held(f"Drive tells of an edit after {waited['modifiedTime']:.0f} s (version {other})")


TRIALS = (
    Trial("creation", creating),
    Trial("search", lag),
    Trial("given ids", given_ids),
    Trial("changes", changes),
)
