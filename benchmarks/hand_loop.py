"""What a good programmer writes by hand for one backend: no domain, no upsert, no dead letters.

A typed msgspec decoder, a list, ``csv.writer``, a file per form kept open, one sync a batch.
"""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol, TextIO

import msgspec

BUFFER = 1 << 16


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
                writer = self._open(submission)
            writer.writerow(row)
        for file in self.files.values():
            file.flush()
        self.sync()

    def _open(self, submission: Submission) -> Writer:
        path = self.folder / f"{submission.form_id}.csv"
        file = self.files[submission.form_id] = path.open("a", newline="", buffering=BUFFER)
        writer = self.writers[submission.form_id] = csv.writer(file)
        titles = [answer.question_id for answer in submission.answers]
        writer.writerow(["Response ID", "Submitted at", "Updated at", *titles])
        return writer

    def close(self) -> None:
        """Close the files."""
        for file in self.files.values():
            file.close()
