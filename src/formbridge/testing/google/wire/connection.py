"""One connection: request after request, until a side has had enough."""

import logging
import socket
import struct
import time
from collections.abc import Callable
from contextlib import suppress

import attrs
import h11

from formbridge.testing.google.messages import Answer, Request
from formbridge.testing.google.trouble.troubles import Cut
from formbridge.testing.google.wire.reading import Limits, Unreadable, request_of
from formbridge.testing.google.wire.writing import (
    broken_answer,
    reason_of,
    unreadable_answer,
    wire_form,
)

Answering = Callable[[Request], Answer]

CHUNK = 256 * 1024
"""Bytes that are read at once."""

log = logging.getLogger(__name__)


class Gone(Exception):
    """The client has closed the connection, or keeps us waiting for too long."""


@attrs.frozen(kw_only=True)
class Asked:
    """A request that was read, or why it could not be."""

    request: Request
    trouble: Unreadable | None = None


@attrs.define(eq=False, kw_only=True)
class Connection:
    """Serves one socket and leaves it open. ``host`` is the one that a tunnel leads to.

    ``tunnel`` serves the tunnel to the target of a ``CONNECT``, or returns False for none.
    """

    sock: socket.socket
    answering: Answering
    limits: Limits = attrs.field(factory=Limits)
    host: str = ""
    tunnel: Callable[[str, socket.socket], bool] | None = None
    _http: h11.Connection = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Begin to speak HTTP, the server's side of it."""
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=self.limits.head)

    def serve(self) -> None:
        """Answer until the client goes, is too slow, or the connection is to be cut."""
        try:
            while self._once():
                self._http.start_next_cycle()
        except (Gone, OSError):
            return
        except Cut as cut:
            if cut.refused:
                reset_at_close(self.sock)

    def _once(self) -> bool:
        """Answer one request; return whether another may follow."""
        asked = self._read()
        if asked is None:
            return False
        if asked.trouble is not None:
            self._send(unreadable_answer(asked.trouble.code), asked.request)
            self._linger()
            return False
        if asked.request.method == "CONNECT":
            self._connect(asked.request)
            return False
        self._send(self._answer(asked.request), asked.request)
        return self._http.our_state is h11.DONE and self._http.their_state is h11.DONE

    def _answer(self, request: Request) -> Answer:
        try:
            return self.answering(request)
        except Cut:
            raise
        except Exception:  # a defect of ours: the client gets an answer, and the log the reason
            log.exception("%s %s", request.method, request.path)
            return broken_answer()

    # --- reading --------------------------------------------------------------------------------

    def _read(self) -> Asked | None:
        """Return what was asked; None where the client has gone in between two requests."""
        head: h11.Request | None = None
        body = bytearray()
        until = time.monotonic() + self.limits.idle
        try:
            while True:
                event = self._next(until)
                if isinstance(event, h11.Request):
                    head = self._checked(event)
                    until = time.monotonic() + self.limits.seconds
                elif isinstance(event, h11.Data):
                    body += event.data
                    self._check_size(len(body))
                elif isinstance(event, h11.EndOfMessage) and head is not None:
                    return Asked(request=self._request(head, bytes(body)))
                elif isinstance(event, h11.ConnectionClosed):
                    return None
        except h11.RemoteProtocolError as error:
            return self._trouble(Unreadable(error.error_status_hint, str(error)))
        except Unreadable as error:
            return self._trouble(error)

    def _next(self, until: float) -> h11.Event:
        """Return the next event, having waited for bytes as long as one may."""
        while True:
            event = self._http.next_event()
            if isinstance(event, h11.Event):
                return event
            if self._http.they_are_waiting_for_100_continue:
                self._continue()
            self._http.receive_data(self._receive(until))

    def _receive(self, until: float) -> bytes:
        left = until - time.monotonic()
        if left <= 0:
            raise Gone
        self.sock.settimeout(left)
        try:
            return self.sock.recv(CHUNK)
        except TimeoutError as error:
            raise Gone from error

    def _continue(self) -> None:
        go_on = h11.InformationalResponse(status_code=100, headers=[], reason=b"Continue")
        self._write(self._http.send(go_on))

    def _checked(self, head: h11.Request) -> h11.Request:
        """Refuse a head that came at once and so was never an unfinished one of too many bytes."""
        size = len(head.target) + sum(len(name) + len(value) for name, value in head.headers)
        if size > self.limits.head:
            raise Unreadable(431, "Request Header Fields Too Large")
        return head

    def _check_size(self, size: int) -> None:
        if size > self.limits.body:
            raise Unreadable(413, "too large")

    def _request(self, head: h11.Request, body: bytes) -> Request:
        method, target = head.method.decode("latin-1"), head.target.decode("latin-1")
        if method == "CONNECT":
            return Request(method=method, path=target, host=target)
        return request_of(
            method,
            target,
            [(name.decode("latin-1"), value.decode("latin-1")) for name, value in head.headers],
            body,
            host=self.host,
            limits=self.limits,
        )

    def _trouble(self, error: Unreadable) -> Asked:
        return Asked(request=Request(method="GET", path="/"), trouble=error)

    # --- writing --------------------------------------------------------------------------------

    def _send(self, answer: Answer, request: Request) -> None:
        if self._http.our_state not in {h11.IDLE, h11.SEND_RESPONSE}:
            return  # what came was too broken for HTTP to allow an answer
        headers, body = wire_form(answer, request)
        if self._http.their_state in {h11.ERROR, h11.SEND_BODY}:
            headers.append(("connection", "close"))
        head = h11.Response(
            status_code=answer.status,
            headers=headers,
            reason=reason_of(answer.status).encode("latin-1"),
        )
        # One write for all of it: a head by itself would wait for the other side's acknowledgement.
        parts = [self._http.send(head)]
        if body:
            parts.append(self._http.send(h11.Data(data=body)))
        parts.append(self._http.send(h11.EndOfMessage()))
        self._write(b"".join(part for part in parts if part))

    def _write(self, data: bytes | None) -> None:
        if data:
            self.sock.settimeout(self.limits.seconds)
            self.sock.sendall(data)

    def _linger(self) -> None:
        """Swallow what still comes, for a second: closing at once would take the answer back."""
        with suppress(OSError, Gone):
            self.sock.shutdown(socket.SHUT_WR)
            until = time.monotonic() + 1
            while self._receive(until):
                pass

    # --- tunnels --------------------------------------------------------------------------------

    def _connect(self, request: Request) -> None:
        """Let the tunnel be served that a client asks for."""
        if self.tunnel is None or not self.tunnel(request.host, self.sock):
            self._send(unreadable_answer(405), request)


def reset_at_close(sock: socket.socket) -> None:
    """Let the client see a reset instead of an end when the socket is closed."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
