"""Settings of a service: each mistake dies at the start, by its name."""

from pathlib import Path

import pytest

from formbridge.adapters.sheets.settings import SheetsSettings
from formbridge.addresses import (
    CsvAddress,
    KafkaAddress,
    SqliteAddress,
    default_group,
    parse_sink,
)
from formbridge.domain.errors import BadInput
from formbridge.settings import settings_of

GOOD = {"broker": "sqlite:log.db", "sink": "csv:out"}
TOPIC = "kafka://localhost:9092/questions"


def test_settings_are_read_from_a_mapping() -> None:
    """Text becomes addresses and paths; what is not said has a default."""
    settings = settings_of(GOOD | {"questions": ["a.csv"], "source": "eu"})
    assert settings.broker == SqliteAddress(path="log.db")
    assert settings.sink == CsvAddress(folder="out")
    assert settings.questions == (Path("a.csv"),)
    assert (settings.format, settings.group, settings.kind) == ("native", "", "tables")


@pytest.mark.parametrize(
    "questions",
    [TOPIC, [TOPIC], (TOPIC,), KafkaAddress(servers=("localhost:9092",), topic="questions")],
)
def test_questions_may_be_in_a_topic(questions: object) -> None:
    """By its address, in place of the files."""
    settings = settings_of(GOOD | {"questions": questions})
    assert settings.questions == KafkaAddress(servers=("localhost:9092",), topic="questions")


def test_tables_in_google_sheets_have_settings_of_their_own(tmp_path: Path) -> None:
    """The folder is that of the address, and what can be rebuilt lies beside a log in a file."""
    options = {"credentials": "robot.json", "share_with": ["ada@example.com"]}
    settings = settings_of({"broker": f"sqlite:{tmp_path}/log.db", "sink": "sheets:Forms"})
    told = settings_of({"broker": "memory:", "sink": "sheets:Forms", "sheets": options})
    named = settings_of({"broker": "memory:", "sink": "sheets:Forms", "state": tmp_path})
    for each in (settings, named):
        assert isinstance(each.tables, SheetsSettings)
        assert each.tables.folder == "Forms"
        assert (
            each.tables.registry == tmp_path / f"{default_group(parse_sink('sheets:Forms'))}.json"
        )
    assert told.tables == SheetsSettings(
        folder="Forms", credentials=(Path("robot.json"),), share_with=("ada@example.com",)
    )


def test_tables_elsewhere_are_named_by_their_address() -> None:
    """There is nothing more to say of them."""
    assert settings_of(GOOD).tables == CsvAddress(folder="out")
    assert settings_of({"broker": "memory:", "group": "g"}).tables is None


def test_without_a_sink_it_is_a_function() -> None:
    """Which then has a group, and may have a ledger."""
    settings = settings_of({"broker": "memory:", "group": "receipts", "ledger": "calls.db"})
    assert (settings.kind, settings.ledger) == ("function", Path("calls.db"))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"broker": "log.db"}, "sqlite:"),
        ({"broker": 7}, "broker must be text, not int"),
        ({"sink": "out"}, "csv:"),
        ({"sink": 7}, "sink must be text, not int"),
        ({"sink": ""}, "group is empty"),
        ({"group": None}, "group must be text"),
        ({"source": 7}, "source must be text"),
        ({"format": ""}, "format must be"),
        ({"questions": "a.csv"}, "questions must be a list"),
        ({"questions": [7]}, "each of questions must be a path"),
        ({"questions": "kafka://localhost/questions"}, "HOST:PORT"),
        ({"questions": ["a.csv", "kafka://localhost:9092/questions"]}, "stands alone"),
        ({"ledger": 7}, "ledger must be a path"),
        ({"state": 7}, "state must be a path"),
        ({"sheets": {"time_zone": "Etc/UTC"}}, "sheets is for a sink sheets:NAME-OR-ID"),
        ({"sheets": "x"}, "sheets must be a table"),
        ({"sink": "sheets:F", "sheets": {"folder": "G"}}, "folder stands in the address"),
        ({"sink": "sheets:F", "sheets": {"colour": 1}}, "sheets: unknown setting 'colour'"),
        ({"sink": "sheets:F", "sheets": {"processes": "two"}}, "processes must be a number"),
        ({"sink": "sheets:F", "sheets": {"fence": "wall"}}, "metadata, named-range, wait"),
        ({"sink": "sheets:F", "sheets": {"time_zone": "Mars"}}, "time_zone: 'Mars'"),
        ({"brokr": "memory:"}, "unknown setting 'brokr'"),
    ],
)
def test_a_wrong_setting_is_named(wrong: dict[str, object], says: str) -> None:
    """So that whoever started the service knows what to change."""
    with pytest.raises(BadInput) as caught:
        settings_of(GOOD | wrong)
    assert says in str(caught.value)


def test_a_missing_broker_is_named() -> None:
    """The only setting without a default."""
    with pytest.raises(BadInput, match="broker is missing"):
        settings_of({})
