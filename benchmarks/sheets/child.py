"""Open one table in a process of its own: ``python -m benchmarks.sheets.child ENDPOINT FORM``.

Prints what it took, as JSON.
"""

import json
import sys
import time

from benchmarks.collector import calm
from benchmarks.in_process import memory_of
from benchmarks.memory import MEGA, peak, resident
from benchmarks.sheets.feed import feed
from formbridge.domain.identity import TableKey

NOBODY = TableKey(form_id="a form that nobody has")


def main(endpoint: str, form: str) -> None:
    """Open a table that is not there, then the one that is measured."""
    with feed(endpoint) as it:
        it.store.open(NOBODY)  # what loads and connects at the first use
        calm()
        calls = it.store.client.calls.copy()
        before, began, worked = resident(), time.perf_counter(), time.process_time()
        snapshot = it.store.open(TableKey(form_id=form))
        found = {
            "seconds": time.perf_counter() - began,
            "own": time.process_time() - worked,
            "kept": resident() - before,
            "peak": peak() - before,
            "calls": (it.store.client.calls - calls).total(),
            "columns": len(snapshot.columns),
        }
        [book] = snapshot.books  # type: ignore[attr-defined]  # a sheet's
        found |= {"responses": len(book.index), "index": memory_of(book.index) / MEGA}
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
