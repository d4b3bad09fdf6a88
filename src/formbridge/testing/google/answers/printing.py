"""What Google's JSON leaves out: false, 0 and the empty, with exceptions."""

from collections.abc import Mapping, Sequence
from typing import Any

from formbridge.testing.google.behaviour import ASSUMED, RECORDED, behaves
from formbridge.testing.google.grid.colours import canonical, twinned
from formbridge.testing.google.messages import Body

ALWAYS = frozenset(
    {
        "startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex", "startIndex",
        "endIndex", "dimensionIndex", "bold", "italic", "strikethrough", "underline",
        "numberValue", "boolValue",
    }
)  # fmt: skip
"""Fields that are printed when they are 0 or false: recorded of GridRange and TextFormat."""

ONE_OF = {"columnIndex": "filterCriteria"}
"""Fields that are one of several, so that 0 is printed, by a field that stands beside them."""


@behaves("a sheetId of 0 is left out of ranges, their indexes of 0 are not", RECORDED)
@behaves("empty lists, empty texts, false and 0 are left out; empty messages are not", RECORDED)
@behaves(
    "an index that is one of several references is printed when it is 0", ASSUMED, "proto oneof"
)
def printed(body: Mapping[str, Any]) -> Body:
    """Return a message as Google prints it, colours with their twins."""
    return _without_defaults(twinned(canonical(body)))


def ordered(body: Mapping[str, Any], order: Sequence[str]) -> Body:
    """Return a message with its fields in an order; those that it does not name come last."""
    named = {name: body[name] for name in order if name in body}
    return named | {name: value for name, value in body.items() if name not in named}


def _without_defaults(body: Mapping[str, Any]) -> Body:
    result: Body = {}
    for name, value in body.items():
        if isinstance(value, Mapping):
            result[name] = _without_defaults(value)
        elif isinstance(value, list):
            items = [
                _without_defaults(item) if isinstance(item, Mapping) else item for item in value
            ]
            if items:
                result[name] = items
        elif value or name in ALWAYS or ONE_OF.get(name, "") in body:
            result[name] = value
    return result
