"""The reference pages say what the code says: no name is missing, and none is left over."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

from formbridge.adapters.kafka.settings import (
    CLASSIC,
    COMMON,
    CONSUMER,
    OURS,
    PRODUCER,
    TOPIC,
    KafkaSettings,
    TopicSettings,
)
from formbridge.adapters.sheets.settings import SheetsSettings
from formbridge.bridge import BridgeSettings
from formbridge.domain import errors
from formbridge.domain.flood import FloodLimit
from formbridge.retry import Backoff
from formbridge.settings import ServiceSettings

PARTS = ["Context", "Decision", "Consequences"]
REPOSITORY = Path(__file__).resolve().parents[2]
DOCS = REPOSITORY / "docs"
DOMAIN = REPOSITORY / "src" / "formbridge" / "domain"

TREE = re.compile(
    r"^(?P<indent>[│├└─ ]*)(?P<name>\w+)(?P<retryable> +\(retryable\))?$", re.MULTILINE
)
ROW = re.compile(r"^\| `(\w+)` \|", re.MULTILINE)
OPTION = re.compile(r"^\| `([\w.]+)` \| ([^|]+) \| ([^|]+) \|", re.MULTILINE)
TERM = re.compile(r"^(\S[^\n]*)\n:   ", re.MULTILINE)


def _page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def _errors() -> dict[str, type[errors.FormBridgeError]]:
    return {
        name: kind
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, errors.FormBridgeError)
    }


def _drawn() -> Iterator[tuple[str, str, bool]]:
    """Yield name, parent and whether it is retryable, of every line of the drawn tree."""
    block = _page("reference/errors.md").partition("```text\n")[2].partition("```")[0]
    above = [""] * 10
    for line in TREE.finditer(block):
        depth = len(line[1]) // 4
        above[depth + 1] = line[2]
        yield line[2], above[depth], line[3] is not None


def test_the_drawn_error_tree_is_that_of_the_code() -> None:
    """Every error stands in the tree, under its parent, and says whether it is retryable."""
    expected = {
        (name, "" if kind.__base__ is Exception else str(kind.__base__.__name__), kind.retryable)
        for name, kind in _errors().items()
    }
    assert set(_drawn()) == expected


def test_every_error_has_a_row_that_says_what_to_do() -> None:
    """The table below the tree leaves none out."""
    assert sorted(ROW.findall(_page("reference/errors.md"))) == sorted(_errors())


def _default(value: object) -> str:
    """Return a default as the page writes it."""
    if value is attrs.NOTHING:
        return "required"
    if isinstance(value, attrs.Factory):
        return f"{value.factory.__name__}()"
    return "empty" if value == "" else str(value)


@pytest.mark.parametrize(
    "settings",
    [
        BridgeSettings,
        FloodLimit,
        Backoff,
        ServiceSettings,
        SheetsSettings,
        KafkaSettings,
        TopicSettings,
    ],
    ids=lambda it: it.__name__,
)
def test_every_setting_stands_in_its_table_with_its_default(settings: type) -> None:
    """A new setting, or another default, is a change of the page too."""
    section = _page("reference/settings.md").partition(f"## `{settings.__name__}`\n")[2]
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", section.partition("\n## ")[0], re.MULTILINE)
    found = {name: default.strip().strip("`").replace(",", "") for name, default in rows}
    expected = {field.name: _default(field.default) for field in attrs.fields(settings)}
    assert found == expected


def _options(heading: str) -> dict[str, tuple[str, str]]:
    """Return the next two cells of each option in the first table behind a text."""
    table = _page("reference/settings.md").partition(heading)[2].partition("\n\n")[2]
    return {name: (second, third) for name, second, third in OPTION.findall(table.split("\n\n")[0])}


def test_every_default_of_a_kafka_client_stands_in_its_table() -> None:
    """Who wonders why a client does not do what librdkafka's own page says finds it there."""
    told = {name: ours for name, (_, ours) in _options("have another default here").items()}
    ours = {**COMMON, **PRODUCER, **CONSUMER, **CLASSIC}
    assert told == {
        name: value if isinstance(value, str) else str(value).lower()
        for name, value in ours.items()
    }


def test_every_option_that_a_user_may_not_set_stands_in_its_table() -> None:
    """With the reason, before somebody tries."""
    assert _options("These are FormBridge's own to set").keys() == OURS.keys()


def test_every_option_of_a_topic_stands_in_its_table() -> None:
    """What a topic is made with is what a cluster's keeper asks first."""
    told = {name: value for name, (value, _) in _options("gets these options unless").items()}
    assert told == {**TOPIC, "min.insync.replicas": "2"}


def test_every_class_of_the_domain_is_in_the_glossary() -> None:
    """Who meets a name in the code finds it explained; errors have a page of their own."""
    text = _page("glossary.md")
    terms = set(re.findall(r"\w+", " ".join(TERM.findall(text))))
    terms |= set(re.findall(r"`(\w+)`", text))
    public = {
        node.name
        for path in DOMAIN.glob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    }
    assert public - set(_errors()) - terms == set()


def test_no_name_of_the_glossary_is_left_over() -> None:
    """A name that stands in code letters is a name of the package."""
    named = set(re.findall(r"`(\w+)`", " ".join(TERM.findall(_page("glossary.md")))))
    package = DOMAIN.parent.rglob("*.py")
    text = "\n".join(path.read_text(encoding="utf-8") for path in package)
    assert named - set(re.findall(r"^(?:class )?(\w+)", text, re.MULTILINE)) == set()


def test_no_term_is_explained_twice() -> None:
    """A second definition would sooner or later be another one."""
    terms = TERM.findall(_page("glossary.md"))
    assert sorted(set(terms)) == sorted(terms)


def test_every_decision_record_is_listed_and_has_its_three_parts() -> None:
    """Context, decision and consequences; numbered without a gap."""
    records = sorted((DOCS / "adr").glob("0*.md"))
    index = _page("adr/index.md")
    assert [int(path.name[:4]) for path in records] == list(range(1, len(records) + 1))
    for path in records:
        text = path.read_text(encoding="utf-8")
        assert path.name in index
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == PARTS
