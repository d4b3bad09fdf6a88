"""The digest of a response's content: 8 bytes, the same in every process and after every restart.

Only equal content may share a digest. The reverse may fail (an object whose keys came in another
order): then an unchanged response costs one write, and nothing else.
"""

import marshal
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from operator import itemgetter

DIGEST_SIZE = 8


@lru_cache(maxsize=4096)
def _sorting(question_ids: tuple[str, ...]) -> tuple[bytes, itemgetter[object] | None]:
    """Return the bytes of the sorted ids, and how to bring values to that order (None: as is)."""
    order = sorted(range(len(question_ids)), key=question_ids.__getitem__)
    seed = blake2b("\x1f".join(sorted(question_ids)).encode("utf-8", "surrogatepass")).digest()
    if len(order) < 2 or order == list(range(len(order))):  # noqa: PLR2004 - itemgetter(i) of one is no tuple
        return seed, None
    return seed, itemgetter(*order)


def digest_of(question_ids: tuple[str, ...], values: Sequence[object]) -> bytes:
    """Return the digest of these answers; the order of the questions does not matter.

    Format 0 of ``marshal`` has no references, so that equal values give equal bytes.
    """
    seed, pick = _sorting(question_ids)
    ordered = list(values) if pick is None else list(pick(values))  # type: ignore[call-overload]
    try:
        data = marshal.dumps(ordered, 0)
    except ValueError:  # a Decimal somewhere inside
        data = repr(ordered).encode("utf-8", "surrogatepass")
    return blake2b(data + seed, digest_size=DIGEST_SIZE).digest()
