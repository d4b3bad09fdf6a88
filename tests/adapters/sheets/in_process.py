"""The emulator without a socket: real gspread, google-auth and requests over ``Google.handle``.

With a ``FakeClock`` that the client and the emulator share, minutes of quota pass at once.
"""

from collections.abc import Mapping
from io import BytesIO

from requests import ConnectionError as Lost
from requests import PreparedRequest, ReadTimeout, Response
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from urllib3.connection import HTTPConnection
from urllib3.exceptions import NewConnectionError, ProtocolError

from formbridge.adapters.sheets.calls.client import SheetsClient
from formbridge.adapters.sheets.settings import SheetsSettings
from formbridge.domain.ports import Clock
from formbridge.testing.clock import FakeClock
from formbridge.testing.google import Answer, Cut, Google, Request

ENDPOINT = "http://127.0.0.1:9"
"""An address at which nobody listens: what goes there goes into the emulator of this process."""


class InProcess(BaseAdapter):
    """Carries requests to an emulator, and shows what befalls them as a socket would.

    A call that takes longer than the client waits is applied at once, and the client is told of a
    time-out: with a ``FakeClock`` nothing can happen in between.
    """

    def __init__(self, google: Google, clock: Clock) -> None:
        """Carry to ``google``; ``clock`` is the client's."""
        super().__init__()
        self.google = google
        self.clock = clock

    def send(  # noqa: PLR0913, PLR0917 - as requests calls it
        self,
        request: PreparedRequest,
        stream: bool = False,  # noqa: ARG002, FBT001, FBT002
        timeout: float | tuple[float | None, float | None] | None = None,
        verify: bool | str = True,  # noqa: ARG002, FBT001, FBT002
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,  # noqa: ARG002
        proxies: Mapping[str, str] | None = None,  # noqa: ARG002
    ) -> Response:
        """Return the emulator's answer, or raise what requests would raise."""
        if not isinstance(timeout, tuple) or timeout[1] is None:
            message = f"a call without a time-out: {request.method} {request.url}"
            raise AssertionError(message)
        begun = self.clock.monotonic()
        try:
            answer = self.google.handle(asked(request))
        except Cut as cut:
            if self.clock.monotonic() - begun > timeout[1]:
                raise ReadTimeout(request=request) from cut
            raise lost(cut, request) from cut
        if self.clock.monotonic() - begun > timeout[1]:
            raise ReadTimeout(request=request)
        return told(answer, request)

    def close(self) -> None:
        """Do nothing: there is no connection."""


def asked(request: PreparedRequest) -> Request:
    """Return a request as the emulator takes it."""
    body = request.body or b""
    assert isinstance(body, (str, bytes))  # no stream
    return Request.of(
        request.method or "GET",
        request.url or "",
        headers={str(name): str(value) for name, value in request.headers.items()},
        body=body.encode() if isinstance(body, str) else body,
    )


def told(answer: Answer, request: PreparedRequest) -> Response:
    """Return an answer as requests gives it."""
    response = Response()
    response.status_code = answer.status
    response.headers = CaseInsensitiveDict(answer.headers)
    response.raw = BytesIO(answer.body)
    response.url = request.url or ""
    response.request = request
    response.encoding = "utf-8"
    return response


def lost(cut: Cut, request: PreparedRequest) -> Lost:
    """Return what requests raises for a connection that was refused, or that ended."""
    if cut.refused:
        nobody = NewConnectionError(HTTPConnection("127.0.0.1"), "Connection refused")
        return Lost(nobody, request=request)
    ended = ConnectionResetError("Remote end closed connection without response")
    return Lost(ProtocolError("Connection aborted.", ended), request=request)


def emulated(*, seed: int = 1) -> tuple[Google, FakeClock]:
    """Return an emulator and the clock that it shares with clients."""
    clock = FakeClock()
    return Google(clock=clock, seed=seed), clock


def opened(
    google: Google, clock: Clock, settings: SheetsSettings | None = None, *, patience: float = 2.0
) -> SheetsClient:
    """Return a client of an emulator in this process; close it in the end."""
    return SheetsClient.of(
        settings or SheetsSettings(endpoint=ENDPOINT),
        clock=clock,
        transport=InProcess(google, clock),
        patience=patience,
    )
