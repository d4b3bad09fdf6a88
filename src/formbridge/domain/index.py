"""What a store knows of the responses of one table: a dict from id to ordinal, arrays beside it.

41 bytes per response and the dict with its keys; no object per response is kept.
"""

from array import array
from binascii import a2b_base64, b2a_base64
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import attrs

from formbridge.domain.digests import DIGEST_SIZE
from formbridge.domain.revision import Revision
from formbridge.domain.tables import Stored

NO_ROW = -1
_NUMBER = 8  # bytes
_BIG = array("q", [1]).tobytes()[0] == 0  # whether this machine puts the high byte first
_WIDTH = 1 + 3 * _NUMBER + DIGEST_SIZE


class Block(NamedTuple):
    """Revisions and digests of some responses, as columns."""

    complete: bytes
    edited_at: "array[int]"
    logged_at: "array[int]"
    offset: "array[int]"
    digests: bytes

    @classmethod
    def of(cls, revisions: Sequence[Revision], digests: Sequence[bytes]) -> "Block":
        """Turn rows into columns; raise OverflowError for a number of more than 63 bits."""
        if not revisions:
            return cls(b"", array("q"), array("q"), array("q"), b"")
        complete, edited_at, logged_at, offset = zip(*revisions, strict=True)
        return cls(
            bytes(complete),
            array("q", edited_at),
            array("q", logged_at),
            array("q", offset),
            b"".join(digests),
        )

    def encode(self) -> str:
        """Return base64 of the five columns, one behind the other; numbers are little-endian."""
        numbers = (self.edited_at, self.logged_at, self.offset)
        if _BIG:
            numbers = tuple(array("q", each) for each in numbers)  # type: ignore[assignment]  # copies of the three
            for each in numbers:
                each.byteswap()
        data = b"".join((self.complete, *(each.tobytes() for each in numbers), self.digests))
        return b2a_base64(data, newline=False).decode("ascii")

    @classmethod
    def decode(cls, text: str) -> "Block":
        """Read what ``encode`` wrote; raise ValueError for anything else."""
        data = a2b_base64(text)
        count, rest = divmod(len(data), _WIDTH)
        if rest:
            raise ValueError("not a whole number of responses")
        numbers = [array("q"), array("q"), array("q")]
        for index, each in enumerate(numbers):
            begin = count * (1 + index * _NUMBER)
            each.frombytes(data[begin : begin + count * _NUMBER])
            if _BIG:
                each.byteswap()
        edited_at, logged_at, offset = numbers
        digests = data[count * (1 + 3 * _NUMBER) :]
        return cls(data[:count], edited_at, logged_at, offset, digests)

    @property
    def responses(self) -> int:
        """How many responses it speaks of."""
        return len(self.complete)


@attrs.define(eq=False)
class Index:
    """Responses by their id.

    ``at`` is where a row stands in the store's own terms (a byte of a file, a line), or ``NO_ROW``.
    """

    by_id: dict[str, int] = attrs.field(factory=dict, repr=False)
    complete: bytearray = attrs.field(factory=bytearray, repr=False)
    edited_at: "array[int]" = attrs.field(factory=lambda: array("q"), repr=False)
    logged_at: "array[int]" = attrs.field(factory=lambda: array("q"), repr=False)
    offset: "array[int]" = attrs.field(factory=lambda: array("q"), repr=False)
    digests: bytearray = attrs.field(factory=bytearray, repr=False)
    at: "array[int]" = attrs.field(factory=lambda: array("q"), repr=False)
    newest: int = 0

    def __len__(self) -> int:
        return len(self.at)

    def extend(self, ids: Sequence[str], block: Block, at: Iterable[int]) -> None:
        """Take many responses at once; one that is known already gets a new ordinal."""
        begin = len(self.at)
        self.complete += block.complete
        self.edited_at.extend(block.edited_at)
        self.logged_at.extend(block.logged_at)
        self.offset.extend(block.offset)
        self.digests += block.digests
        self.at.extend(at)
        self.by_id.update(zip(ids, range(begin, begin + len(ids)), strict=True))
        self.newest = max(self.newest, max(block.edited_at, default=0))

    def find(self, response_id: str) -> Stored | None:
        """Return what is known of a response; its place is its ordinal."""
        ordinal = self.by_id.get(response_id)
        if ordinal is None:
            return None
        return Stored(
            revision=self.revision(ordinal),
            digest=self.digest(ordinal),
            place=None if self.at[ordinal] == NO_ROW else ordinal,
        )

    def revision(self, ordinal: int) -> Revision:
        """Return the revision of the n-th response."""
        return Revision(
            self.complete[ordinal] != 0,
            self.edited_at[ordinal],
            self.logged_at[ordinal],
            self.offset[ordinal],
        )

    def digest(self, ordinal: int) -> bytes:
        """Return the digest of the n-th response."""
        return bytes(self.digests[ordinal * DIGEST_SIZE : (ordinal + 1) * DIGEST_SIZE])

    def put(self, response_id: str, revision: Revision, digest: bytes) -> int:
        """Note the revision of one response; return its ordinal. A new one has no row yet."""
        ordinal = self.by_id.get(response_id)
        if ordinal is None:
            self.extend([response_id], Block.of([revision], [digest]), [NO_ROW])
            return len(self.at) - 1
        self.complete[ordinal], self.edited_at[ordinal] = revision.complete, revision.edited_at
        self.logged_at[ordinal], self.offset[ordinal] = revision.logged_at, revision.offset
        self.digests[ordinal * DIGEST_SIZE : (ordinal + 1) * DIGEST_SIZE] = digest
        self.newest = max(self.newest, revision.edited_at)
        return ordinal

    def part(self, ordinals: Sequence[int]) -> Block:
        """Return what is known of these, as columns."""
        size = DIGEST_SIZE
        return Block(
            bytes(self.complete[each] for each in ordinals),
            array("q", (self.edited_at[each] for each in ordinals)),
            array("q", (self.logged_at[each] for each in ordinals)),
            array("q", (self.offset[each] for each in ordinals)),
            b"".join(bytes(self.digests[each * size : (each + 1) * size]) for each in ordinals),
        )
