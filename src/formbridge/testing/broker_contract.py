"""The contract of a broker: publisher, consumers, readers and groups, as ``domain.ports`` says."""

from collections.abc import Iterator

import pytest

from formbridge.testing.broker_groups import GroupLaws
from formbridge.testing.broker_records import RecordLaws
from formbridge.testing.broker_sharing import SharingLaws
from formbridge.testing.contract import Contract
from formbridge.testing.topics import BrokerDriver, TopicUnderTest


class BrokerContract(RecordLaws, GroupLaws, SharingLaws, Contract):
    """Subclass it and override the fixture ``driver``; each test has a topic and groups of its own.

    ::

        class TestMyBroker(BrokerContract):
            @pytest.fixture
            def driver(self) -> BrokerDriver:
                return BrokerDriver(broker=..., partitions=4, wait=sleep, max_poll_interval=6.0)
    """

    @pytest.fixture
    def driver(self) -> BrokerDriver:
        """Return the broker under test; a subclass must say which."""
        raise NotImplementedError("override the fixture `driver`")

    @pytest.fixture
    def topic(self, driver: BrokerDriver) -> Iterator[TopicUnderTest]:
        """A topic that no other test has."""
        with TopicUnderTest.of(driver) as topic:
            yield topic
