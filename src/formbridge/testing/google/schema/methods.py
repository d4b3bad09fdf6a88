"""One request as the API understands it: its method, parameters and body.

``routed`` finds the method; ``understood`` reads the rest. Google looks at the token in between.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import attrs

from formbridge.testing.google.behaviour import DOCUMENTED, SEEN, behaves
from formbridge.testing.google.errors import ApiError
from formbridge.testing.google.messages import Body, Request
from formbridge.testing.google.schema import bodies, paths
from formbridge.testing.google.schema.discovery import Schema
from formbridge.testing.google.schema.params import NAMED_BODIES, bound, located
from formbridge.testing.google.schema.refusals import NoSuchPageError
from formbridge.testing.google.schema.uploads import Upload, uploaded

FORM = "application/x-www-form-urlencoded"
NAMES: Mapping[str, str] = {"drive2": "drive2."}
"""How ids of methods begin where the document's own would be another API's."""


@attrs.frozen(kw_only=True)
class Match:
    """What a request asks for.

    ``api`` is ``sheets``, ``drive`` or ``drive2`` (Drive's version 2, whose methods' ids begin with
    ``drive2``). ``params`` are those that were given, of the types that the document says, a list
    where they are repeated. ``response`` is the schema of the answer, if it has one.
    """

    api: str
    method: str
    variables: Mapping[str, str]
    params: Mapping[str, Any] = attrs.field(factory=dict)
    body: Body = attrs.field(factory=dict)
    scopes: frozenset[str] = frozenset()
    upload: Upload | None = None
    response: Schema | None = None
    route: paths.Route = attrs.field(repr=False)

    @property
    def media(self) -> bool:
        """Whether a file comes with the request."""
        return self.upload is not None


def match(request: Request) -> Match:
    """Return what a request asks for, whole; raise what Google's front end refuses."""
    return understood(routed(request), request)


def is_drive(request: Request) -> bool:
    """Tell whether errors are printed as Drive does."""
    return paths.api_of(request.path).startswith("drive")


@behaves("the verb may stand in a header", DOCUMENTED)
def verb_of(request: Request) -> str:
    """Return the verb that is meant."""
    other = request.headers.get("x-http-method-override", "")
    return other.upper() if other and request.method == "POST" else request.method


@behaves("an address with another verb is answered as one that is not there", SEEN)
def routed(request: Request) -> Match:
    """Return the method that the address and the verb mean; raise the page that says no."""
    verb = verb_of(request)
    found = paths.found("GET" if verb == "HEAD" else verb, request.path)
    if request.value("upload_id"):
        uploads = (each for each in paths.anyhow(request.path) if each[0].upload)
        found = next(uploads, found)
    if found is None:
        raise NoSuchPageError(request.path)
    route, variables = found
    spec, api = route.spec, route.api
    return Match(
        api=api,
        method=NAMES.get(api, f"{api}.") + spec["id"].partition(".")[2],
        variables=variables,
        scopes=frozenset(spec["scopes"]),
        response=Schema(api=api, name=spec["response"]) if "response" in spec else None,
        route=route,
    )


def understood(found: Match, request: Request) -> Match:
    """Return the match with its parameters, body and file."""
    spec = found.route.spec
    variables = located(found.api, spec, found.variables)
    params, early = bound(found.api, spec, [*request.query, *_form(found, request)])
    mask = request.headers.get("x-goog-fieldmask")
    if mask is not None:
        params.setdefault("fields", mask)
    upload = uploaded(request) if found.route.upload else None
    body = {**early, **_body(found, request, upload)}
    return attrs.evolve(found, variables=variables, params=params, body=body, upload=upload)


@behaves("a form in the body is read as parameters", SEEN)
def _form(found: Match, request: Request) -> list[tuple[str, str]]:
    if not _is_form(request) or found.route.upload:
        return []
    if found.api != "sheets" and verb_of(request) == request.method:
        return []
    text = request.body.decode("utf-8", "replace")
    return parse_qsl(text, keep_blank_values=True, max_num_fields=None)


def _is_form(request: Request) -> bool:
    return _kind(request) == FORM


def _kind(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _body(found: Match, request: Request, upload: Upload | None) -> Body:
    spec = found.route.spec
    if "request" not in spec:
        return {}
    text = request.body if upload is None else upload.description
    if upload is None and text and _is_form(request) and found.api == "sheets":
        return {}
    if upload is None and text:
        _acceptable(found, request)
    schema = Schema(api=found.api, name=spec["request"])
    return bodies.read(text, schema, NAMED_BODIES.get(spec["id"], ""))


@behaves("Drive refuses bodies that are not JSON by their type", SEEN)
def _acceptable(found: Match, request: Request) -> None:
    kind = _kind(request)
    if found.api != "sheets" and kind and not kind.endswith("json"):
        raise ApiError(400, f"Unsupported content with type: {kind}", reason="badContent")
