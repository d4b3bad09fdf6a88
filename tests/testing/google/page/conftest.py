"""What tests of the page begin with."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from formbridge.testing.google.serving import serve
from tests.testing.google.page.forms import Forms, Shown, made


@pytest.fixture
def forms() -> Forms:
    """Three forms' spreadsheets, in process."""
    return made()


@pytest.fixture
def served() -> Iterator[Shown]:
    """The same, at an address."""
    with serve() as running:
        yield Shown(forms=made(running.google), url=running.url)


@pytest.fixture
def browser() -> Iterator[Any]:
    """Chromium, as Debian packages it; without it, the tests that need it say so.

    For one test: while it is there, an event loop runs in this thread, and tests that run one of
    their own could not.

    With ``FORMBRIDGE_REQUIRE_BROWSER=1`` a missing browser is a failure.
    """
    program = shutil.which("chromium")
    if program is None:
        reason = "no chromium on PATH (Debian and Ubuntu: apt install chromium)"
        if os.environ.get("FORMBRIDGE_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - slow, and for these tests only

    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield running
        running.close()
