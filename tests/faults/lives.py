"""Lives of processes: each is started, watched by what it says, and killed in the end."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence

import attrs

from tests.conftest import REPOSITORY

RANDOM = "at a random moment"
KILLED = -9
HUNG = 120.0
"""Seconds after which a life is taken to hang."""

WORK = ("polled", "acked")
"""How a line begins by which a bridge or a publisher says that it has something to do."""
Moment = Callable[[str], bool]


@attrs.define(eq=False, kw_only=True)
class Life:
    """What one process did. ``aim`` is where it was to die; ``told`` are its lines."""

    role: str
    aim: str
    nth: int = 1
    told: list[str] = attrs.field(factory=list, repr=False)
    code: int | None = None
    hit: bool = False
    seconds: float = 0.0

    @property
    def counts(self) -> bool:
        """Whether it was killed where it should be, while it worked."""
        if self.code != KILLED or not self.told:
            return False
        if self.aim == RANDOM:
            return self.hit and self.working
        return self.told[-1] == f"dies {self.aim}"

    @property
    def ended_well(self) -> bool:
        """Whether it died where it was told to, or came to its own end; one that hung did not."""
        if self.code == 0:
            return self.told[-1:] == ["closed"]
        return self.code == KILLED and (self.hit or self.told[-1:] == [f"dies {self.aim}"])

    @property
    def working(self) -> bool:
        """Whether it had begun and was not at its end when it last said something."""
        begun = any(line.startswith(WORK) for line in self.told)
        return begun and not self.told[-1].startswith(("idle", "closed"))

    @property
    def records(self) -> int:
        """How many records a bridge read."""
        return sum(int(line.split()[1]) for line in self.told if line.startswith("polled"))

    @property
    def acked(self) -> int:
        """The last batch that a publisher said is published; -1 if none."""
        acked = [int(line.split()[1]) for line in self.told if line.startswith("acked")]
        return acked[-1] if acked else -1

    def __str__(self) -> str:
        """Say in one line what became of it."""
        end = "killed" if self.code == KILLED else f"ended with {self.code}"
        last = self.told[-1] if self.told else "nothing"
        return (
            f"{self.role}: {self.aim} ({self.nth}), {end} after {self.records} records "
            f"and {self.seconds:.1f} seconds, said last: {last}"
        )


def live(
    life: Life, command: Sequence[object], *, kill: Moment | None = None, after: float = 0
) -> Life:
    """Let a process live; kill it some time after the line that is its moment.

    ``after`` is in units of what its last pass took, so that it does not matter how fast it is.
    """
    began = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-m", *map(str, command)],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as child:
        hung = threading.Timer(HUNG, child.kill)
        hung.start()
        try:
            _watch(child, life, kill, after)
        finally:
            hung.cancel()
            child.kill()
    life.code, life.seconds = child.returncode, time.monotonic() - began
    return life


def _watch(child: "subprocess.Popen[str]", life: Life, kill: Moment | None, after: float) -> None:
    assert child.stdout is not None
    passed = [time.monotonic()]
    for line in child.stdout:
        if not line.endswith("\n"):
            break  # the kill came in the middle of it
        life.told.append(line.rstrip("\n"))
        if line.startswith(WORK):
            passed.append(time.monotonic())
        if kill is not None and not life.hit and kill(life.told[-1]):
            time.sleep(after * (passed[-1] - passed[-2]))
            life.hit = child.poll() is None
            child.kill()
    child.wait()


@attrs.define(eq=False)
class Chronicle:
    """All lives in the order of their ends; written by several threads."""

    lives: list[Life] = attrs.field(factory=list)

    def take(self, life: Life) -> Life:
        """Note a life; fail at once if it ended or went on as none should."""
        self.lives.append(life)
        story = "\n".join([str(life), *life.told[-40:], "", str(self)])
        assert life.ended_well, story
        assert not any(line.startswith("trouble") for line in life.told), story
        return life

    def __str__(self) -> str:
        """Tell all of it, a line each."""
        return "\n".join(f"{number:4} {life}" for number, life in enumerate(self.lives))
