"""The page: calls, what a quota allows, how late a response is, and tables as they grow."""

import attrs

from benchmarks.findings import Findings
from benchmarks.sheets import calls, growth, lateness, quota


@attrs.frozen(kw_only=True)
class Sizes:
    """How much of everything.

    Responses whose calls are ``counted``, that are ``carried`` at full load, and ``appended`` one
    by one; simulated ``minutes`` of each load; how far tables grow.
    """

    counted: int
    carried: int
    appended: int
    minutes: float
    growth: growth.Sizes


FULL = Sizes(counted=10_000, carried=80_000, appended=300, minutes=10, growth=growth.FULL)
SMALL = Sizes(counted=400, carried=2_000, appended=5, minutes=0.2, growth=growth.TINY)


def measure(*, small: bool) -> Findings:
    """Measure everything of this page; ``small`` only shows that it runs."""
    sizes = SMALL if small else FULL
    table, counted = calls.figures(responses=sizes.counted)
    return Findings(
        table=table,
        figures=[
            *counted,
            *quota.figures(responses=sizes.carried, one_by_one=sizes.appended),
            *lateness.figures(minutes=sizes.minutes),
            *growth.figures(sizes.growth),
        ],
    )
