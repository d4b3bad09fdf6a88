"""Several bridges in one process: started together, stopped together, each reporting for itself."""

import signal
import threading
from collections.abc import Callable, Mapping
from enum import StrEnum
from time import monotonic
from types import FrameType

import attrs

from formbridge.bridge import Bridge
from formbridge.domain.errors import FormBridgeError

JOIN_SECONDS = 0.2


class State(StrEnum):
    """How a bridge of a host is."""

    WAITING = "waiting"
    RUNNING = "running"
    ENDED = "ended"
    FAILED = "failed"


@attrs.frozen(kw_only=True)
class Report:
    """What a host says of one bridge; ``error`` holds no answers."""

    name: str
    state: State
    error: str = ""


@attrs.define(eq=False)
class _Seat:
    """One bridge in its thread."""

    name: str
    open: Callable[[], Bridge]
    state: State = State.WAITING
    error: str = ""
    thread: threading.Thread | None = None


@attrs.define(eq=False, kw_only=True)
class Host:
    """Runs bridges, each opened and run in a thread of its own.

    ``bridges`` maps names to functions that open a bridge: a log connection belongs to one thread.
    A bridge that fails for good ends alone; ``report`` says why. ``stop`` asks all of them to end
    after the pass they are in and waits up to ``patience`` seconds: what a bridge had not resolved
    by then comes again at the next start.
    """

    bridges: Mapping[str, Callable[[], Bridge]]
    until_idle: bool = False
    patience: float = 30.0
    asked: bool = attrs.field(init=False, default=False)
    _stopping: threading.Event = attrs.field(init=False, factory=threading.Event)
    _seats: list[_Seat] = attrs.field(init=False, factory=list)

    def start(self) -> None:
        """Start every bridge."""
        for name, open_bridge in self.bridges.items():
            seat = _Seat(name, open_bridge)
            seat.thread = threading.Thread(
                target=self._run, args=(seat,), name=f"formbridge-{name}", daemon=True
            )
            self._seats.append(seat)
            seat.thread.start()

    def stop(self) -> bool:
        """Ask all bridges to end; return whether they did within ``patience``."""
        self._stopping.set()
        end = monotonic() + self.patience
        for seat in self._seats:
            if seat.thread is not None:
                seat.thread.join(max(0.0, end - monotonic()))
        return not self.running

    @property
    def running(self) -> bool:
        """Whether any bridge still works."""
        return any(seat.thread is not None and seat.thread.is_alive() for seat in self._seats)

    def report(self) -> tuple[Report, ...]:
        """Say how each bridge is."""
        return tuple(Report(name=it.name, state=it.state, error=it.error) for it in self._seats)

    def run(self) -> tuple[Report, ...]:
        """Start, wait until every bridge ended or SIGTERM or SIGINT came, stop, and report.

        ``asked`` then says whether it was a signal.
        Call it from the main thread: only that may set signal handlers.
        """
        asked = threading.Event()

        def ask(_signal: int, _frame: FrameType | None) -> None:
            asked.set()

        before = {it: signal.signal(it, ask) for it in (signal.SIGTERM, signal.SIGINT)}
        try:
            self.start()
            while self.running and not asked.wait(JOIN_SECONDS):
                pass
            self.asked = asked.is_set()
            self.stop()
        finally:
            for which, handler in before.items():
                signal.signal(which, handler)
        return self.report()

    def _run(self, seat: _Seat) -> None:
        seat.state = State.RUNNING
        try:
            with seat.open() as bridge:
                run = bridge.run_until_idle if self.until_idle else bridge.run
                run(self._stopping.is_set)
            seat.state = State.ENDED
        except FormBridgeError as error:
            seat.state, seat.error = State.FAILED, str(error)
        except Exception as error:  # noqa: BLE001 - whatever ends a thread must be reported
            seat.state, seat.error = State.FAILED, f"unexpected {type(error).__name__}"
