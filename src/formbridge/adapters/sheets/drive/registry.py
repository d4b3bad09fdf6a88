"""Remembers which spreadsheets a table has: in a file that processes share, or in memory.

It only saves searches, and bridges the time in which search does not know yet what was made. A
file that is lost is filled again from the marks of the spreadsheets. ``docs/reference/stored.md``
describes it; its form is in ``registry_file``.
"""

import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import attrs

from formbridge.adapters.sheets.drive.registry_file import Attempt, Contents, read, written
from formbridge.domain.errors import StoreUnavailable, TableBusy
from formbridge.domain.identity import TableKey
from formbridge.domain.ports import Clock

LOCK_TRIES, LOCK_STEP = 100, 0.02
"""How often, and every how many seconds, a lock is tried that somebody else has."""
BUSY_SECONDS = 0.5
DISK_SECONDS = 5.0

Stamp = tuple[int, int, int] | None
Result = TypeVar("Result")


@attrs.define(eq=False)
class Registry:
    """Folders, spreadsheets by table, and what is being made. Without a ``path``, in memory.

    Each change is one atomic replacement of the file under a lock, so processes may share it.
    Reading costs one look at the file's state. Raises ``StoreBroken`` and ``NewerVersion`` for what
    cannot be read, ``StoreUnavailable`` where the disk fails, ``TableBusy`` while locked for long.
    """

    path: Path | None
    clock: Clock = attrs.field(kw_only=True)
    _contents: Contents = attrs.field(init=False, factory=Contents)
    _stamp: Stamp = attrs.field(init=False, default=None)

    # --- folders --------------------------------------------------------------------------------

    def folder(self, place: str) -> str | None:
        """Return the id of the folder that a setting means."""
        return self._read().folders.get(place)

    def keep_folder(self, place: str, folder: str) -> None:
        """Remember it."""
        self._change(lambda it: it.with_folder(place, folder))

    def forget_folder(self, place: str) -> None:
        """Forget it; its spreadsheets stay known."""
        self._change(lambda it: it.with_folder(place, None))

    # --- spreadsheets ---------------------------------------------------------------------------

    def books(self, folder: str, table: TableKey) -> tuple[str, ...]:
        """Return the ids of a table's spreadsheets in a folder's care, the first one first."""
        return self._read().books.get((folder, table), ())

    def tables(self, folder: str) -> list[TableKey]:
        """Return the tables that have spreadsheets in a folder's care."""
        return [table for owner, table in self._read().books if owner == folder]

    def owners(self, book: str) -> set[TableKey]:
        """Return the tables that this spreadsheet belongs to: one, unless somebody erred."""
        return {table for (_, table), ids in self._read().books.items() if book in ids}

    def keep(self, folder: str, table: TableKey, books: Sequence[str]) -> None:
        """Remember a table's spreadsheets; none: forget the table."""
        self._change(lambda it: it.with_books(folder, table, tuple(books)))

    # --- what is being made ---------------------------------------------------------------------

    def attempt(self, key: str) -> Attempt | None:
        """Return what is known of something that is being made."""
        return self._read().attempts.get(key)

    def begin(self, key: str) -> bool:
        """Say that it is going to be made; False: somebody said so already."""
        with self._alone():
            if key in self._read().attempts:
                return False
            self._write(self._contents.with_attempt(key, Attempt(at=self.clock.now())))
        return True

    def made(self, key: str, file_id: str) -> None:
        """Add a file that came out of it."""
        self._attempt(key, lambda it: attrs.evolve(it, ids=(*it.ids, file_id)))

    def discarded(self, key: str, file_id: str) -> None:
        """Take a file away from it that was one too many."""
        self._attempt(
            key, lambda it: attrs.evolve(it, ids=tuple(one for one in it.ids if one != file_id))
        )

    def lost(self, key: str) -> None:
        """Note that nobody knows whether it was made: looking for it begins now."""
        self._attempt(key, lambda it: attrs.evolve(it, looked=0))

    def looked(self, key: str) -> None:
        """Note when it was looked for in vain, the first time."""
        now = self.clock.now()
        self._attempt(key, lambda it: attrs.evolve(it, looked=it.looked or now))

    def end(self, key: str) -> None:
        """Forget it: it is made, or it was refused."""
        self._change(lambda it: it.with_attempt(key, None))

    def _attempt(self, key: str, change: Callable[[Attempt], Attempt]) -> None:
        def changed(contents: Contents) -> Contents:
            known = contents.attempts.get(key) or Attempt(at=self.clock.now())
            return contents.with_attempt(key, change(known))

        self._change(changed)

    # --- the file -------------------------------------------------------------------------------

    def _read(self) -> Contents:
        if self.path is not None:
            with _disk(self.path):
                stamp = _stamp(self.path)
                if stamp != self._stamp or stamp is None:
                    self._contents = Contents() if stamp is None else read(self.path)
                    self._stamp = stamp
        return self._contents

    def _change(self, change: Callable[[Contents], Contents]) -> None:
        with self._alone():
            before = self._read()
            after = change(before)
            if after != before:
                self._write(after)

    def _write(self, contents: Contents) -> None:
        if self.path is not None:
            beside = self.path.with_name(f"{self.path.name}.new")
            with _disk(self.path):
                with beside.open("wb") as file:
                    file.write(written(contents))
                    file.flush()
                    os.fsync(file.fileno())
                beside.replace(self.path)
                self._stamp = _stamp(self.path)
        self._contents = contents

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the lock, which is a file beside: the registry's own is replaced."""
        if self.path is None:
            yield
            return
        with _disk(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(f"{self.path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            self._lock(handle)
            yield
        finally:
            os.close(handle)  # which unlocks

    def _lock(self, handle: int) -> None:
        for _ in range(LOCK_TRIES):
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self.clock.sleep(LOCK_STEP)
            else:
                return
        raise TableBusy(f"another process holds {self.path}.lock", seconds=BUSY_SECONDS)


def _stamp(path: Path) -> Stamp:
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


@contextmanager
def _disk(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(
            f"the registry of spreadsheets {str(path)!r} cannot be used ({error.strerror}); "
            "give this user the right to write there, make room on the disk, or name another file",
            seconds=DISK_SECONDS,
        ) from error
