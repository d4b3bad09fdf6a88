"""The same service, put together by dependency-injector.

Run it: `python examples/service_with_container.py`. It needs the extra `container`.
"""

import tempfile
import time
from pathlib import Path

from formbridge.containers import ServiceContainer

DATA = Path(__file__).parent / "data"


def main(folder: Path) -> None:
    """Start the container's resources, take in some made-up responses, and stop."""
    container = ServiceContainer()
    container.config.from_dict(  # or from_yaml, from_pydantic, …
        {
            "broker": f"sqlite:{folder}/log.db",
            "sink": f"csv:{folder}/out",
            "questions": [str(DATA / "questions.csv")],
        }
    )
    container.init_resources()  # the host's bridge runs from here on
    bodies = (DATA / "workshop.jsonl").read_bytes().splitlines()[:5]
    for body in bodies:
        print("accepted", container.intake().accept(body))
    table = folder / "out" / "workshop.csv"
    while container.host().running and table_rows(table) < len(bodies):
        time.sleep(0.05)
    print(*container.host().report())
    container.shutdown_resources()  # the bridge ends after the pass that it is in
    print(table.read_text(encoding="utf-8"))


def table_rows(table: Path) -> int:
    """Count what arrived: each of these responses holds an e-mail address."""
    return table.read_text(encoding="utf-8").count("@") if table.exists() else 0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        main(Path(name))
