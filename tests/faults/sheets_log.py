"""The log of the Sheets drill: made-up forms with edits and deletions, and real ones where at hand.

A form of ``Forms`` is one of ``Log`` whose first three questions have types, and a third of whose
edits are deletions. A form that says when it was edited may bring a response back; of one that does
not, what is deleted stays so, because the deletion says a time and what follows does not.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import msgspec

from tests.faults.log import SUBMITTED, UPDATED, Log, response_of, submitted_at, updated_at

NUMBER, BOOLEAN, DATE = "q0", "q1", "q2"
FIRST_DAY = date(2026, 1, 1)
TWICE = 40
"""Every so many-th event is published twice."""

Row = Mapping[str, object]


@attrs.frozen
class Table:
    """What must stand in one: its headers, and by response the values, without what is blank."""

    headers: set[str]
    rows: dict[str, Row]


Tables = dict[str, Table]
"""By form id."""


@attrs.frozen(kw_only=True)
class Forms(Log):
    """``count`` events of that many forms, as ``Log`` has them."""

    def events(self, *, publisher: int = 0, publishers: int = 1) -> Iterator[tuple[int, int]]:
        """Yield form and event: each form begins a little later, and half of them are at work."""
        for tick in range(2 * self.rounds):
            for form in range(publisher, self.forms, publishers):
                event = tick - form * self.rounds // self.forms
                if 0 <= event < self.rounds:
                    yield form, event

    def payload(self, form: int, event: int) -> bytes:
        """Return the payload of one event."""
        number, _ = response_of(form, event)
        body: dict[str, object] = {
            "form_id": f"form-{form}",
            "response_id": f"r{number}",
            "submitted_at": submitted_at(number),
            "answers": [],
        }
        if is_deletion(form, event):
            body |= {"operation": "delete", "updated_at": deleted_at(form, event)}
            return msgspec.json.encode(body)
        if updated := updated_at(form, event):
            body["updated_at"] = updated
        body["answers"] = [
            {"question_id": key, "value": value} | ({"kind": "date"} if key == DATE else {})
            for key, value in self.typed(form, event).items()
        ]
        return msgspec.json.encode(body)

    def typed(self, form: int, event: int) -> dict[str, object]:
        """Return what was answered by question id; the first three are no texts."""
        said: dict[str, object] = dict(self.answers(form, event))
        made = {
            NUMBER: event + 0.5,
            BOOLEAN: event % 2 == 0,
            DATE: (FIRST_DAY + timedelta(days=event)).isoformat(),
        }
        return said | {key: value for key, value in made.items() if key in said}

    def payloads(self) -> Iterator[bytes]:
        """Yield all of them in their order, some twice."""
        for number, event in enumerate(self.events()):
            payload = self.payload(*event)
            yield payload
            if number % TWICE == 0:
                yield payload

    def tables(self) -> Tables:
        """Return what must stand in the tables in the end."""
        return {f"form-{form}": self._table(form) for form in range(self.forms)}

    def _table(self, form: int) -> Table:
        headers: set[str] = set()
        last: dict[int, int] = {}
        for event in range(self.rounds):
            number, _ = response_of(form, event)
            if not is_deletion(form, event):
                headers.update(self.answers(form, event))
            before = last.get(number)
            if form % 2 and before is not None and is_deletion(form, before):
                continue
            last[number] = event
        rows = {
            f"r{number}": self._row(form, event)
            for number, event in last.items()
            if not is_deletion(form, event)
        }
        return Table(headers, rows)

    def _row(self, form: int, event: int) -> Row:
        number, _ = response_of(form, event)
        row: dict[str, object] = {SUBMITTED: moment(submitted_at(number))}
        if updated := updated_at(form, event):
            row[UPDATED] = moment(updated)
        for key, value in self.typed(form, event).items():
            row[key] = date.fromisoformat(str(value)) if key == DATE else value
        return row


def is_deletion(form: int, event: int) -> bool:
    """Whether this event deletes its response."""
    _, edited = response_of(form, event)
    return edited and event % 3 == 0


def deleted_at(form: int, event: int) -> str:
    """Return when it was deleted: after every edit before it, and before those that follow."""
    return updated_at(form, event) or "2026-05-01T00:00:00Z"


def moment(text: str) -> datetime:
    """Return a time of a payload."""
    return datetime.fromisoformat(text).astimezone(UTC)


def real_payloads(data: Path, *, most: int | None) -> list[bytes]:
    """Return the real responses, the forms in turn; ``most`` of each form."""
    files = sorted(data.glob("*-responses.jsonl"))
    lines = [path.read_bytes().splitlines()[:most] for path in files]
    turns = max(map(len, lines))
    return [form[turn] for turn in range(turns) for form in lines if turn < len(form)]


def real_tables(payloads: list[bytes]) -> Tables:
    """Return what must stand in the tables: what these payloads say, each of another response."""
    tables: Tables = {}
    for payload in payloads:
        said: dict[str, Any] = json.loads(payload)
        row: dict[str, object] = {SUBMITTED: moment(said["submitted_at"])}
        row |= {it["question_id"]: it["value"] for it in said["answers"] if it["value"] is not None}
        table = tables.setdefault(said["form_id"], Table(set(), {}))
        assert said["response_id"] not in table.rows
        table.rows[said["response_id"]] = row
        table.headers.update(it["question_id"] for it in said["answers"])
    return tables
