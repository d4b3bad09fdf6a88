"""Every broker keeps the same promises."""

import pytest

from formbridge.adapters.memory.broker import MemoryBroker
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
