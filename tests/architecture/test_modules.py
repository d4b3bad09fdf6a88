"""The shape of a module: small, explained, honestly named and typed."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "formbridge"
MODULES = sorted(PACKAGE.rglob("*.py"))
LONGEST = 300  # lines

EMPTY_NAMES = ("Manager", "Helper", "Util", "Utils", "Impl", "Base", "Handler", "Service")
PROVIDERS = re.compile(
    r"\b(?:atlan|fillout|formbricks|google forms|heyform|jotform|kobo|limesurvey|microsoft forms"
    r"|netlify|opnform|qualtrics|surveymonkey|tally|typeform|webflow)\b",
    re.IGNORECASE,
)
SUPPRESSED = re.compile(r"#\s*(?:noqa(?!:)|noqa: [A-Z0-9, ]+|type: ignore(?:\[[\w, -]+\])?)(.*)$")

every_module = pytest.mark.parametrize(
    "path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix()
)


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _classes(path: Path) -> Iterator[str]:
    return (node.name for node in ast.walk(_tree(path)) if isinstance(node, ast.ClassDef))


@every_module
def test_a_module_says_what_it_is_for(path: Path) -> None:
    """The docstring of a module is the first thing that its reader sees."""
    assert ast.get_docstring(_tree(path))


@every_module
def test_a_module_is_short_enough_to_be_read_in_one_go(path: Path) -> None:
    """Architecture hides inside long files."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


@every_module
def test_a_name_says_what_a_thing_is(path: Path) -> None:
    """Manager, Helper, Util, Impl, Base, Handler and Service say nothing."""
    names = [path.stem.title(), *_classes(path)]
    assert [name for name in names if name.endswith(EMPTY_NAMES)] == []


@every_module
def test_annotations_are_true_at_run_time(path: Path) -> None:
    """Nothing is imported for the type checker alone."""
    names = {node.id for node in ast.walk(_tree(path)) if isinstance(node, ast.Name)}
    assert "TYPE_CHECKING" not in names


@every_module
def test_a_suppressed_rule_carries_its_reason_on_its_line(path: Path) -> None:
    """`# noqa: RULE - why`, `# type: ignore[code]  # why`."""
    found = map(SUPPRESSED.search, path.read_text(encoding="utf-8").splitlines())
    bare = [match.string.strip() for match in found if match and " " not in match[1].strip(" -#")]
    assert bare == []


@every_module
def test_only_the_formats_know_a_provider_by_name(path: Path) -> None:
    """The shape of a provider's payload is data, a description under formats/, and not code."""
    if path.is_relative_to(PACKAGE / "formats"):
        return
    assert PROVIDERS.findall(path.read_text(encoding="utf-8")) == []
