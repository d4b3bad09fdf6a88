"""The laws of a table, for any log of responses."""

from collections.abc import Sequence
from datetime import timedelta

import attrs
from hypothesis import given
from hypothesis import strategies as st

from formbridge.domain.answers import Kind
from formbridge.domain.cells import Cell, cells_of
from formbridge.domain.questions import FormMapping, Question
from formbridge.domain.responses import Operation, Shape
from formbridge.domain.revision import revision_of
from formbridge.testing.builders import a_response
from tests.domain import strategies
from tests.domain.model import ModelTable
from tests.domain.strategies import (
    START,
    Arrival,
    all_operations,
    logs,
    upserts_and_deletes,
)


def table_of(
    log: Sequence[Arrival], *, sizes: Sequence[int] = (), restart: bool = False
) -> ModelTable:
    """Return the table that a log ends in, taken in batches of these sizes (then all the rest)."""
    table = ModelTable()
    rest = list(log)
    for size in [*sizes, len(rest)]:
        batch, rest = rest[:size], rest[size:]
        table.take([it for it, _ in batch], [it for _, it in batch])
        table = table.restarted() if restart else table
    return table


def latest(log: Sequence[Arrival]) -> dict[str, dict[str, Cell]]:
    """Return what the latest revisions say, computed the slow and obvious way."""
    best: dict[str, Arrival] = {}
    for response, delivery in log:
        other = best.get(response.response_id)
        if other is None or revision_of(response, delivery) > revision_of(*other):
            best[response.response_id] = (response, delivery)
    return {
        key: {
            question: cell
            for question, cell in zip(
                response.shape.question_ids, cells_of(response.values), strict=True
            )
            if cell is not None
        }
        for key, (response, _) in best.items()
        if response.operation is not Operation.DELETE
    }


@given(logs(all_operations))
def test_applying_twice_is_applying_once(log: list[Arrival]) -> None:
    """A redelivered batch changes no cell, no header and no revision."""
    table = table_of(log)
    before = (table.rows, table.columns, table.entries)
    again = table.take([it for it, _ in log], [it for _, it in log])
    assert (table.rows, table.columns, table.entries) == before
    assert not again.updated.response_ids
    assert not again.added.response_ids


@given(logs(upserts_and_deletes), st.data())
def test_any_order_of_upserts_and_deletes_ends_in_the_same_table(
    log: list[Arrival], data: st.DataObject
) -> None:
    """Whatever order they come in, the latest revision of each response stands there, once."""
    shuffled = data.draw(st.permutations(log))
    sizes = data.draw(st.lists(st.integers(0, 4), max_size=5))
    restart = data.draw(st.booleans())
    table = table_of(shuffled, sizes=sizes, restart=restart)
    assert table.answers() == latest(log)
    assert len(table.rows) == len(table.answers())


@given(logs(all_operations), st.lists(st.integers(0, 4), max_size=6), st.booleans())
def test_any_split_of_a_log_ends_in_the_same_table(
    log: list[Arrival],
    sizes: list[int],
    restart: bool,  # noqa: FBT001 - Hypothesis draws it
) -> None:
    """One batch or many, with restarts between: the same rows and columns."""
    whole = table_of(log)
    split = table_of(log, sizes=sizes, restart=restart)
    assert split.answers() == whole.answers()
    assert [it.question_id for it in split.columns] == [it.question_id for it in whole.columns]
    if all(response.operation is not Operation.DELETE for response, _ in log):
        assert [row["Response ID"] for row in split.rows] == [
            row["Response ID"] for row in whole.rows
        ]


@given(logs(st.just(Operation.UPSERT)))
def test_an_edit_without_any_time_arrives(log: list[Arrival]) -> None:
    """Where no version has a time, the one that the log took last stands in the table."""
    timeless = [(it._replace(updated_at=None, submitted_at=None), at) for it, at in log]
    complete = [(it._replace(status=log[0][0].status), at) for it, at in timeless]
    expected = {it.response_id: it for it, _ in complete}
    answers = table_of(complete, sizes=[1] * len(log)).answers()
    for key, response in expected.items():
        cells = dict(zip(response.shape.question_ids, cells_of(response.values), strict=True))
        assert answers[key] == {name: cell for name, cell in cells.items() if cell is not None}


@given(logs(all_operations), logs(all_operations), st.data())
def test_a_column_keeps_its_identity_when_a_person_moves_and_renames(
    first: list[Arrival], second: list[Arrival], data: st.DataObject
) -> None:
    """Renamed and moved columns go on taking the answers to their question."""
    table = table_of(first)
    renamed = (
        data.draw(st.sets(st.sampled_from([it.question_id for it in table.columns])))
        if table.columns
        else set()
    )
    table.columns = tuple(
        attrs.evolve(it, header=f"My {it.question_id}") if it.question_id in renamed else it
        for it in table.columns
    )
    table.physical = list(data.draw(st.permutations(table.physical)))
    later = [(it, at._replace(offset=at.offset + 100, time=at.time + 10**9)) for it, at in second]
    table.take([it for it, _ in later], [it for _, it in later])
    assert table.answers() == table_of([*first, *later], sizes=[len(first)]).answers()
    headers = {it.question_id: it.header for it in table.columns}
    assert all(headers[question] == f"My {question}" for question in renamed)


