"""Keys that are remembered through a restart."""

from contextlib import closing
from pathlib import Path

import pytest

from formbridge.adapters.sqlite.database import File
from formbridge.adapters.sqlite.ledger import LEDGER, SqliteLedger
from formbridge.domain.errors import Closed
from formbridge.testing.clock import FakeClock


def ledger(folder: Path) -> SqliteLedger:
    """Open the ledger of a folder."""
    file = File(path=folder / "calls.db", schema=LEDGER, clock=FakeClock())
    return SqliteLedger(file.open())


def test_what_was_recorded_is_seen_after_a_restart(tmp_path: Path) -> None:
    """More keys than one statement carries, some twice, some unknown."""
    keys = [f"response-{number}" for number in range(1_201)]
    with closing(ledger(tmp_path)) as calls:
        assert calls.seen(keys) == frozenset()
        calls.record(keys)
        calls.record(keys[:3])
        calls.record([])
    with closing(ledger(tmp_path)) as calls:
        assert calls.seen([*keys, "unknown"]) == frozenset(keys)
        assert calls.seen([]) == frozenset()


def test_a_closed_ledger_raises(tmp_path: Path) -> None:
    """Forgetting silently would repeat calls; closing twice does nothing."""
    calls = ledger(tmp_path)
    calls.close()
    calls.close()
    with pytest.raises(Closed):
        calls.seen(["a"])
    with pytest.raises(Closed):
        calls.record(["a"])
