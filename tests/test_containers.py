"""The container: each provider of each profile gives what it should, and is closed in the end."""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Thread

import pytest
from dependency_injector import errors, providers

from formbridge.adapters.questions.catalog import FileCatalog
from formbridge.bridge import Bridge
from formbridge.compose import Log
from formbridge.containers import ServiceContainer
from formbridge.domain.errors import BadSetting, Closed
from formbridge.domain.ports import Clock, QuestionCatalog
from formbridge.domain.responses import Response
from formbridge.formats import Format
from formbridge.function_sink import FunctionSink
from formbridge.host import Host
from formbridge.intake import Intake
from formbridge.settings import ServiceSettings
from formbridge.table_sink import TableSink
from formbridge.testing.clock import FakeClock
from formbridge.testing.google import serve

PAYLOAD = b'{"form_id":"f","response_id":"1","submitted_at":"2026-01-01T00:00:00Z","answers":[]}'


def handle(responses: Sequence[Response]) -> None:
    """Take responses, as a host service's function does."""


TYPES: dict[str, object] = {
    "config": dict,
    "function": Callable,
    "hook": Callable,
    "clock": Clock,
    "settings": ServiceSettings,
    "log": Log,
    "catalog": QuestionCatalog,
    "payload_format": Format,
    "intake": Intake,
    "tables_bridge": Bridge,
    "function_bridge": Bridge,
    "bridge": Bridge,
    "host": Host,
}
PROFILES: dict[str, tuple[dict[str, object], set[str]]] = {
    "tables from sqlite": ({"broker": "sqlite:log.db", "sink": "csv:out"}, {"function_bridge"}),
    "tables from memory": ({"broker": "memory:", "sink": "csv:out"}, {"function_bridge"}),
    "tables with titles": (
        {"broker": "memory:", "sink": "csv:out", "questions": ["titles.csv"]},
        {"function_bridge"},
    ),
    "a function": ({"broker": "sqlite:log.db", "group": "g"}, {"tables_bridge"}),
    "a function with a ledger": (
        {"broker": "memory:", "group": "g", "ledger": "calls.db"},
        {"tables_bridge"},
    ),
}


@pytest.fixture
def container(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ServiceContainer]:
    """A fresh container in an empty folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "titles.csv").write_text("form_id,question_id,title\nf,q,How many?\n")
    fresh = ServiceContainer()
    fresh.function.override(providers.Object(handle))
    yield fresh
    fresh.shutdown_resources()


def _is(value: object, kind: object) -> bool:
    if kind is Clock:
        return hasattr(value, "monotonic")
    if kind is QuestionCatalog:
        return value is None or isinstance(value, FileCatalog)
    return callable(value) if kind is Callable else isinstance(value, kind)  # type: ignore[arg-type]  # the table says


@pytest.mark.parametrize("profile", PROFILES)
def test_every_provider_gives_what_it_should(profile: str, container: ServiceContainer) -> None:
    """No type checker looks inside providers: so all of them are resolved, in every profile."""
    options, others = PROFILES[profile]
    container.config.from_dict(options)
    found = {
        name: provider() for name, provider in container.providers.items() if name not in others
    }
    for bridge in (value for value in found.values() if isinstance(value, Bridge)):
        bridge.close()  # a factory's: whoever resolves one closes it
    assert set(found) == set(TYPES) - others
    assert [name for name, value in found.items() if not _is(value, TYPES[name])] == []
    kind = TableSink if container.settings().kind == "tables" else FunctionSink
    assert isinstance(found["bridge"].sink, kind)


def test_one_service_from_start_to_stop(container: ServiceContainer, tmp_path: Path) -> None:
    """Resources start the host and stop it; what came in stands in the table then."""
    container.config.from_dict({"broker": "sqlite:log.db", "sink": "csv:out"})
    container.init_resources()
    container.intake().accept(PAYLOAD)
    table, give_up = tmp_path / "out" / "f.csv", time.monotonic() + 20
    while not table.exists() and time.monotonic() < give_up:
        time.sleep(0.02)
    host, intake = container.host(), container.intake()
    container.shutdown_resources()
    assert "1,2026-01-01T00:00:00Z" in table.read_text()
    assert not host.running
    with pytest.raises(Closed):
        intake.accept(PAYLOAD)


def test_a_service_that_fills_spreadsheets(container: ServiceContainer) -> None:
    """The table of settings goes to the tables with the folder of the address."""
    with serve() as google:
        sheets = {"endpoint": google.url}
        container.config.from_dict(
            {"broker": "sqlite:log.db", "sink": "sheets:Forms", "sheets": sheets}
        )
        container.init_resources()
        container.intake().accept(PAYLOAD)
        give_up = time.monotonic() + 20
        while not google.google.books and time.monotonic() < give_up:
            time.sleep(0.02)
        host = container.host()
        container.shutdown_resources()
        names = [it.name for it in google.google.drive.all.values() if not it.is_root]
    assert [report.error for report in host.report()] == [""]
    assert names == ["Forms", "f"]


def test_threads_share_what_is_shared(container: ServiceContainer) -> None:
    """The log, the format and the clock are built once, from whichever thread."""
    container.config.from_dict({"broker": "memory:", "sink": "csv:out"})
    found: list[object] = []
    threads = [Thread(target=lambda: found.append(container.log())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(map(id, found))) == 1


def test_a_client_that_reads_titles_has_the_options_of_the_broker(
    container: ServiceContainer,
) -> None:
    """Titles in a topic are in the same cluster, or in one alike."""
    topic = "kafka://localhost:9092/questions"
    options = {"broker": topic, "broker_options": {"sasl.pasword": "x"}, "questions": topic}
    container.config.from_dict({"sink": "csv:out", **options})
    with pytest.raises(BadSetting, match=r"sasl\.pasword"):
        container.catalog()


def test_a_clock_is_replaced_for_a_test(container: ServiceContainer) -> None:
    """On the container at hand, before the first resolve."""
    clock = FakeClock()
    container.clock.override(providers.Object(clock))
    container.config.from_dict({"broker": "memory:", "sink": "csv:out"})
    assert container.bridge().clock is clock


def test_a_wrong_setting_dies_by_its_name(container: ServiceContainer) -> None:
    """Whatever is resolved first."""
    container.config.from_dict({"broker": "memory:", "sink": "csv:out", "grup": "x"})
    with pytest.raises(BadSetting, match="'grup'"):
        container.intake()


def test_a_function_that_is_none_is_refused(tmp_path: Path) -> None:
    """The host supplies something that can be called."""
    fresh = ServiceContainer(function=providers.Object(7))
    fresh.config.from_dict({"broker": f"sqlite:{tmp_path}/log.db", "group": "g"})
    with pytest.raises(errors.Error, match="7"):
        fresh.bridge()
