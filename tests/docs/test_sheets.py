"""The pages on Google Sheets name what the code has: trials, ids, keys, marks, kinds of lines."""

import re
from pathlib import Path

import pytest

from formbridge.adapters.sheets.book import layout, loading, setup, states, undo
from formbridge.adapters.sheets.book.fence import RANGE_ID, RANGE_NAME, TOKEN_ID, TOKEN_KEY
from formbridge.adapters.sheets.doctor.probe import TRIALS
from formbridge.adapters.sheets.drive import naming
from formbridge.adapters.sheets.questions import question_rows
from formbridge.adapters.sheets.settings import SheetsSettings
from formbridge.domain.tables import MANAGED

DOCS = Path(__file__).resolve().parents[2] / "docs"
ROW = re.compile(r"^\| `([^`]+)` \|", re.MULTILINE)
NOT_USED = {"duplicates", "values.append"}


def text_of(page: str, heading: str = "") -> str:
    """Return a page, or the section of it with this heading."""
    text = (DOCS / page).read_text("utf-8")
    return text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0] if heading else text


def test_every_trial_of_the_probe_stands_in_the_table_of_assumptions() -> None:
    """Who reads a report of the probe finds what follows from each line."""
    section = text_of("explanation/sheets.md", "What it rests on")
    assert set(ROW.findall(section)) == {trial.name for trial in TRIALS} - NOT_USED
    assert all(f"`{name}`" in section for name in NOT_USED)


@pytest.mark.parametrize(
    ("heading", "names"),
    [
        (
            "The tab of responses",
            [*(f"`{name}`" for name in (*MANAGED, layout.STATE_HEADER, setup.RESPONSES)), '`=""`'],
        ),
        (
            "Developer metadata",
            [
                *(f"| {number} + n |" for number in (layout.NAMES, layout.OURS)),
                f"| {layout.THEIRS} and on |",
                *(f"`{key}`" for key in (layout.KEY, layout.ANCHOR_KEY, TOKEN_KEY)),
                *(f"| {TOKEN_ID} |", f"beyond {layout.MOST_COLUMNS:,}"),
                *(f"`{name}`" for name in (RANGE_NAME, RANGE_ID)),
            ],
        ),
        (
            "The tab of states",
            [
                f"`{setup.STATES_TITLE}`, id {loading.STATES}",
                f"{states.PIECE:,} characters",
                f"spreadsheet: `{states.VERSION}`",
                *(f"`{kind}`" for kind in (states.COLUMN, states.GONE, states.SAME, states.FORMAT)),
            ],
        ),
        (
            "The tab of undo",
            [
                f"`{setup.UNDO_TITLE}`, id {loading.UNDO}",
                f"{undo.PIECE:,} characters",
                *(
                    f"`{done}`"
                    for done in (
                        *(undo.UPDATE, undo.REMOVE, undo.HEADER),
                        *(undo.APPEND, undo.RESTORE, undo.REINSERT),
                    )
                ),
            ],
        ),
        (
            "The tab of questions",
            [
                str(question_rows.QUESTIONS),
                str(question_rows.ANCHOR),
                *(
                    f"`{name}`"
                    for name in (question_rows.ANCHOR_KEY, *question_rows.HEADERS.values())
                ),
            ],
        ),
        (
            "The files in Drive",
            [
                *(f"`{key}`" for key in naming.no_marks()),
                f"{naming.LONGEST} characters",
                f"| `{naming.VERSION}` |",
            ],
        ),
    ],
    ids=lambda it: it if isinstance(it, str) else "",
)
def test_what_is_stored_is_named_as_in_the_code(heading: str, names: list[str]) -> None:
    """A program of somebody's own may read what the page describes."""
    section = text_of("reference/stored/google-sheets.md", heading).replace("\n", " ")
    assert [name for name in names if name not in section] == []


def test_the_limits_are_those_of_the_settings() -> None:
    """The page on how it works says how much it bears."""
    section = text_of("explanation/sheets.md", "Limits").replace("\n", " ")
    defaults = SheetsSettings()
    assert f"{layout.MOST_COLUMNS:,} have an anchor" in section
    assert f"{defaults.most_cells // 10**6} million (`most_cells`)" in section
    assert f"{defaults.largest_payload / 10**6} MB (`largest_payload`)" in section
    assert f"{loading.ROWS_PER_READ:,} rows" in section
