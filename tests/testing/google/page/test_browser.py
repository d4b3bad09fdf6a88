"""The page in a real browser: what it shows, that it is live, and that one can edit in it."""

from collections.abc import Iterator
from typing import Any

import pytest

from formbridge.testing.google.messages import Request
from formbridge.testing.google.person import Person
from tests.testing.google.page.forms import MARKUP, OWNER, Shown


@pytest.fixture
def page(browser: Any, served: Shown) -> Iterator[Any]:  # noqa: ANN401 - Chromium's, which may be absent
    """The page, with the survey open; whatever it complains of fails the test."""
    opened = browser.new_page(viewport={"width": 1400, "height": 800})
    opened.set_default_timeout(10_000)
    wrong: list[str] = []
    asked: set[str] = set()
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    opened.on("request", lambda request: asked.add(request.url))
    opened.goto(served.url + "/")
    opened.get_by_role("button", name="survey").click()
    opened.wait_for_selector("#c1-0")
    yield opened
    assert wrong == []
    assert all(url.startswith((served.url, "data:")) for url in asked)
    opened.close()


def person(served: Shown) -> tuple[Person, str]:
    """Return somebody at another screen, and the survey's id."""
    google = served.forms.google
    return Person(google, google.tokens.accounts[OWNER]), served.forms.ids["survey"]


def shows(page: Any, selector: str, wanted: str) -> None:  # noqa: ANN401 - Chromium's
    """Wait until something shows a text."""
    from playwright.sync_api import expect  # noqa: PLC0415 - slow, and for these tests only

    expect(page.locator(selector)).to_have_text(wanted, timeout=10_000)


def text(page: Any, cell: str) -> str:  # noqa: ANN401 - Chromium's
    """Return what a cell shows (``1-0``: row and column)."""
    return str(page.inner_text(f"#c{cell}"))


def test_a_spreadsheet_is_shown_as_a_person_sees_it(page: Any) -> None:  # noqa: ANN401 - Chromium's
    """Values, formulas' values, bold headers, notes, merged cells; no hidden row or column."""
    assert text(page, "1-0") == "r001"
    assert text(page, "3-4") == "6"
    assert page.eval_on_selector("#c0-0", "cell => getComputedStyle(cell).fontWeight") == "700"
    assert page.get_attribute("#c2-1", "title") == "called back"
    assert page.evaluate("document.querySelector('#c3-6').rowSpan") == 2
    assert page.query_selector("#c5-0") is None
    assert page.query_selector("#c1-3") is None
    assert page.evaluate("document.querySelector('#c1-1').offsetWidth") == 180


def test_markup_in_a_cell_is_text(page: Any) -> None:  # noqa: ANN401 - Chromium's
    """What people answer never becomes part of the page."""
    assert text(page, "2-1") == MARKUP
    assert page.query_selector("#sight img") is None
    assert page.title() == "Google emulator"


def test_the_page_is_live(page: Any, served: Shown) -> None:  # noqa: ANN401 - Chromium's
    """What somebody else types appears by itself, and so does the call of a program."""
    somebody, book = person(served)
    somebody.type(book, "Sheet1", "A2", "changed")
    shows(page, "#c1-0", "changed")
    headers = {"authorization": "Bearer test-token"}
    served.forms.google.handle(Request.of("GET", f"/v4/spreadsheets/{book}", headers=headers))
    page.wait_for_selector("#calls tr")
    assert "get" in page.inner_text("#calls tr")
    assert "200" in page.inner_text("#calls tr")


