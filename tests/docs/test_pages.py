"""Every example in the README and in the docs runs, page by page, in an empty folder.

A page is read from the top, as a person reads it:

* a block with `title="NAME"` is a file, written as it stands, and may be imported below;
* a `python` block runs, or is a doctest if it begins with `>>>`; a page has one namespace;
* a `console` block runs each line that begins with `$ `, and what follows must be what it prints
  (`...` stands for anything); a command that should fail ends its output with `[exit 2]`; one that
  ends with ` &` goes on until the page is read, and is over before that if it fails;
* other languages (`text`, `sh`, …) are for reading only.

A page that names the broker ``127.0.0.1:9092`` gets a real one. That listens elsewhere and serves
other tests too, so the page is run with the address of that broker, and with a run's own name in
place of each topic that stands in an address; nothing else of it is changed. A topic on a page
therefore has a name that is no word of the page. In the same way each port of 127.0.0.1 on which a
command of the page listens is replaced by a free one.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from doctest import ELLIPSIS, NORMALIZE_WHITESPACE, OutputChecker
from pathlib import Path
from uuid import uuid4

import pytest
from sybil import Document, Example, Region
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser
from sybil.parsers.markdown.lexers import RawFencedCodeBlockLexer

from tests.clusters.fixtures import Kafka
from tests.clusters.ports import free_ports

REPOSITORY = Path(__file__).resolve().parents[2]
PAGES = sorted([REPOSITORY / "README.md", *(REPOSITORY / "docs").rglob("*.md")])
LONGEST_COMMAND = 120  # seconds
FENCE = RawFencedCodeBlockLexer(re.compile(r"(?P<language>\w+)(?P<options>[^\n]*)\n"))
TITLE = re.compile(r'title="([^"]+)"')
BROKER = "127.0.0.1:9092"
TOPIC = re.compile(rf"kafka://{re.escape(BROKER)}/([\w-]+)")
LISTENING = re.compile(r"^\$ .*--port (\d+)\b.* &$", re.MULTILINE)

started: list["subprocess.Popen[str]"] = []
"""Commands of the page that is being read that go on."""


def _write_file(example: Example) -> None:
    path = Path(example.region.lexemes["title"])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(example.parsed, encoding="utf-8")


def _run_commands(example: Example) -> str:
    for step in re.split(r"^\$ ", example.parsed, flags=re.MULTILINE)[1:]:
        command, _, expected = step.partition("\n")
        got = _first_lines(command, expected) if command.endswith(" &") else _output(command)
        if not OutputChecker().check_output(expected, got, ELLIPSIS | NORMALIZE_WHITESPACE):
            return f"$ {command}\nexpected:\n{expected}\ngot:\n{got}"
    return ""


def _environment() -> dict[str, str]:
    programs = Path(sys.executable).parent
    return os.environ | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}


def _first_lines(command: str, expected: str) -> str:
    """Start a command that goes on; return as many lines as it is to print at first."""
    child = subprocess.Popen(
        ["sh", "-c", f"exec {command.removesuffix(' &')}"],
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    started.append(child)
    assert child.stdout is not None
    return "".join(child.stdout.readline() for _ in expected.strip().splitlines())


def _end_what_was_started() -> None:
    while started:
        with started.pop() as child:
            child.kill()


def _output(command: str) -> str:
    run = subprocess.run(
        ["sh", "-c", command],
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=LONGEST_COMMAND,
        check=False,
    )
    return run.stdout + (f"[exit {run.returncode}]\n" if run.returncode else "")


def _titled_or_console(document: Document) -> Iterable[Region]:
    for region in FENCE(document):
        title = TITLE.search(region.lexemes["options"])
        evaluate: Callable[[Example], str | None] = _write_file if title else _run_commands
        if title or region.lexemes["language"] == "console":
            source = region.lexemes["source"]
            lexemes = {"title": title[1] if title else ""}
            yield Region(region.start, region.end, source, evaluate, lexemes)


PARSERS = [PythonCodeBlockParser(), SkipParser(), _titled_or_console]


def _parsed(text: str, page: Path) -> Document:
    document = Document(text, str(page))
    for parser in PARSERS:
        for region in parser(document):
            document.add(region)
    return document


def served(text: str) -> str:
    """Return the text of a page with free ports for those on which its commands listen."""
    ports = sorted(set(LISTENING.findall(text)))
    for port, free in zip(ports, free_ports(len(ports)), strict=True):
        text = re.sub(rf"(--port |127\.0\.0\.1:){port}\b", rf"\g<1>{free}", text)
    return text


def moved(text: str, bootstrap: str) -> str:
    """Return the text of a page with another broker, and with topics of its own."""
    for topic in set(TOPIC.findall(text)):
        text = re.sub(rf"\b{re.escape(topic)}\b", f"{topic}-{uuid4().hex[:8]}", text)
    return text.replace(BROKER, bootstrap)


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Sit in an empty folder, whose files can be imported, and leave no trace of them."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    before = set(sys.modules)
    yield
    _end_what_was_started()
    for name in set(sys.modules) - before:
        if (getattr(sys.modules[name], "__file__", None) or "").startswith(str(tmp_path)):
            del sys.modules[name]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(REPOSITORY).as_posix())
@pytest.mark.usefixtures("reader")
def test_the_examples_of_a_page_run(page: Path, request: pytest.FixtureRequest) -> None:
    """What a reader copies from a page does what the page says."""
    text = served(page.read_text(encoding="utf-8"))
    if BROKER in text:  # only then: starting one takes seconds, and Java
        kafka: Kafka = request.getfixturevalue("kafka")
        text = moved(text, kafka.bootstrap)
    for example in _parsed(text, page).examples():
        example.evaluate()


def test_a_page_is_moved_to_the_broker_that_is_there() -> None:
    """Its address and its topics change, with the names that are made of them; words do not."""
    text = "run --broker kafka://127.0.0.1:9092/form-log; form-log.dead-letters; a form, a log"
    there = moved(text, "127.0.0.1:5")
    topic = re.fullmatch(r"run --broker kafka://127\.0\.0\.1:5/(form-log-\w{8}); .*", there)
    assert topic
    assert there.endswith(f"; {topic[1]}.dead-letters; a form, a log")


def test_a_page_is_served_at_a_port_that_is_free() -> None:
    """What listens there and what calls it agree; other numbers stay."""
    page = "$ serve --port 8085 --quietly &\n$ ask http://127.0.0.1:8085/8085"
    there = re.fullmatch(
        r"\$ serve --port (\d+) --quietly &\n\$ ask http://127\.0\.0\.1:(\d+)/8085", served(page)
    )
    assert there
    assert there[1] == there[2] != "8085"
