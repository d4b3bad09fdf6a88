"""The environment of the libraries that one would take instead: outside of the checkout's own.

It is made when it is first needed, with the versions that are pinned, and kept in the user's cache.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.findings import NotMeasured

ROOT = Path(__file__).parents[2]
WANTED = ROOT / "requirements" / "bench.txt"
PINS = ROOT / "requirements" / "bench-constraints.txt"


def python() -> Path:
    """Return the Python of that environment.

    Raises:
        NotMeasured: It is not there, and cannot be made.
    """
    folder = cached()
    it = folder / "bin" / "python"
    if not (folder / ".ready").exists():
        print("making the environment of the peers …", file=sys.stderr, flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        _call(sys.executable, "-m", "venv", folder)
        quiet = ("-m", "pip", "--disable-pip-version-check", "install", "--quiet")
        _call(it, *quiet, "--requirement", WANTED, "--constraint", PINS)
        (folder / ".ready").touch()
    return it


def cached() -> Path:
    """Return its folder, which need not exist: other pins, or another Python, have another one."""
    pinned = WANTED.read_bytes() + PINS.read_bytes() + sys.version.encode()
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return root / "formbridge" / f"bench-{hashlib.sha256(pinned).hexdigest()[:12]}"


def _call(*command: object) -> None:
    run = subprocess.run(  # noqa: S603 - the command is written above
        list(map(str, command)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if run.returncode:
        last = " ".join(run.stdout.splitlines()[-1:])
        raise NotMeasured(f"the libraries to compare with could not be installed: {last}")
