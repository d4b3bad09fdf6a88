"""Reads the tab "Questions" of a spreadsheet, and adds rows to it: the calls, one at a time."""

from collections.abc import Callable, Sequence
from typing import Any

import attrs

from formbridge.adapters.sheets.book.loading import quoted
from formbridge.adapters.sheets.calls.client import SheetsClient
from formbridge.adapters.sheets.calls.failures import Invalid
from formbridge.adapters.sheets.questions.question_rows import missing, more_rows, new_tab
from formbridge.adapters.sheets.questions.question_tab import FIELDS, TAB, QuestionTab, read_tab
from formbridge.domain.tables import Column

Json = dict[str, Any]

TITLES = "sheets(properties(title))"


@attrs.define(eq=False, kw_only=True)
class QuestionBook:
    """The tab of one spreadsheet. Raises ``CallFailed``, and ``BadMapping`` for a tab that is none.

    ``admit`` is called before each read, and raises ``Throttled`` where there are too many.
    ``title`` is how the tab is written there, "" where there was none; it may have other capitals.
    """

    client: SheetsClient
    admit: Callable[[], None]
    anchors: bool = True
    title: str = TAB

    def read(self, book: str, *, form_id: str) -> QuestionTab | None:
        """Return the tab as it stands, None if there is none: one read, where it was before."""
        if not self.title:
            self.title = self._find(book)
        try:
            return self._tab(book, form_id) if self.title else None
        except Invalid:  # no tab of that name
            self.title = self._find(book)
            return self._tab(book, form_id) if self.title else None

    def add(
        self,
        book: str,
        tab: QuestionTab | None,
        columns: Sequence[Column],
        lacking: Sequence[Column],
    ) -> None:
        """Add a row for each question that lacks one; a tab that is made lists all columns.

        Raises ``Invalid`` if somebody moved columns of the tab, or made it, since it was read.
        """
        if tab is None:
            requests = new_tab(columns, anchors=self.anchors) if missing(None, columns) else []
        else:
            requests = more_rows(tab, lacking, anchors=self.anchors)
        if requests:
            self.client.change(book, requests, fields="spreadsheetId")

    def _tab(self, book: str, form_id: str) -> QuestionTab | None:
        self.admit()
        answer = self.client.read(book, fields=FIELDS, ranges=[quoted(self.title)])
        sheets = answer.get("sheets", ())
        return read_tab(sheets[0], form_id=form_id) if sheets else None

    def _find(self, book: str) -> str:
        """Return the name of the tab as somebody wrote it, "" if there is none."""
        self.admit()
        sheets = self.client.read(book, fields=TITLES).get("sheets", ())
        titles = (str(sheet["properties"]["title"]) for sheet in sheets)
        return next((it for it in titles if it.strip().casefold() == TAB.casefold()), "")
