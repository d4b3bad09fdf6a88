"""Connections: what HTTP clients may do, and what they may not."""

import gzip
import http.client
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from formbridge.testing.google.messages import Answer, Request
from formbridge.testing.google.trouble.troubles import Cut
from formbridge.testing.google.wire.listener import Listener
from formbridge.testing.google.wire.reading import Limits

SHORT = Limits(head=4096, body=100_000, seconds=0.3, idle=0.5)


def echo(request: Request) -> Answer:
    """Answer with what was asked; some paths stand for trouble."""
    if request.path == "/cut":
        raise Cut(after=True)
    if request.path == "/refused":
        raise Cut(after=False, refused=True)
    if request.path == "/defect":
        raise RuntimeError("a defect")
    if request.path == "/empty":
        return Answer(status=204)
    return Answer.json(
        {
            "method": request.method,
            "path": request.path,
            "query": [list(pair) for pair in request.query],
            "body": request.body.decode("utf-8", "replace"),
            "host": request.host,
        },
        pretty=False,
    )


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A server that says what it was asked, and has little patience."""
    with Listener(echo, limits=SHORT) as listening:
        yield listening


@pytest.fixture
def client(listener: Listener) -> Iterator[http.client.HTTPConnection]:
    """A connection of Python's own client."""
    with closing(http.client.HTTPConnection("127.0.0.1", listener.port, timeout=5)) as connection:
        yield connection


def raw(listener: Listener, sent: bytes) -> bytes:
    """Return all that comes back for these bytes, until the server closes."""
    with socket.create_connection(("127.0.0.1", listener.port), timeout=5) as sock:
        sock.sendall(sent)
        received = b""
        while part := sock.recv(65536):
            received += part
        return received


def test_a_connection_is_kept_for_the_next_request(client: http.client.HTTPConnection) -> None:
    """Paths stay encoded, queries are decoded, and the socket stays the same."""
    client.request("GET", "/v4/a%2Fb?x=1&x=%20&y=")
    first = client.getresponse()
    said = json.loads(first.read())
    sock = client.sock
    assert said["path"] == "/v4/a%2Fb"
    assert said["query"] == [["x", "1"], ["x", " "], ["y", ""]]
    client.request("PUT", "/", body=b"ab")
    assert json.loads(client.getresponse().read())["body"] == "ab"
    assert client.sock is sock


def test_bodies_may_be_chunked_or_packed(client: http.client.HTTPConnection) -> None:
    """Both come to the service as they were meant."""
    client.request("POST", "/", body=iter([b"a" * 5000, b"b"]), encode_chunked=True)
    assert json.loads(client.getresponse().read())["body"] == "a" * 5000 + "b"
    client.request("POST", "/", body=gzip.compress(b"abc"), headers={"Content-Encoding": "gzip"})
    assert json.loads(client.getresponse().read())["body"] == "abc"


@pytest.mark.parametrize(
    ("accepts", "size", "packed"),
    [
        ("gzip, deflate", 5000, True),
        ("gzip", 10, False),
        ("gzip;q=0", 5000, False),
        ("", 5000, False),
    ],
)
def test_big_answers_are_packed_for_who_can_unpack_them(
    client: http.client.HTTPConnection, accepts: str, size: int, *, packed: bool
) -> None:
    """Small ones and other clients get them as they are."""
    client.request("POST", "/", body=b"x" * size, headers={"Accept-Encoding": accepts})
    response = client.getresponse()
    body = response.read()
    assert (response.getheader("content-encoding") == "gzip") is packed
    plain = gzip.decompress(body) if packed else body
    assert json.loads(plain)["body"] == "x" * size


def test_who_waits_before_sending_a_body_is_told_to_go_on(listener: Listener) -> None:
    """``Expect: 100-continue``, as curl sends it."""
    with socket.create_connection(("127.0.0.1", listener.port), timeout=5) as sock:
        sock.sendall(
            b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
        )
        assert sock.recv(1000).startswith(b"HTTP/1.1 100 Continue")
        sock.sendall(b"ab")
        assert sock.recv(1000).startswith(b"HTTP/1.1 200 OK")


def test_old_clients_get_their_answer_and_the_end(listener: Listener) -> None:
    """HTTP/1.0 has no connections that last."""
    answer = raw(listener, b"GET /a HTTP/1.0\r\n\r\n")
    assert b'"path":"/a"' in answer


def test_requests_may_be_sent_before_the_answers_come(listener: Listener) -> None:
    """They are answered in their order."""
    one = b"GET /1 HTTP/1.1\r\nHost: x\r\n\r\n"
    two = b"GET /2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    answer = raw(listener, one + two)
    assert answer.index(b'"path":"/1"') < answer.index(b'"path":"/2"')


