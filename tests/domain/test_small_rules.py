"""The small rules that the laws stand on, one by one."""

from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formbridge.domain.answers import Kind
from formbridge.domain.assignment import assign
from formbridge.domain.cells import cells_of
from formbridge.domain.cloudevents import envelope_of, record_of, source_of, texts_of
from formbridge.domain.digests import digest_of, digester
from formbridge.domain.envelope import Envelope
from formbridge.domain.errors import BadSetting, FloodLimitReached
from formbridge.domain.flood import FloodGauge, FloodLimit
from formbridge.domain.merging import log_place, merged_mark, replaced_at
from formbridge.domain.offsets import committable
from formbridge.domain.records import LOGGED_AT, Delivery
from formbridge.domain.responses import Operation, Response, Shape, Status
from formbridge.domain.revision import Revision, moment_of, revision_of
from tests.domain.strategies import START, delivery


def response(**changes: object) -> Response:
    """Return a complete response without answers, changed as asked."""
    plain = Response("form", "r1", START, None, Status.COMPLETE, Operation.UPSERT, Shape.of(), [])
    return plain._replace(**changes)  # type: ignore[arg-type]  # a test's own changes


@given(st.sets(st.sampled_from("abcdef"), min_size=1), st.integers(0, 12), st.data())
def test_every_partition_has_one_member_and_shares_are_fair(
    members: set[str], count: int, data: st.DataObject
) -> None:
    """Shares differ by one at most, whoever held what before."""
    held = data.draw(st.dictionaries(st.integers(0, 12), st.sampled_from("abcdefgh")))
    result = assign(sorted(members), range(count), held)
    assert sorted(result) == list(range(count))
    shares = Counter(result.values())
    assert max(shares.values(), default=0) - min((shares[it] for it in members), default=0) <= 1


def test_a_fair_share_is_kept_when_a_member_joins() -> None:
    """Of four partitions of one member two stay where they are."""
    result = assign(["a", "b"], range(4), dict.fromkeys(range(4), "a"))
    assert [it for it in result if result[it] == "a"] == [0, 1]


def test_without_members_nothing_is_assigned() -> None:
    """A group that everybody left has no assignment."""
    assert assign([], range(3), {}) == {}


def test_false_zero_empty_and_blank_are_four_different_cells() -> None:
    """No two of them become the same cell, nor the same digest."""
    answers = [False, 0, "", None]
    assert [repr(it) for it in cells_of(answers)] == ["False", "0", "''", "None"]
    assert len({digest_of([it]) for it in answers}) == len(answers)


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (["a", "b"], "a; b"),
        ([], ""),
        ([1, True, None], "1; true; null"),
        ([{"a": 1}], '[{"a": 1}]'),
        ({"row": "column"}, '{"row": "column"}'),
        (Decimal("0.12345678901234567890"), "0.12345678901234567890"),
        (1234567890123456789, 1234567890123456789),
        ("0049", "0049"),
    ],
)
def test_what_is_no_plain_value_becomes_text(value: object, cell: object) -> None:
    """Choices are joined, what nobody knows passes through as JSON, and no digit is lost."""
    assert cells_of([value]) == [cell]  # type: ignore[list-item]  # any JSON value


@given(st.permutations(["a", "b", "c"]))
def test_the_order_of_questions_does_not_change_the_digest(order: list[str]) -> None:
    """The same answers are the same content, however a backend orders them."""
    values = {"a": 1, "b": "two", "c": ["three"]}
    expected = digester(("a", "b", "c"))([1, "two", ["three"]])
    assert digester(tuple(order))([values[it] for it in order]) == expected


def test_an_idempotency_key_tells_contents_apart_and_forgets_times() -> None:
    """It changes with the answers, the form and the status, and not with the times."""
    one = response(shape=Shape.of("q"), values=["yes"])
    assert one.idempotency_key == one._replace(updated_at=START).idempotency_key
    others = [one._replace(values=["no"]), one._replace(form_id="g"), one._replace(status=Status.PARTIAL)]
    assert len({it.idempotency_key for it in [one, *others]}) == len(others) + 1


def test_answers_are_a_view_over_columns() -> None:
    """Kind, title and value of each answer come from the shape and the values beside it."""
    shape = Shape(question_ids=("q",), titles=("Age?",), kinds=(Kind.NUMBER,))
    (answer,) = response(shape=shape, values=[42]).answers
    assert (answer.question_id, answer.title, answer.kind, answer.value) == ("q", "Age?", "number", 42)


def test_no_repr_holds_an_answer() -> None:
    """A response, its answers, its delivery and its envelope may be logged by accident."""
    one = response(shape=Shape.of("q"), values=["my secret"])
    things = [one, one.answers, Delivery("t", 0, 0, None, b"my secret", (), 0), Envelope(b"my secret")]
    assert "my secret" not in repr(things)


