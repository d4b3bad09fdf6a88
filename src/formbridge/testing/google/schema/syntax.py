"""JSON as Google's parser reads it, which is more than JSON, with its sentences where it cannot.

``json.loads`` reads what is JSON, fast. What it refuses is read again here: Google also takes
single quotes, keys without quotes and a comma at the end, and says where else it stopped.
"""

import codecs
from json import loads
from math import isfinite
from re import compile as pattern
from typing import Any

from formbridge.testing.google.behaviour import SEEN, behaves
from formbridge.testing.google.errors import ApiError

DEEPEST = 100
WINDOW = 20
"""How many bytes are shown on each side of the place at which the parser stopped."""


class Members(list[tuple[str, Any]]):
    """An object's members in their order; a name may come again."""


SURROGATE = pattern("[\ud800-\udfff]")
SPACE = " \t\n\v\f\r"
NUMBER = pattern(r"[0-9.eE+x-]+")
BARE = pattern(r"[A-Za-z_$][A-Za-z_$0-9]*")
ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
WORDS = {"true": True, "false": False, "null": None}
ENTRY = "Expected an object key or }."
AFTER_ENTRY = "Expected , or } after key:value pair."
ELEMENT = "Expected a value or ] within an array."
AFTER_ELEMENT = "Expected , or ] after array value."


class Stopped(ValueError):
    """The parser's sentence, and the position in the text at which it stopped."""

    def __init__(self, sentence: str, at: int, since: int = 0) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.at = at
        self.since = since


def _blank(error: UnicodeError) -> tuple[str, int]:
    return " ", getattr(error, "start", 0) + 1


codecs.register_error("formbridge.google.blank", _blank)


@behaves("bytes that are no UTF-8 are read as spaces, and a mark of byte order is skipped", SEEN)
def read(body: bytes) -> Any:
    """Return what the body says, objects as ``Members``; raise a 400 with Google's sentence."""
    text = body.removeprefix(codecs.BOM_UTF8).decode("utf-8", "formbridge.google.blank")
    try:
        return _strict(text)
    except (ValueError, RecursionError):
        pass
    try:
        return _Parser(text).whole()
    except Stopped as stopped:
        raise _refusal(text, stopped) from None


def _strict(text: str) -> Any:
    found = loads(
        text, object_pairs_hook=Members, parse_constant=_refused, parse_float=_double, strict=False
    )
    return paired(found) if "\\u" in text else found


def _refused(name: str) -> float:
    raise ValueError(name)


