"""A running emulator for tests and programs: in this process, at an address of its own."""

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import attrs

from formbridge.adapters.system.clock import SystemClock
from formbridge.testing.google.accounts.tokens import TEST_TOKEN
from formbridge.testing.google.google import Google
from formbridge.testing.google.wire.connection import Answering
from formbridge.testing.google.wire.listener import Listener

ROBOT = "robot@project.iam.gserviceaccount.com"
"""The service account that tests have unless they name one."""


@attrs.frozen(kw_only=True)
class Served:
    """A service that runs: ``url`` is its address, ``google`` the service itself.

    ``folder`` holds the files that clients are given, and is gone with the service. ``listener``
    can refuse connections for a while.
    """

    google: Google
    listener: Listener
    folder: Path
    proxy_listener: Listener | None = None

    @property
    def url(self) -> str:
        """The base URL of all of Google's hosts."""
        return self.listener.url

    @property
    def token(self) -> str:
        """The token of the plain start: it never ends, and may do everything."""
        return TEST_TOKEN

    @property
    def proxy(self) -> str:
        """Where the proxy is; an empty text where none was asked for."""
        return "" if self.proxy_listener is None else self.proxy_listener.url

    @property
    def ca_file(self) -> Path:
        """The certificate that clients of the proxy have to trust."""
        return self.folder / "ca.pem"

    @property
    def environment(self) -> Mapping[str, str]:
        """What clients of the proxy need in their environment, whatever they are made with."""
        if self.proxy_listener is None:
            return {}
        ca = str(self.ca_file)
        return {
            "HTTPS_PROXY": self.proxy,
            "REQUESTS_CA_BUNDLE": ca,
            "HTTPLIB2_CA_CERTS": ca,
            "SSL_CERT_FILE": ca,
            "NODE_EXTRA_CA_CERTS": ca,
        }

    def service_account_file(self, email: str = ROBOT, *, through_proxy: bool = False) -> Path:
        """Write the key file of a service account, which is added where it is new; return it.

        It sends clients to our own token endpoint, or, ``through_proxy``, to Google's name.
        """
        tokens = self.google.tokens
        if email not in tokens.keys:
            tokens.add_service_account(email)
        uri = {} if through_proxy else {"token_uri": f"{self.url}/token"}
        file = self.folder / f"{email}{'.proxy' if through_proxy else ''}.json"
        file.write_text(json.dumps(tokens.key_file(email, **uri), indent=2), "utf-8")
        return file


@contextmanager
def serve(
    google: Google | None = None,
    *,
    port: int = 0,
    proxy: bool = False,
    proxy_port: int = 0,
    answering: Answering | None = None,
) -> Iterator[Served]:
    """Serve a service, a new one with the machine's clock if none is given, until the block ends.

    With ``proxy``, also as an HTTPS proxy for clients that know only Google's own addresses.
    ``answering`` answers in the service's place (and hands requests on, as ``store.Store`` does).
    """
    served = google or Google(clock=SystemClock())
    answer = answering or served.handle
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="formbridge-google-")))
        listener = stack.enter_context(Listener(answer, port=port))
        through = None
        if proxy:
            through = stack.enter_context(_proxy(answer, folder / "ca.pem", proxy_port))
        yield Served(google=served, listener=listener, folder=folder, proxy_listener=through)


def _proxy(answering: Answering, ca_file: Path, port: int) -> Listener:
    # Lazily: it brings cryptography, which a server without proxy starts faster without.
    from formbridge.testing.google.wire.tunnels import Authority, Tunnels  # noqa: PLC0415 - see above

    authority = Authority()
    authority.write(ca_file)
    return Listener(answering, port=port, tunnels=Tunnels(authority))
