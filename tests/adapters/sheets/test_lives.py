"""Lives that once ended wrong, as the search found them; and sinks that are broken on purpose.

Each of the broken ones must end wrong in the life beside it: else the proof would prove nothing.
"""

from collections.abc import Callable, Sequence

import pytest

from formbridge.adapters.sheets.book import book, cells
from formbridge.adapters.sheets.book.book import Book
from formbridge.adapters.sheets.book.layout import Layout
from formbridge.adapters.sheets.book.pending import Pending
from formbridge.domain.responses import Operation
from tests.adapters.sheets.test_person_and_crash import (
    Deliver,
    Edit,
    Event,
    Publish,
    Race,
    Retitle,
    Setup,
    Trouble,
    live,
)

Life = tuple[Setup, Sequence[Event]]

ONCE_WRONG: dict[str, Life] = {
    "two processes make the spreadsheet": (
        Setup(registry=False),
        [Race(when=5, who=0, back=0), Publish("r1"), Deliver(who=1, most=1)],
    ),
    "a column of numbers behind one of dates": (
        Setup(),
        [Publish("r1", minute=2), Deliver(who=1, most=5), Publish("r1", {"q1": 4}, minute=4)],
    ),
    "a sort before the write that brings a column": (
        Setup(rows=5),
        [Edit("sort", 0, (1, 1, 0), when=-1), Publish("r1", {"q5": 11}), Deliver(who=0, most=3)],
    ),
    "unchanged, its row deleted, and an older version": (
        Setup(rows=5),
        [
            Publish("r5"),
            Deliver(who=0, most=6),
            Publish("r5", minute=3),
            Edit("delete_row", 0, (4, 0, 0)),
            Deliver(who=0, most=6),
            Publish("r5", {"q1": 1}),
        ],
    ),
    "a row inserted between two calls of a load": (
        Setup(rows=6),
        [
            Edit("insert_row", 0, (3, 0, 6), when=4),
            Edit("sort", 0, (6, 0, 0)),
            Publish("r1"),
            Deliver(who=1, most=3),
        ],
    ),
    "a column inserted between two calls of a load": (
        Setup(rows=3),
        [
            Edit("insert_column", 0, (0, 0, 0), when=6),
            Publish("r5", {"q4": 2}),
            Race(when=1, who=0, back=0),
            Deliver(who=1, most=1),
        ],
    ),
    "the only response is deleted": (
        Setup(),
        [Publish("r1"), Deliver(who=0, most=1), Publish("r1", operation=Operation.DELETE)],
    ),
    "a person's rows are written over, and again while that is put right": (
        Setup(rows=3),
        [
            Edit("insert_row", 0, (14, 0, 17)),
            Publish("r4"),
            Publish("r3", {"q4": 13, "q5": 7}, minute=4),
            Deliver(who=0, most=3),
            Edit("insert_row", 0, (3, 7, 17)),
            Edit("sort_by_filter", 0, (2, 15, 3), when=-1),
            Publish("r3"),
            Edit("insert_row", 0, (12, 11, 13), when=-2),
            Deliver(who=1, most=1),
            Publish("r4", {"q1": 13}),
            Deliver(who=0, most=2),
        ],
    ),
    **{
        f"a wrong row is deleted and a column is moved, column {own} is theirs": (
            Setup(rows=5, own=own),
            [
                Publish("r5"),
                Deliver(who=0, most=1),
                Publish("r2", operation=Operation.DELETE),
                Edit("sort", 0, (1, 1, 0), when=-1),
                Edit("move_column", 0, (5, 3, 0), when=-2),
                Deliver(who=0, most=1),
            ],
        )
        for own in (5, 7)
    },
    "a column takes the place of one of ours while another one has no anchor yet": (
        Setup(rows=5, own=7),
        [
            Edit("delete_column", 0, (0, 0, 0), when=2),
            Edit("insert_column", 0, (5, 0, 0)),
            Publish("r5"),
            Deliver(who=0, most=1),
        ],
    ),
    "rows are sorted while they are put right": (
        Setup(rows=3),
        [
            Edit("copy_row", 0, (1, 0, 0)),
            Publish("r1"),
            Publish("r3", {"q2": 15}),
            Edit("sort", 0, (6, 1, 0), when=-1),
            Edit("sort", 0, (4, 0, 0), when=-2),
            Edit("sort", 0, (1, 1, 0), when=-3),
            Deliver(who=0, most=3),
        ],
    ),
    "a process is told to slow down while it puts a row right": (
        Setup(rows=6),
        [
            Edit("sort", 0, (0, 15, 14), when=-1),
            Trouble("429", nth=2, write=True),
            Race(when=2, who=0, back=0),
            Race(when=5, who=0, back=0),
            Retitle("q1", "Name"),
            Publish("r1"),
            Deliver(who=0, most=1),
        ],
    ),
    "a row deleted, whose merge was later than what comes next": (
        Setup(rows=5),
        [
            Publish("r4", {"q1": 11}, operation=Operation.MERGE, minute=3),
            Deliver(who=1, most=4),
            Edit("delete_row", 0, (0, 0, 0), when=6),
            Edit("sort_by_filter", 0, (0, 13, 13)),
            Publish("r4", operation=Operation.DELETE),
            Publish("r1", partial=True),
            Publish("r4"),
            Publish("r1"),
            Deliver(who=1, most=2),
            Deliver(who=1, most=4),
        ],
    ),
}


@pytest.mark.parametrize("life", ONCE_WRONG.values(), ids=ONCE_WRONG)
def test_what_once_ended_wrong_ends_well(life: Life) -> None:
    """Found by the search, made small by hand."""
    live(*life)


def landed(self: Book, pending: Pending) -> None:
    """Believe that whatever was sent was written."""
    self._pending = None
    if pending.batch is not None:
        self.known.learn(pending.batch, pending.changes, token=pending.token, anchored=True)
        self.changed()


real = cells.text
BROKEN: dict[str, tuple[object, str, Callable[..., object], Life]] = {
    "no token": (
        Book,
        "fenced",
        lambda self, requests, _: [*self.known.layout.fence(), *requests],
        (
            Setup(rows=3),
            [Publish("r5"), Deliver(who=1, most=1), Deliver(who=0, most=2, back=4)],
        ),
    ),
    "no anchors": (
        Layout,
        "fence",
        lambda _: [],
        (
            Setup(rows=3),
            [
                Publish("r4", {"q1": 0}),
                Edit("move_column", 0, (4, 7, 0), when=-1),
                Deliver(who=0, most=1),
            ],
        ),
    ),
    "nothing put right": (
        book,
        "heal",
        lambda *_: [],
        (
            Setup(rows=5),
            [
                Publish("r1", {"q1": 0}),
                Edit("sort", 0, (1, 1, 0), when=-1),
                Deliver(who=0, most=1),
            ],
        ),
    ),
    "time-outs taken for success": (
        Book,
        "_resolve",
        landed,
        (
            Setup(rows=1),
            [
                Publish("r4"),
                Trouble("cut before", nth=1, write=True),
                Deliver(who=0, most=1),
                Deliver(who=0, most=1),
            ],
        ),
    ),
    "formulas": (
        cells,
        "text",
        lambda value: {cells.VALUE: {"formulaValue": value}} if value[:1] == "=" else real(value),
        (Setup(rows=1), [Publish("r4", {"q1": 1})]),
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_sink_that_is_broken_on_purpose_is_found_out(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same life ends well with the sink as it is."""
    place, attribute, broken, life = BROKEN[name]
    live(*life)
    monkeypatch.setattr(place, attribute, broken)
    with pytest.raises(AssertionError):
        live(*life)
