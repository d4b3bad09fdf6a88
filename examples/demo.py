"""Responses in two shapes become tables, while the program that writes them is killed on the way.

Run it with `make demo`, or `python examples/demo.py [FOLDER]`. It writes to FOLDER (demo-output).
"""

import csv
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

from formbridge.compose import open_intake

DATA = Path(__file__).parent / "data"
FORMS = {"workshop": ("native", "workshop.jsonl"), "Fb7kQ2xN": ("typeform", "typeform.jsonl")}
KILLS = 3
COLUMN = 24  # characters of a column, as shown below
ROWS = 4


def responses() -> Iterator[tuple[str, bytes]]:
    """Yield the payloads of both formats as they might arrive: mixed, each with its format."""
    found = [
        (name, line)
        for name, file in FORMS.values()
        for line in (DATA / file).read_bytes().splitlines()
    ]
    random.Random(1).shuffle(found)  # noqa: S311 - the same demo each time is what is wanted
    yield from found


def publish(broker: str) -> None:
    """Publish one payload after the other, as a form backend does when people answer."""
    intakes = {name: open_intake(broker, format=name) for name, _ in FORMS.values()}
    for name, payload in responses():
        intakes[name].accept(payload)
        time.sleep(0.004)
    for intake in intakes.values():
        intake.publisher.close()


def path_of(folder: Path, form: str) -> Path | None:
    """Return a form's file, if it is there: named after the form, with a mark if its id is odd."""
    return next((folder / "out").glob(f"{form}*.csv"), None)


def table(folder: Path, form: str) -> list[list[str]]:
    """Return a table's lines, the header first."""
    path = path_of(folder, form)
    if path is None:
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def rows(folder: Path) -> int:
    """Count the responses in all tables."""
    return sum(max(0, len(table(folder, form)) - 1) for form in FORMS)


def kill_on_the_way(command: list[str], folder: Path, arriving: Thread) -> None:
    """Start the command; when some more rows are there, kill it so that it can do nothing more."""
    before = rows(folder)
    with subprocess.Popen(command) as process:  # noqa: S603 - our own command
        while arriving.is_alive() and rows(folder) < before + 50:
            time.sleep(0.005)
        process.kill()
    print(f"  killed with SIGKILL: {rows(folder)} rows are in the tables")


def show(folder: Path) -> bool:
    """Show the tables; return whether each response is there once."""
    right = True
    for form, (_, file) in FORMS.items():
        header, *lines = table(folder, form)
        expected = len((DATA / file).read_bytes().splitlines())
        ids = {line[0] for line in lines}
        right = right and len(ids) == len(lines) == expected
        print(f"\n{path_of(folder, form)}: {expected} published, {len(lines)} rows, {len(ids)} ids")
        for line in [header, *lines[:ROWS]]:
            print(
                "  "
                + " | ".join(cell.replace("\n", " ")[:COLUMN].ljust(COLUMN) for cell in line[:7])
            )
    return right


def main(folder: Path) -> int:
    """Run the demo."""
    folder.mkdir(exist_ok=True)
    shutil.rmtree(folder / "out", ignore_errors=True)
    for old in folder.glob("log.db*"):
        old.unlink()
    addresses = ["--broker", f"sqlite:{folder}/log.db", "--sink", f"csv:{folder}/out"]
    typed = ["formbridge", "run", *addresses, "--questions", str(DATA / "questions.csv")]
    command = [sys.executable, "-m", *typed]
    print(
        "Responses arrive in two shapes, are published to a log, and a bridge makes tables of them:"
    )
    print("  " + " ".join(typed))
    arriving = Thread(target=publish, args=[f"sqlite:{folder}/log.db"])
    arriving.start()
    for _ in range(KILLS):
        kill_on_the_way(command, folder, arriving)
    arriving.join()
    print("Started once more, until everything is done:")
    if subprocess.run([*command, "--until-idle"], check=False).returncode:  # noqa: S603 - as above
        return 1
    right = show(folder)
    print("\nEach response is there once." if right else "\nThis is wrong: see the counts above.")
    print("Look at the headers: titles from a file for one form, from the payloads for the other.")
    print("Change a title in a copy of questions.csv and run it again; headers follow, rows stay:")
    print("  " + " ".join([*typed[:-1], "my-questions.csv", "--until-idle"]))
    print(f"Open the tables in a spreadsheet: {folder}/out")
    print("To see the Google Sheets that tests run against: make google, and open what it prints.")
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "demo-output")))
