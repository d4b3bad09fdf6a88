"""A compiled format: what is left of a description once it has been read."""

from collections.abc import Callable, Sequence
from typing import Protocol

import attrs

from formbridge.domain.envelope import Envelope
from formbridge.domain.responses import Response


class Read(Protocol):
    """Reads a payload."""

    def __call__(self, envelope: Envelope, source: str = "") -> Sequence[Response]:
        """Return the responses in a payload: one, or several of a container, or none.

        None means that the description says to ignore such an event. Raises ``Undecodable``, which
        names the place in the payload and the type found there, never the value.
        """


Split = Callable[[Envelope], Sequence[Envelope]]


@attrs.frozen(kw_only=True, eq=False)
class Format:
    """Reads the payloads of one kind of backend. May be shared by threads.

    ``read`` returns the responses in a payload, see ``Read``. ``split`` returns an envelope per
    response, each readable by itself: a payload of one response is returned as it is, byte for
    byte; a container becomes as many containers of one item, so that what stands beside the items
    stays readable. It raises ``Undecodable`` for a container that cannot be taken apart.
    ``headers`` are the request headers, in lower case, that ``read`` looks at: who keeps the
    payload must keep them too.
    """

    name: str
    read: Read = attrs.field(repr=False)
    split: Split = attrs.field(repr=False)
    headers: tuple[str, ...] = ()
