"""A version as it is kept: the revision and the digest of one response, in 33 bytes.

Plans, tables in memory and side files hold many thousands of them. One row of bytes is made in one
step and read from one place, where a revision and its numbers are six objects.
"""

from struct import Struct

from formbridge.domain.revision import Revision

_FORM = Struct("<?qqq8s")  # the fields of a revision in their order, then the digest
_EDITED_AT = Struct("<xq24x")
VERSION_SIZE = _FORM.size

version_of = _FORM.pack
"""Pack the four fields of a revision, and a digest."""


def revision_and_digest(versions: bytes | bytearray, number: int = 0) -> tuple[Revision, bytes]:
    """Read the n-th of these versions."""
    *fields, digest = _FORM.unpack_from(versions, number * VERSION_SIZE)
    return Revision(*fields), digest


def latest_edit(versions: bytes | bytearray) -> int:
    """Return the greatest ``edited_at`` of these versions, in microseconds, or 0."""
    return max((edited_at for (edited_at,) in _EDITED_AT.iter_unpack(versions)), default=0)
