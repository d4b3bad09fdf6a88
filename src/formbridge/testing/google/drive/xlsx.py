"""A workbook of Office Open XML with nothing but values: what any spreadsheet program opens."""

import io
import re
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from formbridge.testing.google.grid.cell import ErrorValue, Value

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
BEGINNING = (1980, 1, 1, 0, 0, 0)
"""The time of all entries, so that the same values are the same bytes."""

Tabs = Mapping[str, Sequence[Sequence[Value]]]


def workbook(tabs: Tabs) -> bytes:
    """Return the bytes of a workbook with these tabs."""
    files = {
        "[Content_Types].xml": _types(len(tabs)),
        "_rels/.rels": _relations({"rId1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": _book(list(tabs)),
        "xl/_rels/workbook.xml.rels": _relations(
            {f"rId{n}": ("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(tabs) + 1)}
        ),
    }
    for number, rows in enumerate(tabs.values(), start=1):
        files[f"xl/worksheets/sheet{number}.xml"] = _sheet(rows)
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(ZipInfo(name, BEGINNING), HEAD + text, ZIP_DEFLATED)
    return packed.getvalue()


def _types(count: int) -> str:
    sheets = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml"'
        f' ContentType="{KIND}.worksheet+xml"/>'
        for number in range(1, count + 1)
    )
    return (
        f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
        f"{sheets}</Types>"
    )


def _relations(named: Mapping[str, tuple[str, str]]) -> str:
    inside = "".join(
        f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for name, (kind, target) in named.items()
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{inside}</Relationships>'


def _book(titles: Sequence[str]) -> str:
    sheets = "".join(
        f'<sheet name={quoteattr(_clean(title))} sheetId="{number}" r:id="rId{number}"/>'
        for number, title in enumerate(titles, start=1)
    )
    return f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{sheets}</sheets></workbook>'


def _sheet(rows: Sequence[Sequence[Value]]) -> str:
    inside = "".join(
        f'<row r="{number}">{"".join(_cell(value) for value in row)}</row>'
        for number, row in enumerate(rows, start=1)
    )
    return f'<worksheet xmlns="{MAIN}"><sheetData>{inside}</sheetData></worksheet>'


def _cell(value: Value) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    if isinstance(value, ErrorValue):
        return f'<c t="e"><v>#{escape(_clean(value.type))}</v></c>'
    if isinstance(value, float):
        return f"<c><v>{value!r}</v></c>"
    text = escape(_clean(value))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _clean(text: str) -> str:
    """Return a text without what XML cannot hold."""
    return NOT_XML.sub("", text)
