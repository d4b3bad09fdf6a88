"""One node for a whole run of the tests, however many processes run them.

As a program it starts the node and ends, so that the node belongs to no worker: the guard stops it
when the process is gone that runs all tests.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.clusters.cluster import Plan
from tests.clusters.locks import locked
from tests.clusters.node import NotStarted

REPOSITORY = Path(__file__).resolve().parents[2]


def shared_node(folder: Path) -> str:
    """Return the bootstrap of this run's node; the first that asks starts it.

    ``folder`` is one that only the processes of this run know.
    """
    told = folder / "bootstrap"
    with locked(folder / "lock"):
        if not told.exists():
            told.write_text(_started(folder), encoding="utf-8")
    return told.read_text(encoding="utf-8")


def _started(folder: Path) -> str:
    command = [sys.executable, "-m", "tests.clusters.shared", str(folder), str(_whole_run())]
    run = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if run.returncode:
        raise NotStarted(run.stderr)
    return run.stdout.strip()


def _whole_run() -> int:
    """Return the process that runs all tests: the parent of a worker of pytest-xdist, or this."""
    return os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()


def main() -> None:
    """Start a node that belongs to another process; say where it is."""
    folder, owner = sys.argv[1:]
    here = Path(tempfile.mkdtemp(dir=folder, prefix="kafka-"))
    print(Plan(owner=int(owner)).start(here).bootstrap)


if __name__ == "__main__":
    main()
