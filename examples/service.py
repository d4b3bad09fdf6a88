"""A service that takes in responses and keeps tables of them, in one process: what compose is for.

Run it: `python examples/service.py`. It accepts some made-up responses, shows the table and ends.
"""

import logging
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from formbridge.adapters.telemetry.logging import LoggingHook
from formbridge.compose import open_bridge, open_intake
from formbridge.host import Host

DATA = Path(__file__).parent / "data"


def serve(folder: Path) -> None:
    """Start, take in, stop."""
    broker = f"sqlite:{folder}/log.db"
    intake = open_intake(broker)
    tables = partial(
        open_bridge,
        broker=broker,
        sink=f"csv:{folder}/out",
        questions=[DATA / "questions.csv"],
        hook=LoggingHook(),
    )
    host = Host(bridges={"tables": tables})
    host.start()  # a service under systemd or Kubernetes calls run(), which ends at SIGTERM
    receive(intake.accept, folder / "out" / "workshop.csv", host)
    host.stop()
    intake.publisher.close()


def receive(accept: Callable[[bytes], object], table: Path, host: Host) -> None:
    """Stand in for the web framework, whose request handler calls ``accept`` with each body."""
    bodies = (DATA / "workshop.jsonl").read_bytes().splitlines()[:5]
    for body in bodies:
        print("accepted", accept(body))
    while host.running and table_rows(table) < len(bodies):
        time.sleep(0.05)
    print(*host.report())
    print(table.read_text(encoding="utf-8"))


def table_rows(table: Path) -> int:
    """Count what arrived: each of these responses holds an e-mail address."""
    return table.read_text(encoding="utf-8").count("@") if table.exists() else 0


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    with tempfile.TemporaryDirectory() as name:
        serve(Path(name))
