"""What a person sees: results, and progress in one line that is written over, on a terminal."""

import json
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from time import monotonic

import attrs
import click

EVERY = 0.1
"""Seconds between two progress texts, at least."""


def _is_terminal() -> bool:
    return sys.stderr.isatty()


@attrs.define(eq=False)
class Screen:
    """Standard error as a place for progress and lines. Shared by threads."""

    live: bool = attrs.field(factory=_is_terminal)
    _shown: bool = attrs.field(init=False, default=False)
    _next: float = attrs.field(init=False, default=0.0)
    _lock: Lock = attrs.field(init=False, factory=Lock)

    def progress(self, text: Callable[[], str]) -> None:
        """Show how far it is, in place of what was shown before."""
        if not self.live or monotonic() < self._next:
            return
        with self._lock:
            self._next = monotonic() + EVERY
            self._shown = True
            click.echo(f"\r\x1b[K{text()}", err=True, nl=False)

    def line(self, text: str) -> None:
        """Write a line that stays."""
        with self._lock:
            self._wipe()
            click.echo(text, err=True)

    def clear(self) -> None:
        """Take the progress away."""
        with self._lock:
            self._wipe()

    def _wipe(self) -> None:
        if self._shown:
            self._shown = False
            click.echo("\r\x1b[K", err=True, nl=False)


class _ScreenLog(logging.Handler):
    """Shows log records as lines."""

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._screen = screen

    def emit(self, record: logging.LogRecord) -> None:
        self._screen.line(f"formbridge: {record.getMessage()}")


@contextmanager
def logged(screen: Screen, *, verbose: bool) -> Iterator[None]:
    """Show what ``formbridge`` logs meanwhile: warnings, or everything but debugging."""
    logger, handler = logging.getLogger("formbridge"), _ScreenLog(screen)
    before = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.INFO if verbose else logging.WARNING)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.level, logger.propagate = before


def show_json(value: object) -> None:
    """Write one JSON value to standard output, in ASCII, on one line."""
    click.echo(json.dumps(value))


def counted(number: int, what: str) -> str:
    """Return ``1 response``, ``2,800 responses``."""
    return f"{number:,} {what}" + ("" if number == 1 else "s")
