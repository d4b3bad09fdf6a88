"""Fixtures for pytest: write ``pytest_plugins = ["formbridge.testing.google.plugin"]``.

It goes into the ``conftest.py`` at the root of the tests.
"""

from collections.abc import Iterator

import pytest

from formbridge.testing.google.serving import Served, serve


@pytest.fixture
def google() -> Iterator[Served]:
    """A fresh Google that runs: ``.url``, ``.google``, ``.token``, ``.service_account_file()``."""
    with serve() as served:
        yield served


@pytest.fixture
def google_proxy() -> Iterator[Served]:
    """The same, also as a proxy: ``.proxy``, ``.ca_file``, ``.environment``."""
    with serve(proxy=True) as served:
        yield served
