"""A proxy for clients that know only Google's own addresses: TLS with certificates of our own.

A client that is told of the proxy asks it for a tunnel to ``sheets.googleapis.com:443``. The tunnel
leads nowhere but into the emulator, which shows a certificate for that name.
"""

import socket
import ssl
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from threading import Lock

import trustme

HOSTS = ("googleapis.com", "google.com", "googleusercontent.com")
"""Google's domains, as far as their APIs go."""

HANDSHAKE = 30.0
"""Seconds that a client may take to begin with TLS."""

OPEN = b"HTTP/1.1 200 Connection established\r\n\r\n"
REASON = b"This proxy leads to an emulated Google, and nowhere else.\n"
REFUSED = (
    b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nConnection: close\r\n"
    b"Content-Length: %d\r\n\r\n%s" % (len(REASON), REASON)
)


class Authority:
    """A certificate authority of this process: nobody trusts it who was not given its file."""

    def __init__(self) -> None:
        """Begin without certificates; each is made when it is first asked for."""
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._lock = Lock()

    @cached_property
    def _ca(self) -> trustme.CA:
        return trustme.CA(organization_name="formbridge Google emulator")

    def write(self, file: Path) -> None:
        """Write the certificate that clients have to trust."""
        self._ca.cert_pem.write_to_path(file)

    def context(self, host: str) -> ssl.SSLContext:
        """Return what shows a certificate for that host."""
        with self._lock:
            if host not in self._contexts:
                context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
                context.set_alpn_protocols(["http/1.1"])
                self._ca.issue_cert(host).configure_cert(context)
                self._contexts[host] = context
            return self._contexts[host]


class Tunnels:
    """Opens tunnels to Google's hosts, and to no others."""

    def __init__(self, authority: Authority) -> None:
        """Show certificates of that authority."""
        self._authority = authority

    def opened(self, target: str, sock: socket.socket) -> socket.socket | None:
        """Return the socket inside the tunnel, having told the client; None where it is refused."""
        host, _, port = target.rpartition(":")
        sock.settimeout(HANDSHAKE)
        if port != "443" or not is_googles(host):
            sock.sendall(REFUSED)
            return None
        sock.sendall(OPEN)
        with suppress(OSError):  # a client that does not trust us, or goes
            return self._authority.context(host.lower()).wrap_socket(sock, server_side=True)
        return None


def is_googles(host: str) -> bool:
    """Whether a host is one of Google's."""
    name = host.lower()
    return name in HOSTS or name.endswith(tuple(f".{domain}" for domain in HOSTS))
