"""No test of a contract can get lost on the way to an adapter."""

import pytest

from formbridge.testing.broker_contract import BrokerContract
from formbridge.testing.contract import dropped_tests

REASON = "the test says why"


class Whole(BrokerContract):
    """Adds nothing and drops nothing."""


class Dropped(BrokerContract):
    """Drops one test in each of the usual ways."""

    test_groups_are_independent = None

    def test_a_batch_is_bounded(self) -> None:
        """Say nothing."""

    @pytest.mark.skip(reason=REASON)
    def test_keys_are_spread_over_partitions(self) -> None:
        """Skip silently."""

    @pytest.mark.xfail(reason=REASON, strict=False)
    def test_a_commit_never_goes_back(self) -> None:
        """Pass or fail, who knows."""


class Excused(BrokerContract):
    """Cannot do one thing yet, and says so strictly."""

    @pytest.mark.xfail(reason=REASON, strict=True)
    def test_a_batch_is_bounded(self) -> None:
        """Fail as long as it cannot."""


def test_a_suite_that_keeps_everything_is_whole() -> None:
    """The usual case."""
    assert dropped_tests(Whole) == []


def test_a_dropped_test_is_found() -> None:
    """Set to None, overridden, skipped or expected to fail without being strict."""
    assert dropped_tests(Dropped) == [
        "test_a_batch_is_bounded",
        "test_a_commit_never_goes_back",
        "test_groups_are_independent",
        "test_keys_are_spread_over_partitions",
    ]


def test_a_strict_xfail_with_a_reason_is_no_drop() -> None:
    """A missing ability is told, and the day it works it fails."""
    assert dropped_tests(Excused) == []
