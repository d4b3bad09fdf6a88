"""The trials: each holds at the emulator, and says so where a Google behaves otherwise."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import attrs
import pytest

from formbridge.adapters.sheets.doctor.findings import Finding, Outcome
from formbridge.adapters.sheets.doctor.probe import TITLE, TRIALS, probe
from formbridge.adapters.sheets.settings import SheetsSettings
from formbridge.testing.clock import FakeClock
from formbridge.testing.google import Answer, Fault, Google, Request
from formbridge.testing.google.errors import invalid, sheets_answer
from formbridge.testing.google.seeds import plant
from formbridge.testing.google.trouble.faults import Kind
from tests.adapters.sheets.in_process import ENDPOINT, InProcess, emulated

Json = dict[str, Any]
Twist = Callable[[Google, Request], Answer]


def tried(
    google: Google,
    clock: FakeClock,
    *names: str,
    twist: Twist | None = None,
) -> dict[str, Finding]:
    """Return what the trials of these names show, or all."""
    trials = [trial for trial in TRIALS if not names or trial.name in names]
    if twist is not None:
        answer = google.answer
        google.answer = lambda request: twist(_Plain(answer), request)  # type: ignore[method-assign, arg-type]
    settings = SheetsSettings(endpoint=ENDPOINT, folder="Forms")
    transport = InProcess(google, clock)
    return {it.check: it for it in probe(settings, clock=clock, transport=transport, trials=trials)}


@attrs.frozen
class _Plain:
    """The service as it is, for a twist that hands on."""

    answer: Callable[[Request], Answer]


def left(google: Google) -> list[str]:
    """Return the names of files that are not in the trash."""
    files = google.drive.all.values()
    return [it.name for it in files if not (it.trashed or it.is_root)]


def test_every_trial_holds_at_the_emulator_and_nothing_is_left() -> None:
    """With Google's quotas on, which the trials keep; the last one uses them up."""
    google, clock = emulated()
    google.troubles.quotas.on = True
    found = tried(google, clock)
    assert list(found) == [trial.name for trial in TRIALS]
    assert [name for name, it in found.items() if it.outcome is not Outcome.OK] == []
    assert all(it.says.startswith("held: ") for it in found.values())
    assert left(google) == []


def test_the_spreadsheet_lies_in_the_folder_if_there_is_one() -> None:
    """On a Shared Drive, a service account may try only there."""
    google, clock = emulated()
    plant(google, {"folders": [{"name": "Forms"}]})
    (folder,) = [it for it in google.drive.all.values() if it.name == "Forms"]
    tried(google, clock, "id in use")
    (book,) = [it for it in google.drive.all.values() if it.name == TITLE]
    assert book.parents == (folder.id,)
    assert left(google) == ["Forms"]
    assert not folder.app_properties


# --- a Google that behaves otherwise -------------------------------------------------------------


def _requests(request: Request) -> list[Json] | None:
    """Return the requests of a batchUpdate; None for any other call."""
    if not request.path.endswith(":batchUpdate"):
        return None
    requests: list[Json] = json.loads(request.body)["requests"]
    return requests


def _with(request: Request, requests: Sequence[Json]) -> Request:
    body = json.loads(request.body) | {"requests": list(requests)}
    return attrs.evolve(request, body=json.dumps(body).encode())


def without(*kinds: str, having: str = "") -> Twist:
    """Overlook requests of these kinds (in calls that also have another kind)."""

    def twist(google: Google, request: Request) -> Answer:
        requests = _requests(request)
        if requests is None or not any(having in it or not having for it in requests):
            return google.answer(request)
        kept = [it for it in requests if not it.keys() & set(kinds)]
        nothing: Json = {"updateSpreadsheetProperties": {"properties": {}, "fields": "title"}}
        nothing["updateSpreadsheetProperties"]["properties"]["title"] = TITLE
        return google.answer(_with(request, kept or [nothing]))

    return twist


def refusing(*kinds: str, others: bool = True) -> Twist:
    """Refuse calls that have requests of all these kinds."""

    def twist(google: Google, request: Request) -> Answer:
        have = {kind for it in _requests(request) or () for kind in it}
        if set(kinds) <= have and (others or have == set(kinds)):
            return sheets_answer(invalid("That is not done here."))
        return google.answer(request)

    return twist


def one_by_one(google: Google, request: Request) -> Answer:
    """Apply what can be applied of a call, and refuse the rest."""
    requests = _requests(request)
    if requests is None:
        return google.answer(request)
    answers = [google.answer(_with(request, [it])) for it in requests]
    return next((it for it in answers if it.status != 200), answers[-1])


def backwards(google: Google, request: Request) -> Answer:
    """Apply the requests of a call from its end, if it copies something."""
    requests = _requests(request) or []
    if not any("copyPaste" in it for it in requests):
        return google.answer(request)
    return google.answer(_with(request, requests[::-1]))


