"""How Google's front end says what is wrong with a request, one sentence a field."""

import attrs

from formbridge.testing.google.behaviour import RECORDED, SEEN, behaves
from formbridge.testing.google.errors import ApiError
from formbridge.testing.google.messages import Answer, Body

BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"


@attrs.frozen
class Violation:
    """What is wrong, and with which field; no field is the whole request."""

    field: str
    description: str


def unknown_name(at: str, name: str, why: str) -> Violation:
    """Return the violation of a name that is not there, or not there so."""
    place = f" at '{at}'" if at else ""
    return Violation(at, f'Invalid JSON payload received. Unknown name "{name}"{place}: {why}')


def unbound(name: str, why: str = "") -> Violation:
    """Return the violation of a parameter that the request does not have."""
    reason = why or f"Field '{name}' could not be found in request message."
    return unknown_name("", name, f"Cannot bind query parameter. {reason}")


def invalid_value(at: str, type_name: str, value: str) -> Violation:
    """Return the violation of a value that does not fit."""
    place = f" at '{at}'" if at else ""
    return Violation(at, f"Invalid value{place} ({type_name}), {value}")


@behaves("what is wrong with several fields is said at once, and again in the details", RECORDED)
@behaves("older APIs print such an error without a domain", SEEN)
def refusal(violations: list[Violation]) -> ApiError:
    """Return the 400 that says all that is wrong."""
    shown: list[Body] = [
        {"field": each.field, "description": each.description}
        if each.field
        else {"description": each.description}
        for each in violations
    ]
    message = "\n".join(each.description for each in violations)
    detail = {"@type": BAD_REQUEST, "fieldViolations": shown}
    return ApiError(400, message, reason="invalid", domain="", details=[detail])


PAGE = """<!DOCTYPE html>
<html lang=en>
  <meta charset=utf-8>
  <meta name=viewport content="initial-scale=1, minimum-scale=1, width=device-width">
  <title>Error 404 (Not Found)!!1</title>
  <style>
    *{{margin:0;padding:0}}html,code{{font:15px/22px arial,sans-serif}}html{{background:#fff;color:#222;padding:15px}}body{{margin:7% auto 0;max-width:390px;min-height:180px;padding:30px 0 15px}}p{{margin:11px 0 22px;overflow:hidden}}ins{{color:#777;text-decoration:none}}
  </style>
  <p><b>404.</b> <ins>That\u2019s an error.</ins>
  <p>The requested URL <code>{path}</code> was not found on this server.  <ins>That\u2019s all we know.</ins>
"""  # noqa: E501 - one line of styles
"""The page that Google shows for an address that nothing answers."""


class NoSuchPageError(ApiError):
    """No method has this address and verb; ``answer`` is Google's page."""

    def __init__(self, path: str) -> None:
        super().__init__(404, "Not Found", reason="notFound")
        self.path = path

    @behaves("an address that no method has is answered with a page", SEEN)
    def answer(self, body: Body, *, pretty: bool) -> Answer:  # noqa: ARG002 - a page has neither
        """Return the page."""
        safe = self.path.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return Answer(
            status=404,
            body=PAGE.format(path=safe).encode("utf-8", "replace"),
            headers={"content-type": "text/html; charset=UTF-8"},
        )
