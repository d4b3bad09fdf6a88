"""A compiled format: what is left of a description once it has been read."""

from collections.abc import Callable, Sequence

import attrs

from formbridge.domain.envelope import Envelope
from formbridge.domain.responses import Response

Read = Callable[[Envelope, str], Sequence[Response]]
Split = Callable[[Envelope], Sequence[Envelope]]


@attrs.frozen(kw_only=True, eq=False)
class Format:
    """Reads the payloads of one kind of backend. May be shared by threads.

    ``headers`` are the request headers, in lower case, that it reads from an envelope: who keeps
    the payload must keep them too.
    """

    name: str
    headers: tuple[str, ...] = ()
    _read: Read = attrs.field(repr=False)
    _split: Split = attrs.field(repr=False)

    def read(self, envelope: Envelope, *, source: str = "") -> Sequence[Response]:
        """Return the responses in a payload: one, or several of a container, or none.

        None means that the description says to ignore such an event. Raises ``Undecodable``, which
        names the place in the payload and the type found there, never the value.
        """
        return self._read(envelope, source)

    def split(self, envelope: Envelope) -> Sequence[Envelope]:
        """Return an envelope per response, each readable by itself.

        A payload of one response is returned as it is, byte for byte. A container becomes as many
        containers of one item, so that what stands beside the items stays readable. Raises
        ``Undecodable`` for a container that cannot be taken apart.
        """
        return self._split(envelope)
