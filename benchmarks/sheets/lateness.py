"""How long after it was published a response stands in its cell, at 1, 10 and 100 forms.

Time is simulated: calls take as long as the emulator's latency model says (around 0.33 s, 95 % in
0.6 s, as was measured on Google), the quota of one account is kept, responses come at random
moments (a Poisson process), and FormBridge's own work takes the CPU seconds that it takes.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import accumulate
from random import Random

import attrs

from benchmarks.figure import Figure
from benchmarks.sheets.world import expect, world
from benchmarks.workload import payload, payloads
from formbridge.bridge import BridgeSettings

EDITS = 0.1
IDLE_BAR = 2.0


@attrs.frozen(kw_only=True)
class Load:
    """So many forms get so many responses a minute, all together."""

    forms: int
    a_minute: float

    @property
    def title(self) -> str:
        """What it is, in words."""
        each = self.a_minute / self.forms
        forms = f"{self.forms} forms" if self.forms > 1 else "1 form"
        return f"{forms}, {each:g} a minute each"


IDLE = Load(forms=1, a_minute=3)
LOADS = (
    Load(forms=1, a_minute=600),
    Load(forms=10, a_minute=600),
    Load(forms=100, a_minute=600),
    Load(forms=100, a_minute=20),
)


def late(load: Load, *, minutes: float) -> list[float]:
    """Return the seconds that each response of some minutes took, the least first."""
    with world(settings=BridgeSettings(), latency=True) as it:
        known = [payload(form, 0, chance=Random(form)) for form in range(load.forms)]
        it.publish(known)
        it.work()  # every form has a spreadsheet
        it.clock.advance(120)
        it.forget()
        count = round(load.a_minute * minutes)
        log = list(payloads(count, forms=load.forms, edits=EDITS, known=1))
        chance = Random(11)
        times = accumulate(chance.expovariate(load.a_minute / 60) for _ in log)
        it.clock.plan(
            (at, partial(it.publish, [each])) for at, each in zip(times, log, strict=True)
        )
        it.work()
        expect(it, [*known, *log])
        if len(it.watched.late) != count:
            raise AssertionError(len(it.watched.late))
        return sorted(it.watched.late)


def quantile(ordered: Sequence[float], share: float) -> float:
    """Return the value below which that share lies."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def figures(*, minutes: float) -> Iterator[Figure]:
    """Measure all loads."""
    found = late(IDLE, minutes=10 * minutes)
    yield Figure(
        name=f"an idle form ({IDLE.title}): p99",
        value=quantile(found, 0.99),
        unit="s",
        bar=IDLE_BAR,
        higher=False,
        note=f"p50 {quantile(found, 0.5):.2f} s, the worst of {len(found)}: {found[-1]:.2f} s",
    )
    for load in LOADS:
        found = late(load, minutes=minutes)
        yield Figure(name=f"{load.title}: p50", value=quantile(found, 0.5), unit="s")
        yield Figure(
            name=f"{load.title}: p99",
            value=quantile(found, 0.99),
            unit="s",
            note=f"{len(found):,} responses in {minutes:g} simulated minutes",
        )
