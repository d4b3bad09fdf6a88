"""One node of Apache Kafka: broker and controller in one process of Java."""

import signal
import subprocess
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

import attrs

from tests.clusters.guard import guarded
from tests.clusters.properties import Place
from tests.clusters.readiness import await_brokers

READY = 60.0
"""Seconds in which a node must be ready; it takes 3 on a machine that does nothing else."""
PATIENCE = 3.0
"""Seconds that a node is given to end in order."""
TAIL = 40  # lines of a log that say why

LOGGING = """\
appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d %p %m (%c{1})%n%throwable
rootLogger.level = INFO
rootLogger.appenderRef.out.ref = out
"""


class NotStarted(Exception):
    """A node did not become ready; says what it said last."""


class PortTaken(NotStarted):
    """Another process listens where the node should; with other ports it may start."""


@attrs.frozen(kw_only=True)
class Jvm:
    """How Java runs a node: the most memory that it may take for objects, as after `-Xmx`.

    One that is ``quick`` starts in half the time, and serves slower once it is warm.
    """

    heap: str = "512m"
    quick: bool = True

    def options(self) -> list[str]:
        """Return what java is called with."""
        if not self.quick:
            return [f"-Xmx{self.heap}"]
        return [f"-Xmx{self.heap}", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]


QUICK = Jvm()
BENCHMARK = Jvm(heap="1g", quick=False)


@attrs.define(eq=False, kw_only=True)
class Node:
    """One node, which can be killed and started again on its disk and its ports.

    ``folder`` holds its server.properties, its disk, and ``node.log``, which grows from start to
    start. ``owner`` is the process without which it does not live on; None is this one.
    """

    place: Place
    folder: Path
    classpath: str
    jvm: Jvm = QUICK
    owner: int | None = None
    _process: "subprocess.Popen[bytes] | None" = None

    @property
    def address(self) -> str:
        """Where clients find it: host:port."""
        return f"127.0.0.1:{self.place.port}"

    @property
    def log(self) -> Path:
        """The file with what it says."""
        return self.folder / "node.log"

    @property
    def disk(self) -> Path:
        """Its part of the log; not there while it was not started."""
        return self.folder / "disk"

    @property
    def pid(self) -> int | None:
        """Its process; None while it is down."""
        return None if self._process is None else self._process.pid

    def format(self, properties: str, *, cluster: str, voters: Sequence[str]) -> None:
        """Make its disk, as a member of a cluster; return while that still goes on.

        ``voters`` are what `--initial-controllers` takes; none, if it is the only node.
        """
        self.folder.mkdir(parents=True)
        (self.folder / "server.properties").write_text(properties, encoding="utf-8")
        (self.folder / "log4j2.properties").write_text(LOGGING, encoding="utf-8")
        who = ["--initial-controllers", ",".join(voters)] if voters else ["--standalone"]
        self._java("kafka.tools.StorageTool", "format", *who, "-t", cluster, "-c")

    def launch(self) -> None:
        """Start it, once its disk is made; return before it is ready."""
        if self._process is not None and self._process.wait(READY):
            raise self.failure("could not make its disk")
        self._java("kafka.Kafka")

    def start(self) -> None:
        """Start it again after it was killed or stopped; return when it is ready.

        Raises:
            NotStarted: It ended instead, or took too long.
        """
        assert self._process is None, f"node {self.place.number} runs"
        self._java("kafka.Kafka")
        self.await_ready({self.place.number})

    def await_ready(self, numbers: AbstractSet[int]) -> None:
        """Return when it lists all these nodes.

        Raises:
            NotStarted: It ended instead, or took too long.
        """
        enough = numbers.__le__
        if not await_brokers(self.address, enough=enough, within=READY, check=self.check):
            raise self.failure(f"was not ready after {READY:.0f} seconds")

    def check(self) -> None:
        """Raise NotStarted if it ended by itself."""
        if self._process is not None and self._process.poll() is not None:
            raise self.failure(f"ended with {self._process.returncode}")

    def failure(self, what: str) -> NotStarted:
        """Return the error that says so, with the end of the log.

        That is without what is only information, if there is anything else: a node that fails ends
        in order, and tells each step of that.
        """
        lines = self.log.read_text(errors="replace").splitlines()
        said = [line for line in lines if " INFO " not in line] or lines
        kind = PortTaken if any("Address already in use" in line for line in said) else NotStarted
        tail = "\n".join(said[-TAIL:])
        return kind(f"node {self.place.number} {what}; it said last:\n{tail}")

    def kill(self) -> None:
        """End it at once, with SIGKILL; its disk stays as it is."""
        self._signal(signal.SIGKILL)
        self.await_end()

    def terminate(self) -> None:
        """Ask it to end in order; return before it did."""
        self._signal(signal.SIGTERM)

    def await_end(self) -> None:
        """Return when it is down; kill it if it takes too long."""
        if self._process is None:
            return
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def stop(self) -> None:
        """End it in order; return when it is down."""
        self.terminate()
        self.await_end()

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)

    def _java(self, main: str, *arguments: str) -> None:
        options = [*self.jvm.options(), "-Dlog4j2.configurationFile=log4j2.properties"]
        # the native libraries that Java unpacks would outlive a kill elsewhere
        options = [*options, f"-Djava.io.tmpdir={self.folder}"]
        command = ["java", *options, "-cp", self.classpath, main, *arguments]
        self._process = guarded(
            [*command, "server.properties"], log=self.log, owner=self.owner, folder=self.folder
        )
