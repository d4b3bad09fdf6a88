"""Query parameters, held against what the documents say of a method.

Sheets refuses parameters that it does not know; Drive leaves them out.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, RECORDED, SEEN, behaves
from formbridge.testing.google.errors import ApiError
from formbridge.testing.google.messages import Body
from formbridge.testing.google.schema.discovery import (
    Field,
    Schema,
    field_of,
    snake,
)
from formbridge.testing.google.schema.refusals import (
    Violation,
    invalid_value,
    refusal,
    unbound,
)
from formbridge.testing.google.schema.scalars import Unfit, printed, scalar

COMMON = frozenset({
    "fields", "$fields", "alt", "$alt", "key", "$key", "prettyPrint", "$prettyPrint", "pp",
    "quotaUser", "$quotaUser", "access_token", "$access_token", "bearer_token", "oauth_token",
    "callback", "$callback", "$.xgafv", "uploadType", "upload_protocol", "upload_id",
    "upload_process", "userIp", "trace", "$trace", "passwd", "$req", "$outputDefaults",
})  # fmt: skip
"""What every method takes beside its own parameters."""

MOST = (1 << 31) - 1

Pairs = Iterable[tuple[str, str]]


@behaves("Sheets refuses a parameter that it does not know, Drive leaves it out", RECORDED)
@behaves("parameters are known in camelCase and with underscores", DOCUMENTED)
def bound(api: str, spec: Body, query: Pairs) -> tuple[dict[str, Any], Body]:
    """Return the parameters by name, and those that belong into the body.

    Raises a 400 for values of the wrong type, all in one.
    """
    known = _known(api, spec)
    params: dict[str, Any] = {}
    body: Body = {}
    wrong: list[Violation] = []
    for name, text in query:
        if name in COMMON:
            params[name.removeprefix("$") if name != "$.xgafv" else name] = text
            continue
        field = known.get(name)
        if field is not None:
            _take(params, field, text, wrong, first=api != "sheets")
        elif api == "sheets":
            _take_for_body(body, spec, name, text, wrong)
    if wrong:
        raise refusal(wrong)
    _required(api, spec, params)
    return params, body


def _known(api: str, spec: Body) -> Mapping[str, Field]:
    found: dict[str, Field] = {}
    for name, each in spec.get("parameters", {}).items():
        if each.get("location") == "query":
            found[name] = found[snake(name)] = field_of(api, "", name, each)
    return found


@behaves("numbers in an address are checked as others are", SEEN)
def located(api: str, spec: Body, variables: Mapping[str, str]) -> dict[str, str]:
    """Return what varies in the address; numbers are written plainly. Raises a 400."""
    result = dict(variables)
    wrong: list[Violation] = []
    for name, text in variables.items():
        field = field_of(api, "", name, spec["parameters"].get(name, {"type": "string"}))
        try:
            result[name] = str(scalar(text, field.shape))
        except Unfit:
            wrong.append(invalid_value(field.proto, field.type_name, printed(text)))
    if wrong:
        raise refusal(wrong)
    return result


@behaves("of a parameter that comes again Sheets takes the last", ASSUMED)
@behaves("of a parameter that comes again Drive takes the first", SEEN)
def _take(
    params: dict[str, Any], field: Field, text: str, wrong: list[Violation], *, first: bool
) -> None:
    try:
        value = scalar(text, field.shape)
    except Unfit:
        wrong.append(invalid_value(field.proto, field.type_name, printed(text)))
        return
    if field.repeated:
        params.setdefault(field.name, []).append(value)
    elif not first or field.name not in params:
        params[field.name] = value


@behaves("a parameter may be a field of the body, if it is no message", SEEN)
def _take_for_body(body: Body, spec: Body, name: str, text: str, wrong: list[Violation]) -> None:
    whole = spec["httpMethod"] != "GET" and spec["id"] not in NAMED_BODIES
    fields = Schema(api="sheets", name=spec.get("request", "")).fields if whole else {}
    field = fields.get(name) or next((f for f in fields.values() if f.proto == name), None)
    if field is None:
        wrong.append(unbound(name))
    elif field.shape.kind in {"message", "map", "list", "any"}:
        why = f"'{name}' is a message type. Parameters can only be bound to primitive types."
        wrong.append(unbound(name, why))
    else:
        _take(body, field, text, wrong, first=False)


NAMED_BODIES: Mapping[str, str] = {
    "sheets.spreadsheets.create": "spreadsheet",
    "sheets.spreadsheets.values.update": "data",
    "sheets.spreadsheets.values.append": "data",
}
"""The methods whose body is one field of the request, which errors name."""


@behaves("Drive names a parameter that is missing", SEEN)
@behaves("Drive says which numbers a parameter may have", SEEN)
def _required(api: str, spec: Body, params: Mapping[str, Any]) -> None:
    if api == "sheets":
        return
    for name, each in spec.get("parameters", {}).items():
        if each.get("location") != "query":
            continue
        if each.get("required") and name not in params:
            message = f"Required parameter: {name}"
            raise ApiError(400, message, reason="required", location=name)
        if "minimum" in each and name in params:
            _ranged(name, params[name], (int(each["minimum"]), int(each.get("maximum", MOST))))


def _ranged(name: str, value: int, limits: Sequence[int]) -> None:
    least, most = limits
    if not least <= int(value) <= most:
        within = f"[value: {least}\n, value: {most}\n]"
        message = f"Invalid value '{value}'. Values must be within the range: {within}"
        raise ApiError(400, message, reason="invalidParameter", location=snake(name))
