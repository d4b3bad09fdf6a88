"""What the API refuses, in Google's own words, and how each API prints it."""

from collections.abc import Mapping, Sequence

import attrs

from formbridge.testing.google.messages import Answer, Body

STATUS: Mapping[int, str] = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    405: "UNIMPLEMENTED",
    409: "ABORTED",
    413: "INVALID_ARGUMENT",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}


class ApiError(Exception):
    """A request that is refused. Nothing has changed.

    ``reason`` and ``domain`` are what Drive prints beside the message; ``location`` names the
    parameter. ``details`` are those of ``google.rpc`` (Sheets). ``short`` is what Drive's list of
    errors says where it differs from the message; ``headers`` go with the answer.
    """

    def __init__(
        self,
        code: int,
        message: str,
        *,
        reason: str = "",
        domain: str = "global",
        location: str = "",
        details: Sequence[Body] = (),
        status: str = "",
        short: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.reason = reason
        self.domain = domain
        self.location = location
        self.details = list(details)
        self.status = status or STATUS.get(code, "UNKNOWN")
        self.short = short or message
        self.headers = dict(headers or {})

    def answer(self, body: Body, *, pretty: bool) -> Answer:
        """Return the answer with that body."""
        answer = Answer.json(body, status=self.code, pretty=pretty)
        return attrs.evolve(answer, headers={**answer.headers, **self.headers})


class Refused(Exception):
    """One request of a ``batchUpdate`` cannot be done; the text is Google's, without its prefix."""


def invalid(message: str, *, details: Sequence[Body] = ()) -> ApiError:
    """Return a 400 of the Sheets API."""
    return ApiError(400, message, details=details, reason="badRequest")


def invalid_field(field: str, description: str) -> ApiError:
    """Return a 400 that names the field of the body or the parameter."""
    violation = (
        {"field": field, "description": description} if field else {"description": description}
    )
    detail = {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [violation]}
    return invalid(description, details=[detail])


def not_found() -> ApiError:
    """Return the Sheets API's 404."""
    return ApiError(404, "Requested entity was not found.", reason="notFound")


def forbidden() -> ApiError:
    """Return the Sheets API's 403 for files that the caller may not see or change."""
    return ApiError(403, "The caller does not have permission", reason="forbidden")


def sheets_answer(error: ApiError, *, pretty: bool = True) -> Answer:
    """Print an error as newer APIs do (``google.rpc.Status``)."""
    body: Body = {"code": error.code, "message": error.message, "status": error.status}
    if error.details:
        body["details"] = error.details
    return error.answer({"error": body}, pretty=pretty)


def drive_answer(error: ApiError, *, pretty: bool = True) -> Answer:
    """Print an error as Drive does: with a list of errors."""
    one: Body = {"message": error.short, "domain": error.domain, "reason": error.reason}
    if not error.domain:
        del one["domain"]
    if error.location:
        kind = "header" if error.location == "Authorization" else "parameter"
        one |= {"location": error.location, "locationType": kind}
    body: Body = {"code": error.code, "message": error.message, "errors": [one]}
    if error.code in {401, 429} or error.details:
        body["status"] = error.status
    if error.details:
        body["details"] = error.details
    return error.answer({"error": body}, pretty=pretty)