def by_id_alone(google: Google, request: Request) -> Answer:
    """Delete metadata by its id, whatever else is said of it."""
    requests = _requests(request)
    for it in requests or ():
        if "deleteDeveloperMetadata" in it:
            lookup = it["deleteDeveloperMetadata"]["dataFilter"]["developerMetadataLookup"]
            for name in set(lookup) - {"metadataId"}:
                del lookup[name]
    return google.answer(request if requests is None else _with(request, requests))


def as_typed(google: Google, request: Request) -> Answer:
    """Read texts that are written as if a person typed them."""
    requests = _requests(request)
    if requests is None:
        return google.answer(request)
    text = json.dumps(requests).replace('{"stringValue": "00123"}', '{"numberValue": 123}')
    return google.answer(_with(request, json.loads(text)))


def echo_before(google: Google, request: Request) -> Answer:
    """Answer a write with nothing of the spreadsheet."""
    answer = google.answer(request)
    if not request.path.endswith(":batchUpdate"):
        return answer
    said = json.loads(answer.body)
    said.pop("updatedSpreadsheet", None)
    return Answer.json(said, status=answer.status)


def adding_at(row: int) -> Twist:
    """Add rows there, whatever stands in the tab."""

    def over(request: Json) -> Json:
        added = request["appendCells"]
        start = {"sheetId": added["sheetId"], "rowIndex": row, "columnIndex": 0}
        return {"updateCells": {"start": start, "rows": added["rows"], "fields": added["fields"]}}

    def twist(google: Google, request: Request) -> Answer:
        requests = _requests(request)
        if requests is None:
            return google.answer(request)
        kept = [over(it) if "appendCells" in it else it for it in requests]
        return google.answer(_with(request, kept))

    return twist


at_the_top, a_row_lower = adding_at(1), adding_at(2)


def forgetful(google: Google, request: Request) -> Answer:
    """Search finds nothing."""
    if request.method == "GET" and request.path == "/drive/v3/files":
        return Answer.json({"files": []})
    return google.answer(request)


def never_changed(google: Google, request: Request) -> Answer:
    """Drive tells of no edit."""
    if request.method == "GET" and request.value("fields") == "version,modifiedTime":
        return Answer.json({"version": "1", "modifiedTime": "2026-01-01T00:00:00Z"})
    return google.answer(request)


CREATE, DELETE = "createDeveloperMetadata", "deleteDeveloperMetadata"
OTHERWISE: list[tuple[str, Twist, str, str]] = [
    ("id in use", without(CREATE), "have the same id", "named-range"),
    ("other value", by_id_alone, "another value was deleted", "named-range"),
    ("id made anew", refusing(DELETE, CREATE), "not free again within a call", "named-range"),
    ("id made anew", without(DELETE), "not free again", "named-range"),
    ("whole call", without(CREATE, having="appendCells"), "was applied", "named-range"),
    ("whole call", one_by_one, "a part of a refused call was applied", "fence = wait"),
    ("named ranges", refusing("deleteNamedRange", "addNamedRange"), "name is not free", ""),
    ("named ranges", without("deleteNamedRange"), "name is not free again", ""),
    (
        "named ranges",
        without("deleteNamedRange", "addNamedRange", having="appendCells"),
        "a named range that is gone can be deleted once more",
        "",
    ),
    ("named ranges", one_by_one, "a part of a refused call was applied", "fence = wait"),
    ("anchors", refusing(DELETE, CREATE), "in their place are refused", "named-range"),
    ("anchors", a_row_lower, "stands elsewhere", "named-range"),
    ("anchors moved", without(CREATE, having="appendCells"), "passes after", "named-range"),
    ("anchors moved", one_by_one, "passes after a column was moved", "named-range"),
    ("anchors travel", without("moveDimension"), "do not go with their columns", "report it"),
    ("anchors sorted", refusing(DELETE, CREATE), "a sort moves the anchors", "named-range"),
    ("copy first", backwards, "does not show what stood there before", "restored"),
    ("copy first", without("updateCells", having="copyPaste"), "did not write over", "restored"),
    ("echo", echo_before, "does not show what stands there", "restored"),
    ("text is text", as_typed, "['00123']", "report it"),
    ("filter", at_the_top, "new rows go astray", "remove it"),
    ("checkboxes", at_the_top, "new rows go astray", "remove it"),
    ("search", forgetful, "search by name does not know a spreadsheet after 300 s", ""),
    ("changes", never_changed, "does not tell of an edit within 240 s", "titles"),
]


@pytest.mark.parametrize(("name", "twist", "says", "remedy"), OTHERWISE)
def test_what_does_not_hold_is_said_with_what_to_do(
    name: str, twist: Twist, says: str, remedy: str
) -> None:
    """Where a real spreadsheet should behave otherwise, the fallback is named; nothing is left."""
    google, clock = emulated()
    found = tried(google, clock, name, twist=twist)[name]
    assert found.outcome is Outcome.FAIL
    assert found.says.startswith("wrong: ")
    assert says in found.says
    assert remedy in found.remedy
    assert left(google) == []


