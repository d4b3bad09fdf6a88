"""JSON with nothing rounded and nothing lost, or a reason why not."""

from collections.abc import Callable

import msgspec

from formbridge.formats.decimals import exact_number

_BOM = b"\xef\xbb\xbf"
_decode: Callable[[bytes | str], object] = msgspec.json.Decoder(float_hook=exact_number).decode
_encode = msgspec.json.Encoder(decimal_format="number").encode


class NotJson(ValueError):
    """A text is no JSON that can be read; the message says why, without any of the text."""


def json_value(text: bytes | str) -> object:
    """Return the value of a JSON text in UTF-8; a byte order mark before it is ignored.

    Numbers of any length are exact: what a float would round is a Decimal. Raises ``NotJson``.
    """
    if isinstance(text, bytes) and text.startswith(_BOM):
        text = text[len(_BOM) :]
    try:
        return _decode(text)
    except msgspec.DecodeError as error:
        raise NotJson(f"is not JSON: {error}") from None
    except RecursionError:
        raise NotJson("is nested too deeply") from None
    except UnicodeError:
        raise NotJson("is not UTF-8") from None
    except (ArithmeticError, ValueError):
        raise NotJson("has a number too long to be read") from None


def json_bytes(value: object) -> bytes:
    """Return a value that ``json_value`` returned as JSON again; every number keeps its digits."""
    return _encode(value)
