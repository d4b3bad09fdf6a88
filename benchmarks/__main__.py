"""Measure everything and write ``benchmarks/results.md``: ``python -m benchmarks [--small]``.

``--small`` shows that it runs; its figures say nothing and are not written.
"""

import platform
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import in_process, sqlite_publish
from benchmarks.figure import Figure

RESULTS = Path(__file__).parent / "results.md"
PAGES: dict[str, Callable[..., list[Figure]]] = {
    "JSON bytes to CSV line on disk, in one process": in_process.measure,
    "Publishing to the SQLite log": sqlite_publish.measure,
}
HEAD = "| figure | measured | bar | holds | how |\n|---|---|---|---|---|"


def main(*, small: bool) -> int:
    """Measure page by page; return 0 if every bar holds."""
    text = [
        "# Figures",
        "",
        "Written by `make bench` (`python -m benchmarks`): one run, rounds interleaved, medians.",
        "Ratios count; absolute times are those of this machine.",
        "",
        f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {platform.platform()}.",
    ]
    figures: list[Figure] = []
    for title, measure in PAGES.items():
        found = measure(small=small)
        figures += found
        lines = ["", f"## {title}", "", HEAD, *(figure.row() for figure in found)]
        print("\n".join(lines), flush=True)
        text += lines
    if not small:
        RESULTS.write_text("\n".join(text) + "\n", encoding="utf-8")
    missed = [figure.name for figure in figures if figure.holds is False]
    if missed and not small:
        print("Missed:", "; ".join(missed), file=sys.stderr)
    return 1 if missed and not small else 0


if __name__ == "__main__":
    sys.exit(main(small="--small" in sys.argv[1:]))