def test_a_slow_echo_is_too_dear() -> None:
    """It would hold every write up."""
    google, clock = emulated()
    slow = Fault(kind=Kind.SLOW, method="*.batchUpdate", nth=3, seconds=20.0)
    google.troubles.add(slow)
    found = tried(google, clock, "echo")["echo"]
    assert (found.outcome, found.says) == (
        Outcome.FAIL,
        "wrong: the answer shows what was written, but takes 20 s",
    )


# --- what is told of Google, held or not ----------------------------------------------------------


def test_what_is_not_relied_on_is_told_as_it_is() -> None:
    """For whoever may want to rely on it one day."""
    google, clock = emulated()
    google.hostile_appends = True
    google.troubles.lag.seconds = 10.0
    found = tried(google, clock, "values.append", "search", "duplicates")
    assert "loses it (not used)" in found["values.append"].says
    assert "takes rows without a key" in found["duplicates"].says
    assert "by its name after 10 s" in found["search"].says


def test_ids_that_are_accepted_are_told_and_their_file_is_removed() -> None:
    """Then making a spreadsheet could be repeated safely."""
    google, clock = emulated()

    def accepting(plain: Google, request: Request) -> Answer:
        body = json.loads(request.body) if request.body.startswith(b"{") else {}
        if "id" not in body:
            return plain.answer(request)
        given = body.pop("id")
        made = plain.answer(attrs.evolve(request, body=json.dumps(body).encode()))
        google.drive.all[given] = google.drive.all.pop(made.content["id"])
        google.drive.all[given] = attrs.evolve(google.drive.all[given], id=given)
        return made

    found = tried(google, clock, "given ids", twist=accepting)["given ids"]
    assert "accepted for spreadsheets: report it" in found.says
    assert left(google) == []


def test_a_service_account_that_can_make_one_in_my_drive_is_told() -> None:
    """It would be news."""
    google, clock = emulated()
    robot = "robot@project.iam.gserviceaccount.com"
    google.tokens.add_service_account(robot, storage=True)
    google.tokens.issue(robot, token="test-token", lasts=None)  # noqa: S106 - of a made-up service
    says = tried(google, clock, "creation")["creation"].says
    assert "a service account can make a spreadsheet in My Drive, though" in says


# --- what cannot be tried ------------------------------------------------------------------------


def test_without_a_spreadsheet_nothing_is_tried() -> None:
    """The trial of creation says why, with the remedies; the others that they were not tried."""
    google, clock = emulated()
    robot = "robot@project.iam.gserviceaccount.com"
    google.tokens.add_service_account(robot)
    google.tokens.issue(robot, token="test-token", lasts=None)  # noqa: S106 - of a made-up service
    found = tried(google, clock)
    assert found["creation"].outcome is Outcome.FAIL
    assert "Shared Drive" in found["creation"].remedy
    others = {it.outcome for name, it in found.items() if name != "creation"}
    assert others == {Outcome.SKIPPED}


def test_a_trial_that_google_interrupts_was_not_tried() -> None:
    """Neither held nor wrong: try again."""
    google, clock = emulated()
    google.troubles.add(Fault(kind=Kind.ERROR, method="*.batchUpdate", times=None))
    found = tried(google, clock, "id in use", "429")
    assert found["id in use"].outcome is Outcome.SKIPPED
    assert "Google's servers fail" in found["id in use"].says
    assert found["429"].says == "not tried: no quota refused 80 reads in a row"


def test_a_refusal_of_what_a_trial_needs_is_wrong() -> None:
    """With Google's words, which are about our trial only."""
    google, clock = emulated()
    found = tried(google, clock, "filter", twist=refusing("setBasicFilter"))["filter"]
    assert found.outcome is Outcome.FAIL
    assert "Google refuses what the trial needs (That is not done here.)" in found.says


def test_a_spreadsheet_that_cannot_be_removed_is_told() -> None:
    """So that somebody does it by hand."""
    google, clock = emulated()
    google.troubles.add(Fault(kind=Kind.ERROR, method="drive.files.update", times=None))
    found = tried(google, clock, "id in use")
    assert found["id in use"].outcome is Outcome.OK
    assert found["removal"].outcome is Outcome.FAIL
    assert "by hand" in found["removal"].remedy


def test_retry_after_is_told() -> None:
    """If Google says for how long."""
    google, clock = emulated()

    def limited(plain: Google, request: Request) -> Answer:
        answer = plain.answer(request)
        if request.value("fields") != "spreadsheetId":
            return answer
        refused = Answer.json({"error": {"code": 429, "message": "too many"}}, status=429)
        return attrs.evolve(refused, headers={**refused.headers, "retry-after": "30"})

    says = tried(google, clock, "429", twist=limited)["429"].says
    assert "says to wait 30 s" in says


def test_somebody_who_stops_the_trials_leaves_nothing() -> None:
    """As with Ctrl-C."""
    google, clock = emulated()
    settings = SheetsSettings(endpoint=ENDPOINT)
    trying: Iterator[Finding] = probe(settings, clock=clock, transport=InProcess(google, clock))
    next(trying)
    assert left(google) == [TITLE]
    trying.close()  # type: ignore[attr-defined]  # it is a generator
    assert left(google) == []
