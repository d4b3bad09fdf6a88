"""The file for Docker Compose is valid and consistent; no test starts it."""

import re
from pathlib import Path

import pytest
import yaml

REPOSITORY = Path(__file__).resolve().parents[2]
FILE = REPOSITORY / "examples" / "compose.yaml"


@pytest.fixture
def services() -> dict[str, dict[str, object]]:
    """The services of the file, by their names."""
    services: dict[str, dict[str, object]] = yaml.safe_load(FILE.read_text())["services"]
    return services


def listeners(text: object) -> dict[str, str]:
    """Return the address of each listener by its name."""
    return dict(each.split("://") for each in str(text).split(","))


def test_it_starts_kafka_and_a_page_to_look_into_it(services: dict[str, dict[str, object]]) -> None:
    """Each at a version, so that it starts the same tomorrow."""
    images = {name: service["image"] for name, service in services.items()}
    assert images.keys() == {"kafka", "ui"}
    assert re.fullmatch(r"apache/kafka:4\.\d+\.\d+", str(images["kafka"]))
    assert re.fullmatch(r"ghcr\.io/kafbat/kafka-ui:v\d+\.\d+\.\d+", str(images["ui"]))


def test_it_is_open_to_this_machine_only(services: dict[str, dict[str, object]]) -> None:
    """Nobody has to give a password there."""
    assert services["kafka"]["ports"] == ["127.0.0.1:9092:9092"]
    assert services["ui"]["ports"] == ["127.0.0.1:8080:8080"]


def test_whoever_connects_is_told_an_address_that_leads_back(
    services: dict[str, dict[str, object]],
) -> None:
    """The one that clients ask first is published, and is what the broker says of itself."""
    told = services["kafka"]["environment"]
    assert isinstance(told, dict)
    bound = listeners(told["KAFKA_LISTENERS"])
    advertised = listeners(told["KAFKA_ADVERTISED_LISTENERS"])
    protocols = dict(
        each.split(":") for each in told["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"].split(",")
    )
    controller = told["KAFKA_CONTROLLER_LISTENER_NAMES"]
    assert bound.keys() == protocols.keys() == {*advertised, controller}
    assert {name: it.split(":")[1] for name, it in advertised.items()} == {
        name: it.split(":")[1] for name, it in bound.items() if name != controller
    }
    assert advertised["HOST"] == "127.0.0.1:9092"
    assert told["KAFKA_INTER_BROKER_LISTENER_NAME"] in advertised
    assert told["KAFKA_CONTROLLER_QUORUM_VOTERS"] == f"1@kafka{bound[controller]}"
    page = services["ui"]["environment"]
    assert isinstance(page, dict)
    assert page["KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS"] in advertised.values()


def test_the_log_outlives_the_container(services: dict[str, dict[str, object]]) -> None:
    """It lies on a volume of its own, where the broker looks for it."""
    told = services["kafka"]["environment"]
    assert isinstance(told, dict)
    assert services["kafka"]["volumes"] == [f"log:{told['KAFKA_LOG_DIRS']}"]


def test_the_tutorial_shows_this_file() -> None:
    """Who begins with the package alone finds it there."""
    page = (REPOSITORY / "docs" / "tutorial-kafka.md").read_text(encoding="utf-8")
    shown = page.partition('```yaml title="compose.yaml"\n')[2].partition("```\n")[0]
    assert shown == FILE.read_text(encoding="utf-8")
