"""Reading rows out of the file."""

from contextlib import closing
from pathlib import Path

import pytest

from formbridge.adapters.sqlite import reader
from formbridge.adapters.sqlite.broker import SqliteBroker
from formbridge.adapters.system.clock import SystemClock
from formbridge.domain.records import Record


def test_a_few_large_records_do_not_fill_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fetch ends with the record that reaches the bound, and the next one goes on behind it."""
    monkeypatch.setattr(reader, "MOST_BYTES", 100)
    broker = SqliteBroker(tmp_path / "log.db", clock=SystemClock(), partitions=1)
    with closing(broker.publisher()) as publisher:
        publisher.publish([Record(key=b"form", value=bytes(60)) for _ in range(5)])
    sizes = []
    with closing(broker.consumer(group="g")) as consumer:
        while deliveries := consumer.poll(10, timeout=0.1).deliveries:
            sizes.append([delivery.offset for delivery in deliveries])
    assert sizes == [[0, 1], [2, 3], [4]]
    with closing(broker.reader()) as everything:
        assert [delivery.offset for delivery in everything.read()] == [0, 1, 2, 3, 4]
