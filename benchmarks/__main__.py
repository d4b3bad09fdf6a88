"""Measure and write ``benchmarks/results.md``: ``python -m benchmarks [--small] [--page NAME]``.

``--small`` shows that it runs; its figures say nothing. A whole run is written, and one page with
``--write``: it takes the place of its older figures, and says that it was measured by itself.
"""

import argparse
import platform
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import google, in_process, sqlite_publish
from benchmarks.findings import Findings, Page
from benchmarks.kafka import page as kafka
from benchmarks.sheets import page as sheets

RESULTS = Path(__file__).parent / "results.md"
PAGES = (
    Page(
        name="in-process",
        title="JSON bytes to CSV line on disk, in one process",
        measure=in_process.measure,
    ),
    Page(name="sqlite", title="Publishing to the SQLite log", measure=sqlite_publish.measure),
    Page(name="kafka", title="Kafka to CSV files on disk, and back", measure=kafka.measure),
    Page(name="google", title="The emulator of Google Sheets, over HTTP", measure=google.measure),
    Page(
        name="sheets",
        title="Google Sheets: calls, quota, delay, and tables as they grow",
        measure=sheets.measure,
    ),
)


def main(arguments: Sequence[str]) -> int:
    """Measure page by page; return 0 if every bar holds, or if nobody asked for the full size."""
    asked = _asked(arguments)
    found: dict[str, Findings] = {}
    for page in PAGES:
        if asked.page in (None, page.name):
            found[page.title] = findings = page.measure(small=asked.small)
            print(_section(page.title, findings), flush=True)
    for title, findings in found.items():
        for missing in findings.missing:
            print(f"Not measured: {title}: {missing}", file=sys.stderr)
    if asked.small:
        return 0
    if asked.page is None:
        RESULTS.write_text(_results(found), encoding="utf-8")
    elif asked.write:
        written = RESULTS.read_text(encoding="utf-8")
        RESULTS.write_text(_replaced(written, *next(iter(found.items()))), encoding="utf-8")
    missed = [name for findings in found.values() for name in findings.missed]
    if missed:
        print("Missed:", "; ".join(missed), file=sys.stderr)
    return 1 if missed else 0


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--small", action="store_true", help="only show that it runs")
    parser.add_argument("--page", choices=[page.name for page in PAGES], help="print one page")
    parser.add_argument("--write", action="store_true", help="write that page, too")
    return parser.parse_args(arguments)


def _section(title: str, findings: Findings) -> str:
    return f"\n## {title}\n\n{findings.text()}"


def _replaced(results: str, title: str, findings: Findings) -> str:
    """Return the results with this page in place of what they say of it; a new one goes last."""
    alone = f"Measured by itself, {_here()}.\n\n{findings.text()}"
    section = f"## {title}\n\n{alone}\n"
    before, heading, rest = results.partition(f"## {title}\n")
    _, other, after = rest.partition("\n## ")
    before = before if heading else f"{results.rstrip()}\n\n"
    return before + section + other + after


def _here() -> str:
    day = datetime.now(UTC)
    return f"{day:%Y-%m-%d}, Python {platform.python_version()}, {platform.platform()}"


def _results(found: Mapping[str, Findings]) -> str:
    head = (
        "# Figures\n\n"
        "Written by `make bench` (`python -m benchmarks`): one run, rounds interleaved, medians.\n"
        "Ratios count; absolute times are those of this machine.\n\n"
        f"{_here()}."
    )
    return "\n".join([head, *(_section(title, each) for title, each in found.items())]) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
