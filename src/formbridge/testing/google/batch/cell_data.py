"""``CellData`` of a request written into a cell, as far as its field mask allows.

A ``Writing`` is made once for each request and applied to each of its cells. What the mask does not
name stays as it was; what it names and the data does not say is cleared.
"""

import re
from collections.abc import Mapping
from typing import Any

import attrs

from formbridge.testing.google.batch.fields import paths
from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, RECORDED, SEEN, behaves
from formbridge.testing.google.errors import Refused
from formbridge.testing.google.grid.book import TEXT_LIMIT
from formbridge.testing.google.grid.cell import Cell, Content, Format, Value, cell_of, content_of
from formbridge.testing.google.grid.colours import canonical, twinned
from formbridge.testing.google.messages import Body

TOO_LONG = f"Your input contains more than the maximum of {TEXT_LIMIT} characters in a single cell."

VALUE = "userEnteredValue"
FORMAT = "userEnteredFormat"
RUNS = ("textFormatRuns", "chipRuns")
KEPT = ("dataValidation", "textFormatRuns", "pivotTable", "chipRuns", "dataSourceTable")
WIDTHS = {"DOTTED": 1, "DASHED": 1, "SOLID": 1, "SOLID_MEDIUM": 2, "SOLID_THICK": 3, "DOUBLE": 3}
"""How thick a border of each style is, in pixels."""

SHOWN = ("effectiveValue", "effectiveFormat", "formattedValue", "hyperlink", "dataSourceFormula")
"""Fields of ``CellData`` that are only read: a mask may name them, and nothing comes of it."""


@attrs.frozen
class Listed:
    """The fields that a mask lists, as dotted paths below the ``CellData``; ``*`` is all."""

    paths: frozenset[str]

    def covers(self, path: str) -> bool:
        """Whether a field is listed, or something that it is a part of."""
        if "*" in self.paths:
            return True
        parts = path.split(".")
        return any(".".join(parts[:end]) in self.paths for end in range(1, len(parts) + 1))

    def reaches(self, path: str) -> bool:
        """Whether a field or a part of it is listed."""
        return self.covers(path) or any(one.startswith(f"{path}.") for one in self.paths)


@attrs.frozen(kw_only=True)
class Writing:
    """What a request's ``fields`` let it change: value, parts of the format, note, and the rest."""

    mask: Listed
    value: bool
    format: bool
    note: bool
    kept: tuple[str, ...]

    def apply(self, content: Content, data: Body) -> Content:
        """Return what stands in a cell once the data was written into it."""
        if self.value and content is None and len(data) == 1 and VALUE in data:
            value, formula = entered(data[VALUE] or {})
            return Cell(formula=formula) if formula else value
        return content_of(self._cell(cell_of(content), data))

    def _cell(self, cell: Cell, data: Body) -> Cell:
        more = dict(cell.more)
        if self.value:
            value, formula = entered(data.get(VALUE) or {})
            cell = attrs.evolve(cell, value=value, formula=formula)
            more = {name: kept for name, kept in more.items() if name not in RUNS}
        if self.format:
            cell = attrs.evolve(cell, format=formatted(cell.format, data.get(FORMAT), self.mask))
        if self.note:
            cell = attrs.evolve(cell, note=data.get("note") or "")
        for name in self.kept:
            more.pop(name, None)
            if data.get(name):
                more[name] = _kept(name, data[name])
        return attrs.evolve(cell, more=more)


@behaves("read-only fields in a mask are passed over", ASSUMED)
def writing(fields: str | None) -> Writing:
    """Return what a request of these ``fields`` may change. The root is the ``CellData``."""
    found = paths(fields)
    for path in found:
        if path[0] not in {"*", VALUE, FORMAT, "note", *KEPT, *SHOWN}:
            raise Refused(f"Invalid field: {path[0]}")
    mask = Listed(frozenset(".".join(path).removesuffix(".*") for path in found))
    return Writing(
        mask=mask,
        value=mask.reaches(VALUE),
        format=mask.reaches(FORMAT),
        note=mask.reaches("note"),
        kept=tuple(name for name in KEPT if mask.reaches(name)),
    )


@behaves("a stringValue is kept as it is and never parsed", DOCUMENTED, "ExtendedValue")
@behaves("an empty stringValue leaves the cell blank", RECORDED, "values are the same")
@behaves("an errorValue cannot be written", DOCUMENTED, "ExtendedValue.errorValue is read-only")
def entered(body: Mapping[str, Any]) -> tuple[Value, str]:
    """Return the value and the formula that an ``ExtendedValue`` says."""
    if (text := body.get("stringValue")) is not None:
        return _short(text) or None, ""
    if (number := body.get("numberValue")) is not None:
        return float(number), ""
    if (truth := body.get("boolValue")) is not None:
        return bool(truth), ""
    if (formula := body.get("formulaValue")) is not None:
        return _formula(_short(formula))
    if body.get("errorValue") is not None:
        raise Refused("Cannot set errorValue: it is a read-only field.")
    return None, ""


