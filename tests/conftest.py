"""What every test may ask for: the size of the drills, the data beside a checkout, brokers."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

pytest_plugins = ["tests.clusters.fixtures"]

REPOSITORY = Path(__file__).resolve().parents[1]

# Hypothesis's deadline measures the machine, not the code; `thorough` is for a night of searching.
settings.register_profile("default", deadline=None)
settings.register_profile("thorough", deadline=None, max_examples=5_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--long`: drills at the size that the project promises, not at the size of a test run."""
    parser.addoption("--long", action="store_true", help="run the drills at full size")


@pytest.fixture(scope="session")
def long_run(pytestconfig: pytest.Config) -> bool:
    """Whether drills run at full size (`make drills`); False in `make test`."""
    return bool(pytestconfig.getoption("--long"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data and recordings; who asks for it is skipped where it is absent.

    It is the one that FORMBRIDGE_SHARED names, else a folder `shared` beside the checkout.
    """
    named = os.environ.get("FORMBRIDGE_SHARED")
    folder = Path(named) if named else REPOSITORY.parent / "shared"
    if folder.is_dir():
        return folder
    if named:
        pytest.fail(f"FORMBRIDGE_SHARED names {named!r}, which is not a folder")
    pytest.skip("needs the real data: no folder `shared` beside the checkout")
