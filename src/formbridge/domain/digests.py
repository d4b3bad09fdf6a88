"""The digest of a response's content: 63 bits, the same in every process and after every restart.

They stand in 8 bytes, whose highest bit is free (see ``merging``). Two checksums of different kinds
make them, CRC-32 and Adler-32: nobody gains anything from answers that collide, and a
cryptographic digest costs twice as much, which is a tenth of what a response may cost.

Only equal content is expected to share a digest. The reverse may fail (an object whose keys came in
another order): then an unchanged response costs one write, and nothing else.
"""

import marshal
from collections.abc import Sequence
from hashlib import blake2b
from struct import Struct
from zlib import adler32, crc32

DIGEST_SIZE = 8
_HIGH = 0x7FFF_FFFF
_pack = Struct(">II").pack


def seed_of(question_ids: Sequence[str]) -> int:
    """Return where the digests of answers to these questions begin."""
    return crc32("\x1f".join(question_ids).encode("utf-8", "surrogatepass"))


def digest_of(seed: int, data: bytes) -> bytes:
    """Return the digest of packed cells, which differs for each seed."""
    return _pack(crc32(data, seed) & _HIGH, adler32(data))


def fingerprint_of(values: Sequence[object]) -> str:
    """Return 32 hexadecimal digits that no other values have, for use outside of FormBridge."""
    return blake2b(_bytes_of(values), digest_size=16).hexdigest()


def _bytes_of(values: Sequence[object]) -> bytes:
    """Return the same bytes for equal values: format 0 of ``marshal`` has no references."""
    try:
        return marshal.dumps(values, 0)  # type: ignore[arg-type]  # what it refuses is caught
    except ValueError:  # a Decimal somewhere inside
        return repr(values).encode("utf-8", "surrogatepass")
