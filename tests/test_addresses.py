"""Addresses: what they say, what a wrong one is told, and which group a sink has."""

from pathlib import Path

import pytest

from formbridge.addresses import (
    BrokerAddress,
    CsvAddress,
    KafkaAddress,
    MemoryAddress,
    SheetsAddress,
    SinkAddress,
    SqliteAddress,
    default_group,
    parse_broker,
    parse_sink,
    topic_of,
)
from formbridge.domain.errors import BadAddress


@pytest.mark.parametrize(
    ("text", "address", "topic"),
    [
        ("memory:", MemoryAddress(), "responses"),
        ("sqlite:log.db", SqliteAddress(path="log.db"), "responses"),
        ("SQLite:/var/lib/a b:c.db", SqliteAddress(path="/var/lib/a b:c.db"), "responses"),
        (
            "kafka://one:9092,[::1]:9093/form-responses",
            KafkaAddress(servers=("one:9092", "[::1]:9093"), topic="form-responses"),
            "form-responses",
        ),
    ],
)
def test_a_broker_address_is_read(text: str, address: BrokerAddress, topic: str) -> None:
    """The scheme is read in any case, a path as it is."""
    assert parse_broker(text) == address
    assert topic_of(address) == topic


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("csv:out", CsvAddress(folder="out")),
        ("csv:/var/lib/ü/out", CsvAddress(folder="/var/lib/ü/out")),
        ("sheets:Responses 2026", SheetsAddress(name="Responses 2026")),
        (
            "sheets:https://drive.google.com/drive/u/0/folders/1aB-c_D?usp=sharing",
            SheetsAddress(name="1aB-c_D"),
        ),
    ],
)
def test_a_sink_address_is_read(text: str, address: SinkAddress) -> None:
    """A folder of the disk or of Google Drive; of the latter's link the id is taken."""
    assert parse_sink(text) == address


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "memory:, sqlite:, kafka:"),
        ("log.db", "example: sqlite:log.db"),
        ("postgres://me:secret@db/x", "'postgres://…@db/x'"),
        ("memory:x", "write memory:"),
        ("sqlite:", "names no file"),
        ("sqlite:  ", "names no file"),
        ("sqlite:///log.db", "takes a path as it is"),
        ("sqlite::memory:", "keep nothing"),
        ("sqlite:a\0b", "NUL"),
        ("kafka:one:9092/responses", "servers and a topic"),
        ("kafka://one:9092", "servers and a topic"),
        ("kafka://one/responses", "'one' is not HOST:PORT"),
        ("kafka://,one:9092/responses", "'' is not HOST:PORT"),
        ("kafka://me:secret@one:9092/responses", "holds a user name"),
        ("kafka://one:9092/", "the topic ''"),
        ("kafka://one:9092/a b", "the topic 'a b'"),
        ("csv:out", "memory:, sqlite:, kafka:"),
    ],
)
def test_a_wrong_broker_address_is_told_what_was_understood(text: str, says: str) -> None:
    """With an example of a right one, and without what may be a password."""
    with pytest.raises(BadAddress) as caught:
        parse_broker(text)
    assert says in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("out", "example: csv:out"),
        ("csv:", "names no folder"),
        ("csv://out", "takes a path as it is"),
        ("sheets: ", "names no folder"),
        ("sheets:https://docs.google.com/spreadsheets/d/1aB-c_D/edit", "--spreadsheet FORM=ID"),
        ("sqlite:log.db", "csv:, sheets:"),
    ],
)
def test_a_wrong_sink_address_is_told_what_was_understood(text: str, says: str) -> None:
    """With an example of a right one."""
    with pytest.raises(BadAddress) as caught:
        parse_sink(text)
    assert says in str(caught.value)


def group(text: str) -> str:
    """Return the default group of a sink's address."""
    return default_group(parse_sink(text))


def test_one_folder_has_one_group_however_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise a start from another directory would read the log anew, or skip it."""
    monkeypatch.chdir(tmp_path)
    spellings = ["csv:out", "csv:./out/", "csv:x/../out", f"csv:{tmp_path}/out"]
    assert len({group(spelling) for spelling in spellings}) == 1
    assert group("csv:out").startswith("csv-out-")


def test_two_places_have_two_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders of one name in two places, and spreadsheets whose names look alike."""
    before = group("csv:out")
    monkeypatch.chdir(tmp_path)
    assert group("csv:out") != before
    assert group("sheets:a b") != group("sheets:a-b")


def test_a_group_name_is_legal_for_every_broker_and_never_changes() -> None:
    """It is stored in the log: another rule for names would read every log anew."""
    assert group("csv:/srv/forms/out") == "csv-out-9f920eae"
    assert group("csv:/") == "csv-7073e446"
    assert group("sheets:Umfrage äöü 🙂") == "sheets-Umfrage-27e41f91"
    assert len(group("sheets:" + "x" * 500)) < 60
