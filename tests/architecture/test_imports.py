"""What is loaded by whom: the core by everybody, an SDK by its adapter alone."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "formbridge"
MODULES = sorted(PACKAGE.rglob("*.py"))
ATTRS = {"attr", "attrs"}

# What a part of the package may import besides itself, attrs and the standard library.
THIRD_PARTY = {
    "formats": {"msgspec"},
    "adapters/csv/cells.py": {"msgspec"},
    "adapters/kafka": {"confluent_kafka"},
    "adapters/sheets": {"google", "gspread", "requests", "urllib3"},
    "containers.py": {"dependency_injector"},
    "cli": {"click"},
    "testing": {"hypothesis", "pytest"},
    "testing/google/accounts": {"cryptography", "jwt"},
    "testing/google/wire": {"h11", "trustme"},
}

# What is made to sit on an SDK: importing it may load that SDK.
EDGES = {"__main__", "adapters", "cli", "containers", "testing"}
CORE = sorted({path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in MODULES} - EDGES)

LOADED_BY_IMPORT = """
import importlib, sys
before = set(sys.modules)
importlib.import_module(sys.argv[1])
print(*sorted({name.partition(".")[0] for name in set(sys.modules) - before}))
"""


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def _allowed(path: Path) -> set[str]:
    place = path.relative_to(PACKAGE).as_posix()
    granted = [names for part, names in THIRD_PARTY.items() if place.startswith(part)]
    return {"formbridge"} | ATTRS | set(sys.stdlib_module_names) | set().union(*granted)


@pytest.mark.parametrize("name", CORE)
def test_importing_the_core_loads_attrs_and_the_standard_library_only(name: str) -> None:
    """A service pays for no SDK until it uses one, and installs none that it does not use."""
    module = "formbridge" if name == "__init__" else f"formbridge.{name}"
    command = [sys.executable, "-c", LOADED_BY_IMPORT, module]
    loaded = subprocess.check_output(command, text=True).split()
    foreign = set(loaded) - set(sys.stdlib_module_names) - ATTRS - {"formbridge"}
    assert foreign == set()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_the_third_parties_that_its_place_allows(path: Path) -> None:
    """A new dependency is a decision: it is granted in THIRD_PARTY or it is refused."""
    foreign = {name.partition(".")[0] for name in _imports(path)} - _allowed(path)
    assert foreign == set()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_module_imports_the_package_itself(path: Path) -> None:
    """`import formbridge` from inside would go around every layer at once."""
    assert "formbridge" not in set(_imports(path))
