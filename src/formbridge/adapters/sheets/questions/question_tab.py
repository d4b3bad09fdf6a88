"""The tab "Questions" of a spreadsheet as the API gives it, and what its rows say. Pure.

One row says what one question is called. Columns are found by their headers, in any order and any
writing: ``Question ID`` and ``Title``, then ``Order`` and ``Type``; others are the question's
options, as in a mapping file. The headers may stand below a few lines of something else.

A row that FormBridge added carries, in a hidden column, a digest of its id and title. While the
title is still that one, nobody has corrected it and the row says nothing of it: the title may have
been the payload's, and those go on to follow the form.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any

import attrs

from formbridge.domain.errors import BadMapping
from formbridge.domain.mapping_entries import (
    FORM,
    KIND,
    KIND_ALIAS,
    ORDER,
    QUESTION,
    TITLE,
    entry_of,
    field_name,
)
from formbridge.domain.questions import Question

Json = dict[str, Any]

TAB = "Questions"
ADDED = "added_by_formbridge"
OWN = frozenset({QUESTION, TITLE, ORDER, KIND, KIND_ALIAS, ADDED})
TOP = 10
"""In how many rows from the top the headers are looked for."""
MOST_EXACT = 10**15
"""Larger numbers are not kept to the last digit by a spreadsheet."""

FIELDS = (
    "sheets(properties(sheetId,title,gridProperties(rowCount,columnCount)),data("
    "columnMetadata(developerMetadata(metadataId)),"
    "rowData(values(effectiveValue,formattedValue))))"
)
"""What must be read of the tab."""


@attrs.frozen(kw_only=True)
class QuestionTab:
    """The tab as it stands. ``places`` are columns by field, ``anchors`` by id of metadata, from 0.

    ``header`` is the row of the headers, ``width`` the first column without anything in it. ``ids``
    are all that stand in the tab, also in rows that say nothing, each of which is one of
    ``problems``, a sentence.
    """

    sheet: int
    title: str
    header: int = 0
    width: int = 0
    places: Mapping[str, int] = attrs.field(factory=dict)
    anchors: Mapping[int, int] = attrs.field(factory=dict)
    questions: Mapping[str, Question] = attrs.field(factory=dict)
    ids: frozenset[str] = frozenset()
    problems: tuple[str, ...] = ()


def read_tab(sheet: Json, *, form_id: str) -> QuestionTab:
    """Return what a sheet of ``FIELDS`` says; raise ``BadMapping`` if its headers are missing."""
    properties = sheet["properties"]
    data = (sheet.get("data") or [{}])[0]
    rows = [row.get("values", ()) for row in data.get("rowData", ())]
    title = properties["title"]
    what = f"tab {title!r} of form {form_id!r}"
    tab = QuestionTab(
        sheet=properties.get("sheetId", 0),
        title=title,
        width=max((n for row in rows for n, it in enumerate(row, 1) if _shown(it)), default=0),
        anchors=dict(_anchors(data)),
    )
    if not tab.width:
        return tab
    header, places = _header(rows, what=what)
    reading = _Reading(form_id=form_id, what=what, places=places)
    reading.take(rows, start=header + 1)
    return attrs.evolve(
        tab,
        header=header,
        places=places,
        questions=reading.questions,
        ids=frozenset(reading.ids),
        problems=tuple(reading.problems),
    )


def digest_of(question_id: str, title: str) -> str:
    """Return what tells a title that FormBridge wrote from one that somebody corrected."""
    text = "\n".join((question_id.strip(), " ".join(title.split())))
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


@attrs.define(eq=False, kw_only=True)
class _Reading:
    """What the rows read so far say."""

    form_id: str
    what: str
    places: Mapping[str, int]
    questions: dict[str, Question] = attrs.field(factory=dict)
    ids: set[str] = attrs.field(factory=set)
    problems: list[str] = attrs.field(factory=list)
    _rows: dict[str, int] = attrs.field(factory=dict)

    def take(self, rows: Sequence[Sequence[Json]], *, start: int) -> None:
        """Read the rows below the headers; one that is wrong says nothing, the others do."""
        below = [(number + 1, rows[number]) for number in range(start, len(rows))]
        added = {_text(self._cell(row, ADDED)) for _, row in below} - {""}
        for number, row in below:
            try:
                question = self._question(row, number, added)
                if question is not None:
                    self._put(question, number)
            except BadMapping as error:
                self.problems.append(str(error))

    def _question(self, row: Sequence[Json], number: int, added: Iterable[str]) -> Question | None:
        """Return what a row says; None if it is blank, or a row of another form."""
        fields = self._fields(row)
        if not any(fields.get(name) for name in (QUESTION, TITLE, ORDER, KIND, KIND_ALIAS)):
            return None
        if fields.get(FORM) not in ("", None, self.form_id):
            return None
        place = f"{self.what}, row {number}"
        question_id = str(fields.get(QUESTION, ""))
        if not question_id:
            raise BadMapping(f"{place}: has no Question ID; write the question's id, or empty it")
        self.ids.add(question_id)
        self._refuse_errors(row, place)
        question = entry_of({**fields, FORM: self.form_id}, place=place).question
        uncorrected = digest_of(question.id, question.title) in added
        return attrs.evolve(question, title="") if uncorrected else question

    def _fields(self, row: Sequence[Json]) -> dict[str, object]:
        fields: dict[str, object] = {
            name: _text(self._cell(row, name)) for name in self.places if name != ADDED
        }
        fields[QUESTION] = _identifier(self._cell(row, QUESTION))
        fields[ORDER] = _number(self._cell(row, ORDER))
        return fields

    def _refuse_errors(self, row: Sequence[Json], place: str) -> None:
        for name in self.places:
            if name in OWN and "errorValue" in self._cell(row, name).get("effectiveValue", {}):
                raise BadMapping(f"{place}: {name} is a formula's error; correct the formula")

    def _put(self, question: Question, number: int) -> None:
        """Keep what two rows say of one question, where one of them says nothing of its title."""
        known = self.questions.get(question.id)
        if known is None or not known.title:
            self.questions[question.id] = question
            self._rows[question.id] = number
        elif question.title and question != known:
            raise BadMapping(
                f"{self.what}, row {number}: describes question {question.id!r} otherwise than "
                f"row {self._rows[question.id]}, which counts; keep one of the two"
            )

    def _cell(self, row: Sequence[Json], name: str) -> Json:
        place = self.places.get(name, -1)
        return row[place] if 0 <= place < len(row) else {}


def _header(rows: Sequence[Sequence[Json]], *, what: str) -> tuple[int, dict[str, int]]:
    """Return the row of the headers, and the column of each field; of two alike the first."""
    for number, row in enumerate(rows[:TOP]):
        places: dict[str, int] = {}
        for place, cell in enumerate(row):
            if name := field_name(_text(cell)):
                places.setdefault(name, place)
        if QUESTION in places and TITLE in places:
            return number, places
    raise BadMapping(
        f"{what}: has no headers Question ID and Title in its first {TOP} rows; write them there"
    )


def _anchors(data: Json) -> Iterator[tuple[int, int]]:
    for place, column in enumerate(data.get("columnMetadata", ())):
        for entry in column.get("developerMetadata", ()):
            yield entry["metadataId"], place


def _shown(cell: Json) -> bool:
    return bool(cell.get("formattedValue"))


def _text(cell: Json) -> str:
    return str(cell.get("formattedValue", "")).strip()


def _identifier(cell: Json) -> str:
    """Return an id that is a number by its digits, however the cell shows it."""
    number = cell.get("effectiveValue", {}).get("numberValue")
    if number is not None and abs(number) < MOST_EXACT and number == int(number):
        return str(int(number))
    return _text(cell)


def _number(cell: Json) -> object:
    """Return a number as it is, however the cell shows it; a text stays one."""
    number = cell.get("effectiveValue", {}).get("numberValue")
    return _text(cell) if number is None else number
