"""Keeps what the service holds in a file: accounts, tokens, files and spreadsheets.

Trouble, the log of calls and the time that a test let pass are not kept.
"""

import json
import logging
import os
from collections.abc import Mapping
from pathlib import Path
from random import Random
from threading import Event, Thread
from typing import Any, Protocol, Self

from formbridge.testing.google.accounts.tokens import Tokens
from formbridge.testing.google.files.drive import Drive
from formbridge.testing.google.grid.book import Book
from formbridge.testing.google.messages import Answer, Request
from formbridge.testing.google.store_format import StoreError, from_json, to_json

FORMAT = "formbridge-google-emulator"
VERSION = 1
"""Grows with each change that an older reader would misread."""

log = logging.getLogger(__name__)

OFTEN = 1.0
"""Seconds that are between two writes at least."""

TOKENS = (
    "accounts", "keys", "clients", "bearers", "sources", "refreshing", "revoked", "codes",
    "delegates", "api_keys",
)  # fmt: skip
DRIVE = ("all", "roots", "drives", "people", "changes", "remarks", "sessions")
"""What is kept of ``Tokens`` and ``Drive``, by the names of their attributes."""


class Kept(Protocol):
    """What is kept of ``google.Google``."""

    ids: Random
    tokens: Tokens
    drive: Drive
    books: dict[str, Book]
    lock: Any

    def handle(self, request: Request) -> Answer:
        """Answer a request."""


class Store:
    """One file with the state of one service. ``load`` once, then ``saving``, or ``save``."""

    def __init__(self, google: Kept, file: Path) -> None:
        """Keep the state of that service in that file."""
        self.google = google
        self.file = file
        self._texts: dict[str, tuple[Book, str]] = {}
        self._written = ""
        self._changed = Event()
        self._ended = Event()
        self._thread: Thread | None = None

    # --- reading --------------------------------------------------------------------------------

    def load(self) -> bool:
        """Take the state from the file; return False where there is none yet.

        Raises ``StoreError`` for what is no state, or one that a newer version has written.
        """
        try:
            text = self.file.read_text("utf-8")
        except FileNotFoundError:
            return False
        except UnicodeDecodeError as error:
            raise StoreError(f"{self.file} holds no state of the emulator.") from error
        self._take(_checked(text, self.file))
        return True

    def _take(self, state: Mapping[str, Any]) -> None:
        try:
            tokens, drive = from_json(state["tokens"]), from_json(state["drive"])
            books = from_json(state["books"])
            chance = state["chance"]
            with self.google.lock:
                self.google.ids.setstate((chance[0], tuple(chance[1]), chance[2]))
                for name in TOKENS:
                    setattr(self.google.tokens, name, tokens[name])
                for name in DRIVE:
                    setattr(self.google.drive, name, drive[name])
                self.google.books = books
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise StoreError(f"{self.file} is damaged: {error!r}") from error

    # --- writing --------------------------------------------------------------------------------

    def save(self) -> None:
        """Write the state, whole or not at all; nothing where it is what was written last."""
        text = self._text()
        if text == self._written and self.file.exists():
            return
        draft = self.file.with_name(f".{self.file.name}.{os.getpid()}")
        with draft.open("w", encoding="utf-8") as stream:
            os.fchmod(stream.fileno(), 0o600)  # it holds private keys
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(self.file)
        self._written = text

    def _text(self) -> str:
        with self.google.lock:
            chance = self.google.ids.getstate()
            tokens = {name: to_json(getattr(self.google.tokens, name)) for name in TOKENS}
            drive = {name: to_json(getattr(self.google.drive, name)) for name in DRIVE}
            books = dict(self.google.books)
        # A spreadsheet is never changed in place: what was printed once stays good, and needs no
        # lock.
        self._texts = {
            key: self._texts[key]
            if key in self._texts and self._texts[key][0] is book
            else (book, _printed(to_json(book)))
            for key, book in books.items()
        }
        rest = {"format": FORMAT, "version": VERSION, "chance": chance}
        start = _printed({**rest, "tokens": tokens, "drive": drive})
        printed = ",\n".join(f"{_printed(key)}: {text}" for key, (_, text) in self._texts.items())
        return f'{start[:-1]},\n"books": {{{printed}}}}}\n'

    # --- while the service runs -----------------------------------------------------------------

    def handle(self, request: Request) -> Answer:
        """Answer a request by the service, and remember that something may have changed."""
        try:
            return self.google.handle(request)
        finally:
            if request.method not in {"GET", "HEAD"}:
                self._changed.set()

    def __enter__(self) -> Self:
        """Write changes from now on, at most once a second, and what is left at the end."""
        self._thread = Thread(target=self._saving, name="google:state", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._changed.set()
        if self._thread is not None:
            self._thread.join()
        self.save()

    def _saving(self) -> None:
        while not self._ended.wait(OFTEN):
            self._changed.wait()
            self._changed.clear()
            if not self._ended.is_set():
                try:
                    self.save()
                except OSError:  # a full disk: the next change tries again
                    log.exception("cannot write %s", self.file)


def _checked(text: str, file: Path) -> Mapping[str, Any]:
    try:
        state = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise StoreError(f"{file} holds no state of the emulator.") from error
    if not isinstance(state, dict) or state.get("format") != FORMAT:
        raise StoreError(f"{file} holds no state of the emulator.")
    version = state.get("version")
    if version != VERSION:
        raise StoreError(
            f"{file} was written by another version of the emulator: its format is {version!r}, "
            f"this one reads {VERSION}."
        )
    return state


def _printed(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))
