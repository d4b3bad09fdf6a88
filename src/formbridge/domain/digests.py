"""The digest of a response's content: 63 bits, the same in every process and after every restart.

They stand in 8 bytes, whose highest bit is free (see ``merging``).

Only equal content may share a digest. The reverse may fail (an object whose keys came in another
order): then an unchanged response costs one write, and nothing else.
"""

import marshal
from collections.abc import Callable, Sequence
from functools import partial
from hashlib import blake2b
from operator import itemgetter

DIGEST_SIZE = 8
HIGHEST = 0x7F


def digest_of(values: Sequence[object], seed: bytes = b"") -> bytes:
    """Return the digest of these values behind this seed.

    Format 0 of ``marshal`` has no references, so that equal values give equal bytes.
    """
    try:
        data = marshal.dumps(values, 0)  # type: ignore[arg-type]  # what it refuses is caught
    except ValueError:  # a Decimal somewhere inside
        data = repr(values).encode("utf-8", "surrogatepass")
    digest = blake2b(data + seed, digest_size=DIGEST_SIZE).digest()
    return digest if digest[0] <= HIGHEST else bytes((digest[0] & HIGHEST,)) + digest[1:]


def digester(question_ids: tuple[str, ...]) -> Callable[[Sequence[object]], bytes]:
    """Return the function that digests values which stand beside these questions.

    The order of the questions does not matter. Compiled once for a shape.
    """
    order = sorted(range(len(question_ids)), key=question_ids.__getitem__)
    ids = "\x1f".join(question_ids[index] for index in order)
    seed = blake2b(ids.encode("utf-8", "surrogatepass"), digest_size=DIGEST_SIZE).digest()
    if order == list(range(len(order))):
        return partial(digest_of, seed=seed)
    pick = itemgetter(*order)
    return lambda values: digest_of(list(pick(values)), seed)
