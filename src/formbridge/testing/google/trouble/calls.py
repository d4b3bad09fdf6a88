"""The log of calls: what was asked, by whom, what came of it, and which fault struck."""

from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock

import attrs

from formbridge.testing.google.messages import Body, Request
from formbridge.testing.google.trouble.naming import named

ROOM = 1000
"""How many calls are remembered, unless somebody says otherwise."""


@attrs.define(eq=False, kw_only=True)
class Note:
    """One call. ``at`` is in microseconds since 1970; ``status`` is 0 where no answer went out.

    ``number`` counts calls in the order of their end, from 1; it is 0 until then.

    ``sent`` and ``received`` are bytes of the bodies, as the client sees them. ``request`` is the
    body that came, kept only where the log was told so.
    """

    at: int
    verb: str
    path: str
    method: str
    use: str
    file: str = ""
    who: str = ""
    units: int = 0
    status: int = 0
    fault: str = ""
    seconds: float = 0.0
    sent: int = 0
    received: int = 0
    request: bytes | None = None
    number: int = 0

    def body(self) -> Body:
        """Return it as JSON."""
        text = None if self.request is None else self.request.decode("utf-8", "replace")
        return {**attrs.asdict(self), "request": text, "seconds": round(self.seconds, 6)}


_current: ContextVar[Note | None] = ContextVar("current", default=None)


def current() -> Note | None:
    """Return the note of the call that this thread is in."""
    return _current.get()


@contextmanager
def during(note: Note) -> Iterator[None]:
    """Let what happens meanwhile be part of that call."""
    token = _current.set(note)
    try:
        yield
    finally:
        _current.reset(token)


class Calls:
    """The last calls, and how many there were of each kind. Shared by threads.

    With ``keep_requests``, bodies of requests are kept too.
    """

    keep_requests: bool

    def __init__(self, *, room: int = ROOM) -> None:
        """Begin empty; the oldest are forgotten where there are more than ``room``."""
        self.keep_requests = False
        self.counted: dict[str, Counter[str]] = {}
        self._notes: deque[Note] = deque(maxlen=room)
        self._number = 0
        self._lock = Lock()

    @property
    def last(self) -> int:
        """The number of the last call that has ended; 0 before the first."""
        return self._number

    def begin(self, request: Request, now: int, *, who: str = "") -> Note:
        """Return the note of a call that begins."""
        name = named(request)
        return Note(
            at=now,
            verb=request.method,
            path=request.path,
            method=name.method,
            use=name.use,
            file=name.file,
            who=who,
            sent=len(request.body),
            request=request.body if self.keep_requests else None,
        )

    def end(self, note: Note) -> None:
        """Put a call into the log, and give it its number."""
        counts = {
            "method": note.method,
            "use": note.use,
            "status": str(note.status or "none"),
            "fault": note.fault,
            "who": note.who,
        }
        with self._lock:
            self._number += 1
            note.number = self._number
            self._notes.append(note)
            for kind, name in counts.items():
                if name:
                    self.counted.setdefault(kind, Counter())[name] += 1

    def since(self, number: int = 0) -> list[Note]:
        """Return what is remembered, in the order of its end; only what has a greater number."""
        with self._lock:
            return [note for note in self._notes if note.number > number]

    def count(self, name: str, *, kind: str = "method") -> int:
        """Return how many there were of a method (or ``use``, ``status``, ``fault``, ``who``)."""
        with self._lock:
            return self.counted.get(kind, Counter())[name]

    def counters(self) -> dict[str, dict[str, int]]:
        """Return how many calls there were, by kind and name."""
        with self._lock:
            return {kind: dict(sorted(names.items())) for kind, names in self.counted.items()}

    def clear(self) -> None:
        """Forget every call; numbers go on."""
        with self._lock:
            self._notes.clear()
            self.counted.clear()
