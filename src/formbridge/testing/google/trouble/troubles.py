"""What happens around a call: who acts before it, which fault strikes, what is written down."""

from collections.abc import Callable
from functools import partial
from random import Random
from threading import Lock, local

import attrs

from formbridge.domain.ports import Clock
from formbridge.testing.google.accounts.tokens import bearer_of
from formbridge.testing.google.messages import Answer, Request
from formbridge.testing.google.trouble.calls import Calls, Note, during
from formbridge.testing.google.trouble.clocks import ServiceClock
from formbridge.testing.google.trouble.faults import Armed, Fault, Kind
from formbridge.testing.google.trouble.lag import Lag
from formbridge.testing.google.trouble.late import Late, Waiting
from formbridge.testing.google.trouble.latency import Latency
from formbridge.testing.google.trouble.quotas import Quotas
from formbridge.testing.google.trouble.refusing import error_answer, page_answer

Answering = Callable[[], Answer]


class Cut(Exception):
    """A connection that ends without an answer.

    ``after`` says whether the request was applied before; ``refused`` that there was no connection.
    """

    def __init__(self, *, after: bool, refused: bool = False) -> None:
        word = "refused" if refused else "cut after applying" if after else "cut before applying"
        super().__init__(f"the connection was {word}")
        self.after = after
        self.refused = refused


class Troubles:
    """Everything that may befall a call, and the log of calls. Shared by threads; off at the start.

    ``clock`` is the service's: the world's, with ``clock.skew``. ``between`` is called before each
    call, so that a person may act there; calls that it makes itself are not held up by it.
    ``whose`` tells who has a token.
    """

    def __init__(self, clock: Clock, *, seed: int = 0) -> None:
        """Begin without trouble. ``seed`` is for chances that have no seed of their own."""
        self.clock = ServiceClock(clock)
        self.seed = seed
        self.quotas = Quotas(clock=self.clock)
        self.lag = Lag()
        self.latency = Latency(seed=seed)
        self.log = Calls()
        self.late = Late()
        self.between: Callable[[], object] | None = None
        self.whose: Callable[[str], str] = _nobody
        self._faults: list[Armed] = []
        self._number = 0
        self._ended = 0
        self._revoked: set[str] = set()
        self._lock = Lock()
        self._inside = local()

    # --- what is to go wrong --------------------------------------------------------------------

    def add(self, fault: Fault) -> int:
        """Arm a fault; return its id. Of two that would strike one call, the older does."""
        with self._lock:
            self._number += 1
            seed = f"{self.seed} {self._number}" if fault.seed is None else str(fault.seed)
            armed = Armed(
                id=self._number,
                fault=fault,
                begun=self.clock.monotonic(),
                chance=Random(seed),  # noqa: S311 - reproducible, no secret
            )
            self._faults.append(armed)
        return armed.id

    @property
    def faults(self) -> list[Armed]:
        """The faults that may still strike."""
        now = self.clock.monotonic()
        with self._lock:
            return [armed for armed in self._faults if not armed.over(now)]

    def clear(self, fault_id: int | None = None) -> None:
        """Disarm one fault, or all: then revoked tokens are good again, too."""
        with self._lock:
            self._faults = [
                armed for armed in self._faults if fault_id is not None and armed.id != fault_id
            ]
            if fault_id is None:
                self._revoked.clear()

    def reset(self) -> None:
        """End all trouble, lose what comes late, and forget the log."""
        self.clear()
        self.late.clear()
        self.log.clear()
        self.quotas = Quotas(clock=self.clock)
        self.lag = Lag()
        self.latency = Latency(seed=self.seed)
        self.between = None
        self.clock.skew = 0.0

    # --- a call ---------------------------------------------------------------------------------

    def around(self, request: Request, answer: Answering) -> Answer:
        """Return what the client gets. Raises ``Cut`` where its connection ends without an answer.

        Sleeps and the work itself happen in the caller's thread, without a lock of this class.
        """
        self.settle()
        self._let_others_act()
        who = self.whose(bearer_of(request) or "")
        note = self.log.begin(request, self.clock.now(), who=who)
        begun = self.clock.monotonic()
        try:
            result = self._struck(self._next(note, request), note, request, answer)
            note.status, note.received = result.status, len(result.body)
            self._take_time(note)
        finally:
            note.seconds = self.clock.monotonic() - begun
            self.log.end(note)
            with self._lock:
                self._ended += 1
            self.settle()
        return result

    def settle(self) -> None:
        """Apply what comes late and is due. Happens before and after each call by itself."""
        self.late.settle(self._ended, self.clock.monotonic())

    def _let_others_act(self) -> None:
        if self.between is None or getattr(self._inside, "acting", False):
            return
        self._inside.acting = True
        try:
            self.between()
        finally:
            self._inside.acting = False

    def _next(self, note: Note, request: Request) -> Fault | None:
        now = self.clock.monotonic()
        with self._lock:
            self._faults = [armed for armed in self._faults if not armed.over(now)]
            for armed in self._faults:
                if armed.strikes(note, request, now):
                    return armed.fault
        return None

    def _struck(
        self, fault: Fault | None, note: Note, request: Request, answer: Answering
    ) -> Answer:
        apply = partial(_applied, note, answer)
        if self._is_revoked(fault, request):
            note.fault = "revoked token"
            return error_answer(401, note, request)
        if fault is None:
            return apply()
        note.fault = fault.label
        self._wait(fault.seconds)
        if fault.kind is Kind.LATE:
            self._postpone(fault, note, apply)
        applied = apply() if fault.applies else None
        self._wait(fault.hold)
        return _told(fault, note, request, applied)

    def _postpone(self, fault: Fault, note: Note, apply: Answering) -> None:
        """Let a request be applied later: after one more call, unless something else was said."""
        calls, seconds = fault.after_calls, fault.after_seconds
        if calls is None and seconds is None:
            calls = 1
        self.late.add(
            Waiting(
                apply=partial(self._land, note, apply),
                call=None if calls is None else self._ended + 1 + calls,
                time=None if seconds is None else self.clock.monotonic() + seconds,
            )
        )

    def _land(self, note: Note, apply: Answering) -> None:
        """Apply what came late, and write down what nobody was told."""
        result = apply()
        landed = attrs.evolve(note, at=self.clock.now(), status=result.status, fault="landed late")
        self.log.end(landed)

    def _is_revoked(self, fault: Fault | None, request: Request) -> bool:
        token = bearer_of(request)
        if not token:
            return False
        with self._lock:
            if fault is not None and fault.kind is Kind.REVOKE:
                self._revoked.add(token)
            return token in self._revoked

    def _take_time(self, note: Note) -> None:
        seconds = self.latency.seconds(note.method, note.sent + note.received)
        self._wait(seconds)

    def _wait(self, seconds: float) -> None:
        if seconds:
            self.clock.sleep(seconds)


def _applied(note: Note, answer: Answering) -> Answer:
    with during(note):
        return answer()


def _told(fault: Fault, note: Note, request: Request, applied: Answer | None) -> Answer:
    """Return what the client is told of a call that a fault struck; raise ``Cut`` for nothing."""
    if fault.kind is Kind.SLOW and applied is not None:
        return applied
    if fault.kind is Kind.ERROR:
        return error_answer(fault.status, note, request)
    if fault.kind is Kind.HTML:
        return page_answer(502 if fault.status == 503 else fault.status)
    raise Cut(after=fault.kind is Kind.CUT_AFTER, refused=fault.kind is Kind.REFUSE)


def _nobody(token: str) -> str:  # noqa: ARG001 - until somebody knows tokens
    return ""
