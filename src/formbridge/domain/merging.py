"""Which merges a row has behind it, told in the eight bytes of its digest.

A merge may come again after an upsert that replaced what it had added: then it must not fill the
blanks that the upsert left. So a row remembers the log place of its last replacement. For a row
without merges that is the place of its revision; a row with merges keeps it where the digest of
its content would stand: such a row is never compared as a whole.
"""

from formbridge.domain.digests import DIGEST_SIZE
from formbridge.domain.revision import Revision

MERGED_BIT = 1 << 63
OFFSET_BITS = 21
MICROSECONDS_PER_MILLISECOND = 1000


def log_place(revision: Revision) -> int:
    """Return where in the log a version stands, as 63 bits that grow with the log.

    Milliseconds, then the low bits of the offset: logs such as Kafka's have clocks no finer.
    """
    milliseconds = revision.logged_at // MICROSECONDS_PER_MILLISECOND
    return milliseconds << OFFSET_BITS | revision.offset & ((1 << OFFSET_BITS) - 1)


def merged_mark(replaced_at: int) -> bytes:
    """Return what stands in place of the digest in a row with merges; 0: it never was replaced."""
    return (MERGED_BIT | replaced_at).to_bytes(DIGEST_SIZE, "big")


def replaced_at(revision: Revision, digest: bytes) -> int:
    """Return the log place at which this row was last replaced as a whole."""
    mark = int.from_bytes(digest, "big")
    return mark ^ MERGED_BIT if mark & MERGED_BIT else log_place(revision)
