"""What stands in the tables in the end, compared with what must."""

import csv
from pathlib import Path

from tests.faults.log import SUBMITTED, UPDATED, Log

RESPONSE = "Response ID"
MOST = 10
"""How many differences are told."""


def differences(folder: Path, log: Log) -> list[str]:
    """Return what is wrong, table by table: the first of it."""
    expected = {f"form-{form}.csv" for form in range(log.forms)}
    found = {path.name for path in folder.glob("*.csv")}
    wrong = [f"{name}: there is no such table" for name in sorted(expected - found)]
    wrong += [f"{name}: nobody made such a table" for name in sorted(found - expected)]
    for form in range(log.forms):
        if len(wrong) >= MOST:
            break
        if f"form-{form}.csv" in found:
            wrong += _of_table(folder / f"form-{form}.csv", log, form)
    return wrong[:MOST]


def _of_table(path: Path, log: Log, form: int) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        header, *lines = csv.reader(file, strict=True)
    if header[:3] != [RESPONSE, SUBMITTED, UPDATED]:
        return [f"{path.name}: begins with {header[:3]}"]
    wrong: list[str] = []
    if sorted(header[3:]) != sorted(log.columns(form)):
        wrong.append(f"{path.name}: its columns are {header[3:]}")
    expected = log.rows(form)
    for number, line in enumerate(lines, 1):
        wrong += _of_row(f"{path.name} row {number}", header, line, expected)
    wrong += [f"{path.name}: {missing} is missing" for missing in expected]
    return wrong


def _of_row(
    where: str, header: list[str], line: list[str], expected: dict[str, dict[str, str]]
) -> list[str]:
    """Compare one row, and take it off what is expected."""
    if len(line) != len(header):
        return [f"{where}: {len(line)} cells under {len(header)} headers: {line}"]
    response_id, *cells = line
    row = expected.pop(response_id, None)
    if row is None:
        return [f"{where}: {response_id!r} stands there twice, or was never given"]
    found = dict(zip(header[1:], cells, strict=True))
    return [
        f"{where}: {response_id} has {found[name]!r} under {name}, not {row.get(name, '')!r}"
        for name in header[1:]
        if found[name] != row.get(name, "")
    ]
