"""Ports to listen on."""

import random
import socket
from itertools import islice

LISTENED = range(20_000, 30_000)
"""Below the ports that systems give to outgoing connections: a client that keeps trying to reach a
node that is down must not be given the node's own port (and connect to itself)."""


def free_ports(count: int) -> list[int]:
    """Return different ports of 127.0.0.1 that nobody listens on.

    Nothing keeps another process from taking one before its listener does.
    """
    chance = random.SystemRandom()  # tests are given one seed, and workers must not agree
    candidates = chance.sample(LISTENED, len(LISTENED))
    return list(islice(filter(_is_free, candidates), count))


def _is_free(port: int) -> bool:
    with socket.socket() as tried:
        try:
            tried.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
