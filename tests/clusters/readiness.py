"""Whether brokers can be used: not that a port is open, but that they list each other."""

import time
from collections.abc import Callable

TOLD = {"log_level": 0, "reconnect.backoff.ms": 50, "reconnect.backoff.max.ms": 200}
"""A broker that is not there yet is no news."""


def await_brokers(
    bootstrap: str,
    *,
    enough: Callable[[set[int]], bool],
    within: float,
    check: Callable[[], None] = lambda: None,
) -> bool:
    """Return whether ``enough`` holds of the numbers that are listed, within so many seconds.

    ``check`` is called in between, and may raise what makes the waiting vain.
    """
    listed = _asking(bootstrap)
    end = time.monotonic() + within
    while not enough(listed()):
        check()
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def _asking(bootstrap: str) -> Callable[[], set[int]]:
    """Return a function that returns which brokers are listed; none where none answers."""
    from confluent_kafka import KafkaException  # noqa: PLC0415 - the wheel is tested without it
    from confluent_kafka.admin import AdminClient  # noqa: PLC0415 - as above

    admin = AdminClient({"bootstrap.servers": bootstrap, **TOLD})

    def listed() -> set[int]:
        try:
            return set(admin.list_topics(timeout=1).brokers)
        except KafkaException:
            return set()

    return listed
