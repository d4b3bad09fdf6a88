"""Every error of sqlite3, as one of ours, with the remedy."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from formbridge.domain.errors import (
    BadInput,
    BrokerBroken,
    BrokerUnavailable,
    FormBridgeError,
)

PRIMARY = 0xFF
"""The low byte of an extended result code is the primary one (https://sqlite.org/rescode.html)."""

LOCKED = "is locked by another process; try again, or raise the busy timeout"
DENIED = "cannot be opened for writing; check the permissions of the file and of its folder"

UNAVAILABLE = {
    sqlite3.SQLITE_BUSY: LOCKED,
    sqlite3.SQLITE_LOCKED: LOCKED,
    sqlite3.SQLITE_PROTOCOL: LOCKED,
    sqlite3.SQLITE_FULL: "does not fit on the disk; free some space",
    sqlite3.SQLITE_IOERR: "cannot be read or written; check the disk",
    sqlite3.SQLITE_NOMEM: "needs more memory than there is",
    sqlite3.SQLITE_INTERRUPT: "was interrupted; try again",
    sqlite3.SQLITE_READONLY: DENIED,
    sqlite3.SQLITE_CANTOPEN: DENIED,
    sqlite3.SQLITE_PERM: DENIED,
    sqlite3.SQLITE_AUTH: DENIED,
    sqlite3.SQLITE_NOLFS: "is larger than this file system allows; move it to another one",
}
DAMAGED = "is damaged; restore it from a copy, or start a new log and publish again"
FOREIGN = "is not a SQLite database; name another file"

BROKEN = {
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: FOREIGN,
    sqlite3.SQLITE_FORMAT: FOREIGN,
}
TOO_BIG = "a record is larger than SQLite can keep (1 GB)"


def translated(error: sqlite3.Error, path: Path) -> FormBridgeError:
    """Return our error for one of sqlite3; an unforeseen one means that the file is not ours."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & PRIMARY
    if code == sqlite3.SQLITE_TOOBIG:
        return BadInput(TOO_BIG)
    if code in UNAVAILABLE:
        return BrokerUnavailable(f"{path} {UNAVAILABLE[code]} ({error})")
    return BrokerBroken(f"{path} {BROKEN.get(code, 'is not as FormBridge wrote it')} ({error})")


@contextmanager
def mapped(path: Path) -> Iterator[None]:
    """Let no error of sqlite3 out."""
    try:
        yield
    except sqlite3.Error as error:
        raise translated(error, path) from error
    except OverflowError as error:
        raise BadInput(TOO_BIG) from error
