"""Starts the service as the command was told, and ends it."""

import argparse
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import Thread

from formbridge.adapters.system.clock import SystemClock
from formbridge.testing.google.google import Google
from formbridge.testing.google.options import GUESS
from formbridge.testing.google.routes import handlers
from formbridge.testing.google.seeds import plant, read
from formbridge.testing.google.serving import Served, serve
from formbridge.testing.google.store import Store


@contextmanager
def started(options: argparse.Namespace) -> Iterator[Served]:
    """Serve until the block ends; the state is written then.

    Raises OSError where a port is taken, ``SeedError`` and ``StoreError`` for files that are wrong.
    """
    google = Google(clock=SystemClock(), seed=options.rng_seed)
    _trouble(google, options)
    said = read(options.seed) if options.seed else {}
    store = Store(google, options.state) if options.state else None
    fresh = store is None or not store.load()
    with ExitStack() as stack:
        if store is not None:
            stack.enter_context(store)
        served = stack.enter_context(
            serve(
                google,
                port=options.port,
                proxy=options.proxy is not None,
                proxy_port=_proxy_port(options),
                answering=None if store is None else store.handle,
            )
        )
        if fresh and said:
            plant(google, said, folder=options.seed.parent, token_uri=f"{served.url}/token")
        # While the first client comes: its call need not wait for the rooms to be read.
        Thread(target=handlers, name="google:rooms", daemon=True).start()
        yield served


def lines(served: Served) -> Iterator[str]:
    """Yield what somebody has to know who wants to use it."""
    yield served.url
    if served.proxy:
        yield f"HTTPS_PROXY={served.proxy} REQUESTS_CA_BUNDLE={served.ca_file}"
        yield f"HTTPS_PROXY={served.proxy} HTTPLIB2_CA_CERTS={served.ca_file}"


def _trouble(google: Google, options: argparse.Namespace) -> None:
    if options.quota is not None:
        quotas = google.troubles.quotas
        quotas.on, (quotas.user, quotas.project) = True, options.quota
    if options.latency is not None:
        latency = google.troubles.latency
        latency.on, (latency.median, latency.p95) = True, options.latency


def _proxy_port(options: argparse.Namespace) -> int:
    if options.proxy is None or options.proxy != GUESS:
        return options.proxy or 0
    return options.port + 1 if options.port else 0