@behaves("a formulaValue without its sign of equality is kept as text", ASSUMED)
def _formula(text: str) -> tuple[Value, str]:
    return (None, text) if text.startswith("=") else (text or None, "")


@behaves("more than 50,000 characters in a cell are refused", SEEN, "sheets.md 2.2")
def _short(text: str) -> str:
    if (
        len(text) > TEXT_LIMIT // 2
        and len(text.encode("utf-16-le", "surrogatepass")) > 2 * TEXT_LIMIT
    ):
        raise Refused(TOO_LONG)
    return text


# --- formats ------------------------------------------------------------------------------------


def formatted(old: Format | None, new: Mapping[str, Any] | None, mask: Listed) -> Format | None:
    """Return a format in which what the mask names was taken from the new one."""
    if not old and not new:
        return None
    before, after = canonical(old or {}), canonical(new or {})
    result = masked(before, after, FORMAT, mask)
    _link(before, after, result, mask)
    return twinned(pruned(result)) or None


def format_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a ``CellFormat`` as an answer shows it, twin colours and all."""
    return twinned(pruned(canonical(body)))


@behaves("a field of a mask replaces the whole message that it names", DOCUMENTED, "field masks")
def masked(
    old: Mapping[str, Any], new: Mapping[str, Any], path: str, mask: Listed
) -> dict[str, Any]:
    """Return the message at a path: new where the mask covers it, old elsewhere."""
    if _covers(mask, path):
        return dict(new)
    result: dict[str, Any] = {}
    for name in [*old, *(name for name in new if name not in old)]:
        inner, before, after = f"{path}.{name}", old.get(name), new.get(name)
        if _covers(mask, inner):
            value = after
        elif isinstance(before, Mapping) or isinstance(after, Mapping):
            value = masked(_message(before), _message(after), inner, mask)
            if not value and not (_is_colour(name) and isinstance(before, Mapping)):
                value = None
        else:
            value = before
        if value is not None:
            result[name] = value
    return result


@behaves("a link colours and underlines its text unless the request says otherwise", DOCUMENTED)
def _link(
    before: Mapping[str, Any], after: Mapping[str, Any], result: dict[str, Any], mask: Listed
) -> None:
    text = _message(after.get("textFormat"))
    link = _message(_message(result.get("textFormat")).get("link"))
    if not text.get("link") or not link or link == _message(before.get("textFormat")).get("link"):
        return
    inner = dict(result["textFormat"])
    path = f"{FORMAT}.textFormat"
    if not (_covers(mask, f"{path}.foregroundColorStyle") and "foregroundColorStyle" in text):
        inner["foregroundColorStyle"] = {"themeColor": "LINK"}
    if not (_covers(mask, f"{path}.underline") and "underline" in text):
        inner["underline"] = True
    result["textFormat"] = inner


def pruned(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a canonical message without empty messages, and with borders as they are kept."""
    result: dict[str, Any] = {}
    for name, value in body.items():
        if name == "borders":
            value = {side: border(line) for side, line in value.items()}  # noqa: PLW2901 - as it is kept
            value = {side: line for side, line in value.items() if line}  # noqa: PLW2901 - as above, it is narrowed
        elif isinstance(value, Mapping) and not _is_colour(name):
            value = pruned(value)  # noqa: PLW2901 - as it is kept
        if isinstance(value, Mapping) and not value and not _is_colour(name):
            continue
        result[name] = value
    return result


@behaves("a border's width follows from its style; NONE takes it away", DOCUMENTED, "Border")
def border(line: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return a canonical border as it is kept; None where there is none."""
    style = line.get("style")
    if style not in WIDTHS:
        return None
    colour = line.get("colorStyle") or {"rgbColor": {}}
    return {"style": style, "width": WIDTHS[style], "colorStyle": colour}


# --- what only has to be kept -------------------------------------------------------------------


def _kept(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_run(item) for item in value if item is not None]
    return twinned(canonical(value)) if name != "dataValidation" else rule_of(value)


def _run(run: Mapping[str, Any]) -> dict[str, Any]:
    result = twinned(canonical(run))
    if not result.get("startIndex"):
        result.pop("startIndex", None)
    return result


@behaves("false and empty fields of a validation rule are left out", RECORDED, "false is omitted")
def rule_of(rule: Mapping[str, Any]) -> dict[str, Any]:
    """Return a ``DataValidationRule`` as an answer shows it."""
    return {name: value for name, value in canonical(rule).items() if value not in (False, "", [])}


def _covers(mask: Listed, path: str) -> bool:
    """Whether a mask covers a field of a canonical message, perhaps by its deprecated twin."""
    if mask.covers(path):
        return True
    twin = re.sub(r"olorStyle(\.rgbColor)?", "olor", path)
    return twin != path and mask.covers(twin)


def _message(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _is_colour(name: str) -> bool:
    return name == "rgbColor" or name.endswith("olorStyle")
