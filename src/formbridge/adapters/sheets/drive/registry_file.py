"""The file of the registry: JSON with a version. Pure but for reading it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs

from formbridge.domain.errors import NewerVersion, StoreBroken
from formbridge.domain.identity import TableKey

VERSION = 1

Json = dict[str, Any]


@attrs.frozen(kw_only=True)
class Attempt:
    """A file that is being made since ``at``, and was ``looked`` for in vain at first then.

    Both in microseconds since 1970, 0: never. ``ids`` are the files that came out of it so far:
    none while that is unknown, several where processes raced.
    """

    at: int
    looked: int = 0
    ids: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Contents:
    """All that is remembered. Books go by the folder that cares for them, and the table."""

    folders: Mapping[str, str] = attrs.field(factory=dict)
    books: Mapping[tuple[str, TableKey], tuple[str, ...]] = attrs.field(factory=dict)
    attempts: Mapping[str, Attempt] = attrs.field(factory=dict)

    def with_folder(self, place: str, folder: str | None) -> "Contents":
        """Return it with the folder of a place, or without any."""
        return attrs.evolve(self, folders=_with(self.folders, place, folder))

    def with_books(self, folder: str, table: TableKey, books: tuple[str, ...]) -> "Contents":
        """Return it with these spreadsheets of a table, or without the table."""
        return attrs.evolve(self, books=_with(self.books, (folder, table), books or None))

    def with_attempt(self, key: str, attempt: Attempt | None) -> "Contents":
        """Return it with something that is being made, or without it."""
        return attrs.evolve(self, attempts=_with(self.attempts, key, attempt))


def _with(before: Mapping[Any, Any], key: object, value: object | None) -> dict[Any, Any]:
    after = dict(before)
    after.pop(key, None) if value is None else after.update({key: value})
    return after


def written(contents: Contents) -> bytes:
    """Return the bytes of the file: ASCII, so that half of a surrogate pair survives, too."""
    document = {
        "version": VERSION,
        "folders": dict(contents.folders),
        "tables": [
            {"folder": folder, "source": it.source, "form": it.form_id, "spreadsheets": list(ids)}
            for (folder, it), ids in contents.books.items()
        ],
        "attempts": {
            key: {"at": it.at, "looked": it.looked, "files": list(it.ids)}
            for key, it in contents.attempts.items()
        },
    }
    return json.dumps(document, indent=1).encode("ascii") + b"\n"


def read(path: Path) -> Contents:
    """Return what a file holds. Raises ``StoreBroken``, ``NewerVersion`` and ``OSError``."""
    data = path.read_bytes()
    try:
        document = json.loads(data)
        version = document["version"]
        if isinstance(version, int) and version > VERSION:
            raise _newer(path, version)
        return _contents(document)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise StoreBroken(
            f"the registry of spreadsheets {str(path)!r} cannot be read; move it away, and it is "
            "filled again from the marks of the spreadsheets"
        ) from error


def _newer(path: Path, version: int) -> NewerVersion:
    return NewerVersion(
        f"the registry of spreadsheets {str(path)!r} has version {version}, and this FormBridge "
        f"knows {VERSION}; upgrade it"
    )


def _contents(document: Json) -> Contents:
    if document["version"] != VERSION:
        raise ValueError("version")
    return Contents(
        folders={place: _text(it) for place, it in document["folders"].items()},
        books=dict(_books(it) for it in document["tables"]),
        attempts={key: _attempt(it) for key, it in document["attempts"].items()},
    )


def _books(said: Json) -> tuple[tuple[str, TableKey], tuple[str, ...]]:
    table = TableKey(form_id=_text(said["form"]), source=_text(said["source"]))
    return (_text(said["folder"]), table), _ids(said["spreadsheets"])


def _attempt(said: Json) -> Attempt:
    return Attempt(at=int(said["at"]), looked=int(said["looked"]), ids=_ids(said["files"]))


def _ids(said: object) -> tuple[str, ...]:
    if not isinstance(said, list):
        raise TypeError("a list is needed")
    return tuple(_text(it) for it in said)


def _text(said: object) -> str:
    if not isinstance(said, str):
        raise TypeError("a text is needed")
    return said
