"""The catalog over mapping files, which are read again when they change."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock

import attrs

from formbridge.adapters.questions.mapping_file import (
    Fingerprint,
    fingerprint_of,
    read_mapping_file,
)
from formbridge.domain.errors import BadMapping
from formbridge.domain.identity import TableKey
from formbridge.domain.mapping_entries import Entry, join
from formbridge.domain.ports import Clock, QuestionCatalog
from formbridge.domain.questions import FormMapping

LOOK_SECONDS = 1.0
"""How often files are looked at, at most."""
FRESH_NS = 1_000_000_000
"""A file that changed so shortly before it was read is read again: file times are coarse."""

Warn = Callable[[str], None]


@attrs.define(eq=False)
class _Source:
    """One file as it was last read; ``seen`` is None when it must be read again."""

    path: Path
    seen: Fingerprint | None = None
    entries: Sequence[Entry] = ()
    version: int = 0
    problem: str = ""


@attrs.define(eq=False, kw_only=True)
class FileCatalog(QuestionCatalog):
    """Knows the questions of all forms in these CSV, JSON and TOML files. Shared by threads.

    The first call reads the files and raises ``BadMapping`` if one is wrong. Later a file that
    became wrong keeps its last good content, and ``warn`` is told once. A mapping's version is the
    latest change time of its files in nanoseconds, so that it grows across restarts too.
    """

    paths: Sequence[Path]
    clock: Clock
    warn: Warn = logging.getLogger("formbridge.questions").warning
    _sources: tuple[_Source, ...] = attrs.field(init=False)
    _mappings: dict[str, FormMapping] = attrs.field(init=False, factory=dict)
    _version: int = attrs.field(init=False, default=0)
    _next_look: float | None = attrs.field(init=False, default=None)
    _conflict: str = attrs.field(init=False, default="")
    _lock: Lock = attrs.field(init=False, factory=Lock)

    def __attrs_post_init__(self) -> None:
        """Read nothing yet."""
        self._sources = tuple(_Source(path) for path in dict.fromkeys(self.paths))

    def mapping(self, table: TableKey, /) -> FormMapping | None:
        """Return the mapping of a form, whatever its source; look at the files once a second."""
        self._look()
        return self._mappings.get(table.form_id)

    def version(self) -> int:
        """Return a number that grows when any mapping changes."""
        self._look()
        return self._version

    def _look(self) -> None:
        with self._lock:
            now = self.clock.monotonic()
            first = self._next_look is None
            if self._next_look is not None and now < self._next_look:
                return
            changed = [self._reload(source, strict=first) for source in self._sources]
            if first or any(changed):
                self._join(strict=first)
            self._next_look = now + LOOK_SECONDS

    def _reload(self, source: _Source, *, strict: bool) -> bool:
        """Read a file again if it changed; return whether its content did."""
        found = fingerprint_of(source.path)
        if found is not None and found == source.seen:
            return False
        try:
            entries = read_mapping_file(source.path)
        except BadMapping as error:
            if strict:
                raise
            self._complain(source, str(error))
            source.seen = found
            return False
        source.problem = ""
        source.seen = None if found is None or self._fresh(found) else found
        if entries == source.entries:
            return False
        changed_ns = found.changed_ns if found else 0
        source.entries, source.version = entries, max(changed_ns, source.version + 1)
        return True

    def _fresh(self, found: Fingerprint) -> bool:
        """Whether the file may change once more without another fingerprint."""
        return abs(self.clock.now() * 1000 - found.changed_ns) < FRESH_NS

    def _complain(self, source: _Source, problem: str) -> None:
        if problem != source.problem:
            source.problem = problem
            self.warn(f"{problem}. The last good mapping stays in use.")

    def _join(self, *, strict: bool) -> None:
        try:
            forms = join(entry for source in self._sources for entry in source.entries)
        except BadMapping as error:
            if strict:
                raise
            if str(error) != self._conflict:
                self._conflict = str(error)
                self.warn(f"{error}. The last good mapping stays in use.")
            return
        self._conflict = ""
        versions = self._versions()
        self._mappings = {
            form: FormMapping(form_id=form, questions=questions, version=versions[form])
            for form, questions in forms.items()
        }
        self._version += 1

    def _versions(self) -> dict[str, int]:
        versions: dict[str, int] = {}
        for source in self._sources:
            for form in {entry.form_id for entry in source.entries}:
                versions[form] = max(versions.get(form, 0), source.version)
        return versions
