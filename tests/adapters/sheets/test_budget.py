"""A budget: never too many calls in a minute, none wasted, and less after a 429."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formbridge.adapters.sheets.calls.budget import Budget
from formbridge.testing.clock import FakeClock


def busy(budget: Budget, clock: FakeClock, *, seconds: float) -> list[float]:
    """Take whenever it is allowed, for so long; return when each call went out."""
    taken: list[float] = []
    end = clock.monotonic() + seconds
    while clock.monotonic() < end:
        wait = budget.take()
        if wait:
            clock.sleep(wait)
        else:
            taken.append(clock.monotonic())
    return taken


def most_in_a_minute(times: list[float]) -> int:
    """Return the most calls of any 60 seconds."""
    return max((sum(0 <= it - first <= 60 for it in times) for first in times), default=0)


@pytest.mark.parametrize("allowed", [1, 2, 3, 7, 60, 300])
def test_under_load_nearly_all_of_it_is_used_and_never_more(allowed: int) -> None:
    """What is left unused is unwritten; what is too many is refused."""
    clock = FakeClock()
    times = busy(Budget(per_minute=allowed, clock=clock), clock, seconds=600)
    assert most_in_a_minute(times) <= allowed
    assert len(times) >= allowed * 600 // 61


@given(
    allowed=st.integers(1, 20),
    naps=st.lists(st.floats(0, 50, allow_nan=False), max_size=60),
    refused=st.sets(st.integers(0, 60)),
)
def test_no_minute_ever_has_more_calls_than_are_allowed(
    allowed: int, naps: list[float], refused: set[int]
) -> None:
    """Whenever somebody calls, and whatever was refused in between."""
    clock = FakeClock()
    budget = Budget(per_minute=allowed, clock=clock)
    times: list[float] = []
    for number, nap in enumerate(naps):
        clock.sleep(nap)
        if budget.take() == 0:
            times.append(clock.monotonic())
        if number in refused:
            budget.halve()
    assert most_in_a_minute(times) <= allowed


def test_who_was_idle_need_not_wait() -> None:
    """A response on an idle form is in the sheet at once, and so are those of thirty forms."""
    clock = FakeClock()
    budget = Budget(per_minute=60, clock=clock)
    assert [budget.take() for _ in range(30)] == [0.0] * 30
    assert budget.left == 30


def test_under_load_calls_are_spread_instead_of_all_at_once() -> None:
    """No second of the minute is without a call: nobody waits for a minute to end."""
    clock = FakeClock()
    times = busy(Budget(per_minute=60, clock=clock), clock, seconds=300)
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert max(gaps) < 2.0
    assert max(gaps[120:]) == pytest.approx(61 / 60, abs=0.01)


def test_asking_how_long_to_wait_takes_nothing() -> None:
    """Who chooses between accounts asks all of them."""
    budget = Budget(per_minute=2, clock=FakeClock())
    assert [budget.wait() for _ in range(5)] == [0.0] * 5
    assert budget.left == 2


def test_what_has_to_wait_takes_nothing_either() -> None:
    """A refused call is not counted twice."""
    clock = FakeClock()
    budget = Budget(per_minute=1, clock=clock)
    assert budget.take() == 0
    assert [budget.take() for _ in range(3)] == [61.0] * 3
    clock.sleep(61)
    assert budget.take() == 0


def test_a_429_halves_the_pace_which_comes_back_in_steps() -> None:
    """Somebody else uses the same account, or the quota is smaller than we think."""
    clock = FakeClock()
    budget = Budget(per_minute=60, clock=clock)
    budget.halve()
    seen = []
    for _ in range(9):
        seen.append(budget.allowance)
        clock.sleep(15)
    assert seen == [30, 37, 45, 52, 60, 60, 60, 60, 60]


def test_429_after_429_waits_for_longer_and_longer_and_never_for_ever() -> None:
    """One call a second into a quota that is used up would be 60 more refusals a minute."""
    clock = FakeClock()
    budget = Budget(per_minute=60, clock=clock)
    waits = []
    for _ in range(8):
        waits.append(budget.halve())
        clock.sleep(waits[-1])
        assert budget.take() == 0
    assert waits == [1, 2, 4, 8, 16, 32, 32, 32]
    assert budget.allowance >= 7
    clock.sleep(120)
    assert budget.allowance == 60
    assert budget.halve() == 1


def test_nothing_goes_out_before_googles_own_time_has_passed() -> None:
    """``Retry-After`` is longer than what we would wait by ourselves."""
    clock = FakeClock()
    budget = Budget(per_minute=60, clock=clock)
    assert budget.halve(pause=47) == 47
    clock.sleep(46.9)
    assert budget.take() == pytest.approx(0.1)
    clock.sleep(0.1)
    assert budget.take() == 0
