"""Public names, used as a user uses them: type-checked by `make types`, never run.

A change of a signature that breaks somebody's code breaks this file first. It also says, with
`assert_type`, which types a caller may count on.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import assert_type

import formbridge
from formbridge import (
    Answer,
    Bridge,
    BridgeSettings,
    Host,
    Intake,
    Kind,
    Log,
    Operation,
    Receipt,
    Reject,
    Report,
    Response,
    Status,
    TryLater,
    Undecodable,
    open_bridge,
    open_dead_letters,
    open_intake,
    open_log,
)
from formbridge.domain.ports import DeadLetters

assert_type(formbridge.__version__, str)

# --- taking in --------------------------------------------------------------------------------

intake = open_intake("sqlite:log.db", format="native", source="eu")
assert_type(intake, Intake)
try:
    receipts = intake.accept(b"{}", content_type="application/json", headers={}, route="/forms")
    assert_type(receipts, tuple[Receipt, ...])
    assert_type(receipts[0].form_id, str)
    assert_type(receipts[0].response_id, str)
    assert_type(receipts[0].event_id, str)
except Undecodable as undecodable:
    assert_type(undecodable.field, str)
    assert_type(undecodable.problem, str)
    assert_type(undecodable.remedy, str)
    assert_type(undecodable.retryable, bool)
intake.publisher.close()

# --- carrying to tables ------------------------------------------------------------------------

log = open_log("memory:")
assert_type(log, Log)
with open_bridge(
    broker=log,
    sink="csv:out",
    questions=[Path("questions.csv"), "more.toml"],
    settings=BridgeSettings(batch=100),
    hook=lambda event: print(event.group),
) as bridge:
    assert_type(bridge, Bridge)
    assert_type(bridge.step(), int)
    bridge.run_until_idle()

host = Host(
    bridges={"tables": partial(open_bridge, broker="sqlite:log.db", sink="csv:out")}, patience=5
)
assert_type(host.run(), tuple[Report, ...])
assert_type(host.asked, bool)

# --- a function as a sink ----------------------------------------------------------------------


def handle(responses: Sequence[Response]) -> None:
    """Look at everything that a response has."""
    for response in responses:
        assert_type(response.status, Status)
        assert_type(response.operation, Operation)
        assert_type(response.answers, tuple[Answer, ...])
        assert_type(response.answers[0].kind, Kind)
        assert_type(response.idempotency_key, str)
    if not responses:
        raise TryLater("the service is busy", seconds=3)
    raise Reject({responses[0].idempotency_key: "why"})


open_bridge(
    broker=log,
    sink=handle,
    group="mine",
    questions={"f": {"q": "What?"}},
    ledger=Path("calls.db"),
    format="typeform",
    formats=["mine.toml"],
).close()

assert_type(open_dead_letters(log), DeadLetters)
