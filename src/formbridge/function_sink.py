"""A plain function as a sink: send a receipt, check a rule, call another service.

Nothing can tell whether a function that was cut off by a crash had done its work: so it is called
at least once for each response. It gets ``Response.idempotency_key`` to hand on, and a ledger makes
a repeated call rare.
"""

from collections.abc import Callable, Iterator, Sequence

import attrs

from formbridge.domain.errors import FormBridgeError, Reject, TryLater
from formbridge.domain.plan_batch import Read, plan_batch
from formbridge.domain.ports import Ledger, Sink
from formbridge.domain.records import Delivery
from formbridge.domain.responses import Response
from formbridge.domain.sinks import Failure, NotNow, Outcome, Part, Plan, Written

Handle = Callable[[Sequence[Response]], None]


@attrs.define(eq=False, kw_only=True)
class FunctionSink(Sink):
    """Calls ``handle`` with the new responses of each form.

    The function raises ``TryLater`` to get the same responses again, and ``Reject`` to make some
    of them dead letters. After any other error the responses are offered one by one: those that
    fail again become dead letters with the error's class as their reason. An ``OSError`` (a
    network that is down, a time-out) or a ``retryable`` error of ours counts as ``TryLater``.

    A content is handled once: who changes an answer and changes it back causes one call for each
    content, and none for the way back while a ledger remembers the first.
    """

    handle: Handle
    read: Read
    ledger: Ledger | None = None
    patience: float = 5.0
    _handled: set[str] = attrs.field(init=False, factory=set)  # of parts that are not written yet

    @property
    def idempotent(self) -> bool:
        """A function may be called again for what it did before a crash."""
        return False

    def plan(self, deliveries: Sequence[Delivery], /) -> Plan:
        """Decode, and sort by form."""
        return plan_batch(deliveries, self.read, prepare=lambda response, _: response)

    def write(self, parts: Sequence[Part], /) -> Iterator[Outcome]:
        """Call the function for each form, and answer for it at once."""
        for part in parts:
            yield self._write(part)

    def _write(self, part: Part) -> Outcome:
        fresh = self._fresh(part)
        try:
            reasons = self._call([response for _, response in fresh])
        except TryLater as error:
            return NotNow(key=part.key, seconds=error.seconds, reason=str(error))
        self._handled.difference_update(map(_key, part.items))
        failures = [
            Failure(delivery=delivery, reason=reasons[response.idempotency_key], error="Reject")
            for delivery, response in fresh
            if response.idempotency_key in reasons
        ]
        return Written(key=part.key, changed=len(fresh) - len(failures), failures=tuple(failures))

    def _fresh(self, part: Part) -> list[tuple[Delivery, Response]]:
        """Return what was not handled yet, each content once."""
        keys = [_key(item) for item in part.items]
        seen = self._handled.intersection(keys)
        if self.ledger is not None:
            seen |= self.ledger.seen(keys)
        fresh: list[tuple[Delivery, Response]] = []
        for delivery, item in zip(part.deliveries, part.items, strict=True):
            if isinstance(item, Response) and (key := item.idempotency_key) not in seen:
                seen.add(key)
                fresh.append((delivery, item))
        return fresh

    def _call(self, responses: Sequence[Response]) -> dict[str, str]:
        """Call the function; return the reasons for those that it will never take."""
        if not responses:
            return {}
        reasons: dict[str, str] = {}
        try:
            self.handle(responses)
        except Reject as error:
            reasons = error.reasons
        except TryLater:
            raise
        except OSError as error:
            reason = f"the function raised {type(error).__name__}"
            raise TryLater(reason, seconds=self.patience) from error
        except Exception as error:
            reason = f"the function raised {type(error).__name__}"
            if isinstance(error, FormBridgeError) and error.retryable:
                raise TryLater(reason, seconds=self.patience) from error
            if len(responses) == 1:
                return {responses[0].idempotency_key: reason}
            return self._one_by_one(responses)
        self._remember([key for key in map(_key, responses) if key not in reasons])
        return reasons

    def _remember(self, keys: Sequence[str]) -> None:
        """Note what was handled at once: the function may put off others of the same part."""
        self._handled.update(keys)
        if self.ledger is not None:
            self.ledger.record(keys)

    def _one_by_one(self, responses: Sequence[Response]) -> dict[str, str]:
        reasons: dict[str, str] = {}
        for response in responses:
            reasons |= self._call([response])
        return reasons

    def idle(self) -> None:
        """Do nothing: a function has no labels."""

    def close(self) -> None:
        """Close the ledger."""
        if self.ledger is not None:
            self.ledger.close()


def _key(item: object) -> str:
    return item.idempotency_key if isinstance(item, Response) else ""
