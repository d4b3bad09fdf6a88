"""The jars are fetched once, whole, and the lack of what that takes is told."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.clusters.jars import KafkaUnavailable, cached, classpath

MVN = """#!/bin/sh
PATH=/usr/bin:/bin
echo called >> "$0.calls"
for argument; do :; done
folder=${argument#-DoutputDirectory=}
mkdir -p "$folder" && sleep 0.2 && touch "$folder/kafka.jar"
echo what it says
"""


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of programs beside those of the system, with a cache that is empty."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(folder))
    return folder


def _program(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


@pytest.mark.parametrize(("there", "missing"), [([], "java"), (["java"], "mvn")])
def test_a_program_that_is_missing_is_named(programs: Path, there: list[str], missing: str) -> None:
    """And so is how to get it."""
    for name in there:
        _program(programs / name, "#!/bin/sh\n")
    with pytest.raises(KafkaUnavailable, match=f"no {missing} on the PATH .*apt install"):
        classpath()


def test_two_that_need_the_jars_at_once_fetch_them_once(programs: Path) -> None:
    """The second waits, and finds them."""
    _program(programs / "java", "#!/bin/sh\n")
    _program(programs / "mvn", MVN)
    with ThreadPoolExecutor(2) as threads:
        told = {each.result() for each in [threads.submit(classpath) for _ in range(2)]}
    assert told == {f"{cached()}/*"}
    assert [path.name for path in cached().iterdir()] == ["kafka.jar"]
    assert (programs / "mvn.calls").read_text() == "called\n"


def test_jars_that_came_in_part_are_not_taken_for_all(programs: Path) -> None:
    """A fetch that fails says why, and leaves nothing that looks like the jars."""
    _program(programs / "java", "#!/bin/sh\n")
    _program(programs / "mvn", f"{MVN}exit 1")
    with pytest.raises(KafkaUnavailable, match="could not fetch the jars:\nwhat it says"):
        classpath()
    assert not cached().exists()
