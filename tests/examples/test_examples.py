"""Every example runs as it stands, and does what it says."""

import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SHOWS = {
    "check_rules.py": "years: must be answered",
    "demo.py": "Each response is there once.",
    "keep_in_sheets.py": "Response ID: Name\nr1: Ada\nr2: Mia\nr0: Zora\n",
    "send_receipts.py": "to participant1@example.org: Thank you",
    "service.py": "What is your name?",
    "service_with_container.py": "What is your name?",
}


def output(name: str, folder: Path) -> str:
    """Run an example in a folder; return what it prints."""
    ended = subprocess.run(
        [sys.executable, str(EXAMPLES / name)],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
    return ended.stdout


@pytest.mark.parametrize("name", sorted(path.name for path in EXAMPLES.glob("*.py")))
def test_an_example_runs_and_shows_its_point(name: str, tmp_path: Path) -> None:
    """In an empty folder, as a newcomer runs it."""
    assert SHOWS[name] in output(name, tmp_path)


def test_a_receipt_is_sent_once_though_the_log_is_read_twice(tmp_path: Path) -> None:
    """The ledger knows the calls of an earlier group."""
    receipts = output("send_receipts.py", tmp_path).splitlines()
    assert len(receipts) == len(set(receipts)) == 5


def test_the_demo_runs_again_over_what_it_left(tmp_path: Path) -> None:
    """It begins anew, and kills in the middle: every kill is told."""
    for _ in range(2):
        assert output("demo.py", tmp_path).count("killed with SIGKILL") == 3
