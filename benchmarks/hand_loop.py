"""What a good programmer writes by hand for one backend: no domain, no upsert, no dead letters.

A typed msgspec decoder, a list, ``csv.writer``, a file per form kept open, one sync a batch.
"""

import csv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, TextIO

import msgspec

BUFFER = 1 << 16
Body = Mapping[str, Any]
"""A payload as JSON gives it."""


class Writer(Protocol):
    """What ``csv.writer`` returns."""

    def writerow(self, row: Sequence[Any], /) -> object:
        """Write one row."""


class Answer(msgspec.Struct, gc=False):
    """One answer."""

    question_id: str
    value: Any


class Submission(msgspec.Struct, gc=False):
    """One payload."""

    form_id: str
    response_id: str
    submitted_at: str
    answers: list[Answer]


class HandLoop:
    """Appends payloads to one CSV file per form."""

    def __init__(self, folder: Path, *, sync: Callable[[], None]) -> None:
        """Begin without open files; ``sync`` makes the folder durable."""
        self.folder = folder
        self.sync = sync
        self.decode = msgspec.json.Decoder(Submission).decode
        self.files: dict[str, TextIO] = {}
        self.writers: dict[str, Writer] = {}

    def write(self, payloads: Sequence[bytes]) -> None:
        """Append one batch."""
        decode, writers = self.decode, self.writers
        for payload in payloads:
            submission = decode(payload)
            row: list[Any] = [submission.response_id, submission.submitted_at, None]
            for answer in submission.answers:
                value = answer.value
                row.append("; ".join(value) if type(value) is list else value)
            writer = writers.get(submission.form_id)
            if writer is None:
                titles = [answer.question_id for answer in submission.answers]
                writer = self._open(submission.form_id, titles)
            writer.writerow(row)
        self.settle()

    def append(self, bodies: Sequence[Body]) -> None:
        """Append one batch that somebody else decoded."""
        for body in bodies:
            self._append(body)
        self.settle()

    def settle(self) -> None:
        """Make everything durable."""
        for file in self.files.values():
            file.flush()
        self.sync()

    def _append(self, body: Body) -> None:
        answers = body["answers"]
        row: list[Any] = [body["response_id"], body["submitted_at"], None]
        for answer in answers:
            value = answer["value"]
            row.append("; ".join(value) if type(value) is list else value)
        writer = self.writers.get(body["form_id"])
        if writer is None:
            writer = self._open(body["form_id"], [answer["question_id"] for answer in answers])
        writer.writerow(row)

    def _open(self, form_id: str, titles: Sequence[str]) -> Writer:
        file = (self.folder / f"{form_id}.csv").open("a", newline="", buffering=BUFFER)
        self.files[form_id] = file
        writer = self.writers[form_id] = csv.writer(file)
        writer.writerow(["Response ID", "Submitted at", "Updated at", *titles])
        return writer

    def close(self) -> None:
        """Close the files."""
        for file in self.files.values():
            file.close()
