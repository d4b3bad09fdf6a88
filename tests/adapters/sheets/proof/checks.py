"""What is asserted when everything has come to rest."""

import re
from collections.abc import Iterator

from formbridge.adapters.sheets.drive.making import BETWEEN_LOOKS
from formbridge.domain.responses import Operation
from formbridge.domain.tables import MANAGED as MANAGED_HEADERS
from formbridge.testing.google.files.file import SPREADSHEET
from tests.adapters.sheets.proof.answers import typed
from tests.adapters.sheets.proof.truth import BLANK, Shown, Truth
from tests.adapters.sheets.proof.view import (
    MANAGED,
    MARK,
    STATE,
    SUBMITTED,
    UPDATED,
    Line,
    View,
    colour_of,
    note_of,
)
from tests.adapters.sheets.proof.world import World

CREATE = "drive.files.create"
NUMBERED = re.compile(r"(.*) \(\d+\)")


class Check:
    """The sheets against the truth. ``replayed``: after all of the log was delivered once more."""

    def __init__(self, world: World, *, replayed: bool) -> None:
        """Look at everything."""
        self.world = world
        self.truth: Truth = world.truth
        self.replayed = replayed
        self.views = [View(world.google, book) for book in world.books]
        self.expected = self.truth.expected()

    def run(self) -> None:
        """Assert everything."""
        self.files()
        for view in self.views:
            self.columns(view)
            for line in view.lines:
                self.nobody_elses(view, line)
        self.responses()
        self.people()

    def files(self) -> None:
        """There is no spreadsheet that nobody uses, unless somebody died who alone knew of it.

        Or Drive made one when it had been looked for in vain, and another one was made instead.
        """
        if self.world.settings.registry is None:
            return
        files = self.world.google.drive.all.values()
        kept = [file for file in files if file.mime_type == SPREADSHEET and not file.trashed]
        unused = len(kept) - len(self.views)
        assert 0 <= unused <= self._made_too_late(), "spreadsheets that nobody uses"

    def _made_too_late(self) -> int:
        """Count the files that were made after two searches for them could have been over."""
        notes = [each for each in self.world.google.troubles.log.since() if each.method == CREATE]
        sent = [note.at for note in notes if note.fault == "late"]
        landed = [note.at for note in notes if note.fault == "landed late"]
        patience = BETWEEN_LOOKS * 1_000_000
        return sum(any(at - begun >= patience for begun in sent) for at in landed)

    # --- columns ----------------------------------------------------------------------------------

    def columns(self, view: View) -> None:
        """Each is there once, under its own header, and hidden if a person hid it."""
        self.world.look(view.book)
        assert len(set(view.columns)) == len(view.columns), view.columns
        for key, header in view.headers.items():
            renamed = self.truth.renamed.get((view.book, key))
            if renamed is not None:
                assert header == renamed, f"{key} is headed {header!r}, a person said {renamed!r}"
            elif key.startswith("q:"):
                self._headed(key[2:], header)
            elif key in MANAGED and key != STATE:
                assert header == MANAGED_HEADERS[MANAGED.index(key) - 1]

    def _headed(self, question: str, header: str) -> None:
        titles = self.truth.titles.get(question, {question})
        mapped = self.truth.mapped.get(question)
        if mapped is not None and self.replayed:
            titles = {mapped}
        numbered = NUMBERED.fullmatch(header)
        assert header in titles or (numbered and numbered[1] in titles), (question, header, titles)

    # --- rows -------------------------------------------------------------------------------------

    def nobody_elses(self, view: View, line: Line) -> None:
        """Whatever stands in a row belongs there."""
        where = f"row {line.number + 1}, {line.key or 'of nobody'}"
        assert line.key, f"{where}: {line.shown}"
        assert not line.torn, f"{where} has the state of another response"
        for key, value in line.shown.items():
            shown = typed(value)
            if value is None or key in MANAGED:
                continue
            if shown in self.truth.origin:
                assert self.truth.origin[shown] == (line.key, key), f"{where}, {key}: {shown}"
            else:
                assert line.response_id, f"{where}, {key}: {shown}"
                assert key.startswith("q:"), f"{where}, {key}: {shown}"
                assert shown in self._any(line.key, key), f"{where}, {key}: {shown}"
        for key, content in line.cells.items():
            note = MARK.fullmatch(note_of(content))
            assert note is None or (note["row"], note["column"]) == (line.key, key), where
        del view

    def _any(self, row: str, key: str) -> set[Shown]:
        """All that was ever answered there or typed by hand."""
        typed_there = self.truth.ever_typed.get((row, key), set())
        return self.truth.given(row[2:], key[2:]) | typed_there

    def responses(self) -> None:
        """Each response has its row, once, as its latest revision says."""
        known = {response.response_id for response, _ in self.truth.log}
        for response_id in sorted(known):
            key = f"r:{response_id}"
            lines = [line for view in self.views for line in view.of(key)]
            copies = self.truth.copies[response_id]
            if response_id not in self.expected:
                assert len(lines) <= copies, f"{response_id} is deleted and stands there"
                continue
            assert len(lines) <= 1 + copies, f"{response_id} stands there {len(lines)} times"
            gone = self.truth.rows_gone.get(response_id)
            if self.replayed or gone is None:
                assert lines, f"{response_id} is missing"
            elif not copies and gone > self.truth.last_try.get(response_id, 0):
                assert not lines, f"{response_id} came back by itself"
            self._content(response_id, lines)

    def _content(self, response_id: str, lines: list[Line]) -> None:
        if not lines:
            return
        problems = [list(self._differences(response_id, line)) for line in lines]
        assert [] in problems, f"{response_id}: {problems}"

    def _differences(self, response_id: str, line: Line) -> Iterator[str]:
        questions = {key[2:] for key in line.shown if key.startswith("q:")}
        for question in sorted(questions | self.expected[response_id].keys()):
            key = f"q:{question}"
            shown = typed(line.shown.get(key))
            allowed = self._allowed(response_id, question)
            if shown not in allowed:
                yield f"{question} shows {shown}, expected {allowed}"
        if Operation.MERGE in self.truth.operations(response_id):
            return  # an added answer may bring the time of its own
        times = {
            (typed(version.submitted_at), typed(version.updated_at))
            for version in self.truth.versions(response_id)
        }
        for column, number in ((SUBMITTED, 0), (UPDATED, 1)):
            value = line.shown.get(column, BLANK)
            if value is not BLANK and typed(value) not in {pair[number] for pair in times}:
                yield f"{column} shows {value}"

    def _allowed(self, response_id: str, question: str) -> set[Shown]:
        """Return what may stand in a cell of ours."""
        truth, place = self.truth, (f"r:{response_id}", f"q:{question}")
        expected = self.expected[response_id].get(question, BLANK)
        gone = response_id in truth.rows_gone
        touched = any(row == place[0] for row, _ in truth.ever_typed)
        deleted = [at for (_, key), at in truth.columns_gone.items() if key == place[1]]
        merged = Operation.MERGE in truth.operations(response_id)
        edited = gone or touched or truth.columns_gone or truth.copies[response_id]
        if (gone and not self.replayed) or (merged and edited):
            return self._any(*place)
        allowed = {expected}
        if any(not truth.replaced_since(response_id, at) for at in deleted):
            allowed.add(BLANK)
        by_hand = truth.typed.get(place)
        if truth.copies[response_id]:
            return allowed | truth.ever_typed.get(place, set())
        if by_hand is None:
            return allowed
        if by_hand.settled and not truth.changed_since(response_id, by_hand.at):
            return {by_hand.text}
        return allowed | {by_hand.text}

    # --- what is people's -------------------------------------------------------------------------

    def people(self) -> None:
        """Their rows, cells, notes and colours are where they put them."""
        for key in sorted(self.truth.people):
            count = sum(len(view.of(key)) for view in self.views)
            cells = any(row == key for row, _ in self.truth.own)
            assert count == int(cells), f"{key} stands there {count} times"
        for (row, column), value in self.truth.own.items():
            found = [typed(line.shown.get(column)) for line in self._kept(row)]
            assert value in found or not found, f"{row}, {column}: {found} instead of {value}"
        for (row, column), note in self.truth.notes.items():
            notes = [note_of(line.cells.get(column)) for line in self._kept(row)]
            assert note in notes or not notes, f"{row}, {column}: the note {note} is gone"
        for row, column in self.truth.colours:
            colours = [colour_of(line.cells.get(column)) for line in self._kept(row)]
            assert any(colours) or not colours, f"{row}, {column}: the colour is gone"

    def _kept(self, row: str) -> list[Line]:
        """Return the rows with this key that must not have been made anew."""
        made_anew = Operation.DELETE in self.truth.operations(row[2:]) if row[0] == "r" else False
        return [] if made_anew else [line for view in self.views for line in view.of(row)]


def picture(world: World) -> list[object]:
    """Return all that can be seen, to be compared."""
    views = [View(world.google, book) for book in world.books]
    return [
        (view.book, view.headers, [(line.key, line.number, line.cells) for line in view.lines])
        for view in views
    ]
