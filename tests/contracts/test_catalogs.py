"""Every catalog keeps the same promises: a dict, files, a topic of Kafka, tabs in spreadsheets."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from uuid import uuid4

import attrs
import pytest

from formbridge.adapters.kafka.broker import KafkaBroker
from formbridge.adapters.kafka.catalog import KafkaCatalog, open_kafka_catalog
from formbridge.adapters.kafka.settings import KafkaSettings
from formbridge.adapters.memory.catalog import MemoryCatalog
from formbridge.adapters.questions.catalog import FileCatalog
from formbridge.adapters.questions.layered import LayeredCatalog
from formbridge.adapters.sheets.questions.catalog import SheetsCatalog
from formbridge.addresses import KafkaAddress
from formbridge.catalogs import withdraw
from formbridge.clusters import NO_OPTIONS, share_mappings
from formbridge.domain.errors import BadMapping
from formbridge.domain.identity import TableKey
from formbridge.domain.questions import Question
from formbridge.domain.records import Record
from formbridge.testing.catalog_contract import CatalogContract, CatalogDriver, Forms
from formbridge.testing.clock import FakeClock
from tests.adapters.sheets.question_tabs import Tabs
from tests.clusters.fixtures import Kafka


@attrs.define(eq=False)
class MemoryDriver(CatalogDriver):
    """Catalogs over one dict, which whoever has it replaces."""

    patience: float = 1.0
    forms: Forms = attrs.field(factory=dict)
    clock: FakeClock = attrs.field(factory=FakeClock)
    opened: list[MemoryCatalog] = attrs.field(factory=list)

    def open(self) -> MemoryCatalog:
        """Return one more."""
        self.opened.append(MemoryCatalog(self.forms, version=self.clock.now()))
        return self.opened[-1]

    def say(self, forms: Forms, /) -> None:
        """Replace the dict of all."""
        self.forms = forms
        self.clock.advance(1)
        for catalog in self.opened:
            catalog.replace(forms, version=self.clock.now())

    def spoil(self) -> None:
        """Is refused."""
        for catalog in self.opened:
            with suppress(BadMapping):
                catalog.replace({"club": {"": "?"}}, version=self.clock.now() + 1)

    def wait(self) -> None:
        """Nothing is on its way."""


class TestMemoryCatalog(CatalogContract):
    """A dict."""

    @pytest.fixture
    def driver(self) -> CatalogDriver:
        """A dict that is empty."""
        return MemoryDriver()


def written(question: Question) -> dict[str, object]:
    """Return a question as a mapping file has it."""
    fields = {"title": question.title, "order": question.order, "kind": question.kind}
    return {**fields, **question.options}


@attrs.define(eq=False)
class FileDriver(CatalogDriver):
    """Catalogs over one file."""

    path: Path
    patience: float = 1.0
    clock: FakeClock = attrs.field(factory=FakeClock)

    def open(self) -> FileCatalog:
        """Return one more."""
        return FileCatalog(paths=[self.path], clock=self.clock)

    def say(self, forms: Forms, /) -> None:
        """Write the file anew."""
        content = {
            form: {key: written(it) for key, it in all_.items()} for form, all_ in forms.items()
        }
        self.path.write_text(json.dumps(content))
        self.wait()

    def spoil(self) -> None:
        """Write half of a file."""
        self.path.write_text("{")

    def wait(self) -> None:
        """Let it look again."""
        self.clock.advance(1)


class TestFileCatalog(CatalogContract):
    """A file."""

    @pytest.fixture
    def driver(self, tmp_path: Path) -> CatalogDriver:
        """A file that is not there yet."""
        return FileDriver(tmp_path / "questions.json")


@attrs.define(eq=False)
class LayeredDriver(FileDriver):
    """Catalogs over one file, below a layer that says nothing."""

    def open(self) -> LayeredCatalog:  # type: ignore[override]  # of another class
        """Return one more."""
        return LayeredCatalog(MemoryCatalog({}, version=1), super().open())


class TestLayeredCatalog(CatalogContract):
    """A file, with a layer over it."""

    @pytest.fixture
    def driver(self, tmp_path: Path) -> CatalogDriver:
        """A file that is not there yet."""
        return LayeredDriver(tmp_path / "questions.json")


@attrs.define(eq=False)
class KafkaDriver(CatalogDriver):
    """Catalogs over one topic."""

    address: KafkaAddress
    opened: ExitStack
    patience: float = 30.0
    forms: Forms = attrs.field(factory=dict)
    clock: FakeClock = attrs.field(factory=FakeClock)

    @property
    def settings(self) -> KafkaSettings:
        """The cluster."""
        return KafkaSettings(servers=self.address.servers)

    def open(self) -> KafkaCatalog:
        """Return one more, which is closed after the test."""
        catalog = open_kafka_catalog(self.settings, topic=self.address.topic, clock=self.clock)
        self.opened.callback(catalog.close)
        return catalog

    def say(self, forms: Forms, /) -> None:
        """Publish what is said, and take back what is said no more."""
        share_mappings(self.address, NO_OPTIONS, forms)
        gone = self.forms.keys() - forms.keys()
        if gone:
            withdraw(gone, to=f"kafka://{self.address.servers[0]}/{self.address.topic}")
        self.forms = forms

    def spoil(self) -> None:
        """Publish what is no JSON."""
        publisher = KafkaBroker(settings=self.settings).publisher(topic=self.address.topic)
        self.opened.callback(publisher.close)
        publisher.publish([Record(key=b"club", value=b"{")])

    def wait(self) -> None:
        """Let it look again, after what is on its way had a little time."""
        time.sleep(0.05)
        self.clock.advance(1)


class TestKafkaCatalog(CatalogContract):
    """A topic of Apache Kafka."""

    @pytest.fixture
    def driver(self, kafka: Kafka) -> Iterator[CatalogDriver]:
        """A topic that is not there yet."""
        address = KafkaAddress(servers=(kafka.bootstrap,), topic=f"questions-{uuid4().hex}")
        with ExitStack() as opened:
            yield KafkaDriver(address, opened)


@attrs.define(eq=False)
class SheetsDriver(CatalogDriver):
    """Catalogs over the tabs that a person keeps in one spreadsheet a form."""

    tabs: Tabs = attrs.field(factory=Tabs)
    patience: float = 10.0

    def open(self) -> SheetsCatalog:
        """Return one more, asked for its tables once, as a bridge does when it is idle first."""
        catalog = self.tabs.catalog()
        for table in self.tabs.books:
            catalog.mapping(table)
        return catalog

    def say(self, forms: Forms, /) -> None:
        """Write every tab anew, and delete those of which nothing is said."""
        for form in {*forms, *(table.form_id for table in self.tabs.books)}:
            table = TableKey(form_id=form)
            if form in forms:
                rows = [{"question_id": it.id, **written(it)} for it in forms[form].values()]
                self.tabs.write(table, rows)
            else:
                self.tabs.delete(table)
        self.tabs.clock.advance(1)

    def spoil(self) -> None:
        """Type over the headers."""
        table = TableKey(form_id="club")
        self.tabs.person.type(self.tabs.books[table], "Questions", "A1", "?")

    def wait(self) -> None:
        """Let as much pass as a tab may wait."""
        self.tabs.clock.advance(61)


class TestSheetsCatalog(CatalogContract):
    """Tabs in Google Sheets, emulated."""

    @pytest.fixture
    def driver(self) -> Iterator[CatalogDriver]:
        """A Drive without any spreadsheet."""
        driver = SheetsDriver()
        yield driver
        driver.tabs.close()
