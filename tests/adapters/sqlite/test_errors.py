"""No error of sqlite3 gets out, and each says what to do."""

import sqlite3
from pathlib import Path

import pytest

from formbridge.adapters.sqlite.errors import mapped, translated
from formbridge.domain.errors import BadInput, BrokerBroken, BrokerUnavailable, FormBridgeError

PATH = Path("log.db")
ERRORS = [
    found
    for found in vars(sqlite3).values()
    if isinstance(found, type) and issubclass(found, sqlite3.Error)
]
CODES = {
    name: code
    for name, code in vars(sqlite3).items()
    if name.startswith("SQLITE_") and isinstance(code, int) and 0 < code & 0xFF < 27
}


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_every_class_of_errors_is_mapped(error: type[sqlite3.Error]) -> None:
    """The whole tree of sqlite3, also without a result code."""
    with pytest.raises(FormBridgeError) as caught, mapped(PATH):
        raise error("what SQLite said")
    assert "log.db" in str(caught.value)


@pytest.mark.parametrize("name", sorted(CODES))
def test_every_result_code_is_mapped(name: str) -> None:
    """Primary and extended codes: ours is retryable exactly when waiting may help."""
    error = sqlite3.OperationalError("what SQLite said")
    error.sqlite_errorcode = CODES[name]
    assert isinstance(translated(error, PATH), BrokerUnavailable | BrokerBroken | BadInput)


@pytest.mark.parametrize(
    ("code", "ours"),
    [
        (sqlite3.SQLITE_BUSY, BrokerUnavailable),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, BrokerUnavailable),
        (sqlite3.SQLITE_LOCKED, BrokerUnavailable),
        (sqlite3.SQLITE_FULL, BrokerUnavailable),
        (sqlite3.SQLITE_IOERR_FSYNC, BrokerUnavailable),
        (sqlite3.SQLITE_READONLY, BrokerUnavailable),
        (sqlite3.SQLITE_CANTOPEN, BrokerUnavailable),
        (sqlite3.SQLITE_CORRUPT, BrokerBroken),
        (sqlite3.SQLITE_NOTADB, BrokerBroken),
        (sqlite3.SQLITE_ERROR, BrokerBroken),
        (sqlite3.SQLITE_TOOBIG, BadInput),
    ],
)
def test_what_matters_is_mapped_to_what_helps(code: int, ours: type[FormBridgeError]) -> None:
    """Locked, full and out of reach may pass; damaged and foreign need a person."""
    error = sqlite3.DatabaseError("what SQLite said")
    error.sqlite_errorcode = code
    assert type(translated(error, PATH)) is ours
