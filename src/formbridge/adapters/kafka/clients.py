"""Settings → the SDK's clients: our defaults, the user's options over them, and our own last."""

import logging
from collections.abc import Callable, Mapping
from time import monotonic
from typing import TypeVar

from confluent_kafka import Consumer, KafkaError, Producer
from confluent_kafka.admin import AdminClient

from formbridge.adapters.kafka.errors import DENIED, mapped
from formbridge.adapters.kafka.settings import (
    CLASSIC,
    COMMON,
    CONSUMER,
    MEMBERSHIP,
    PRODUCER,
    KafkaSettings,
    Option,
)

REACH = 10.0
"""How long a call waits for the cluster's answer, in seconds."""
NOBODY = "formbridge-reader"
"""The group that readers name, as the SDK wants one; it has neither members nor commits."""
QUIET = 60.0
"""The same trouble is told once in so many seconds."""

Client = TypeVar("Client", Consumer, Producer, AdminClient)
log = logging.getLogger("formbridge.kafka")


class ClientLog(logging.Logger):
    """What librdkafka itself logs: for debugging, as calls that fail say so by themselves.

    While a broker is down, librdkafka writes a line for each attempt to reach it.
    """

    def log(self, level: int, msg: object, *args: object, **_: object) -> None:  # noqa: ARG002 - as librdkafka calls it
        """Take a line."""
        log.debug(msg, *args)


class Troubles:
    """What a client says between its calls (``error_cb``): told once, and the last one kept."""

    def __init__(self, what: str, *, quiet: bool = False) -> None:
        """Begin without trouble; ``what`` names the servers, ``quiet`` only keeps the last."""
        self.what = what
        self.quiet = quiet
        self.last: KafkaError | None = None
        self._told: dict[str, float] = {}

    def __call__(self, error: KafkaError) -> None:
        """Take an error; librdkafka goes on by itself."""
        name, now = error.name(), monotonic()
        if self.last is None or self.last.name() not in DENIED:  # what follows of it says less
            self.last = error
        if not self.quiet and now - self._told.get(name, -QUIET) >= QUIET:
            self._told[name] = now
            log.warning("%s: %s (%s)", self.what, error.str(), name)


def producer(settings: KafkaSettings) -> Producer:
    """Return a producer whose records are durable when they are acknowledged, each once."""
    fixed = {"enable.idempotence": True, "acks": "all"}
    return _made(Producer, settings, PRODUCER, fixed)


def member(settings: KafkaSettings, group: str) -> Consumer:
    """Return a consumer that commits what it is told to, and nothing by itself."""
    classic = {} if settings.new_protocol else CLASSIC
    return _made(Consumer, settings, {**CONSUMER, **classic}, _reading(group))


def outsider(settings: KafkaSettings, group: str) -> Consumer:
    """Return a consumer that joins no group: it asks, and reads what it assigns to itself."""
    return _made(Consumer, settings.without(MEMBERSHIP), CONSUMER, _reading(group))


def admin(settings: KafkaSettings, troubles: Troubles) -> AdminClient:
    """Return a client that makes topics and looks at them."""
    return _made(AdminClient, settings, {}, {}, troubles=troubles)


def _reading(group: str) -> dict[str, Option]:
    return {
        "group.id": group,
        "enable.auto.commit": False,
        "enable.auto.offset.store": False,
        "auto.offset.reset": "error",  # a log that lost records must not be read on silently
        "enable.partition.eof": True,
    }


def _made(
    kind: Callable[..., Client],
    settings: KafkaSettings,
    defaults: Mapping[str, Option],
    fixed: Mapping[str, Option],
    *,
    troubles: Troubles | None = None,
) -> Client:
    options = {
        **COMMON,
        **defaults,
        **settings.options,
        **fixed,
        "bootstrap.servers": ",".join(settings.servers),
        "error_cb": troubles or Troubles(settings.name),
    }
    with mapped(settings.name):
        return kind(options, logger=ClientLog("librdkafka"))
