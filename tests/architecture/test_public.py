"""The public names that a user meets first are all in the file of type-checked uses."""

import ast
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE = REPOSITORY / "src" / "formbridge"
USES = ast.parse((REPOSITORY / "tests" / "typing" / "api.py").read_text(encoding="utf-8"))
USED = {node.id for node in ast.walk(USES) if isinstance(node, ast.Name)}


def _names(module: str) -> list[str]:
    tree = ast.parse((PACKAGE / module).read_text(encoding="utf-8"))
    defined = (each for each in tree.body if isinstance(each, ast.FunctionDef | ast.ClassDef))
    return [each.name for each in defined if not each.name.startswith("_")]


@pytest.mark.parametrize("name", [*_names("compose.py"), *_names("domain/ports.py")])
def test_a_public_name_is_used_where_types_are_checked(name: str) -> None:
    """What no use shows, no type checker guards."""
    assert name in USED
