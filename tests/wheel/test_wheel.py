"""The installed package has what it needs: its data files, its type marker, its program.

Under `make test` this looks at the editable install; `.ci/wheel` runs it against the built wheel,
and then the package must not come from the checkout.
"""

import importlib.metadata
import importlib.resources
import os
import subprocess
import sys
from pathlib import Path

import pytest

import formbridge

FILES = importlib.resources.files("formbridge")


def test_the_package_comes_from_where_it_was_installed() -> None:
    """A wheel that is tested through src/ is not tested."""
    if "FORMBRIDGE_WHEEL" in os.environ:
        assert "site-packages" in Path(formbridge.__file__).parts


def test_the_package_says_that_it_is_typed() -> None:
    """Without py.typed a type checker ignores every annotation of an installed package."""
    assert (FILES / "py.typed").is_file()


def test_the_version_is_that_of_the_distribution() -> None:
    """`formbridge.__version__` and what pip lists are one number."""
    assert formbridge.__version__ == importlib.metadata.version("formbridge")


@pytest.mark.parametrize("name", ["native.toml", "typeform.toml"])
def test_the_formats_are_in_the_package(name: str) -> None:
    """A format is data, and data is easily left out of a wheel."""
    assert (FILES / "formats" / name).is_file()


def test_the_program_starts() -> None:
    """The entry point of the extra `cli` is installed beside the interpreter."""
    program = Path(sys.executable).with_name("formbridge")
    run = subprocess.run([program, "--help"], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert "publish" in run.stdout
