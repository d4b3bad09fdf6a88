"""What the page asks for: files, the window of a tab, calls, each only where it is not known."""

from importlib.resources import files

import pytest

from formbridge.testing.google.messages import Request
from formbridge.testing.google.page.looks import hexadecimal, look
from tests.testing.google.page.forms import Forms


def test_files_are_listed(forms: Forms) -> None:
    """A file has its name, owner, folders and whether it lies in the trash."""
    listed = {file["name"]: file for file in forms.state()["files"]["all"]}
    assert set(listed) == {"survey", "events", "bugs", "Forms"}
    survey = listed["survey"]
    assert (survey["kind"], survey["owner"]) == ("sheet", "tester@example.com")
    assert survey["folder"] == "My Drive / Forms"
    assert listed["bugs"]["trashed"]
    assert listed["Forms"]["kind"] == "folder"


def test_known_files_are_not_sent_again(forms: Forms) -> None:
    """Files come again once one has changed."""
    version = forms.state()["files"]["version"]
    assert "files" not in forms.state(files=version)
    forms.google.drive.restore(forms.ids["bugs"], now=1)
    assert "files" in forms.state(files=version)


def test_cells_are_shown_as_the_api_shows_them(forms: Forms) -> None:
    """Formulas give values, number formats texts; what was entered comes where it differs."""
    cells = forms.sheet()["cells"]["1"]
    assert cells["0"]["t"] == "r001"
    assert cells["2"]["t"] == "1"
    assert (cells["4"]["t"], cells["4"]["e"]) == ("2", "=C2*2")
    assert "3" not in cells


def test_looks_notes_merges_filters_and_names(forms: Forms) -> None:
    """All that a person sees of the survey is in its window."""
    sheet = forms.sheet()
    header = sheet["styles"][sheet["cells"]["0"]["0"]["s"]]
    assert header == {"bold": True, "back": "#ffff00"}
    assert sheet["cells"]["2"]["1"]["n"] == "called back"
    assert sheet["merges"] == [[3, 6, 5, 8]]
    assert sheet["filter"] == {"row": 0, "left": 0, "right": 5, "used": [1]}
    assert sheet["named"] == [{"name": "scores", "range": "Sheet1!C2:C41"}]
    assert sheet["frozen"] == [1, 1]
    assert [tab["title"] for tab in sheet["tabs"]] == ["Sheet1", "Second"]


def test_hidden_rows_and_columns_are_left_out(forms: Forms) -> None:
    """Neither their numbers nor their cells are sent."""
    sheet = forms.sheet()
    assert [index for index, _ in sheet["rows"]["items"]][4:7] == [4, 7, 8]
    assert [index for index, _ in sheet["columns"]["items"]][:4] == [0, 1, 2, 4]
    assert sheet["columns"]["items"][1] == [1, 180]


def test_only_what_is_in_sight_is_sent(forms: Forms) -> None:
    """Far down a large tab, a window has the frozen row and some others."""
    book = forms.survey
    book.sheets[0].row_count = 200_000
    book.sheets[0].put(150_000, 0, "far")
    book.version += 1
    sheet = forms.sheet(y=149_990 * 21, height=600)
    indexes = [index for index, _ in sheet["rows"]["items"]]
    assert indexes[0] == 0
    assert len(indexes) < 40
    assert sheet["cells"]["150000"]["0"]["t"] == "far"


def test_a_window_that_is_known_is_not_sent_again(forms: Forms) -> None:
    """Another version, or another place, is."""
    version = forms.sheet()["version"]
    assert set(forms.sheet(sheet=version)) == {"version"}
    assert "cells" in forms.sheet(sheet=version, y=100)
    forms.survey.version += 1
    assert "cells" in forms.sheet(sheet=version)


def test_a_tab_is_chosen_by_its_id(forms: Forms) -> None:
    """A tab that is gone becomes the first; a file that is gone is null."""
    assert forms.sheet(tab=7)["tab"] == 7
    assert forms.sheet(tab=99)["tab"] == 0
    assert forms.state(book="gone")["sheet"] is None


def test_calls_and_faults_come_with_it(forms: Forms) -> None:
    """The page shows calls since the last it knows, and the faults that wait."""
    headers = {"authorization": "Bearer test-token"}
    forms.google.handle(Request.of("GET", "/v4/spreadsheets/x", headers=headers))
    forms.google.handle(Request.of("POST", "/_emulator/faults", body=b'{"kind": "late"}'))
    state = forms.state()
    assert [(call["method"], call["status"]) for call in state["calls"]] == [
        ("sheets.spreadsheets.get", 404)
    ]
    assert [fault["kind"] for fault in state["faults"]] == ["late"]
    assert forms.state(calls=state["last"])["calls"] == []


@pytest.mark.parametrize("asked", [{"x": "-1"}, {"y": "x"}, {"height": "9" * 30}, {"calls": "²"}])
def test_nonsense_is_taken_as_nothing(forms: Forms, asked: dict[str, str]) -> None:
    """A parameter that is no number is as if it was not there."""
    assert forms.sheet(**asked)["tab"] == 0


def test_the_page_and_its_files_are_served(forms: Forms) -> None:
    """The page, a style sheet and a script; nothing else, and only to be read."""
    for path, kind in (
        ("/", "html"),
        ("/_emulator/page/page.css", "css"),
        ("/_emulator/page/page.js", "javascript"),
    ):
        answer = forms.google.handle(Request.of("GET", path))
        assert answer.status == 200
        assert kind in answer.headers["content-type"]
        assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert forms.google.handle(Request.of("GET", "/_emulator/page/../google.py")).status == 404
    assert forms.google.handle(Request.of("POST", "/")).status == 405


def test_the_page_asks_no_other_host_and_sets_only_text() -> None:
    """No address of another host stands in the page's files, and no way to set markup."""
    for name in ("page.html", "page.css", "page.js"):
        text = files("formbridge.testing.google.page").joinpath(name).read_text("utf-8")
        for word in (
            "http:",
            "https:",
            "//cdn",
            "@import",
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
        ):
            assert word not in text, (name, word)


def test_a_look_is_what_differs_from_a_plain_cell() -> None:
    """Black on white says nothing; colours are hexadecimal, their missing parts 0."""
    white, black = {"red": 1, "green": 1, "blue": 1}, {}
    assert look({"backgroundColor": white, "textFormat": {"foregroundColor": black}}) == {}
    assert hexadecimal({"red": 1, "blue": 0.5}) == "#ff0080"
    assert hexadecimal(None) == ""