def test_a_request_without_content_and_one_for_the_head_only(
    client: http.client.HTTPConnection,
) -> None:
    """Neither answer has a body, and the connection goes on."""
    client.request("GET", "/empty")
    response = client.getresponse()
    assert (response.status, response.read()) == (204, b"")
    client.request("HEAD", "/")
    response = client.getresponse()
    assert (response.status, response.read()) == (200, b"")
    assert int(response.getheader("content-length", "0")) > 0


@pytest.mark.parametrize("path", ["/cut", "/refused"])
def test_a_cut_ends_the_connection_without_an_answer(
    client: http.client.HTTPConnection, path: str
) -> None:
    """The client sees an end or a reset; both are what networks do."""
    client.request("GET", path)
    with pytest.raises(ConnectionError):
        client.getresponse()


def test_a_defect_of_ours_is_an_internal_error(
    client: http.client.HTTPConnection, caplog: pytest.LogCaptureFixture
) -> None:
    """The client gets Google's 500, and the log says where it was."""
    client.request("GET", "/defect")
    response = client.getresponse()
    assert response.status == 500
    assert json.loads(response.read())["error"]["status"] == "INTERNAL"
    assert "a defect" in caplog.text


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 10_000 + b"\r\n\r\n", 431),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n" + b"a" * 200_000, 413),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Encoding: br\r\nContent-Length: 0\r\n\r\n", 415),
        (
            b"POST / HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\na",
            400,
        ),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
        (b"CONNECT sheets.googleapis.com:443 HTTP/1.1\r\nHost: x\r\n\r\n", 405),
        (b"GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    ],
)
def test_what_is_no_good_http_gets_a_page(listener: Listener, sent: bytes, status: int) -> None:
    """As Google's front end answers, and the connection ends."""
    answer = raw(listener, sent)
    assert answer.startswith(b"HTTP/1.1 %d " % status)
    assert b"<!DOCTYPE html>" in answer


def test_a_small_body_that_unpacks_to_much_is_refused(listener: Listener) -> None:
    """The limit is for what it becomes."""
    body = gzip.compress(b"a" * 10_000_000)
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n"
    assert raw(listener, head % len(body) + body).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    "sent", [b"", b"GET / HT", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\na"]
)
def test_a_client_that_is_too_slow_is_left(listener: Listener, sent: bytes) -> None:
    """Whether it says nothing, half a head or half a body."""
    assert raw(listener, sent) == b""


def test_a_long_address_may_come_as_a_form(client: http.client.HTTPConnection) -> None:
    """google-api-python-client does so from 2,048 characters on."""
    headers = {
        "X-HTTP-Method-Override": "GET",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    client.request("POST", "/v4?a=1", body=b"b=2&b=3", headers=headers)
    said = json.loads(client.getresponse().read())
    assert (said["method"], said["body"]) == ("GET", "")
    assert said["query"] == [["a", "1"], ["b", "2"], ["b", "3"]]
    client.request("POST", "/v4", body=b"x", headers={"X-HTTP-Method-Override": "PATCH"})
    said = json.loads(client.getresponse().read())
    assert (said["method"], said["body"]) == ("PATCH", "x")


def test_connections_can_be_refused_for_a_while(listener: Listener) -> None:
    """Nobody listens then; afterwards it is the same port."""
    address = ("127.0.0.1", listener.port)
    listener.refuse()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address)
    listener.accept()
    listener.accept()
    assert raw(listener, b"GET / HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 200")
    listener.refuse(0.05)
    done = threading.Event()
    while not done.wait(0.02):
        try:
            socket.create_connection(address).close()
        except ConnectionRefusedError:
            continue
        done.set()


def test_closing_ends_what_is_open_and_lets_answers_go_out() -> None:
    """A call under way is answered; idle connections end at once."""
    begun = threading.Event()

    def slow(request: Request) -> Answer:
        begun.set()
        threading.Event().wait(0.2)
        return echo(request)

    listening = Listener(slow)
    received: list[bytes] = []
    thread = threading.Thread(
        target=lambda: received.append(raw(listening, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"))
    )
    thread.start()
    assert begun.wait(5)
    listening.close()
    thread.join(5)
    assert received[0].startswith(b"HTTP/1.1 200")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", listening.port))


def test_a_hundred_clients_at_once_are_served(listener: Listener) -> None:
    """Each has a connection of its own."""
    received: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: received.append(raw(listener, b"GET / HTTP/1.0\r\n\r\n")))
        for _ in range(100)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(received) == 100
    assert all(answer.startswith(b"HTTP/1.1 200") for answer in received)
