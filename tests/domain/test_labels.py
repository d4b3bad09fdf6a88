"""What columns a table shall have, and what stands in their headers."""

import attrs

from formbridge.domain.answers import Kind
from formbridge.domain.labels import ColumnPlan, plan_columns
from formbridge.domain.questions import FormMapping, Question
from formbridge.domain.responses import Shape
from formbridge.domain.tables import Column, LabelSource
from tests.domain.model import ModelTable


def shape(**titles: str | None) -> Shape:
    """Return a shape of these questions and titles."""
    count = len(titles)
    return Shape(
        question_ids=tuple(titles), titles=tuple(titles.values()), kinds=(Kind.UNKNOWN,) * count
    )


def mapping(version: int = 1, /, **titles: str) -> FormMapping:
    """Return a mapping of these questions, in this order."""
    questions = {key: Question(id=key, title=title) for key, title in titles.items()}
    return FormMapping(form_id="form", questions=questions, version=version)


def plan(
    table: ModelTable, *shapes: Shape, mapped: FormMapping | None = None, at: int = 1
) -> ColumnPlan:
    """Plan the columns for responses of these shapes, all last seen at this time."""
    return plan_columns(table, dict.fromkeys(shapes, at), mapped)


def table_of(*columns: Column, foreign: tuple[str, ...] = ()) -> ModelTable:
    """Return a table with these columns."""
    return ModelTable(columns=columns, foreign_headers=list(foreign), exists=True)


def column(question: str, header: str, *, source: LabelSource = LabelSource.PAYLOAD) -> Column:
    """Return a column that nobody renamed."""
    return Column(
        question_id=question, title=header, label=header, header=header, source=source, version=1
    )


def headers(planned: ColumnPlan) -> list[str]:
    """Return the headers of a plan."""
    return [it.header for it in planned.columns]


def test_a_new_table_takes_the_mapped_questions_in_their_order_first() -> None:
    """Also those that nobody answered yet; what is not mapped comes behind."""
    planned = plan(ModelTable(), shape(x="X?", b="B?"), mapped=mapping(a="First", b="Second"))
    assert headers(planned) == ["First", "Second", "X?"]
    assert planned.new == 3


def test_a_table_that_exists_gets_no_columns_for_questions_nobody_answered() -> None:
    """A mapping that comes later relabels; it does not widen the table."""
    planned = plan(table_of(column("b", "B?")), mapped=mapping(a="First", b="Second"))
    assert (headers(planned), planned.new, planned.relabelled) == (["Second"], 0, ("b",))


def test_a_question_without_a_title_is_headed_by_its_id() -> None:
    """A title of spaces is none."""
    assert headers(plan(ModelTable(), shape(a=None, b="  ", c=" What\n is it? "))) == [
        "a",
        "b",
        "What is it?",
    ]


def test_one_title_of_two_questions_is_made_two_headers() -> None:
    """Also if it is that of a managed column, or of one that a person added."""
    table = table_of(column("a", "Name"), foreign=("Note",))
    planned = plan(table, shape(b="Name", c="Note", d="Response ID", e="Name"))
    assert headers(planned) == ["Name", "Name (2)", "Note (2)", "Response ID (2)", "Name (3)"]


def test_a_header_that_a_person_gave_stays() -> None:
    """Whatever payload and mapping call the question now."""
    renamed = attrs.evolve(column("a", "A?"), header="Mine")
    planned = plan(table_of(renamed), shape(a="New?"), mapped=mapping(9, a="Mapped"), at=99)
    assert planned.columns == (renamed,)


def test_two_questions_may_swap_their_titles() -> None:
    """Neither gets a number for a header that is just being freed."""
    table = table_of(column("a", "One"), column("b", "Two"))
    assert headers(plan(table, shape(a="Two", b="One"), at=2)) == ["Two", "One"]


def test_an_older_mapping_does_not_take_a_newer_ones_words() -> None:
    """Two bridges with two files: the later version stands."""
    new = column("a", "New", source=LabelSource.MAPPING)
    newer = attrs.evolve(new, version=5)
    assert headers(plan(table_of(newer), mapped=mapping(4, a="Old"))) == ["New"]
    assert headers(plan(table_of(newer), mapped=mapping(6, a="Newest"))) == ["Newest"]


def test_a_payload_never_beats_a_mapping() -> None:
    """Not even one that is gone: its words stay until another mapping speaks."""
    mapped = column("a", "Mapped", source=LabelSource.MAPPING)
    assert headers(plan(table_of(mapped), shape(a="Payload"), at=10**18)) == ["Mapped"]


def test_an_empty_title_of_a_mapping_says_nothing() -> None:
    """The payload's stands."""
    assert headers(plan(ModelTable(), shape(a="A?"), mapped=mapping(a=" "))) == ["A?"]


def test_of_two_shapes_in_a_batch_the_later_titles_a_question() -> None:
    """Whichever comes first in the batch."""
    old, new = shape(a="Old?"), shape(a="New?")
    for order in ({old: 1, new: 2}, {new: 2, old: 1}):
        assert headers(plan_columns(ModelTable(), order, None)) == ["New?"]


def test_without_anything_to_change_the_columns_are_the_very_same() -> None:
    """So that a sink keeps the layouts that it has computed."""
    table = table_of(column("a", "A?"))
    assert plan(table, shape(a="A?")).columns is table.columns


def test_a_kind_comes_from_the_mapping_else_from_the_payload() -> None:
    """And from a payload that knows it, if another does not."""
    known = Shape(question_ids=("a", "b"), titles=(None, None), kinds=(Kind.DATE, Kind.TEXT))
    question = Question(id="a", title="A", kind=Kind.NUMBER)
    mapped = FormMapping(form_id="form", questions={"a": question})
    planned = plan(ModelTable(), shape(a=None, b=None), known, mapped=mapped)
    assert [it.kind for it in planned.columns] == [Kind.NUMBER, Kind.TEXT]


def test_a_column_without_a_kind_takes_the_first_one_that_comes() -> None:
    """From an answer or from a mapping; what it has then stays, and so does a person's header."""
    table = table_of(column("a", "A?"), attrs.evolve(column("b", "B?"), header="Theirs"))
    known = Shape(question_ids=("a", "b"), titles=(None, None), kinds=(Kind.DATE, Kind.TEXT))
    planned = plan(table, known)
    assert planned.relabelled == ("a", "b")
    assert [(it.header, it.kind) for it in planned.columns] == [
        ("A?", Kind.DATE),
        ("Theirs", Kind.TEXT),
    ]
    question = Question(id="a", title="A?", kind=Kind.NUMBER)
    mapped = FormMapping(form_id="form", questions={"a": question}, version=2)
    assert [it.kind for it in plan(table, mapped=mapped).columns] == [Kind.NUMBER, Kind.UNKNOWN]
    settled = table_of(*planned.columns)
    assert plan(settled, known).columns is settled.columns
    assert plan(settled, mapped=mapped).relabelled == ()