def test_a_kind_that_nobody_knows_is_unknown() -> None:
    """A new kind of a backend is no error."""
    assert (Kind.of("hologram"), Kind.of(None), Kind.of("email")) == ("unknown", "unknown", "email")


def test_complete_beats_partial_then_edit_then_log() -> None:
    """The three rules of a revision, in their order."""
    partial = revision_of(response(status=Status.PARTIAL, updated_at=moment_of(10**15)), delivery(9))
    early, late = revision_of(response(), delivery(0)), revision_of(response(), delivery(1))
    edited = revision_of(response(updated_at=START.replace(hour=9)), delivery(0))
    assert partial < early < late < edited


def test_a_delete_without_an_edit_time_is_as_old_as_its_record() -> None:
    """The time of the first submission says nothing about when it was withdrawn."""
    gone = response(operation=Operation.DELETE, submitted_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert revision_of(gone, delivery(5)).edited_at == delivery(5).time


def test_a_restored_record_keeps_the_time_at_which_a_log_first_took_it() -> None:
    """The header outlives the log that wrote it; nonsense in it is ignored."""
    restored = delivery(5)._replace(headers=((LOGGED_AT, b"1234"),))
    assert revision_of(response(), restored).logged_at == 1234  # noqa: PLR2004 - the header's value
    assert delivery(5)._replace(headers=((LOGGED_AT, b"soon"),)).first_logged_at == delivery(5).time


@given(st.booleans(), st.integers(0, 2**53), st.integers(0, 2**53), st.integers(0, 2**53))
def test_a_revision_survives_its_text(complete: bool, edited: int, logged: int, offset: int) -> None:
    """What a store keeps is what it finds again."""
    revision = Revision(complete, edited, logged, offset)
    assert Revision.decode(revision.encode()) == revision


@pytest.mark.parametrize("text", ["", "1.2.3", "1.2.3.4.5", "1.x.3.4"])
def test_a_damaged_revision_is_refused(text: str) -> None:
    """A store must not go on with half a revision."""
    with pytest.raises(ValueError, match=r".+"):
        Revision.decode(text)


def test_a_merged_row_remembers_where_it_was_replaced() -> None:
    """The mark of a merge is no digest, and a digest is no mark."""
    revision = Revision(True, 0, 1_700_000_000_000_000, 7)
    place = log_place(revision)
    assert replaced_at(revision, merged_mark(42)) == 42  # noqa: PLR2004 - the mark's own number
    assert replaced_at(revision, digest_of(["anything"])) == place
    assert log_place(revision._replace(offset=8)) > place


def test_what_waits_bounds_the_commit_of_its_partition_only() -> None:
    """The lowest unresolved offset of a partition is its commit; others go on."""
    waiting = [delivery(7), delivery(4)]
    assert committable({0: 10, 1: 5}, waiting) == {0: 4, 1: 5}


def test_the_flood_limit_counts_the_last_records_only() -> None:
    """Old failures are forgotten as good records come; too many in the window stop the bridge."""
    gauge = FloodGauge(FloodLimit(failures=2, window=5))
    for _ in range(10):
        gauge.judge(good=4, failed=1, reason="broken")
    with pytest.raises(FloodLimitReached, match="3 of the last 5 records failed"):
        gauge.judge(good=0, failed=2, reason="broken")


def test_a_flood_limit_without_sense_is_refused() -> None:
    """More failures than records cannot be counted."""
    with pytest.raises(BadSetting, match="flood limit"):
        FloodLimit(failures=5, window=1)


def test_headers_of_a_record_are_cloudevents_in_binary_mode() -> None:
    """The attributes stand in headers, the payload is the value, and the format's needs travel along."""
    envelope = Envelope(b"{}", "application/json", {"x-form": "7", "cookie": "no"}, "/hooks/7", 10**15)
    record = record_of(response(source="shop"), envelope, format_name="native", keep=["x-form"])
    fields = texts_of(record.headers)
    assert (record.key, record.value) == (b"form", b"{}")
    assert fields["ce_specversion"] == "1.0"
    assert fields["ce_source"] == "formbridge:shop"
    assert fields["ce_subject"] == "r1"
    assert "cookie" not in str(fields)
    back = envelope_of(delivery(0)._replace(value=b"{}", headers=record.headers), fields)
    assert (back.payload, back.headers, back.route) == (b"{}", {"x-form": "7"}, "/hooks/7")
    assert source_of(fields) == "shop"
    assert source_of({"ce_source": "/somebody/else"}) == ""


def test_the_same_submission_has_the_same_event_id() -> None:
    """Publishing twice says so; another payload or another form is another event."""
    def event(one: Response, payload: bytes) -> str:
        record = record_of(one, Envelope(payload), format_name="native")
        return texts_of(record.headers)["ce_id"]

    assert event(response(), b"{}") == event(response(), b"{}")
    assert len({event(response(), b"{}"), event(response(), b"{ }"), event(response(form_id="g"), b"{}")}) == 3  # noqa: PLR2004
