"""What is no value of a cell: lists and objects, refused in the words of protocol buffers."""

import json
from collections.abc import Mapping, Sequence

from formbridge.testing.google.behaviour import SEEN, behaves

PLAIN = (str, bool, int, float)
DEEPEST = 400
"""Blanks before a line, from which on nothing more is printed."""


@behaves("a list or an object in the place of a value is refused, printed as text", SEEN)
def refusal(lines: Sequence[Sequence[object]]) -> str:
    """Return what is said of the first entry that is no value; nothing if all are."""
    for row, line in enumerate(lines):
        for column, entry in enumerate(line):
            if entry is not None and not isinstance(entry, PLAIN):
                return f"Invalid values[{row}][{column}]: {_printed(entry, '')}"
    return ""


def _printed(value: object, indent: str) -> str:
    deeper = indent + "  "
    if len(deeper) > DEEPEST:
        return "...\n"
    if isinstance(value, Mapping):
        fields = "".join(
            f"{deeper}fields {{\n{deeper}  key: {_quoted(str(key))}\n{deeper}  value {{\n"
            f"{deeper}    {_printed(one, deeper + '    ')}{deeper}  }}\n{deeper}}}\n"
            for key, one in value.items()
        )
        return f"struct_value {{\n{fields}{indent}}}\n"
    if isinstance(value, list):
        items = "".join(
            f"{deeper}values {{\n{deeper}  {_printed(one, deeper + '  ')}{deeper}}}\n"
            for one in value
        )
        return f"list_value {{\n{items}{indent}}}\n"
    return _scalar(value)


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return f"bool_value: {str(value).lower()}\n"
    if isinstance(value, int | float):
        return f"number_value: {value}\n"
    return "null_value: NULL_VALUE\n" if value is None else f"string_value: {_quoted(str(value))}\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
