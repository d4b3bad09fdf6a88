"""The jars of Apache Kafka: fetched once by Maven, and kept in the user's cache.

The versions stand in pom.xml; one that is changed has another folder in the cache.
"""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.clusters.locks import locked

POM = Path(__file__).with_name("pom.xml")
INSTALL = "on Debian and Ubuntu: apt install default-jre-headless maven"


class KafkaUnavailable(Exception):
    """No broker can be started here; says why, and what to do about it."""


def classpath() -> str:
    """Return what java takes as `-cp`; fetch the jars where they are not in the cache yet.

    Raises:
        KafkaUnavailable: There is no java; or the jars are not in the cache and there is no mvn,
            or it could not fetch them.
    """
    _need("java")
    folder = cached()
    if not folder.is_dir():
        _need("mvn")
        with locked(folder.with_name(f"{folder.name}.lock")):
            if not folder.is_dir():
                _fetch(folder)
    return f"{folder}/*"


def cached() -> Path:
    """Return the folder of the jars, which need not exist: outside of the checkout."""
    pom = POM.read_text(encoding="utf-8")
    version = re.findall(r"<kafka\.version>(.+)</kafka\.version>", pom)[0]
    digest = hashlib.sha256(pom.encode()).hexdigest()[:12]
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return root / "formbridge" / f"kafka-{version}-{digest}"


def _need(program: str) -> None:
    if shutil.which(program) is None:
        raise KafkaUnavailable(f"there is no {program} on the PATH ({INSTALL})")


def _fetch(folder: Path) -> None:
    """Fill a folder beside it and rename that: the folder is there with every jar, or not."""
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f"{folder.name}.") as beside:
        libs = Path(beside) / "libs"
        command = ["mvn", "-q", "-B", "-f", str(POM), "dependency:copy-dependencies"]
        run = subprocess.run(
            [*command, f"-DoutputDirectory={libs}"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if run.returncode:
            raise KafkaUnavailable(f"mvn could not fetch the jars:\n{run.stdout[-2000:]}")
        libs.rename(folder)
