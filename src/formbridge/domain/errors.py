"""Every error that FormBridge raises, as one tree.

::

    FormBridgeError
    ├── BadInput                what a person wrote or passed is wrong; nothing was done
    │   ├── BadAddress          a broker or sink address
    │   ├── BadDescription      a format description (TOML)
    │   ├── BadMapping          a question mapping
    │   └── BadSetting          any other setting
    ├── Undecodable             a payload that its format cannot read: a dead letter
    ├── BrokerError
    │   ├── BrokerUnavailable   (retryable) locked, full, out of reach
    │   ├── BrokerBroken        corrupt, or not ours, or without what must be read next
    │   ├── BrokerDenied        it does not let this client in, or not do this
    │   ├── AssignmentLost      (retryable) a commit for partitions that another member has now
    │   └── Closed              used after close
    ├── StoreError
    │   ├── TableBusy           (retryable) somebody else holds the table
    │   ├── StoreUnavailable    (retryable) the whole store: disk full, out of reach
    │   ├── StoreDenied         the whole store, until a person mends it: it lets nobody in
    │   ├── TableUnavailable    this one table, until a person mends it: it is parked
    │   └── StoreBroken         what is stored cannot be read
    ├── SinkError               raised by a function that is used as a sink
    │   ├── TryLater            (retryable) not now; the same responses come again
    │   └── Reject              these responses never; the others were handled
    ├── NewerVersion            stored by a later FormBridge; upgrade this one
    └── FloodLimitReached       nearly everything fails: the bridge stops instead of burying the log

``retryable`` says whether the same call may succeed later without anybody's help. No message
ever holds an answer: values are described by their type.
"""

from collections.abc import Mapping
from typing import ClassVar


class FormBridgeError(Exception):
    """The root: whatever FormBridge raises on purpose is one of these."""

    retryable: ClassVar[bool] = False


class BadInput(FormBridgeError):
    """Something that a person wrote is wrong; the message names it and the remedy."""


class BadAddress(BadInput):
    """An address of a broker or a sink that cannot be understood."""


class BadDescription(BadInput):
    """A format description with a mistake; names the file and the key."""


class BadMapping(BadInput):
    """A question mapping with a mistake; names the file and the line."""


class BadSetting(BadInput):
    """A setting outside its bounds, by its name."""


class Undecodable(FormBridgeError):
    """A payload that its format cannot read.

    ``field`` is a path into the payload (``$.form_id``; ``$`` is all of it), ``problem`` says what
    was found there by its type, never by its value, ``remedy`` what to change.
    """

    def __init__(self, field: str, problem: str, remedy: str = "") -> None:
        """Join the three parts to one line."""
        super().__init__(f"{field}: {problem}" + (f"; {remedy}" if remedy else ""))
        self.field = field
        self.problem = problem
        self.remedy = remedy


class BrokerError(FormBridgeError):
    """The log cannot be written or read."""


class BrokerUnavailable(BrokerError):
    """The broker does not answer, is locked or is full; later it may work."""

    retryable = True


class BrokerBroken(BrokerError):
    """What the broker stores is corrupt, was not written by FormBridge, or is not all there."""


class BrokerDenied(BrokerError):
    """The broker refuses this client: wrong credentials, or no right to do this."""


class AssignmentLost(BrokerError):
    """Partitions went to another member: what was read of them comes again there.

    ``partitions`` are those that were lost; offsets of the others were committed.
    """

    retryable = True

    def __init__(self, partitions: frozenset[int]) -> None:
        """Keep the partitions for the bridge, which drops what it read of them."""
        super().__init__(f"partitions {sorted(partitions)} now belong to another member")
        self.partitions = partitions


class Closed(BrokerError):
    """A publisher or consumer was used after it was closed."""


class StoreError(FormBridgeError):
    """A table or the store that keeps it cannot be read or written."""


class TableBusy(StoreError):
    """Somebody else holds this table now; ``seconds`` says when to try again."""

    retryable = True

    def __init__(self, message: str, *, seconds: float) -> None:
        """Keep the wait beside the message."""
        super().__init__(message)
        self.seconds = seconds


class StoreUnavailable(StoreError):
    """The whole store fails for now (a full disk, a lost network); ``seconds``: try again then."""

    retryable = True

    def __init__(self, message: str, *, seconds: float = 1.0) -> None:
        """Keep the wait beside the message."""
        super().__init__(message)
        self.seconds = seconds


class StoreDenied(StoreError):
    """The whole store refuses this client: a revoked key, an API that is off, no storage left."""


class TableUnavailable(StoreError):
    """One table cannot be used until a person mends it; the others go on."""


class StoreBroken(StoreError):
    """What the store keeps beside its tables is damaged beyond repair by itself."""


class SinkError(FormBridgeError):
    """What a function used as a sink may raise, to say what becomes of its responses."""


class TryLater(SinkError):
    """Nothing was handled; offer the same responses again after ``seconds``."""

    retryable = True

    def __init__(self, reason: str, *, seconds: float = 1.0) -> None:
        """Keep the wait beside the reason, which must hold no answers."""
        super().__init__(reason)
        self.seconds = seconds


class Reject(SinkError):
    """Some responses can never be handled; all others of the call were.

    ``reasons`` go by the responses' ``idempotency_key`` and hold no answers.
    """

    def __init__(self, reasons: Mapping[str, str]) -> None:
        """Keep the reasons for the dead letters."""
        super().__init__(f"{len(reasons)} responses were rejected")
        self.reasons = dict(reasons)


class NewerVersion(FormBridgeError):
    """Something stored has a later version than this FormBridge knows."""


class FloodLimitReached(FormBridgeError):
    """Too much failed; nothing of this pass was buried or committed."""
