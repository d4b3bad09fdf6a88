"""One fault: what goes wrong, for which calls, when and how often."""

import re
from enum import Enum
from fnmatch import fnmatchcase
from random import Random

import attrs

from formbridge.testing.google.messages import Body, Request
from formbridge.testing.google.trouble.calls import Note


class Kind(Enum):
    """What goes wrong."""

    REFUSE = "refuse"
    """No connection: nothing is applied."""
    CUT_BEFORE = "cut-before"
    """The connection ends before the request is applied."""
    CUT_AFTER = "cut-after"
    """The request is applied, and the connection ends before the answer."""
    LATE = "late"
    """The connection ends, and the request is applied ``after_calls`` or ``after_seconds``."""
    SLOW = "slow"
    """The request is applied ``seconds`` later, and answered then."""
    ERROR = "error"
    """An error with ``status`` (429, 500, 503, …); nothing is applied unless ``applied``."""
    HTML = "html"
    """As ``ERROR``, with the page of Google's front end instead of JSON: 502 unless said."""
    REVOKE = "revoke"
    """The token is revoked: this call and all others with it get 401 until faults are cleared."""


def _pattern(_fault: object, _field: object, text: str) -> None:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"{text!r} is no regular expression: {error}") from error


LONG = 1e9
"""Nothing waits longer, in seconds."""

_seconds = attrs.validators.and_(attrs.validators.ge(0.0), attrs.validators.le(LONG))
_maybe = attrs.validators.optional(_seconds)
_status = attrs.validators.and_(attrs.validators.ge(400), attrs.validators.le(599))


@attrs.frozen(kw_only=True)
class Fault:
    """What goes wrong, for which calls, and how often. Nothing said means: the next call, once.

    Which calls: ``method`` is an id with wildcards (``sheets.*``, ``oauth2.token``), ``use`` is
    ``read``, ``write`` or ``free``, ``path`` a regular expression found somewhere in the path,
    ``file`` the id of a file or spreadsheet, ``who`` the caller's email.

    When: from the ``nth`` of these calls on, ``times`` times (None: for ever), each with ``chance``
    from ``seed``. A fault that ``lasts`` seconds ends then; with ``every``, it comes back that many
    seconds after it began, again and again: 503 in bursts is ``every=600, lasts=120, chance=0.2,
    times=None``.

    ``seconds`` are waited before anything else happens, and ``hold`` seconds before the client
    learns of the end, in all kinds: to time out, a client needs only one of them long enough.
    """

    kind: Kind = attrs.field(converter=Kind)
    method: str = "*"
    use: str = ""
    path: str = attrs.field(default="", validator=_pattern)
    file: str = ""
    who: str = ""
    nth: int = attrs.field(default=1, validator=attrs.validators.ge(1))
    times: int | None = 1
    chance: float = 1.0
    seed: int | None = None
    lasts: float | None = attrs.field(default=None, validator=_maybe)
    every: float | None = attrs.field(default=None, validator=_maybe)
    seconds: float = attrs.field(default=0.0, validator=_seconds)
    hold: float = attrs.field(default=0.0, validator=_seconds)
    status: int = attrs.field(default=503, validator=_status)
    applied: bool = False
    after_calls: int | None = None
    after_seconds: float | None = attrs.field(default=None, validator=_maybe)

    def concerns(self, note: Note, request: Request) -> bool:
        """Whether it is about such calls."""
        return (
            fnmatchcase(note.method, self.method)
            and self.use in {"", note.use}
            and self.file in {"", note.file}
            and self.who in {"", note.who}
            and (not self.path or re.search(self.path, request.path) is not None)
        )

    def body(self) -> Body:
        """Return it as JSON: what differs from the usual."""
        usual = {field.name: field.default for field in attrs.fields(Fault)}
        said = attrs.asdict(self, recurse=False)
        return {name: value for name, value in said.items() if value != usual[name]} | {
            "kind": self.kind.value
        }

    @property
    def applies(self) -> bool:
        """Whether the request is applied before the client learns anything."""
        return self.kind in {Kind.SLOW, Kind.CUT_AFTER} or (
            self.applied and self.kind in {Kind.ERROR, Kind.HTML}
        )

    @property
    def label(self) -> str:
        """What the log of calls says."""
        if self.kind is Kind.ERROR:
            return f"{self.status} after applying" if self.applied else str(self.status)
        return str(self.kind.value)


@attrs.define(eq=False, kw_only=True)
class Armed:
    """A fault that waits for its calls. Used under the lock of ``Troubles``."""

    id: int
    fault: Fault
    begun: float
    chance: Random
    seen: int = 0
    struck: int = 0

    def strikes(self, note: Note, request: Request, now: float) -> bool:
        """Count a call, and say whether it is struck. ``now`` is of a monotonic clock."""
        if not self.fault.concerns(note, request) or not self._in_time(now):
            return False
        self.seen += 1
        if self.seen < self.fault.nth or self.spent:
            return False
        if self.fault.chance < 1 and self.chance.random() >= self.fault.chance:
            return False
        self.struck += 1
        return True

    @property
    def spent(self) -> bool:
        """Whether it has struck as often as it was to."""
        return self.fault.times is not None and self.struck >= self.fault.times

    def over(self, now: float) -> bool:
        """Whether it will never strike again."""
        ended = self.fault.lasts is not None and self.fault.every is None
        return self.spent or (ended and not self._in_time(now))

    def _in_time(self, now: float) -> bool:
        passed = now - self.begun
        if self.fault.every:
            passed %= self.fault.every
        return self.fault.lasts is None or passed < self.fault.lasts

    def body(self) -> Body:
        """Return it as JSON."""
        return {
            "id": self.id,
            "label": self.fault.label,
            **self.fault.body(),
            "seen": self.seen,
            "struck": self.struck,
        }
