"""A table as it grows: what opening it costs, and what a flush costs, over HTTP.

The emulator runs in a process of its own, so that memory and processor time are the sink's alone.
"""

import json
import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any

import attrs

from benchmarks.collector import calm
from benchmarks.figure import Figure
from benchmarks.google import started
from benchmarks.sheets.feed import Feed, Spent, feed
from benchmarks.workload import ANSWERS, payload

COLUMNS = ANSWERS + 4
"""The answers, and the state, the id and two times."""
FILL = 5_000
EDITS = 0.1
BAR = 1.25


@attrs.frozen(kw_only=True)
class Sizes:
    """Rows of the small and of the large table, rows of a flush, and how many rounds."""

    small: int
    large: int
    flush: int
    rounds: int
    opens: int


FULL = Sizes(small=10_000, large=200_000, flush=500, rounds=15, opens=3)
TINY = Sizes(small=200, large=1_000, flush=50, rounds=2, opens=1)


@attrs.define(eq=False, kw_only=True)
class Form:
    """A form with so many responses already."""

    number: int
    rows: int = 0
    chance: random.Random = attrs.field(factory=lambda: random.Random(9))

    def batch(self, count: int, *, edits: float = 0.0) -> list[bytes]:
        """Return the next payloads, a share of which are later versions of earlier ones."""
        known = self.rows
        edited = sorted(self.chance.sample(range(known), round(count * edits)))
        self.rows += count - len(edited)
        return [
            *(payload(self.number, it, chance=self.chance, edited=True) for it in edited),
            *(payload(self.number, it, chance=self.chance) for it in range(known, self.rows)),
        ]


def figures(sizes: Sizes) -> Iterator[Figure]:
    """Fill two tables, time flushes to them in turns, then open the large one in new processes."""
    with started() as (_, endpoint):
        small, large = Form(number=0), Form(number=1)
        with feed(endpoint) as it:
            _fill(it, small, sizes.small)
            _fill(it, large, sizes.large)
            for flush, edits in (
                (sizes.flush, 0.0),
                (sizes.flush, EDITS),
                (4 * sizes.flush, EDITS),
            ):
                yield from _flushes(it, (small, large), sizes, flush=flush, edits=edits)
        yield from _opening([_opened(endpoint, large) for _ in range(sizes.opens)], large)


def _fill(it: Feed, form: Form, rows: int) -> None:
    while form.rows < rows:
        it.flush(form.batch(min(FILL, rows - form.rows)))


def _flushes(
    it: Feed, forms: tuple[Form, Form], sizes: Sizes, *, flush: int, edits: float
) -> Iterator[Figure]:
    """Time flushes to the small and to the large table, in rounds that begin with either."""
    spent: tuple[list[Spent], list[Spent]] = ([], [])
    calm()
    for number in range(sizes.rounds):
        for which in (0, 1) if number % 2 else (1, 0):
            spent[which].append(it.flush(forms[which].batch(flush, edits=edits)))
    what = f"{flush:,} responses, {flush * edits:g} of them edits" if edits else f"{flush} new ones"
    for name, field, scale, unit, bar in (
        ("the sink's processor time", "own", 1e3, "ms", BAR),
        ("bytes that its calls move", "moved", 1e-3, "KB", BAR),
        ("all the time, mostly the emulator's", "wall", 1e3, "ms", None),
    ):
        before, after = ([getattr(it, field) * scale for it in each] for each in spent)
        yield Figure(
            name=f"a flush of {what} at {sizes.large:,} rows over one at {sizes.small:,}: {name}",
            value=median(many / few for few, many in zip(before, after, strict=True)),
            unit="",
            bar=bar,
            higher=False,
            note=f"medians {median(before):,.0f} and {median(after):,.0f} {unit}, "
            f"{sizes.rounds} interleaved rounds",
        )


def _opened(endpoint: str, form: Form) -> dict[str, Any]:
    command = (sys.executable, "-m", "benchmarks.sheets.child", endpoint, f"form-{form.number:04}")
    run = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own program
    found: dict[str, Any] = json.loads(run.stdout)
    if (found["responses"], found["columns"]) != (form.rows, ANSWERS):
        message = f"{found} instead of {form.rows} responses"
        raise AssertionError(message)
    return found


def _opening(found: Sequence[dict[str, Any]], form: Form) -> Iterator[Figure]:
    def middle(name: str) -> float:
        return median(each[name] for each in found)

    rows = f"{form.rows:,} rows of {COLUMNS} columns"
    yield Figure(
        name=f"opening a table of {rows}",
        value=middle("seconds"),
        unit="s",
        note=f"{found[0]['calls']} calls; {middle('own'):.2f} s of it the sink's own; "
        f"median of {len(found)} fresh processes",
    )
    yield Figure(
        name="memory that it keeps, as Linux sees the process",
        value=middle("kept"),
        unit="MB",
        note=f"the index of responses is {middle('index'):.1f} MB of it, "
        f"{middle('index') / form.rows * 1e6:.0f} bytes a response",
    )
    yield Figure(name="memory while it is opened, at the most", value=middle("peak"), unit="MB")
