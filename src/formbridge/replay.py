"""Replay: dead letters → the sink of their group, after the cause was mended."""

from collections.abc import Sequence

import attrs

from formbridge.domain.dead_letters import DeadLetter, Resolution
from formbridge.domain.ports import DeadLetters, Sink
from formbridge.domain.sinks import NotNow, Unavailable, Written


@attrs.frozen(kw_only=True)
class Replayed:
    """How a replay went: what is resolved now, and by letter id why the rest is not.

    ``away`` are the parts that could not be written at all, now or until a person mends them.
    """

    resolved: tuple[DeadLetter, ...]
    reasons: dict[str, str]
    away: frozenset[str] = frozenset()


def replay(
    letters: Sequence[DeadLetter], *, sink: Sink, dead_letters: DeadLetters, at_once: int = 1000
) -> Replayed:
    """Offer the letters to the sink, in their order; resolve those that it took.

    What fails again stays a dead letter. Safe to repeat wherever the sink is idempotent.
    """
    resolved: list[DeadLetter] = []
    reasons: dict[str, str] = {}
    away: set[str] = set()
    for start in range(0, len(letters), at_once):
        chunk = letters[start : start + at_once]
        failed = _offer(chunk, sink, away)
        taken = [letter for letter in chunk if letter.id not in failed]
        dead_letters.resolve(taken, Resolution.REPLAYED)
        resolved += taken
        reasons |= failed
    return Replayed(resolved=tuple(resolved), reasons=reasons, away=frozenset(away))


def _offer(letters: Sequence[DeadLetter], sink: Sink, away: set[str]) -> dict[str, str]:
    """Write the letters; return the reason for each that was not taken, by its id.

    Add to ``away`` the parts that took none.
    """
    plan = sink.plan([letter.delivery for letter in letters])
    failed = {failure.delivery.place: failure.reason for failure in plan.failures}
    for outcome in sink.write(list(plan.parts.values())):
        match outcome:
            case Written(failures=failures):
                failed |= {failure.delivery.place: failure.reason for failure in failures}
            case NotNow(key=key, reason=reason) | Unavailable(key=key, reason=reason):
                away.add(key)
                deliveries = plan.parts[key].deliveries
                failed |= {delivery.place: reason for delivery in deliveries}
    return failed
