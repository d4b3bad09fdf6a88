"""The contract of a question catalog, as ``domain.ports.QuestionCatalog`` says."""

import time
from abc import abstractmethod
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import pytest

from formbridge.domain.answers import Kind
from formbridge.domain.identity import TableKey
from formbridge.domain.ports import QuestionCatalog
from formbridge.domain.questions import FormMapping, Question
from formbridge.testing.contract import Contract

Forms = Mapping[str, Mapping[str, Question]]

CLUB, SHOP = TableKey(form_id="club"), TableKey(form_id="shop")


class CatalogDriver(Protocol):
    """What the suite needs to know of the catalog under test, whose source says nothing yet."""

    @abstractmethod
    def open(self) -> QuestionCatalog:
        """Return a catalog over the same source as before; a second one is another process."""

    @abstractmethod
    def say(self, forms: Forms, /) -> None:
        """Let the source say this, and nothing else any more."""

    @abstractmethod
    def spoil(self) -> None:
        """Try to let the source say of the form ``club`` what cannot be read."""

    @abstractmethod
    def wait(self) -> None:
        """Let a moment pass, after which a catalog may look at its source again."""

    @property
    @abstractmethod
    def patience(self) -> float:
        """For how many real seconds a change may be on its way."""


def titled(**titles: str) -> dict[str, Question]:
    """Return questions of these titles."""
    return {name: Question(id=name, title=title) for name, title in titles.items()}


class CatalogContract(Contract):
    """Subclass it and override the fixture ``driver``."""

    @pytest.fixture
    def driver(self) -> CatalogDriver:
        """Return the catalog under test; a subclass must say which."""
        raise NotImplementedError("override the fixture `driver`")

    def test_a_form_of_which_nothing_is_said_has_no_mapping(self, driver: CatalogDriver) -> None:
        """Its columns are headed by the payload's titles or by ids."""
        driver.say({"club": titled(q1="Name")})
        assert driver.open().mapping(SHOP) is None

    def test_who_opens_it_knows_what_was_said(self, driver: CatalogDriver) -> None:
        """At the first call: title, order, kind and options, in any script."""
        questions = {
            "q1": Question(id="q1", title="Größe ☃", order=2.5, kind=Kind.NUMBER),
            "q2": Question(id="q2", title="", options={"width": "20"}),
        }
        driver.say({"club": questions, "shop": titled(q1="Item")})
        catalog = driver.open()
        assert mapped(catalog, CLUB).questions == questions
        assert mapped(catalog, CLUB).form_id == "club"
        assert mapped(catalog, SHOP).questions == titled(q1="Item")

    def test_the_order_in_which_questions_were_written_is_kept(self, driver: CatalogDriver) -> None:
        """New tables get their columns in it."""
        driver.say({"club": titled(z="Last", a="First", m="Middle")})
        assert [it.id for it in mapped(driver.open(), CLUB).in_order] == ["z", "a", "m"]

    def test_a_source_of_responses_makes_no_difference(self, driver: CatalogDriver) -> None:
        """A mapping is by form, whichever system the form's responses come from."""
        driver.say({"club": titled(q1="Name")})
        other = TableKey(form_id="club", source="eu")
        assert mapped(driver.open(), other).questions == titled(q1="Name")

    def test_nothing_new_is_no_new_version(self, driver: CatalogDriver) -> None:
        """Tables are looked at again only when something changed."""
        driver.say({"club": titled(q1="Name")})
        catalog = driver.open()
        before = catalog.version(), mapped(catalog, CLUB)
        for _ in range(3):
            driver.wait()
        assert (catalog.version(), mapped(catalog, CLUB)) == before

    def test_a_change_is_taken_and_has_a_greater_version(self, driver: CatalogDriver) -> None:
        """By a catalog that is open; so titles of tables follow while a bridge runs."""
        driver.say({"club": titled(q1="Name")})
        catalog = driver.open()
        before, version = mapped(catalog, CLUB), catalog.version()
        driver.say({"club": titled(q1="Full name", q2="Age")})
        await_titles(driver, catalog, titled(q1="Full name", q2="Age"))
        assert catalog.version() != version
        assert mapped(catalog, CLUB).version > before.version

    def test_a_change_while_nobody_looked_has_a_greater_version(
        self, driver: CatalogDriver
    ) -> None:
        """Or who was started again could not change the titles that an earlier run wrote."""
        driver.say({"club": titled(q1="Name")})
        before = mapped(driver.open(), CLUB)
        driver.say({"club": titled(q1="Full name")})
        after = mapped(driver.open(), CLUB)
        assert after.questions == titled(q1="Full name")
        assert after.version > before.version

    def test_what_is_said_no_more_is_forgotten(self, driver: CatalogDriver) -> None:
        """And what is said of other forms stays."""
        driver.say({"club": titled(q1="Name"), "shop": titled(q1="Item")})
        catalog = driver.open()
        version = catalog.version()
        driver.say({"shop": titled(q1="Item")})
        await_titles(driver, catalog, None)
        assert catalog.version() != version
        assert mapped(catalog, SHOP).questions == titled(q1="Item")

    def test_what_cannot_be_read_keeps_what_was_known(self, driver: CatalogDriver) -> None:
        """A mistake costs no header; what is said right afterwards counts again."""
        driver.say({"club": titled(q1="Name")})
        catalog = driver.open()
        assert mapped(catalog, CLUB).questions == titled(q1="Name")
        driver.spoil()
        for _ in range(3):
            driver.wait()
            assert mapped(catalog, CLUB).questions == titled(q1="Name")
        driver.say({"club": titled(q1="Full name")})
        await_titles(driver, catalog, titled(q1="Full name"))

    def test_threads_share_it(self, driver: CatalogDriver) -> None:
        """Bridges of one host ask one catalog at once, while it changes."""
        driver.say({"club": titled(q1="Name")})
        catalog = driver.open()

        def ask(_: int) -> bool:
            await_titles(driver, catalog, titled(q1="Full name"))
            return catalog.version() == catalog.version()

        with ThreadPoolExecutor(4) as threads:
            asked = threads.map(ask, range(4))
            driver.say({"club": titled(q1="Full name")})
            assert all(asked)


def mapped(catalog: QuestionCatalog, table: TableKey) -> FormMapping:
    """Return the mapping of a form, which is there."""
    mapping = catalog.mapping(table)
    assert mapping is not None
    return mapping


def await_titles(
    driver: CatalogDriver, catalog: QuestionCatalog, expected: Mapping[str, Question] | None
) -> None:
    """Wait until this is said of the form ``club``; None: nothing."""

    def said() -> Mapping[str, Question] | None:
        mapping = catalog.mapping(CLUB)
        return None if mapping is None else mapping.questions

    until(driver, lambda: said() == expected)


def until(driver: CatalogDriver, done: Callable[[], bool]) -> None:
    """Let time pass until it is done, for as long as the driver's patience lasts."""
    give_up = time.monotonic() + driver.patience
    while not done():
        assert time.monotonic() < give_up, "waited in vain"
        driver.wait()
