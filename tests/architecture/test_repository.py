"""What is committed holds anywhere: no machine's paths, no registry's hosts, no link to nothing."""

import re
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PAGES = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"]

# Spelled in two parts, so that this file does not find itself.
ELSEWHERE = re.compile(
    "|".join(
        re.escape(host + rest)
        for host, rest in [
            ("pypi", ".org"),
            ("pythonhosted", ".org"),
            ("registry.npm", "js.org"),
            ("crates", ".io"),
            ("proxy.golang", ".org"),
            ("repo.maven", ".apache.org"),
            ("deb.debian", ".org"),
            ("/ro", "ot/"),
            ("/wo", "rk/"),
            ("/ho", "me/"),
            ("/Us", "ers/"),
        ]
    )
)
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


def _files() -> list[Path]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout: there is no list of the files that are the project's")
    paths = (REPOSITORY / name for name in listed.stdout.split("\0") if name)
    return sorted(path for path in paths if path.is_file())


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", errors="ignore")


def test_no_file_names_a_registry_or_a_path_of_one_machine() -> None:
    """A fresh clone works with whatever package index and folder its owner uses."""
    found = {
        f"{path.relative_to(REPOSITORY)}: {match[0]}"
        for path in _files()
        for match in ELSEWHERE.finditer(_text(path))
    }
    assert found == set()


@pytest.mark.parametrize("page", PAGES)
def test_a_link_of_a_page_outside_the_docs_leads_to_a_file(page: str) -> None:
    """`make docs` proves the links under docs/; these pages are not part of the site."""
    links = LINK.findall((REPOSITORY / page).read_text(encoding="utf-8"))
    assert [link for link in links if not (REPOSITORY / link).exists()] == []
