"""What the command may be told."""

import argparse
from pathlib import Path

PORTS = range(65_536)
GUESS = -1
"""The port of a proxy that was asked for without one: the next one after the server's."""


def parser() -> argparse.ArgumentParser:
    """Return what reads the command line."""
    parsing = argparse.ArgumentParser(
        prog="python -m formbridge.testing.google",
        description="Sheets and Drive to test against, on 127.0.0.1. Prints its address once "
        "it listens; the bearer token test-token may do everything. Ends on SIGTERM and SIGINT.",
    )
    add = parsing.add_argument
    add("--port", type=_port, default=8085, help="0 picks a free one (default: %(default)s)")
    add(
        "--proxy",
        type=_port,
        nargs="?",
        const=GUESS,
        metavar="PORT",
        help="also be an HTTPS proxy for clients that know only Google's own addresses, and print "
        "the environment variables that they need (default: the port after the server's)",
    )
    add("--seed", type=Path, metavar="FILE", help="set up what a JSON or TOML file says")
    add(
        "--state",
        type=Path,
        metavar="FILE",
        help="keep everything in that file; where it exists already, --seed sets up nothing",
    )
    add(
        "--quota",
        type=_integers,
        nargs="?",
        const=(60, 300),
        metavar="USER,PROJECT",
        help="refuse calls over Google's quotas, or over so many reads and so many writes a minute",
    )
    add(
        "--latency",
        type=_seconds,
        nargs="?",
        const=(0.33, 0.6),
        metavar="MEDIAN,P95",
        help="take as long as Google does, or so many seconds",
    )
    add("--rng-seed", type=int, metavar="N", help="draw the same ids and chances each time")
    add("--behaviours", action="store_true", help="list what is done, and how sure each of it is")
    return parsing


def _port(text: str) -> int:
    port = int(text)
    if port not in PORTS:
        raise argparse.ArgumentTypeError(f"a port is from 0 to {PORTS[-1]}")
    return port


def _integers(text: str) -> tuple[int, int]:
    user, _, project = text.partition(",")
    return int(user), int(project or 5 * int(user))


def _seconds(text: str) -> tuple[float, float]:
    median, _, p95 = text.partition(",")
    numbers = float(median), float(p95 or 2 * float(median))
    if not 0 < numbers[0] <= numbers[1] < 3600:
        raise argparse.ArgumentTypeError("seconds are needed, the median first")
    return numbers
