"""What requests and urllib3 raise in place of an answer: whether the call went out, and why not."""

from collections.abc import Iterator

from requests import exceptions as requests
from urllib3 import exceptions as urllib3

from formbridge.adapters.sheets.calls.failures import CallFailed, Denied, Unknown

NEVER_SENT = (
    requests.ConnectTimeout,
    requests.ProxyError,
    requests.InvalidJSONError,
    requests.UnrewindableBodyError,
    urllib3.ConnectTimeoutError,  # a refused connection is one
    urllib3.ProxyError,
)
"""Errors that come before the first byte of a call: it was not applied.

One of TLS is none of them, unless it is about the certificate: it may come with the answer.
"""
OF_TLS = (requests.SSLError, urllib3.SSLError)
UNTRUSTED = "CERTIFICATE_VERIFY_FAILED"
ANSWERED = (requests.JSONDecodeError,)
TIMED_OUT = (requests.Timeout, urllib3.TimeoutError)
WRONG_ADDRESS = (
    requests.MissingSchema,
    requests.InvalidSchema,
    requests.InvalidURL,
    requests.InvalidHeader,
    requests.URLRequired,
    urllib3.LocationValueError,
)


def unreached(error: BaseException, *, what: str) -> CallFailed:
    """Return what an error of the connection means."""
    if isinstance(error, WRONG_ADDRESS):
        return Denied(f"{what}: the address is wrong; correct the endpoint or the proxy")
    if not isinstance(error, (requests.RequestException, urllib3.HTTPError)):
        return _machine(error, what)
    sent = isinstance(error, ANSWERED) or not any(map(_before, chain(error)))
    return Unknown(f"{what}: {_cause(error, sent=sent)}; it is tried again", sent=sent)


def _before(error: BaseException) -> bool:
    untrusted = isinstance(error, OF_TLS) and UNTRUSTED in str(error)
    return untrusted or isinstance(error, NEVER_SENT)


def _machine(error: BaseException, what: str) -> CallFailed:
    """Sort an error of the operating system that requests did not make its own."""
    if "TLS" in str(error):  # the text of ``requests.adapters.HTTPAdapter.cert_verify``
        remedy = "correct REQUESTS_CA_BUNDLE, or leave it out"
        return Denied(f"{what}: the file of trusted certificates is not there; {remedy}")
    return Unknown(f"{what}: the connection failed ({type(error).__name__}); it is tried again")


def _cause(error: BaseException, *, sent: bool) -> str:
    match error:
        case requests.SSLError() if not sent:
            return "no trusted connection (a wrong clock, or a proxy with its own certificate?)"
        case requests.ProxyError():
            return "the proxy refuses the connection (see HTTPS_PROXY)"
        case requests.JSONDecodeError():
            return "a page came in place of an answer (a sign-in of the network?)"
        case _ if not sent:
            return "Google cannot be reached from here"
        case _ if any(isinstance(it, TIMED_OUT) for it in chain(error)):
            return "no answer came in time"
        case _:
            return "the connection was lost before an answer came"


def chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what it was made of, as requests and urllib3 keep it."""
    link: BaseException | None = error
    for _ in range(5):
        if link is None:
            return
        yield link
        inner = getattr(link, "reason", None) or (link.args[0] if link.args else None)
        link = inner if isinstance(inner, BaseException) else link.__cause__