@given(logs(all_operations), logs(all_operations), st.permutations(range(6)))
def test_what_people_add_stays_untouched(
    first: list[Arrival], second: list[Arrival], order: list[int]
) -> None:
    """Notes beside rows, rows of their own and a sorted table survive, each where it was put."""
    table = table_of(first)
    table.foreign_headers.append("Note")
    for number, row in enumerate(table.rows):
        row["Note"] = f"about {row['Response ID']} ({number})"
    notes = {row["Response ID"]: row["Note"] for row in table.rows}
    table.rows.append({"Response ID": None, "Note": "sum"})
    table.rows = [table.rows[i] for i in order if i < len(table.rows)]
    later = [(it, at._replace(offset=at.offset + 100, time=at.time + 10**9)) for it, at in second]
    table.take([it for it, _ in later], [it for _, it in later])
    assert [row["Note"] for row in table.rows if row["Response ID"] is None] == ["sum"]
    for row in table.rows:
        if row.get("Note") and row["Response ID"] is not None:
            assert row["Note"] == notes[row["Response ID"]]


@given(logs(all_operations))
def test_two_columns_never_share_a_header(log: list[Arrival]) -> None:
    """Questions with one title are told apart, and no question takes a managed header."""
    headers = [it.header for it in table_of(log, sizes=[2, 2, 2]).columns]
    assert len(set(headers)) == len(headers)
    assert not {"Response ID", "Submitted at", "Updated at"} & set(headers)


@given(
    logs(all_operations),
    st.dictionaries(st.sampled_from("abcde"), st.sampled_from(["One", "Two", "Same"])),
)
def test_the_users_mapping_beats_the_titles_of_payloads(
    log: list[Arrival], titles: dict[str, str]
) -> None:
    """Once a mapping is there, its titles stand, however payloads call the questions."""
    mapping = FormMapping(
        form_id="form",
        questions={key: Question(id=key, title=title) for key, title in titles.items()},
        version=1,
    )
    table = table_of(log)
    existed = table.exists
    table.take([], [], mapping) if existed else None
    table.take([it for it, _ in log], [it for _, it in log], mapping)
    for column in table.columns:
        if column.question_id in titles:
            assert column.title == titles[column.question_id]


def test_an_older_payload_never_relabels() -> None:
    """A title that comes late from an old response does not replace the new one."""
    table = ModelTable()
    new, old = titled("r1", "New?", minute=5, offset=0), titled("r2", "Old?", minute=1, offset=1)
    for response, delivery in (new, old):
        table.take([response], [delivery])
    assert [it.header for it in table.columns] == ["New?"]


def test_a_retitled_question_keeps_its_column() -> None:
    """A later title relabels the header and adds no column."""
    table = ModelTable()
    for arrival in (
        titled("r1", "Old?", minute=1, offset=0),
        titled("r2", "New?", minute=5, offset=1),
    ):
        table.take([arrival[0]], [arrival[1]])
    assert [it.header for it in table.columns] == ["New?"]


def test_a_merge_that_a_deletion_beat_stays_beaten() -> None:
    """A later merge makes the row anew; what was withdrawn before does not come back with it."""
    late, early = START + timedelta(minutes=9), START + timedelta(minutes=1)
    merge = a_response("r1", operation=Operation.MERGE, updated_at=early, answers={"a": "beaten"})
    log = [
        (a_response("r1", operation=Operation.DELETE, updated_at=START), strategies.delivery(0)),
        (merge._replace(updated_at=START - timedelta(days=1)), strategies.delivery(1)),
        (a_response("r1", operation=Operation.MERGE, updated_at=late), strategies.delivery(2)),
    ]
    table = table_of(log)
    table.take([it for it, _ in log], [it for _, it in log])
    assert table.answers() == {"r1": {"q1": "yes"}}


def test_a_lost_row_that_an_older_version_began_anew_comes_right_when_all_comes_again() -> None:
    """A merge that is later than what stands there counts; else a beaten deletion would win."""
    late, early = START + timedelta(minutes=9), START + timedelta(minutes=1)
    log = [
        (a_response("r1", operation=Operation.MERGE, updated_at=late), strategies.delivery(0)),
        (a_response("r1", operation=Operation.DELETE, updated_at=early), strategies.delivery(1)),
        (a_response("r1", submitted_at=START, answers={"q2": "older"}), strategies.delivery(2)),
    ]
    table = table_of(log[2:])  # a person had deleted the row before
    for _ in range(2):
        table.take([it for it, _ in log], [it for _, it in log])
        assert table.answers() == {"r1": {"q1": "yes", "q2": "older"}}


def titled(response_id: str, title: str, *, minute: int, offset: int) -> Arrival:
    """Return a response to one question with this title."""
    response = a_response(response_id, submitted_at=START + timedelta(minutes=minute))
    shape = Shape(question_ids=("q1",), titles=(title,), kinds=(Kind.TEXT,))
    return response._replace(shape=shape), strategies.delivery(offset)
