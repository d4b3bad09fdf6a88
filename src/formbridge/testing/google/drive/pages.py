"""Lists in pages: how many, and the token with which to go on."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from hashlib import sha256
from typing import TypeVar

from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, behaves
from formbridge.testing.google.drive.refusals import invalid_value
from formbridge.testing.google.errors import ApiError
from formbridge.testing.google.routes import Call

Thing = TypeVar("Thing")
SIGN = "~!!~"
"""What tokens of pages begin with."""


@behaves("a page has pageSize things at most, and a token where there are more", DOCUMENTED)
def page(
    call: Call, things: Sequence[Thing], *, usual: int = 100, most: int = 1000
) -> tuple[Sequence[Thing], str]:
    """Return the things of the wanted page, and the token of the next one or nothing."""
    size = call.params.get("pageSize")
    size = usual if size is None else size
    if size < 1:
        message = f"Invalid value '{size}'. Values must be within the range: [1, {most}]"
        raise ApiError(400, message, reason="invalidParameter", location="pageSize")
    start = _start(call)
    end = start + min(size, most)
    return things[start:end], _token(call, end) if end < len(things) else ""


@behaves("a token holds for the list that gave it alone", ASSUMED)
def _mark(call: Call) -> str:
    """Return what tells a list from others: whose it is and what was asked."""
    asked = {
        name: value
        for name, value in call.params.items()
        if name not in {"pageToken", "pageSize", "fields", "prettyPrint", "alt"}
    }
    text = json.dumps([call.method, call.grant.account.email, asked], sort_keys=True, default=str)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _token(call: Call, start: int) -> str:
    return SIGN + urlsafe_b64encode(f"{_mark(call)}{start}".encode()).decode().rstrip("=")


def _start(call: Call) -> int:
    token = call.params.get("pageToken") or ""
    if not token:
        return 0
    try:
        text = urlsafe_b64decode(token.removeprefix(SIGN) + "===").decode("ascii")
        mark, start = text[:16], int(text[16:])
    except ValueError:
        raise invalid_value("pageToken") from None
    if mark != _mark(call) or start < 0:
        raise invalid_value("pageToken")
    return start
