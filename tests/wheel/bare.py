"""Run by `.ci/wheel` where the wheel is installed without any extra: what must work all the same.

It is a program and not a test, because pytest is an extra.
"""

import importlib.resources
import importlib.util
import pkgutil
import subprocess
import sys
from pathlib import Path

import formbridge
import formbridge.domain

PROGRAM = Path(sys.executable).with_name("formbridge")


def _check_place() -> None:
    assert "site-packages" in Path(formbridge.__file__).parts, formbridge.__file__
    assert (importlib.resources.files("formbridge") / "py.typed").is_file()


def _check_core() -> None:
    for module in pkgutil.walk_packages(formbridge.domain.__path__, "formbridge.domain."):
        importlib.import_module(module.name)


def _check_command_line_says_what_it_lacks() -> None:
    assert importlib.util.find_spec("click") is None, "the bare environment has click"
    run = subprocess.run([PROGRAM, "--help"], capture_output=True, text=True, check=False)
    assert run.returncode != 0
    assert "formbridge[cli]" in run.stderr, run.stderr
    assert "Traceback" not in run.stderr, run.stderr


_check_place()
_check_core()
if importlib.util.find_spec("formbridge.cli"):
    _check_command_line_says_what_it_lacks()
print("wheel: bare install holds")
