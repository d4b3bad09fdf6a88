"""What is done to files, and nothing else that touches them: tests make any of these fail.

Handles stay open up to a bound, because opening a file costs as much as appending to it.
"""

import ctypes
import os
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO

import attrs

if sys.platform == "win32":
    import msvcrt

    def _try_lock(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

    def _unlock(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

    def _soft_limit() -> int:
        return 512
else:
    import fcntl
    import resource

    def _try_lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)

    def _soft_limit() -> int:
        return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


_APPEND = (
    os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
)
_MOST_HANDLES = 4096


def _default_handles() -> int:
    return min(_soft_limit() * 3 // 4, _MOST_HANDLES)


def _run_of_the_machine() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""


def _whole_disk_sync() -> Callable[[int], None] | None:
    """Return Linux's ``syncfs``: one call makes every file of a file system durable."""
    if not sys.platform.startswith("linux"):
        return None
    syncfs = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if syncfs is None:
        return None

    def sync(handle: int) -> None:
        if syncfs(handle) != 0:
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code))

    return sync


@attrs.define(eq=False)
class Disk:
    """The operations on files. Paths are text: they are built once and used often.

    ``boot`` names the run of the machine: if it is another, the power may have failed. ``handles``
    bounds the files that are open at once; by default three quarters of what the
    process may open.
    """

    handles: int = attrs.field(
        kw_only=True, factory=lambda: min(_soft_limit() * 3 // 4, _MOST_HANDLES)
    )
    boot: str = attrs.field(kw_only=True, factory=_run_of_the_machine)
    _open: dict[str, int] = attrs.field(init=False, factory=dict)
    _inodes: dict[str, int] = attrs.field(init=False, factory=dict)
    _locked: set[str] = attrs.field(init=False, factory=set)
    unsynced: int = attrs.field(init=False, default=0)
    """Bytes that were appended since the last sync began."""
    _syncfs: Callable[[int], None] | None = attrs.field(init=False, factory=_whole_disk_sync)
    _helper: ThreadPoolExecutor | None = attrs.field(init=False, default=None)
    _begun: "Future[None] | None" = attrs.field(init=False, default=None)

    @property
    def most_locks(self) -> int:
        """How many files may be locked at once: half of the handles."""
        return max(self.handles // 2, 1)

    def stat(self, path: str) -> os.stat_result | None:
        """Return what is known of a file, or None if there is none."""
        try:
            return os.stat(path)  # noqa: PTH116 - called for each table and batch
        except FileNotFoundError:
            return None

    def make_folder(self, path: Path) -> None:
        """Create the folder and those above it, unless they are there."""
        path.mkdir(parents=True, exist_ok=True)

    def reading(self, path: str) -> BinaryIO:
        """Open a file to be read from its beginning."""
        return open(path, "rb", buffering=1 << 18)  # noqa: PTH123 - the caller closes it

    def append(self, path: str, data: bytes) -> None:
        """Write at the end of the file, creating it if needed."""
        handle = self._open.get(path) or self._handle(path)
        written = os.write(handle, data)
        while written < len(data):
            written += os.write(handle, data[written:])
        self.unsynced += written

    def truncate(self, path: str, size: int) -> None:
        """Cut the file to that many bytes."""
        os.truncate(path, size)

    def write_beside(self, path: str, chunks: Iterable[bytes]) -> os.stat_result:
        """Write a file anew, to be put in another's place; return what it is then."""
        with open(path, "wb", buffering=1 << 18) as file:  # noqa: PTH123 - as above
            file.writelines(chunks)
            file.flush()
            if self._syncfs is None:
                os.fsync(file.fileno())
            return os.fstat(file.fileno())

    def replace(self, path: str, by: str) -> None:
        """Put the file ``by`` in the place of another, at once."""
        self.forget(path)
        os.replace(by, path)  # noqa: PTH105 - text paths

    def remove(self, path: str) -> None:
        """Remove a file if it is there."""
        Path(path).unlink(missing_ok=True)

    def sync(self, folders: Iterable[str], files: Iterable[str]) -> None:
        """Return when these files, and the names in these folders, survive a power cut."""
        self.unsynced = 0
        if self._begun is not None:
            begun, self._begun = self._begun, None
            begun.result()  # the system tells an error once: it may have told that one
        if self._syncfs is not None:
            for folder in folders:
                _with_handle(folder, self._syncfs)
                return
        for path in files:
            _with_handle(path, os.fsync)
        for folder in folders:
            if sys.platform != "win32":
                _with_handle(folder, os.fsync)

    def begin_sync(self, folder: str) -> None:
        """Let the disk begin with what ``sync`` will wait for; what fails is raised there."""
        begun = self._begun
        if self._syncfs is None or (begun and (not begun.done() or begun.exception())):
            return
        if self._helper is None:
            self._helper = ThreadPoolExecutor(1, thread_name_prefix="formbridge-sync")
        self.unsynced = 0
        self._begun = self._helper.submit(_with_handle, folder, self._syncfs)

    def lock(self, path: str) -> bool:
        """Lock the file against every other process, or return False; creates it if needed."""
        handle = self._open.get(path) or self._handle(path)
        try:
            _try_lock(handle)
        except (BlockingIOError, PermissionError):
            return False
        self._locked.add(path)
        return True

    def unlock(self, path: str) -> None:
        """Let others have the file."""
        self._locked.discard(path)
        handle = self._open.get(path)
        if handle is not None:
            _unlock(handle)

    def inode(self, path: str) -> int:
        """Return which file the open handle means; a file put in its place has another number."""
        inode = self._inodes.get(path)
        if inode is None:
            inode = self._inodes[path] = os.fstat(self._handle(path)).st_ino
        return inode

    def forget(self, path: str) -> None:
        """Close the handle, because another file stands at that path now."""
        handle = self._open.pop(path, None)
        self._inodes.pop(path, None)
        self._locked.discard(path)
        if handle is not None:
            os.close(handle)

    def close(self) -> None:
        """Close every handle."""
        for path in list(self._open):
            self.forget(path)
        if self._helper is not None:
            self._helper.shutdown()
            self._helper = None

    def _handle(self, path: str) -> int:
        handle = self._open.get(path)
        if handle is None:
            self._make_room()
            handle = self._open[path] = os.open(path, _APPEND, 0o666)
        return handle

    def _make_room(self) -> None:
        """Close the handle opened last: batches go round, so the oldest is needed first."""
        if len(self._open) < self.handles:
            return
        for path in reversed(self._open):
            if path not in self._locked:
                self.forget(path)
                return


def _with_handle(path: str, act: Callable[[int], None]) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        act(handle)
    finally:
        os.close(handle)
