"""The contract of a sink, as ``domain.ports.Sink`` says."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Protocol

import pytest

from formbridge.domain.ports import Sink
from formbridge.domain.records import Delivery
from formbridge.domain.sinks import Outcome, Written
from formbridge.testing.builders import a_delivery, a_payload
from formbridge.testing.contract import Contract


class SinkDriver(Protocol):
    """What the suite needs to know of the sink under test."""

    @abstractmethod
    def open(self) -> Sink:
        """Return a sink over the same place as before; a second call is a restart."""

    @abstractmethod
    def contents(self) -> list[str]:
        """Return the response ids that the sink's place holds, by a way around the sink.

        For a sink that is not idempotent: each as often as it was handled.
        """

    @property
    @abstractmethod
    def decodes(self) -> bool:
        """Whether the sink reads payloads, and so refuses those that are none."""


class SinkContract(Contract):
    """Subclass it and override the fixture ``driver``.

    The suite delivers payloads of the ``native`` format for the forms ``one`` and ``two``.
    """

    @pytest.fixture
    def driver(self) -> SinkDriver:
        """Return the sink under test; a subclass must say which."""
        raise NotImplementedError("override the fixture `driver`")

    def test_nothing_gives_nothing(self, driver: SinkDriver) -> None:
        """An empty batch has no parts, and writing no parts has no outcome."""
        sink = driver.open()
        assert dict(sink.plan([]).parts) == {}
        assert list(sink.write([])) == []
        assert driver.contents() == []

    def test_each_part_gets_one_outcome_and_what_is_written_is_there(
        self, driver: SinkDriver
    ) -> None:
        """Responses of two forms arrive, and every part is answered for once."""
        sink = driver.open()
        plan = sink.plan(_deliveries("one", "two", "one"))
        outcomes = list(sink.write(list(plan.parts.values())))
        assert sorted(outcome.key for outcome in outcomes) == sorted(plan.parts)
        assert all(isinstance(outcome, Written) for outcome in outcomes)
        assert sorted(driver.contents()) == ["r0", "r1", "r2"]

    def test_every_delivery_is_planned_once_and_in_order(self, driver: SinkDriver) -> None:
        """Nothing gets lost between a batch and its parts."""
        deliveries = _deliveries("one", "two", "one", "one")
        plan = driver.open().plan(deliveries)
        planned = [delivery for part in plan.parts.values() for delivery in part.deliveries]
        assert sorted(it.offset for it in planned) == [0, 1, 2, 3]
        for part in plan.parts.values():
            offsets = [delivery.offset for delivery in part.deliveries]
            assert offsets == sorted(offsets)
            assert len(part.items) == len(part.deliveries)

    def test_planning_has_no_effect(self, driver: SinkDriver) -> None:
        """Planning again gives the same parts, and nothing is there before it is written."""
        sink = driver.open()
        deliveries = _deliveries("one", "two", "one")
        first, again = (
            {key: part.deliveries for key, part in sink.plan(deliveries).parts.items()}
            for _ in range(2)
        )
        assert first == again
        assert driver.contents() == []

    def test_what_cannot_be_read_fails_alone(self, driver: SinkDriver) -> None:
        """A poison record becomes a failure with a reason, and its neighbours arrive."""
        sink = driver.open()
        poison = a_delivery(b"\xff not json", offset=7)
        plan = sink.plan([*_deliveries("one"), poison])
        list(sink.write(list(plan.parts.values())))
        if driver.decodes:
            assert [failure.delivery for failure in plan.failures] == [poison]
            assert plan.failures[0].reason
        assert "r0" in driver.contents()

    def test_a_null_value_never_raises(self, driver: SinkDriver) -> None:
        """A record without a value is planned or fails; it does not stop the others."""
        sink = driver.open()
        plan = sink.plan([a_delivery(offset=9)._replace(value=None), *_deliveries("one")])
        list(sink.write(list(plan.parts.values())))
        assert "r0" in driver.contents()

    def test_writing_twice_is_writing_once(self, driver: SinkDriver) -> None:
        """A redelivery, also after a restart, changes nothing where the sink is idempotent."""
        for _ in range(2):
            sink = driver.open()
            _write(sink, _deliveries("one", "two"))
            _write(sink, _deliveries("one", "two"))
            sink.close()
        contents = sorted(driver.contents())
        assert sorted(set(contents)) == ["r0", "r1"]
        if driver.open().idempotent:
            assert contents == ["r0", "r1"]

    def test_what_was_written_survives_a_sink_that_is_not_closed(self, driver: SinkDriver) -> None:
        """Written means durable: a sink that vanished leaves its work behind."""
        _write(driver.open(), _deliveries("one"))
        driver.open()
        assert driver.contents() == ["r0"]

    def test_idle_and_close_may_be_repeated(self, driver: SinkDriver) -> None:
        """Neither does harm the second time."""
        sink = driver.open()
        _write(sink, _deliveries("one"))
        for _ in range(2):
            sink.idle()
        for _ in range(2):
            sink.close()
        assert driver.contents() == ["r0"]


def _deliveries(*forms: str) -> list[Delivery]:
    """Return one response for each of these forms; the first is r0."""
    return [
        a_delivery(a_payload(f"r{offset}", form_id=form), offset=offset, key=form.encode())
        for offset, form in enumerate(forms)
    ]


def _write(sink: Sink, deliveries: Sequence[Delivery]) -> list[Outcome]:
    return list(sink.write(list(sink.plan(deliveries).parts.values())))
