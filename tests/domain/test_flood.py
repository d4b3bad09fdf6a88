"""When nearly everything fails."""

import pytest

from formbridge.domain.errors import BadSetting, FloodLimitReached
from formbridge.domain.flood import FloodGauge, FloodLimit


def test_the_flood_limit_counts_the_last_records_only() -> None:
    """Old failures are forgotten as good records come; too many in the window stop the bridge."""
    gauge = FloodGauge(FloodLimit(failures=2, window=5))
    for _ in range(10):
        gauge.judge(good=4, failed=1, reason="broken")
    with pytest.raises(FloodLimitReached, match="3 of the last 5 records failed"):
        gauge.judge(good=0, failed=2, reason="broken")


def test_a_flood_limit_without_sense_is_refused() -> None:
    """More failures than records cannot be counted."""
    with pytest.raises(BadSetting, match="flood limit"):
        FloodLimit(failures=5, window=1)


def test_a_limit_of_nothing_stops_at_the_first_failure() -> None:
    """And a pass without failures is never a flood."""
    gauge = FloodGauge(FloodLimit(failures=0, window=10))
    gauge.judge(good=10, failed=0, reason="")
    with pytest.raises(FloodLimitReached, match="broken"):
        gauge.judge(good=9, failed=1, reason="broken")


def test_a_limit_as_large_as_its_window_never_stops() -> None:
    """Everything may fail."""
    gauge = FloodGauge(FloodLimit(failures=10, window=10))
    gauge.judge(good=0, failed=10_000, reason="broken")


def test_a_pass_larger_than_the_window_is_judged_by_its_share() -> None:
    """Three in a hundred fail, evenly: one in ten may."""
    gauge = FloodGauge(FloodLimit(failures=100, window=1000))
    gauge.judge(good=4850, failed=150, reason="broken")
