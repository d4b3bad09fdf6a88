"""Events as lines of the standard library's logging."""

import logging

import attrs

from formbridge.domain.events import (
    Buried,
    Committed,
    Event,
    PartDeferred,
    PartitionsLost,
    PartParked,
    Polled,
    Retrying,
    Stopped,
)
from formbridge.domain.ports import Hook

QUIET = (Polled, Committed)
LOUD = (Buried, PartDeferred, PartParked, PartitionsLost, Retrying)


class LoggingHook(Hook):
    """Writes one line per event: ``csv-out: Buried records=2 reasons=('…',)``.

    Debug for polls and commits, warning for what needs a look, error for a bridge that failed,
    info for the rest. No event holds an answer, so no line does; values stand as their ``repr``, so
    that a form id cannot begin a line of its own.
    """

    def __init__(self, logger: logging.Logger | None = None) -> None:
        """Log to this logger, or to ``formbridge``."""
        self._logger = logger or logging.getLogger("formbridge")

    def __call__(self, event: Event, /) -> None:
        """Write the line, if the logger wants it."""
        level = _level(event)
        if self._logger.isEnabledFor(level):
            name, fields = type(event).__name__, _fields(event)
            self._logger.log(level, "%s: %s%s", event.group, name, fields)


def _level(event: Event) -> int:
    if isinstance(event, Stopped):
        return logging.ERROR if event.error else logging.INFO
    if isinstance(event, LOUD):
        return logging.WARNING
    return logging.DEBUG if isinstance(event, QUIET) else logging.INFO


def _fields(event: Event) -> str:
    names = [field.name for field in attrs.fields(type(event)) if field.name != "group"]
    return "".join(f" {name}={getattr(event, name)!r}" for name in names)
