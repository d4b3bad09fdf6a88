"""Intake: a payload as it was received → a record in the log."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from formbridge.adapters.memory.broker import MemoryBroker
from formbridge.compose import open_intake, open_log, open_reader
from formbridge.decoding import Decoding
from formbridge.domain.cloudevents import texts_of
from formbridge.domain.envelope import Envelope
from formbridge.domain.errors import BrokerUnavailable, Undecodable
from formbridge.domain.ports import Publisher
from formbridge.domain.records import Delivery, Record
from formbridge.domain.responses import Response
from formbridge.formats import Format, load_format
from formbridge.intake import Intake, Receipt
from formbridge.testing.builders import a_payload, a_response
from formbridge.testing.clock import START, FakeClock


class Log:
    """A log in memory and an intake in front of it."""

    def __init__(self, form: Format | None = None, *, source: str = "") -> None:
        """Begin empty."""
        clock = FakeClock()
        self.broker = MemoryBroker(clock=clock)
        self.format = form or load_format("native")
        self.intake = Intake(
            publisher=self.broker.publisher(), format=self.format, clock=clock, source=source
        )

    @property
    def deliveries(self) -> list[Delivery]:
        """What the log holds."""
        return list(self.broker.reader().read())


def listing() -> Format:
    """Return a format of containers: a JSON list of response ids, split into lists of one."""

    def read(envelope: Envelope, source: str) -> Sequence[Response]:
        ids = json.loads(envelope.payload)
        if not isinstance(ids, list):
            raise Undecodable("$", "an object stands where a list should be")
        return [a_response(each, source=source) for each in ids]

    def split(envelope: Envelope) -> Sequence[Envelope]:
        ids = json.loads(envelope.payload)
        if len(ids) == 1:
            return [envelope]
        return [envelope._replace(payload=json.dumps([each]).encode()) for each in ids]

    return Format(name="listing", headers=("x-form",), read=read, split=split)


def test_a_payload_is_in_the_log_byte_for_byte_under_its_form() -> None:
    """Also its odd spaces; the receipt says what was in it."""
    log = Log()
    payload = a_payload("r1").replace(b": ", b" :  ")
    (receipt,) = log.intake.accept(payload)
    (delivery,) = log.deliveries
    assert (delivery.value, delivery.key) == (payload, b"form")
    assert (receipt.form_id, receipt.response_id) == ("form", "r1")
    assert texts_of(delivery.headers)["ce_id"] == receipt.event_id


def test_the_same_payload_twice_has_one_event_id() -> None:
    """However much later, and however it came: it is the same content."""
    log = Log()
    first = log.intake.accept(a_payload("r1"), route="/one")
    second = log.intake.accept(a_payload("r1"), route="/two", headers={"X-Try": "2"})
    other = log.intake.accept(a_payload("r1", answers={"q1": "no"}))
    assert first == second != other


def test_sources_are_told_apart() -> None:
    """The same ids of two systems are two responses, and a sink learns which."""
    receipts = [Log(source=source).intake.accept(a_payload("r1")) for source in ("shop", "club")]
    assert receipts[0][0].event_id != receipts[1][0].event_id
    log = Log(source="shop")
    log.intake.accept(a_payload("r1"))
    (response,) = Decoding(log.format)(log.deliveries[0])
    assert response.source == "shop"


def test_a_container_becomes_a_record_for_each_response() -> None:
    """Each readable by itself, in the order of the container."""
    log = Log(listing())
    receipts = log.intake.accept(b'["r1", "r2", "r3"]')
    assert [it.response_id for it in receipts] == ["r1", "r2", "r3"]
    assert len({it.event_id for it in receipts}) == 3
    read = Decoding(log.format)
    assert [[it.response_id for it in read(each)] for each in log.deliveries] == [
        ["r1"],
        ["r2"],
        ["r3"],
    ]


def test_what_the_format_reads_of_the_request_travels_along() -> None:
    """By lower-case names; nothing else of the request does, least of all its cookies."""
    log = Log(listing())
    log.intake.accept(
        b'["r1"]',
        content_type="text/json",
        headers={"X-Form": "7", "Cookie": "secret", "Authorization": "secret"},
        route="/hooks/7",
    )
    fields = texts_of(log.deliveries[0].headers)
    assert fields["formbridge-header-x-form"] == "7"
    assert (fields["formbridge-route"], fields["content-type"]) == ("/hooks/7", "text/json")
    assert fields["formbridge-format"] == "listing"
    assert "secret" not in str(fields)


def test_the_time_of_the_event_is_when_it_was_received() -> None:
    """By the clock that was given."""
    log = Log()
    log.intake.accept(a_payload())
    assert texts_of(log.deliveries[0].headers)["ce_time"] == "2026-01-01T00:00:00+00:00"
    assert log.deliveries[0].time >= START


@pytest.mark.parametrize("payload", [b"", b"\xff", b"[]", b"{}", b"null", b'{"form_id": "f"}'])
def test_what_no_sink_could_read_is_refused_at_the_door(payload: bytes) -> None:
    """Nothing is published, and the error holds nothing of the payload."""
    log = Log()
    with pytest.raises(Undecodable):
        log.intake.accept(payload)
    assert log.deliveries == []


def test_one_bad_payload_among_many_publishes_none() -> None:
    """All or an error: the sender knows what to repeat."""
    log = Log()
    with pytest.raises(Undecodable):
        log.intake.accept_all([Envelope(a_payload("r1")), Envelope(b"no JSON")])
    assert log.deliveries == []


def test_several_payloads_are_one_publication() -> None:
    """One durable step for all of them."""
    published: list[int] = []

    class Counting(Publisher):
        def publish(self, records: Sequence[Record], /) -> None:
            published.append(len(records))

        def close(self) -> None:
            pass

    intake = Intake(publisher=Counting(), format=load_format("native"), clock=FakeClock())
    receipts = intake.accept_all([Envelope(a_payload(f"r{number}")) for number in range(3)])
    assert (published, len(receipts)) == ([3], 3)


def test_no_receipt_without_the_log() -> None:
    """When the log did not take it, the sender hears so."""

    class Away(Publisher):
        def publish(self, _records: Sequence[Record], /) -> None:
            raise BrokerUnavailable("the disk is full")

        def close(self) -> None:
            pass

    intake = Intake(publisher=Away(), format=load_format("native"), clock=FakeClock())
    with pytest.raises(BrokerUnavailable):
        intake.accept(a_payload())


def test_preparing_publishes_nothing() -> None:
    """A host service with its own outbox takes the records and publishes them itself."""
    log = Log()
    ((record, receipt),) = log.intake.prepare(Envelope(a_payload("r1")))
    assert log.deliveries == []
    assert record.key == b"form"
    assert receipt == Receipt(form_id="form", response_id="r1", event_id=receipt.event_id)


def test_no_repr_and_no_error_holds_an_answer() -> None:
    """Neither that of a receipt nor that of a refusal."""
    log = Log()
    (receipt,) = log.intake.accept(a_payload(answers={"q1": "my secret"}))
    broken = a_payload(answers={"q1": "my secret"}).replace(b'"form"', b"[]")
    with pytest.raises(Undecodable) as caught:
        log.intake.accept(broken)
    assert "secret" not in f"{receipt!r} {caught.value} {caught.value!r}"


@pytest.mark.parametrize("address", ["memory:", "sqlite:log.db"])
def test_an_event_loop_goes_on_while_a_payload_is_accepted(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A publisher that can only wait is called in another thread."""
    monkeypatch.chdir(tmp_path)
    log = open_log(address)
    intake = open_intake(log)

    async def take() -> list[tuple[Receipt, ...]]:
        """Accept twenty at once."""
        return await asyncio.gather(*(intake.accept_async(a_payload(f"r{n}")) for n in range(20)))

    receipts = asyncio.run(take())
    intake.publisher.close()
    assert [each[0].response_id for each in receipts] == [f"r{n}" for n in range(20)]
    assert len(list(open_reader(log).read())) == 20


def test_accepting_in_an_event_loop_hears_what_is_wrong() -> None:
    """The same errors as without one, and nothing is published."""
    log = Log()
    with pytest.raises(Undecodable):
        asyncio.run(log.intake.accept_async(b"{}"))
    assert log.deliveries == []
