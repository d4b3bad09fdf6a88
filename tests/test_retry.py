"""How long to wait before the next attempt."""

from hypothesis import given
from hypothesis import strategies as st

from formbridge.retry import Backoff


@given(st.integers(0, 10**9), st.floats(0, 1, exclude_max=True))
def test_a_delay_lies_between_half_of_its_ceiling_and_its_ceiling(
    attempt: int, luck: float
) -> None:
    """Also after a billion attempts, without an overflow."""
    backoff = Backoff(first=0.2, most=30.0)
    ceiling = min(30.0, 0.2 * 2.0 ** min(attempt, 64))
    assert ceiling / 2 <= backoff.delay(attempt, luck=luck) <= ceiling


@given(st.integers(0, 100), st.floats(0, 1, exclude_max=True))
def test_with_equal_luck_delays_never_shrink(attempt: int, luck: float) -> None:
    """The later attempt waits at least as long."""
    backoff = Backoff()
    assert backoff.delay(attempt, luck=luck) <= backoff.delay(attempt + 1, luck=luck)


def test_luck_spreads_those_that_failed_together() -> None:
    """Two clients with different luck do not come back at once."""
    backoff = Backoff(first=4.0)
    assert (backoff.delay(0, luck=0.0), backoff.delay(0, luck=0.5)) == (2.0, 3.0)