def _double(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError(text)
    return number


@behaves("half of a pair of surrogates is read as U+FFFD", SEEN)
def paired(value: Any) -> Any:
    """Return the value with every lone surrogate replaced."""
    if isinstance(value, str):
        return SURROGATE.sub("\ufffd", value)
    if isinstance(value, Members):
        return Members((paired(name), paired(each)) for name, each in value)
    if isinstance(value, list):
        return [paired(each) for each in value]
    return value


@behaves("an error of syntax shows 20 bytes on each side, and has no details", SEEN)
def _refusal(text: str, stopped: Stopped) -> ApiError:
    text, at = text[stopped.since :], stopped.at - stopped.since
    before = text[max(at - WINDOW, 0) : at].encode("utf-8", "replace")[-WINDOW:]
    after = text[at : at + WINDOW].encode("utf-8", "replace")[:WINDOW]
    try:
        shown = (before + after).decode("utf-8")
    except UnicodeDecodeError:
        return ApiError(400, "Request contains an invalid argument.", reason="badRequest")
    mark = f"{shown}\n{' ' * len(before)}^"
    message = f"Invalid JSON payload received. {stopped.sentence}\n{mark}"
    return ApiError(400, message, reason="parseError")


class _Parser:
    """Reads a text from left to right. At its end, what was begun last is what an error shows."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.since: int | None = None
        self.depth = 0
        self.name = ""

    def whole(self) -> Any:
        value = self.value("Expected a value.")
        self.skip()
        if self.at < len(self.text):
            raise self.stopped("Parsing terminated before end of input.")
        return value

    def stopped(self, sentence: str) -> Stopped:
        return Stopped(sentence, self.at, self.since or 0)

    def ended(self, since: int) -> None:
        """Note that the text ended within what began at ``since``."""
        if self.at >= len(self.text) and self.since is None:
            self.since = since

    def skip(self) -> None:
        while self.at < len(self.text) and self.text[self.at] in SPACE:
            self.at += 1

    def here(self, sentence: str) -> str:
        """Return the next character that is no space; raise at the end."""
        self.skip()
        if self.at < len(self.text):
            return self.text[self.at]
        self.ended(self.at)
        raise self.stopped(f"Unexpected end of string. {sentence}")

    def value(self, sentence: str) -> Any:
        first = self.here(sentence)
        if first in "{[":
            return self.nested(first)
        if first in "\"'":
            return self.string()
        if first == "-" or first in "0123456789":
            return self.number()
        for word, value in WORDS.items():
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return value
        known = first in "}]:," or BARE.match(first)
        raise self.stopped("Unexpected token." if known else sentence)

    @behaves("values nested more than 100 deep are refused", SEEN)
    def nested(self, first: str) -> Any:
        if self.depth >= DEEPEST:
            where = f"for key '{self.name}'" if self.name else "in array"
            raise self.stopped(f"Message too deep. Max recursion depth reached {where}")
        self.at += 1
        self.depth += 1
        found = self.object() if first == "{" else self.array()
        self.depth -= 1
        return found

    def object(self) -> Members:
        members = Members()
        while self.here(ENTRY) != "}":
            name = self.key()
            if self.here("Expected : between key:value pair.") != ":":
                raise self.stopped("Expected : between key:value pair.")
            self.at += 1
            self.name = name
            members.append((name, self.value("Expected a value.")))
            if not self.more("}", AFTER_ENTRY):
                break
        self.at += 1
        return members

    def array(self) -> list[Any]:
        found: list[Any] = []
        while self.here(ELEMENT) != "]":
            self.name = ""
            found.append(self.value(ELEMENT))
            if not self.more("]", AFTER_ELEMENT):
                break
        self.at += 1
        return found

    def more(self, end: str, sentence: str) -> bool:
        """Tell whether a comma follows (and take it), or the end."""
        found = self.here(sentence)
        if found == ",":
            self.at += 1
            return True
        if found != end:
            raise self.stopped(sentence)
        return False

    @behaves("keys may stand without quotes, and quotes may be single", SEEN)
    def key(self) -> str:
        if self.text[self.at] in "\"'":
            return self.string()
        found = BARE.match(self.text, self.at)
        if found is None or found[0] in WORDS:
            raise self.stopped(ENTRY)
        start, self.at = self.at, found.end()
        self.ended(start)
        return found[0]

    def string(self) -> str:
        quote = self.text[self.at]
        self.at += 1
        found: list[str] = []
        while self.at < len(self.text) and self.text[self.at] != quote:
            found.append(self.escape() if self.text[self.at] == "\\" else self.plain())
        if self.at >= len(self.text):
            self.ended(self.at)
            raise self.stopped("Closing quote expected in string.")
        self.at += 1
        joined = "".join(found).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return SURROGATE.sub("\ufffd", joined)

    def plain(self) -> str:
        self.at += 1
        return self.text[self.at - 1]

    def escape(self) -> str:
        kind = self.text[self.at + 1 : self.at + 2]
        if kind != "u":
            if not kind:
                self.since = self.at if self.since is None else self.since
                raise self.stopped("Closing quote expected in string.")
            self.at += 2
            return ESCAPES.get(kind, kind)
        digits = self.text[self.at + 2 : self.at + 6]
        if len(digits) < 4:
            raise self.stopped("Illegal hex string.")
        if any(digit not in "0123456789abcdefABCDEF" for digit in digits):
            raise self.stopped("Invalid escape sequence.")
        self.at += 6
        return chr(int(digits, 16))

    def number(self) -> int | float:
        found = NUMBER.match(self.text, self.at)
        text = found[0] if found else ""
        start, whole = self.at, self.at + len(text) >= len(self.text)
        if whole and self.since is None:
            self.since = start
        bare = text.removeprefix("-")
        if bare.isdigit() and len(bare) > 1 and bare[0] == "0":
            raise self.stopped("Octal/hex numbers are not valid JSON values.")
        try:
            number = int(text) if bare.isdigit() else float(text)
        except ValueError:
            raise self.stopped("Unable to parse number.") from None
        if isinstance(number, float) and not isfinite(number):
            raise self.stopped("Number exceeds the range of double.")
        self.at = start + len(text)
        return number
