"""What the operating system says, as errors of ours. The one place where OSError is judged.

A full disk, a read-only one, a folder that is gone or forbidden concern every table; a file that
may not be written, or that is a folder, concerns its own.
"""

import errno
import os
from pathlib import Path

from formbridge.domain.errors import StoreUnavailable, TableUnavailable

RETRY_SECONDS = 5.0
BUSY_SECONDS = 0.5

_WHOLE_STORE = {
    errno.ENOSPC: "the disk is full; make room and it goes on",
    errno.EDQUOT: "the disk quota is used up; make room and it goes on",
    errno.EROFS: "the disk is mounted read-only",
    errno.EIO: "the disk reports an input/output error",
    errno.EMFILE: "too many open files; raise `ulimit -n`",
    errno.ENFILE: "too many open files in the whole system",
    errno.ESTALE: "the network folder is gone for now",
    errno.ENODEV: "the disk is gone",
}
_ONE_TABLE = {
    errno.EACCES: "it may not be written by this user; give the permission back",
    errno.EPERM: "it may not be changed (is it protected?); give the permission back",
    errno.EISDIR: "a folder stands where the table should be; move it away",
    errno.ENOTDIR: "a file stands where a folder should be; move it away",
    errno.ELOOP: "it is a link that leads to itself; remove it",
    errno.EFBIG: "it is larger than the disk allows; move it away and a new one begins",
    errno.ENAMETOOLONG: "its name is too long for this disk; choose a folder higher up",
}


def store_error(error: OSError, *, folder: Path, file: Path) -> StoreUnavailable | TableUnavailable:
    """Return the error to raise in place of this one, which came while ``file`` was in use."""
    code = error.errno or 0
    if not _usable(folder):
        return StoreUnavailable(
            f"the folder {str(folder)!r} is not there or may not be written; "
            "create it or give the permission back",
            seconds=RETRY_SECONDS,
        )
    if code in _ONE_TABLE:
        return TableUnavailable(f"{file.name}: {_ONE_TABLE[code]}")
    reason = _WHOLE_STORE.get(code, f"the disk fails ({errno.errorcode.get(code, code)})")
    return StoreUnavailable(f"cannot write in {str(folder)!r}: {reason}", seconds=RETRY_SECONDS)


def _usable(folder: Path) -> bool:
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)
