"""Every broker keeps the same promises."""

from pathlib import Path

import pytest

from formbridge.adapters.memory.broker import MemoryBroker
from formbridge.adapters.sqlite.broker import SqliteBroker
from formbridge.testing.broker_contract import BrokerContract
from formbridge.testing.clock import FakeClock
from formbridge.testing.topics import BrokerDriver


class TestMemoryBroker(BrokerContract):
    """The broker in memory."""

    @pytest.fixture
    def driver(self) -> BrokerDriver:
        """A broker whose time is the test's."""
        clock = FakeClock()
        broker = MemoryBroker(clock=clock, partitions=4, max_poll_interval=60.0)
        return BrokerDriver(broker=broker, partitions=4, wait=clock.advance, max_poll_interval=60.0)


class TestSqliteBroker(BrokerContract):
    """The broker in one file."""

    @pytest.fixture
    def driver(self, tmp_path: Path) -> BrokerDriver:
        """A log in a folder of its own, whose time is the test's."""
        clock = FakeClock()
        broker = SqliteBroker(tmp_path / "log.db", clock=clock, max_poll_interval=60.0)
        return BrokerDriver(broker=broker, partitions=4, wait=clock.advance, max_poll_interval=60.0)
