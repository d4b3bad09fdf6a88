"""Which call a request is, from its path alone: what faults and the log of calls go by.

Nothing is validated here, so that a fault may strike a request before the service looks at it.
"""

import attrs

from formbridge.testing.google.messages import Request
from formbridge.testing.google.schema import paths
from formbridge.testing.google.schema.methods import verb_of

TOKEN = "oauth2.token"  # noqa: S105 - a method's name
"""What the token endpoint is called: no discovery document names it."""

OWN = "/_emulator"
"""The emulator's own paths, which no trouble befalls."""

TOKEN_PATHS = frozenset({"/token", "/o/oauth2/token", "/oauth2/v3/token", "/oauth2/v4/token"})
READS = frozenset({"getByDataFilter", "search", "batchGetByDataFilter"})
"""The last part of methods that only read although they are sent as a POST."""


@attrs.frozen(kw_only=True)
class Named:
    """A call: the id of its method, whether it reads or writes, and the file that it is about.

    ``method`` is the HTTP verb and path where no method is known; ``use`` is ``read``, ``write``
    or ``free`` (tokens).
    """

    method: str
    use: str = "read"
    file: str = ""


def named(request: Request) -> Named:
    """Return which call a request is."""
    if request.path in TOKEN_PATHS:
        return Named(method=TOKEN, use="free")
    verb = verb_of(request)
    found = paths.found(verb, request.path)
    if found is None:
        use = "read" if verb in {"GET", "HEAD"} else "write"
        return Named(method=f"{verb} {request.path}", use=use)
    route, variables = found
    method = f"{route.api}.{route.spec['id'].partition('.')[2]}"
    reads = verb == "GET" or method.rpartition(".")[2] in READS
    file = variables.get("spreadsheetId") or variables.get("fileId") or ""
    return Named(method=method, use="read" if reads else "write", file=file)


def is_own(request: Request) -> bool:
    """Whether a request is for the emulator itself: its control or its page."""
    return request.path in {"/", OWN} or request.path.startswith(OWN + "/")
