"""Several processes and threads on one file."""

import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from formbridge.adapters.sqlite.broker import SqliteBroker
from formbridge.adapters.system.clock import SystemClock
from formbridge.domain.records import Record

PUBLISH = """
import sys
from pathlib import Path
from formbridge.adapters.sqlite.broker import SqliteBroker
from formbridge.adapters.system.clock import SystemClock
from formbridge.domain.records import Record

publisher = SqliteBroker(Path(sys.argv[1]), clock=SystemClock()).publisher()
for number in range(50):
    value = f"{sys.argv[2]} {number}".encode()
    publisher.publish([Record(key=b"%d" % key, value=value) for key in range(4)])
publisher.close()
"""

JOIN = """
import sys, time
from pathlib import Path
from formbridge.adapters.sqlite.broker import SqliteBroker
from formbridge.adapters.system.clock import SystemClock

consumer = SqliteBroker(Path(sys.argv[1]), clock=SystemClock()).consumer(group="sink")
consumer.poll(1, timeout=0)
print("joined", flush=True)
time.sleep(60)
"""


def test_several_processes_make_and_fill_one_log_at_once(tmp_path: Path) -> None:
    """Whoever comes first makes the file; each process's records keep their order."""
    path = tmp_path / "log.db"
    children = [
        subprocess.Popen([sys.executable, "-c", PUBLISH, str(path), name]) for name in "abc"
    ]
    assert [child.wait(timeout=60) for child in children] == [0, 0, 0]
    with closing(SqliteBroker(path, clock=SystemClock()).reader()) as reader:
        deliveries = list(reader.read())
    assert len(deliveries) == 600
    for name in "abc":
        for key in range(4):
            values = [it.value for it in deliveries if it.key == b"%d" % key]
            mine = [it for it in values if it and it.startswith(name.encode())]
            assert mine == [f"{name} {number}".encode() for number in range(50)]


def test_threads_share_a_publisher(tmp_path: Path) -> None:
    """A web server has one publisher for all of its threads."""
    broker = SqliteBroker(tmp_path / "log.db", clock=SystemClock())
    with closing(broker.publisher()) as publisher, ThreadPoolExecutor(4) as threads:
        calls = [
            threads.submit(publisher.publish, [Record(key=b"%d" % n, value=b"")])
            for n in range(100)
        ]
    assert [call.result() for call in calls] == [None] * 100
    with closing(broker.reader()) as reader:
        assert Counter(it.key for it in reader.read()) == {b"%d" % n: 1 for n in range(100)}


def test_a_killed_member_is_replaced_at_once(tmp_path: Path) -> None:
    """A restart after a crash does not wait for the lease of the dead one (60 seconds)."""
    path = tmp_path / "log.db"
    broker = SqliteBroker(path, clock=SystemClock())
    with closing(broker.publisher()) as publisher:
        publisher.publish([Record(key=b"%d" % n, value=b"") for n in range(20)])
    with subprocess.Popen(
        [sys.executable, "-c", JOIN, str(path)], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "joined\n"
        with closing(broker.consumer(group="sink")) as heir:
            assert heir.poll(100, timeout=0.1).deliveries == []
            child.kill()
            child.wait()
            taken: list[object] = []
            for _ in range(50):
                taken += heir.poll(100, timeout=0.1).deliveries
                if len(taken) == 20:
                    break
    assert len(taken) == 20
