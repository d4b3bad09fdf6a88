"""From a description to a format."""

import re
import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from formbridge.domain.envelope import Envelope
from formbridge.domain.errors import Undecodable
from formbridge.domain.responses import Operation, Response, Status
from formbridge.formats.fast import Layout, Meaning, _decoder, fast_reader
from formbridge.formats.format import Format


def compile_text(text: str, *, file: str) -> Format:
    """Return the format that a description says; raise ``BadDescription``."""
    tomllib.loads(text)
    layout = Layout(
        form_id=("form_id",),
        response_id=("response_id",),
        answers=("answers",),
        key="question_id",
        value="value",
        submitted_at=("submitted_at",),
        updated_at=("updated_at",),
        status=("status",),
        event=("operation",),
        title="title",
        kind="kind",
    )
    meaning = Meaning(
        statuses={None: Status.COMPLETE} | {status.value: status for status in Status},
        events={None: Operation.UPSERT} | {each.value: each for each in Operation},
        moment=lambda text: datetime.fromisoformat(text).astimezone(UTC),
        submitted_required=True,
        unique=frozenset(
            "form_id response_id submitted_at updated_at answers question_id".split()
        ),
        limit=16 << 20,
    )
    decode = _decoder(layout, lean=False)

    def ordinary(envelope: Envelope, source: str) -> Sequence[Response]:
        if len(envelope.payload) > meaning.limit:
            raise Undecodable("$", "is too large")
        try:
            decode(envelope.payload)
        except msgspec.ValidationError as error:
            found = re.fullmatch(r"(.*) - at `(.*)`", str(error))
            raise Undecodable(found[2] if found else "$", found[1] if found else str(error)) from None
        except (msgspec.DecodeError, RecursionError, ValueError, ArithmeticError) as error:
            raise Undecodable("$", f"is not JSON: {error}") from None
        raise Undecodable("$", "cannot be read")

    read = fast_reader(layout, meaning, ordinary)
    return Format(name="native", read=read, split=lambda envelope: (envelope,))
