"""The command line as a test uses it: in this process, in an empty folder."""

import json
from collections.abc import Callable
from pathlib import Path

import attrs
import pytest

from formbridge.cli.exits import exit_code
from formbridge.cli.program import program


@attrs.frozen(kw_only=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


@attrs.frozen
class CommandLine:
    """Runs ``formbridge`` with arguments, in ``folder``; writes files there."""

    folder: Path
    capture: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str) -> Ended:
        """Run a command."""
        self.capture.readouterr()
        code = exit_code(program, arguments)
        captured = self.capture.readouterr()
        return Ended(code=code, out=captured.out, err=captured.err)

    def json(self, *arguments: str) -> object:
        """Run a command with --json; return what it said."""
        return json.loads(self(*arguments, "--json").out)

    def write(self, name: str, content: str | bytes) -> str:
        """Write a file; return its name."""
        data = content.encode() if isinstance(content, str) else content
        (self.folder / name).write_bytes(data)
        return name


@pytest.fixture
def formbridge(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> CommandLine:
    """The command line in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return CommandLine(tmp_path, capsys)


@pytest.fixture
def payload() -> Callable[..., str]:
    """Make a response in the native format, as a line of JSON."""

    def make(response_id: object, value: object = 1, *, form_id: object = "f") -> str:
        answers = [{"question_id": "q", "value": value}]
        response = {
            "form_id": form_id,
            "response_id": response_id,
            "submitted_at": "2026-03-02T08:00:00Z",
            "answers": answers,
        }
        return json.dumps(response)

    return make
