"""What a bridge tells the outside, as frozen values. None of them holds an answer."""

import attrs

from formbridge.domain.records import Offsets


@attrs.frozen(kw_only=True)
class Event:
    """Something that happened in the bridge of this group."""

    group: str


@attrs.frozen(kw_only=True)
class Polled(Event):
    """A poll brought records."""

    records: int


@attrs.frozen(kw_only=True)
class PartWritten(Event):
    """A part (a table) took its records; ``changed`` of them changed something there."""

    part: str
    records: int
    changed: int


@attrs.frozen(kw_only=True)
class PartDeferred(Event):
    """A part could not be written now and waits."""

    part: str
    seconds: float
    reason: str


@attrs.frozen(kw_only=True)
class PartParked(Event):
    """A table is unavailable: its records become dead letters until it is back."""

    part: str
    reason: str


@attrs.frozen(kw_only=True)
class PartUnparked(Event):
    """A parked table is back, and took what had waited for it."""

    part: str
    records: int


@attrs.frozen(kw_only=True)
class Buried(Event):
    """Records became dead letters; ``reasons`` are without answers."""

    records: int
    reasons: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Committed(Event):
    """Everything before these offsets is resolved."""

    offsets: Offsets


@attrs.frozen(kw_only=True)
class PartitionsLost(Event):
    """Partitions went to another member; what was read of them was dropped."""

    partitions: frozenset[int]


@attrs.frozen(kw_only=True)
class Retrying(Event):
    """A pass failed and is tried again after ``seconds``."""

    error: str
    attempt: int
    seconds: float


@attrs.frozen(kw_only=True)
class Stopped(Event):
    """The bridge ended; ``error`` is empty when it was asked to."""

    error: str = ""
