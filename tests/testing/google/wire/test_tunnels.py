"""The proxy: tunnels to Google's names that lead into the emulator, and none to anywhere else."""

import json
import socket
import ssl
from collections.abc import Iterator
from http.client import HTTPSConnection
from pathlib import Path

import pytest

from formbridge.testing.google.messages import Answer, Request
from formbridge.testing.google.wire.listener import Listener
from formbridge.testing.google.wire.tunnels import Authority, Tunnels, is_googles


def host_of(request: Request) -> Answer:
    """Answer with the host that the client believes to talk to."""
    return Answer.json({"host": request.host, "path": request.path})


@pytest.fixture(scope="module")
def authority() -> Authority:
    """A certificate authority."""
    return Authority()


@pytest.fixture
def proxy(authority: Authority) -> Iterator[Listener]:
    """A proxy."""
    with Listener(host_of, tunnels=Tunnels(authority)) as listening:
        yield listening


@pytest.fixture
def trusting(authority: Authority, tmp_path: Path) -> ssl.SSLContext:
    """What a client checks certificates by that was given the file."""
    authority.write(tmp_path / "ca.pem")
    return ssl.create_default_context(cafile=str(tmp_path / "ca.pem"))


@pytest.mark.parametrize(
    "host", ["sheets.googleapis.com", "www.googleapis.com", "oauth2.googleapis.com"]
)
def test_a_tunnel_to_google_leads_into_the_emulator(
    proxy: Listener, trusting: ssl.SSLContext, host: str
) -> None:
    """The certificate is good for the name, and the service learns it."""
    connection = HTTPSConnection("127.0.0.1", proxy.port, context=trusting, timeout=5)
    connection.set_tunnel(host, 443)
    for path in ("/v4/1", "/v4/2"):
        connection.request("GET", path)
        assert json.loads(connection.getresponse().read()) == {"host": host, "path": path}
    connection.close()


@pytest.mark.parametrize(
    "target", ["example.com:443", "sheets.googleapis.com:80", "notgoogle.com:443", ":443", "x"]
)
def test_there_is_no_tunnel_to_anywhere_else(proxy: Listener, target: str) -> None:
    """Nothing leaves the machine."""
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=5) as sock:
        sock.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
        assert sock.recv(1000).startswith(b"HTTP/1.1 403 Forbidden")


def test_a_client_that_does_not_trust_the_authority_is_left(proxy: Listener) -> None:
    """It goes, and others are served."""
    context = ssl.create_default_context()
    connection = HTTPSConnection("127.0.0.1", proxy.port, context=context, timeout=5)
    connection.set_tunnel("sheets.googleapis.com", 443)
    with pytest.raises(ssl.SSLCertVerificationError):
        connection.request("GET", "/")
    connection.close()


def test_googles_names_are_known_by_their_ends() -> None:
    """A name that only looks like one of them is not."""
    assert is_googles("Sheets.GoogleAPIs.com")
    assert is_googles("accounts.google.com")
    assert not is_googles("google.com.example.org")
    assert not is_googles("evilgoogle.com")
