"""What a service in trouble answers."""

from formbridge.testing.google.accounts.refusals import unusable
from formbridge.testing.google.behaviour import ASSUMED, SEEN, behaves
from formbridge.testing.google.errors import ApiError, drive_answer, sheets_answer
from formbridge.testing.google.messages import Answer, Request
from formbridge.testing.google.trouble.calls import Note
from formbridge.testing.google.trouble.naming import TOKEN
from formbridge.testing.google.trouble.quotas import exceeded, quota_of

MESSAGES = {
    500: "Internal error encountered.",
    502: "Bad Gateway",
    503: "The service is currently unavailable.",
    504: "The request timed out.",
}
PAGE = """<!DOCTYPE html>
<html lang=en>
  <meta charset=utf-8>
  <meta name=viewport content="initial-scale=1, minimum-scale=1, width=device-width">
  <title>Error {status} (Server Error)!!1</title>
  <p><b>{status}.</b> <ins>That\u2019s an error.</ins>
  <p>The server encountered a temporary error and could not complete your request.<p>\
Please try again in 30 seconds.  <ins>That\u2019s all we know.</ins>
"""


@behaves("503: The service is currently unavailable.", SEEN)
@behaves("500: Internal error encountered.", ASSUMED)
def error_answer(status: int, note: Note, request: Request) -> Answer:
    """Return an error that has nothing to do with what was asked."""
    if note.method == TOKEN:
        return _token_answer(status)
    drive = "/drive/" in request.path
    error = _error(status, note, request, drive=drive)
    return (drive_answer if drive else sheets_answer)(error)


def _error(status: int, note: Note, request: Request, *, drive: bool) -> ApiError:
    if status == 429:
        service = "drive.googleapis.com" if drive else "sheets.googleapis.com"
        error = exceeded(quota_of(service, note.use), "project")
        error.code, error.status = 429, "RESOURCE_EXHAUSTED"
        return error
    if status == 401:
        return unusable(request)
    reason = {500: "internalError", 503: "backendError", 403: "forbidden"}.get(status, "badRequest")
    message = MESSAGES.get(status, "The caller does not have permission")
    return ApiError(status, message, reason=reason)


@behaves("the token endpoint in trouble: internal_failure", ASSUMED)
def _token_answer(status: int) -> Answer:
    if status >= 500:
        body = {"error": "internal_failure", "error_description": "Backend Error"}
    else:
        body = {"error": "invalid_grant", "error_description": "Bad Request"}
    return Answer.json(body, status=status)


@behaves("502 of the front end is a page, not JSON", SEEN)
def page_answer(status: int) -> Answer:
    """Return the page that Google's front end shows instead of an answer."""
    return Answer(
        status=status,
        body=PAGE.format(status=status).encode(),
        headers={"content-type": "text/html; charset=UTF-8"},
    )
