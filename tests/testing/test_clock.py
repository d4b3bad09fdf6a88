"""The fake clock: time that only a test lets pass."""

from threading import Thread

from formbridge.adapters.system.clock import SystemClock
from formbridge.testing.clock import START, FakeClock


def test_time_stands_still_until_it_is_advanced() -> None:
    """Both clocks move together, by what was asked."""
    clock = FakeClock()
    assert (clock.now(), clock.monotonic()) == (START, 0.0)
    clock.advance(1.5)
    assert (clock.now(), clock.monotonic()) == (START + 1_500_000, 1.5)


def test_sleeping_advances_and_is_remembered() -> None:
    """A test sees how long a retry waited without waiting."""
    clock = FakeClock(start=0)
    clock.sleep(2)
    clock.sleep(0)
    assert (clock.now(), clock.slept) == (2_000_000, [2, 0])


def test_the_shortest_sleep_gets_on() -> None:
    """A loop that sleeps for the rest of a time-out ends, however small the rest is."""
    clock = FakeClock(start=0)
    clock.sleep(1e-15)
    assert clock.now() == 1


def test_threads_lose_no_time() -> None:
    """Advancing is atomic."""
    clock = FakeClock(start=0)
    threads = [Thread(target=lambda: [clock.sleep(0.001) for _ in range(500)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert clock.now() == 2_000_000


def test_the_systems_clock_moves_on_by_itself() -> None:
    """Microseconds of the day, seconds that never go back, and a sleep that lasts."""
    clock = SystemClock()
    day, start = clock.now(), clock.monotonic()
    clock.sleep(0.01)
    clock.sleep(-1)
    assert clock.monotonic() - start >= 0.009
    assert day > 1_700_000_000_000_000
