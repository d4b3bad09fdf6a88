"""A payload with everything that came with it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

NO_HEADERS: Mapping[str, str] = MappingProxyType({})
JSON = "application/json"


class Envelope(NamedTuple):
    """What a format reads: the body as it was received, and what the request said about it.

    ``headers`` have lower-case names. ``route`` is the path that the payload was posted to.
    ``received_at`` is in microseconds since 1970. One is built per record: hence a named tuple.
    """

    payload: bytes
    content_type: str = JSON
    headers: Mapping[str, str] = NO_HEADERS
    route: str = ""
    received_at: int = 0

    def __repr__(self) -> str:
        """Leave out the payload: it is personal."""
        return f"Envelope({len(self.payload)} bytes of {self.content_type!r})"
