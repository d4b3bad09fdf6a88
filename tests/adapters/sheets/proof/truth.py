"""What must stand in the spreadsheet in the end, and why: the reference of the proof."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import attrs

from formbridge.domain.cells import cells_of
from formbridge.domain.records import Delivery
from formbridge.domain.responses import Operation, Response
from formbridge.domain.revision import revision_of
from tests.adapters.sheets.proof.answers import shown, typed
from tests.domain.model import ModelTable
from tests.domain.strategies import delivery

Shown = tuple[str, object]
BLANK: Shown = typed(None)


@attrs.define(kw_only=True)
class Typed:
    """A text that a person typed into a cell of ours; ``at`` is how long the log was then.

    ``settled``: all that the log had of that response was in the sheet, for good.
    """

    text: Shown
    at: int
    settled: bool


@attrs.define(eq=False)
class Truth:
    """The log, and all that people did which the sink must leave alone.

    Cells of people go by the keys of row and column (see ``view``).
    """

    log: list[tuple[Response, Delivery]] = attrs.field(factory=list)
    own: dict[tuple[str, str], Shown] = attrs.field(factory=dict)
    notes: dict[tuple[str, str], str] = attrs.field(factory=dict)
    colours: dict[tuple[str, str], object] = attrs.field(factory=dict)
    typed: dict[tuple[str, str], Typed] = attrs.field(factory=dict)
    ever_typed: dict[tuple[str, str], set[Shown]] = attrs.field(factory=dict)
    origin: dict[Shown, tuple[str, str]] = attrs.field(factory=dict)
    people: set[str] = attrs.field(factory=set)
    copies: Counter[str] = attrs.field(factory=Counter)
    rows_gone: dict[str, int] = attrs.field(factory=dict)
    columns_gone: dict[tuple[str, str], int] = attrs.field(factory=dict)
    renamed: dict[tuple[str, str], str] = attrs.field(factory=dict)
    titles: dict[str, set[str]] = attrs.field(factory=dict)
    mapped: dict[str, str] = attrs.field(factory=dict)
    ticks: int = 0
    last_try: dict[str, int] = attrs.field(factory=dict)
    trying: Counter[str] = attrs.field(factory=Counter)
    stable: int = 0
    """So many of the log's responses were acknowledged while nobody else was writing."""

    # --- what is published and delivered ----------------------------------------------------------

    def publish(self, response: Response) -> None:
        """Append a version to the log."""
        self.log.append((response, delivery(len(self.log))))
        pairs = zip(response.shape.question_ids, response.shape.titles, strict=True)
        for question, title in pairs:
            self.titles.setdefault(question, {question}).update({title} if title else ())

    @contextmanager
    def delivering(self, ids: Iterable[str]) -> Iterator[None]:
        """Note that these responses are on their way while the context lasts, and were tried."""
        wanted = set(ids)
        self.trying.update(wanted)
        try:
            yield
        finally:
            self.trying.subtract(wanted)
            self.ticks += 1
            self.last_try.update(dict.fromkeys(wanted, self.ticks))

    def delete_row(self, response_id: str) -> None:
        """A person took the row of a response away, and all that they had beside it."""
        key = f"r:{response_id}"
        self.ticks += 1
        self.rows_gone[response_id] = self.ticks
        self.forget_row(key)

    def forget_row(self, key: str) -> None:
        """Expect nothing any more beside this row."""
        for cells in (self.own, self.notes, self.colours, self.typed):
            for each in [each for each in cells if each[0] == key]:
                del cells[each]

    def forget_column(self, key: str) -> None:
        """Expect nothing any more in this column."""
        for cells in (self.own, self.notes, self.colours, self.typed):
            for each in [each for each in cells if each[1] == key]:
                del cells[each]

    # --- what follows from it ---------------------------------------------------------------------

    def expected(self) -> Mapping[str, Mapping[str, Shown]]:
        """Return the latest revisions: by response, what is not blank by question."""
        table = ModelTable()
        table.take([it for it, _ in self.log], [at for _, at in self.log])
        return {
            response_id: {question: shown(question, cell) for question, cell in answers.items()}
            for response_id, answers in table.answers().items()
        }

    def versions(self, response_id: str) -> Sequence[Response]:
        """Return what the log has of a response."""
        return [it for it, _ in self.log if it.response_id == response_id]

    def given(self, response_id: str, question: str) -> set[Shown]:
        """Return all that was ever answered to a question in this response, and a blank."""
        found = {BLANK}
        for version in self.versions(response_id):
            pairs = zip(version.shape.question_ids, cells_of(version.values), strict=True)
            found |= {shown(question, cell) for each, cell in pairs if each == question}
        return found

    def operations(self, response_id: str) -> set[Operation]:
        """Return which operations there were on a response."""
        return {version.operation for version in self.versions(response_id)}

    def changed_since(self, response_id: str, length: int) -> bool:
        """Whether the log has more of a response than when it was that long."""
        return any(it.response_id == response_id for it, _ in self.log[length:])

    def replaced_since(self, response_id: str, length: int) -> bool:
        """Whether the latest version is another one than when the log was that long."""
        before, after = self._latest(response_id, length), self._latest(response_id, len(self.log))
        return after is not None and (before is None or _content(before) != _content(after))

    def _latest(self, response_id: str, length: int) -> Response | None:
        versions = [each for each in self.log[:length] if each[0].response_id == response_id]
        return max(versions, key=lambda each: revision_of(*each))[0] if versions else None


def _content(response: Response) -> tuple[object, ...]:
    cells = cells_of(response.values)
    pairs = zip(response.shape.question_ids, map(repr, cells), strict=True)
    return response.operation, sorted(pairs)
