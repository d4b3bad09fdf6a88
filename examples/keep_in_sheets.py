"""Responses become rows of a spreadsheet that somebody sorts meanwhile.

Runs as it stands, with an emulator in Google's place::

    python examples/keep_in_sheets.py

With the key of a service account, and a folder on a Shared Drive, the same goes to Google::

    python examples/keep_in_sheets.py key.json FormBridge
"""

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from formbridge import open_bridge, open_intake
from formbridge.adapters.sheets.settings import SheetsSettings

NAMES = ("Zoe", "Ada", "Mia")


def payload(number: int, name: str, *, edited: bool = False) -> bytes:
    """Return a response to the form ``club``, as your backend would send it."""
    body: dict[str, object] = {
        "form_id": "club",
        "response_id": f"r{number}",
        "submitted_at": f"2026-03-02T08:0{number}:00Z",
        "answers": [{"question_id": "q1", "title": "Name", "value": name}],
    }
    if edited:
        body["updated_at"] = "2026-03-02T09:00:00Z"
    return json.dumps(body).encode()


def carry(log: str, sheets: SheetsSettings, *payloads: bytes) -> None:
    """Publish payloads, and bring all that the log has into the spreadsheet."""
    intake = open_intake(log)
    for each in payloads:
        intake.accept(each)
    intake.publisher.close()
    with open_bridge(broker=log, sink=sheets) as bridge:
        bridge.run_until_idle()


def at_google(log: str, key: str, folder: str) -> None:
    """Write to Google; run it again after you have sorted the sheet."""
    sheets = SheetsSettings(folder=folder, credentials=key)
    carry(log, sheets, *(payload(number, name) for number, name in enumerate(NAMES)))
    print(f"Look into the folder {folder}.")


def at_home(log: str) -> None:
    """Write to an emulator in this process, where a person sorts the sheet."""
    from formbridge.testing.google import serve  # noqa: PLC0415 - Google needs none of it
    from formbridge.testing.google.grid.cell import value_of  # noqa: PLC0415 - as above
    from formbridge.testing.google.person import Person  # noqa: PLC0415 - as above

    with serve() as served:
        sheets = SheetsSettings(endpoint=served.url)
        carry(log, sheets, *(payload(number, name) for number, name in enumerate(NAMES)))
        google = served.google
        person = Person(google, google.tokens.accounts["tester@example.com"])
        (book,) = google.books
        print(person.sort(book, "Responses", by="E"))
        carry(log, sheets, payload(0, "Zora", edited=True))
        for row in google.books[book].sheets[0].rows:
            print(value_of(row[1]), value_of(row[4]), sep=": ")


def main() -> None:
    """Decide by the arguments."""
    with TemporaryDirectory() as folder:
        log = f"sqlite:{Path(folder) / 'log.db'}"
        if len(sys.argv) > 1:
            at_google(log, *sys.argv[1:3])
        else:
            at_home(log)


if __name__ == "__main__":
    main()
