"""Events become lines of logging."""

import logging

import pytest

from formbridge.adapters.telemetry.logging import LoggingHook
from formbridge.domain.events import Buried, Committed, PartWritten, Stopped


def test_an_event_is_one_line(caplog: pytest.LogCaptureFixture) -> None:
    """A form id with a line feed does not begin a line of its own."""
    with caplog.at_level(logging.DEBUG, logger="formbridge"):
        LoggingHook()(PartWritten(group="csv-out", part="a\nb", records=3, changed=2))
    assert caplog.messages == ["csv-out: PartWritten part='a\\nb' records=3 changed=2"]


def test_what_needs_a_look_is_louder(caplog: pytest.LogCaptureFixture) -> None:
    """A commit is for debugging, a dead letter a warning, a bridge that failed an error."""
    hook = LoggingHook(logging.getLogger("formbridge.test"))
    with caplog.at_level(logging.DEBUG, logger="formbridge.test"):
        hook(Committed(group="g", offsets={0: 4}))
        hook(Buried(group="g", records=1, reasons=("$.form_id: missing",)))
        hook(Stopped(group="g"))
        hook(Stopped(group="g", error="full"))
    levels = [record.levelname for record in caplog.records]
    assert levels == ["DEBUG", "WARNING", "INFO", "ERROR"]
