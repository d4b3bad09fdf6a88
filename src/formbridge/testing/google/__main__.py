"""The command: ``python -m formbridge.testing.google --port 8085``."""

import signal
import sys
from collections.abc import Sequence
from threading import Event

from formbridge.testing.google.options import parser

END = (signal.SIGTERM, signal.SIGINT)
"""The signals that end it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until a signal comes; return the exit status."""
    options = parser().parse_args(arguments)
    if options.behaviours:
        return _list_behaviours()
    ended = Event()
    for number in END:
        signal.signal(number, lambda *_: ended.set())
    # After the signals, which may come while all of this is read.
    from formbridge.testing.google.seed_parts import SeedError  # noqa: PLC0415 - see above
    from formbridge.testing.google.starting import lines, started  # noqa: PLC0415 - see above
    from formbridge.testing.google.store_format import StoreError  # noqa: PLC0415 - see above

    try:
        with started(options) as served:
            for line in lines(served):
                print(line, flush=True)  # noqa: T201 - who starts it waits for this
            ended.wait()
    except (OSError, SeedError, StoreError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _list_behaviours() -> int:
    from formbridge.testing.google.catalogue import known, table  # noqa: PLC0415 - reads every room

    sys.stdout.write(table(known()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
