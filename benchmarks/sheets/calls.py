"""API calls for a thousand responses, beside the floor: one write for each table and flush."""

from collections import Counter
from collections.abc import Iterator

import attrs

from benchmarks.figure import Figure
from benchmarks.sheets.world import expect, world
from benchmarks.workload import payloads
from formbridge.bridge import BridgeSettings

READ, WRITE = "sheets.read", "sheets.write"
BAR = 1.05


@attrs.frozen(kw_only=True)
class Case:
    """So many forms, a share of edits, and how many responses a poll brings."""

    forms: int
    edits: float
    poll: int

    @property
    def title(self) -> str:
        """What it is, in words."""
        what = f"{self.edits:.0%} edits" if self.edits else "new ones only"
        return f"{self.forms} form{'s' if self.forms > 1 else ''}, {what}"


@attrs.frozen(kw_only=True)
class Counted:
    """How many calls of each kind were made for so many responses, and what the floor was."""

    case: Case
    responses: int
    calls: Counter[str]
    floor: int

    @property
    def drive(self) -> int:
        """Calls of Drive."""
        return sum(count for kind, count in self.calls.items() if kind.startswith("drive."))


CASES = tuple(
    Case(forms=forms, edits=edits, poll=poll)
    for forms, poll in ((1, 500), (100, 2_000))
    for edits in (0.0, 0.1)
)


def count(case: Case, *, responses: int) -> Counted:
    """Carry so many responses from the log into fresh spreadsheets."""
    with world(settings=BridgeSettings(batch=case.poll)) as it:
        log = list(payloads(responses, forms=case.forms, edits=case.edits))
        it.publish(log)
        it.work()
        expect(it, log)
        return Counted(
            case=case,
            responses=responses,
            calls=Counter(it.store.client.calls),
            floor=it.watched.floor,
        )


def figures(*, responses: int) -> tuple[str, list[Figure]]:
    """Return a table of all cases, and the figures with bars."""
    found = [count(case, responses=responses) for case in CASES]
    return _table(found), list(_figures(found))


def _table(found: list[Counted]) -> str:
    head = (
        f"| calls for 1,000 responses ({found[0].responses:,} were written) | floor | writes "
        "| reads | Drive |\n|---|---|---|---|---|"
    )
    return "\n".join([head, *(_row(each) for each in found)])


def _row(found: Counted) -> str:
    numbers = (found.floor, found.calls[WRITE], found.calls[READ], found.drive)
    cells = " | ".join(f"{1_000 * number / found.responses:.2f}" for number in numbers)
    return f"| {found.case.title}, {found.case.poll:,} a poll | {cells} |"


def _figures(found: list[Counted]) -> Iterator[Figure]:
    for each in found:
        reads = each.calls[READ] / each.floor
        yield Figure(
            name=f"writes over the floor of one a table and flush: {each.case.title}",
            value=each.calls[WRITE] / each.floor,
            unit="",
            bar=BAR,
            higher=False,
            note=f"{each.calls[WRITE]} writes, {each.floor} flushes; {reads:.2f} reads a flush, "
            "the first ones of each table with them",
        )
