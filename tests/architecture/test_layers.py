"""The layers hold, and the picture that people read is the contract that runs."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def _contract(name: str) -> dict[str, list[str]]:
    text = (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")
    contracts = tomllib.loads(text)["tool"]["importlinter"]["contracts"]
    found: dict[str, list[str]] = next(each for each in contracts if each["id"] == name)
    return found


def _picture(name: str) -> list[set[str]]:
    text = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
    block = re.search(rf"```text title=\"{name}\"\n(.*?)```", text, re.DOTALL)
    assert block is not None, f"CONTRIBUTING.md has no picture of {name!r}"
    return [set(re.findall(r"\w+", line.partition("  ")[0])) for line in block[1].splitlines()]


def test_every_contract_of_import_linter_is_kept() -> None:
    """A module that imports upwards, or that chose no layer, fails here."""
    command = [sys.executable, "-c", LINT_IMPORTS, "--no-cache"]
    run = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_picture_of_the_layers_is_the_contract() -> None:
    """CONTRIBUTING.md draws the same layers, in the same order, as pyproject.toml enforces."""
    layers = [set(re.findall(r"\w+", layer)) for layer in _contract("layers")["layers"]]
    assert _picture("layers") == layers


def test_the_picture_of_the_domain_is_the_contract() -> None:
    """CONTRIBUTING.md draws the same inner order of the domain as pyproject.toml enforces."""
    layers = [set(re.findall(r"\w+", layer)) for layer in _contract("domain")["layers"]]
    assert _picture("domain") == layers
