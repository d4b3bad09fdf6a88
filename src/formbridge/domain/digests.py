"""The digest of a response's content: 63 bits, the same in every process and after every restart.

They stand in 8 bytes, whose highest bit is free (see ``merging``). Two checksums of different kinds
make them, CRC-32 and Adler-32: nobody gains anything from answers that collide, and a
cryptographic digest costs twice as much, which is a tenth of what a response may cost.

Only equal content is expected to share a digest. The reverse may fail (an object whose keys came in
another order): then an unchanged response costs one write, and nothing else.
"""

import marshal
from collections.abc import Callable, Sequence
from functools import partial
from hashlib import blake2b
from operator import itemgetter
from struct import Struct
from zlib import adler32, crc32

DIGEST_SIZE = 8
_HIGH = 0x7FFF_FFFF
_pack = Struct(">II").pack


def digest_of(seed: int, values: Sequence[object]) -> bytes:
    """Return the digest of these values, which differs for each seed."""
    data = _bytes_of(values)
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


def digester(question_ids: tuple[str, ...]) -> Callable[[Sequence[object]], bytes]:
    """Return the function that digests values which stand beside these questions.

    The order of the questions does not matter. Compiled once for a shape.
    """
    order = sorted(range(len(question_ids)), key=question_ids.__getitem__)
    ids = "\x1f".join(question_ids[index] for index in order)
    seed = crc32(ids.encode("utf-8", "surrogatepass"))
    if order == list(range(len(order))):
        return partial(digest_of, seed)
    pick = itemgetter(*order)
    return lambda values: digest_of(seed, list(pick(values)))
