"""What refuses a call: an id of metadata that is in use, and the name of a range.

These are what keeps two writers apart; see ``fence``.
"""

from formbridge.adapters.sheets.calls.failures import Invalid
from formbridge.adapters.sheets.doctor.findings import Verdict
from formbridge.adapters.sheets.doctor.probes.bench import (
    Bench,
    Trial,
    append,
    entry,
    gone,
    held,
    short,
    wrong,
)

TAKE_RANGES = "set fence = named-range, if the trial of that name held; else fence = wait"
TAKE_WAIT = "set fence = wait, and run one writer for each spreadsheet"


def used_id(bench: Bench) -> Verdict:
    """An id that is in use is refused."""
    identity = bench.fresh_id()
    bench.do(entry(identity, "old"))
    words = bench.refusal(entry(identity, "new"))
    if words is None:
        return wrong("two entries of metadata have the same id", TAKE_RANGES)
    return held(f"metadata whose id is in use is refused ({words})")


def other_value(bench: Bench) -> Verdict:
    """Deleting by an id and a value that it has not leaves the entry."""
    identity = bench.fresh_id()
    bench.do(entry(identity, "old"))
    words = bench.refusal(gone(identity, "another"))
    if bench.metadata(identity) != "old":
        return wrong("an entry with another value was deleted", TAKE_RANGES)
    how = "is done without an effect" if words is None else f"is refused ({words})"
    return held(f"deleting an entry that has another value {how}; both will do")


def again_in_one_call(bench: Bench) -> Verdict:
    """An entry can be deleted and made anew with its id in the same call."""
    identity = bench.fresh_id()
    bench.do(entry(identity, "old"))
    words = bench.refusal(gone(identity, "old"), entry(identity, "new"))
    if words is not None:
        return wrong(f"an id is not free again within a call ({words})", TAKE_RANGES)
    if bench.metadata(identity) != "new":
        return wrong("an entry that was made anew has its former value", TAKE_RANGES)
    return held("an id of metadata can be freed and taken again in one call")


def whole_or_nothing(bench: Bench) -> Verdict:
    """A fence that does not match refuses all that comes behind it, and before."""
    sheet, identity = bench.tab(["head"]), bench.fresh_id()
    bench.do(entry(identity, "theirs"))
    words = bench.refusal(
        append(sheet, ["before"]),
        gone(identity, "mine"),
        entry(identity, "next"),
        append(sheet, ["behind"]),
    )
    if words is None:
        return wrong("a call with a token that is not the stored one was applied", TAKE_RANGES)
    if bench.cells(sheet) != [["head"]]:
        return wrong("a part of a refused call was applied", TAKE_WAIT)
    return held("a call with another's token is refused as a whole, with the rows that it brings")


def ranges(bench: Bench) -> Verdict:
    """The same with named ranges, which are the other fence."""
    sheet = bench.tab(["head"])
    bench.do(_named(sheet, "trialone"))
    try:
        bench.do(_unnamed("trialone"), _named(sheet, "trialtwo"))
    except Invalid as failed:
        return wrong(f"a range's name is not free again within a call ({short(failed.detail)})")
    words = bench.refusal(
        _unnamed("trialone"), _named(sheet, "trialthree"), append(sheet, ["behind"])
    )
    if words is None:
        return wrong("a named range that is gone can be deleted once more")
    if bench.cells(sheet) != [["head"]]:
        return wrong("a part of a refused call was applied", TAKE_WAIT)
    return held(f"named ranges refuse a second writer, too ({words})")


def _named(sheet: int, identity: str) -> dict[str, object]:
    area = {"sheetId": sheet, "startRowIndex": 0, "endRowIndex": 1}
    area |= {"startColumnIndex": 0, "endColumnIndex": 1}
    named = {"namedRangeId": identity, "name": "_formbridge_trial", "range": area}
    return {"addNamedRange": {"namedRange": named}}


def _unnamed(identity: str) -> dict[str, object]:
    return {"deleteNamedRange": {"namedRangeId": identity}}


TRIALS = (
    Trial("id in use", used_id),
    Trial("other value", other_value),
    Trial("id made anew", again_in_one_call),
    Trial("whole call", whole_or_nothing),
    Trial("named ranges", ranges),
)
