"""Who waits for connections: on 127.0.0.1 only, a thread for each of them."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import RLock, Thread, Timer, current_thread
from typing import Protocol, Self

from formbridge.testing.google.wire.connection import Answering, Connection
from formbridge.testing.google.wire.reading import Limits

HOST = "127.0.0.1"
BACKLOG = 512
"""Connections that may wait: a storm of clients is part of what is tested."""

GRACE = 2.0
"""Seconds that calls under way are waited for at the end."""


class Tunnelling(Protocol):
    """What opens a tunnel (``tunnels.Tunnels``)."""

    def opened(self, target: str, sock: socket.socket) -> socket.socket | None:
        """Return the socket inside the tunnel, having told the client; None where it is refused."""


class Listener:
    """Serves a function from a request to an answer, until it is closed. Use it in a ``with``.

    It listens from the moment it is made. Without ``tunnels``, a ``CONNECT`` is refused.
    """

    def __init__(
        self,
        answering: Answering,
        *,
        port: int = 0,
        limits: Limits | None = None,
        tunnels: Tunnelling | None = None,
    ) -> None:
        """Listen on a port, 0 for any that is free; OSError where it is taken."""
        self.answering = answering
        self.limits = limits or Limits()
        self._tunnels = tunnels
        self._lock = RLock()
        self._open: set[socket.socket] = set()
        self._threads: set[Thread] = set()
        self._timer: Timer | None = None
        self._closed = False
        self._listen(port)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{HOST}:{self.port}"

    def close(self) -> None:
        """End: no new connections, and none that are open; what is under way has a moment."""
        with self._lock:
            self._closed = True
            timer = self._timer
        if timer is not None:
            timer.cancel()
        self._stop()
        with self._lock:
            connections, threads = list(self._open), list(self._threads)
        for sock in connections:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RD)  # an answer under way can still go out
        until = time.monotonic() + GRACE
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))

    # --- no connections for a while -------------------------------------------------------------

    def refuse(self, seconds: float | None = None) -> None:
        """Refuse every new connection: until ``accept``, or for so many seconds of the world's."""
        self._stop()
        if seconds is not None:
            with self._lock:
                self._timer = Timer(seconds, self.accept)
                self._timer.daemon = True
                self._timer.start()

    def accept(self) -> None:
        """Accept connections again, on the same port."""
        with self._lock:
            if not self._closed and self._socket.fileno() == -1:
                self._listen(self.port)

    # --- threads --------------------------------------------------------------------------------

    def _listen(self, port: int) -> None:
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind((HOST, port))
            sock.listen(BACKLOG)
        except OSError:
            sock.close()
            raise
        self._socket = sock
        self.port: int = sock.getsockname()[1]
        name = f"google:{self.port}"
        self._acceptor = Thread(target=self._accepting, args=(sock,), name=name, daemon=True)
        self._acceptor.start()

    def _stop(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits in accept
        self._socket.close()
        self._acceptor.join(GRACE)

    def _accepting(self, listening: socket.socket) -> None:
        while listening.fileno() != -1:
            try:
                sock, _ = listening.accept()
            except OSError:
                # Closed, or no more files may be open: the one ends the loop, the other passes.
                time.sleep(0.01)
                continue
            thread = Thread(target=self._serving, args=(sock,), name="google", daemon=True)
            with self._lock:
                self._threads.add(thread)
            thread.start()

    def _serving(self, sock: socket.socket) -> None:
        try:
            with self._watched(sock):
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                Connection(
                    sock=sock,
                    answering=self.answering,
                    limits=self.limits,
                    tunnel=self._tunnelled,
                ).serve()
        finally:
            with self._lock:
                self._threads.discard(current_thread())

    def _tunnelled(self, target: str, sock: socket.socket) -> bool:
        """Serve what comes through a tunnel; return False where there is none to open."""
        if self._tunnels is None:
            return False
        inside = self._tunnels.opened(target, sock)
        if inside is not None:
            with self._watched(inside):
                Connection(
                    sock=inside,
                    answering=self.answering,
                    limits=self.limits,
                    host=target.rpartition(":")[0],
                ).serve()
        return True

    @contextmanager
    def _watched(self, sock: socket.socket) -> Iterator[None]:
        """Close a socket at the end of the block, and let ``close`` know of it until then."""
        with self._lock:
            self._open.add(sock)
        try:
            yield
        finally:
            with self._lock:
                self._open.discard(sock)
            sock.close()
