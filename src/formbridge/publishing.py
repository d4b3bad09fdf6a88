"""Publishing what stands in files: through the intake, in batches, each mistake by itself."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeVar

import attrs

from formbridge.domain.envelope import Envelope
from formbridge.domain.errors import Undecodable
from formbridge.domain.records import Record
from formbridge.intake import Intake
from formbridge.payload_files import Payload

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class Refusal:
    """A payload that was not published; ``reason`` holds no answer. A ``line`` counts from 1."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        """Say it as compilers do, so that editors jump there."""
        return f"{self.file}:{self.line}: {self.reason}"


@attrs.define(kw_only=True)
class Published:
    """How many responses are in the log, and how many payloads were refused or held none."""

    responses: int = 0
    refused: int = 0
    empty: int = 0


def publish(
    payloads: Iterable[Payload],
    *,
    intake: Intake,
    refuse: Callable[[Refusal], None],
    tell: Callable[[Published], None] = lambda _: None,
    at_once: int = 1000,
) -> Published:
    """Publish the payloads, ``at_once`` in one durable step; return how it went.

    What cannot be read goes to ``refuse``, and its neighbours go on; ``tell`` hears after each step
    how far it is. Raises ``BrokerUnavailable`` when the log did not take a step: publishing
    everything again is safe.
    """
    done = Published()
    for batch in batched(payloads, at_once):
        records: list[Record] = []
        for payload in batch:
            try:
                found = _records(payload, intake)
            except Undecodable as error:
                refuse(Refusal(file=payload.file, line=payload.line, reason=str(error)))
                done.refused += 1
                continue
            records += found
            done.empty += not found
        intake.publisher.publish(records)
        done.responses += len(records)
        tell(done)
    return done


def batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield lists of ``size`` items, and a shorter one in the end."""
    waiting = iter(items)
    while batch := list(islice(waiting, size)):
        yield batch


def _records(payload: Payload, intake: Intake) -> list[Record]:
    if payload.problem:
        raise Undecodable("$", payload.problem)
    envelope = Envelope(payload.content, received_at=intake.clock.now())
    return [record for record, _ in intake.prepare(envelope)]
