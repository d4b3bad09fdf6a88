"""One mapping file: what is in it, and whether it is another one than before."""

from collections.abc import Callable, Sequence
from pathlib import Path

import attrs

from formbridge.adapters.questions.csv_file import read_csv
from formbridge.adapters.questions.json_file import read_json
from formbridge.adapters.questions.toml_file import read_toml
from formbridge.domain.errors import BadMapping
from formbridge.domain.mapping_entries import Entry

READERS: dict[str, Callable[..., list[Entry]]] = {
    ".csv": read_csv,
    ".tsv": read_csv,
    ".json": read_json,
    ".toml": read_toml,
}


@attrs.frozen
class Fingerprint:
    """What tells that a file changed. The change time moves on its own: nobody can set it back."""

    changed_ns: int
    size: int
    inode: int


def fingerprint_of(path: Path) -> Fingerprint | None:
    """Return the fingerprint, or None if the file is not there or out of reach."""
    try:
        status = path.stat()
    except OSError:
        return None
    return Fingerprint(status.st_ctime_ns, status.st_size, status.st_ino)


def read_mapping_file(path: Path) -> Sequence[Entry]:
    """Return the entries of a file, by the kind that its name ends with; raise ``BadMapping``."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(READERS)
        raise BadMapping(
            f"{path}: is no kind of mapping file; its name must end with one of {known}"
        )
    return reader(_text(path), name=str(path))


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BadMapping(
            f"{path}: cannot be read: {reason}; check the path and its rights"
        ) from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadMapping(f"{path}, line {line}: is not UTF-8; save the file as UTF-8") from error
    if "\0" in text:
        raise BadMapping(f"{path}: holds NUL characters; save the file as UTF-8 (not UTF-16)")
    return text
