"""The first version of this idea: a pandas frame for each message, and a commit for each."""

import json
from pathlib import Path

import pandas as pd

from benchmarks.kafka.job import Job, Stopwatch
from benchmarks.kafka.modes.bare_client import subscribed, sync_of, values


def frames(job: Job, watch: Stopwatch) -> None:
    """Append one frame of one row, make it durable, commit it."""
    consumer, sync = subscribed(job), sync_of(job)
    while not watch.done:
        message = consumer.poll(1.0)
        if message is None:
            continue
        watch.start()
        (value,) = values([message])
        _append(Path(job.folder), value)
        sync()
        consumer.commit(message, asynchronous=False)
        watch.lap(1)
    consumer.close()


def _append(folder: Path, value: bytes) -> None:
    submission = json.loads(value)
    row = {
        "Response ID": submission["response_id"],
        "Submitted at": submission["submitted_at"],
        "Updated at": None,
    }
    for answer in submission["answers"]:
        found = answer["value"]
        row[answer["question_id"]] = "; ".join(found) if isinstance(found, list) else found
    path = folder / f"{submission['form_id']}.csv"
    pd.DataFrame([row]).to_csv(path, mode="a", header=not path.exists(), index=False)