def test_one_edits_with_the_keyboard_alone(page: Any, served: Shown) -> None:  # noqa: ANN401 - Chromium's
    """Arrows move, letters and Enter type, Delete empties."""
    page.focus("#sight")
    for key in ("ArrowDown", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    assert page.inner_text("#place") == "C2"
    page.keyboard.type("=6*7")
    page.keyboard.press("Enter")
    shows(page, "#c1-2", "42")
    assert page.inner_text("#place") == "C3"
    page.keyboard.press("ArrowUp")
    assert page.input_value("#entry") == "=6*7"
    page.keyboard.press("Delete")
    shows(page, "#c1-2", "")
    assert served.forms.survey.sheets[0].content(1, 2) is None


def test_rows_are_sorted_inserted_and_deleted(page: Any) -> None:  # noqa: ANN401 - Chromium's
    """The buttons do what a person does, and a sentence says it."""
    page.click("#c2-0")
    page.get_by_role("button", name="Sort Z → A").click()
    shows(page, "#c1-0", "r040")
    assert "sorted Sheet1 by A, Z to A" in page.inner_text("#said")
    page.get_by_role("button", name="Insert row above").click()
    shows(page, "#c2-0", "")
    page.get_by_role("button", name="Delete row").click()
    shows(page, "#c2-0", "r039")


def test_a_fault_is_a_button_away(page: Any, served: Shown) -> None:  # noqa: ANN401 - Chromium's
    """An armed fault is listed, strikes the next call, and is seen in the log."""
    page.get_by_role("button", name="429").click()
    page.wait_for_selector("#armed li")
    request = Request.of("GET", "/v4/spreadsheets/x")
    assert served.forms.google.handle(request).status == 429
    page.wait_for_selector("#calls .fault")
    assert page.inner_text("#calls .fault") == "fault: 429"
    page.wait_for_selector("#armed li", state="detached")
    page.get_by_label("search lags").check()
    lag = served.forms.google.troubles.lag
    page.wait_for_selector("#lag:checked")
    assert lag.seconds == 60


def test_tabs_and_files_are_changed(page: Any, served: Shown) -> None:  # noqa: ANN401 - Chromium's
    """Another tab, another file, and the address that leads back to them."""
    page.get_by_role("tab", name="Second").click()
    page.wait_for_selector("[role=tab][aria-selected=true]:has-text('Second')")
    page.get_by_role("button", name="events").click()
    page.wait_for_selector("#title:has-text('events')")
    assert page.url.endswith("#" + served.forms.ids["events"])
    assert page.query_selector("#files .trashed")


def test_two_hundred_thousand_rows_stay_quick(page: Any, served: Shown) -> None:  # noqa: ANN401 - Chromium's
    """Far down, the page holds only the rows in sight, and the frozen row stays on top."""
    book = served.forms.survey.clone()
    sheet = book.sheets[0]
    sheet.row_count = 200_000
    sheet.rows.extend((f"r{row:06d}", "x", float(row)) for row in range(41, 200_000))
    served.forms.google.books[book.id] = book
    page.wait_for_selector("#facts:has-text('200,000')")
    page.evaluate("document.querySelector('#sight').scrollTop = 21 * 150000")
    page.wait_for_selector("#c150010-0")
    assert text(page, "150010-0") == "r150010"
    assert page.evaluate("document.querySelectorAll('#sight tbody tr').length") < 120
    top = page.evaluate("document.querySelector('#c0-0').getBoundingClientRect().top")
    head = "#sight thead th[data-column='0']"
    bottom = page.eval_on_selector(head, "cell => cell.getBoundingClientRect().bottom")
    assert top == pytest.approx(bottom, abs=1)
    page.evaluate("document.querySelector('#sight').scrollTop = 1e9")
    page.wait_for_selector("#c199999-0")
    last = page.evaluate(
        "document.querySelector('#c199999-0').getBoundingClientRect().bottom"
        " - document.querySelector('#sight').getBoundingClientRect().top"
        " - document.querySelector('#sight').clientHeight"
    )
    assert abs(last) <= 2


def test_a_file_that_is_deleted_is_closed(page: Any, served: Shown) -> None:  # noqa: ANN401 - Chromium's
    """The page says that it is gone instead of showing what was there."""
    google, book = served.forms.google, served.forms.ids["survey"]
    with google.lock:
        del google.books[book]
        google.drive.delete(book, now=google.clock.now())
    page.wait_for_selector("#nothing:has-text('gone')")


def test_light_and_dark_by_the_system(browser: Any, served: Shown) -> None:  # noqa: ANN401 - Chromium's
    """The page follows the system's colours."""
    colours = []
    for scheme in ("light", "dark"):
        opened = browser.new_page(color_scheme=scheme)
        opened.goto(served.url)
        colours.append(opened.evaluate("getComputedStyle(document.body).backgroundColor"))
        opened.close()
    assert colours == ["rgb(246, 247, 249)", "rgb(22, 24, 27)"]
