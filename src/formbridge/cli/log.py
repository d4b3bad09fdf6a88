"""The log that a command works on."""

from collections.abc import Mapping, Sequence

from formbridge.addresses import MemoryAddress, names_topic, parse_broker
from formbridge.cli.properties import read_properties
from formbridge.compose import open_log
from formbridge.domain.errors import BadAddress, BadInput
from formbridge.logs import Log


def opened_log(broker: str, options_file: str | None) -> Log:
    """Return the log of an address, with the options of a file."""
    address = parse_broker(broker)
    if isinstance(address, MemoryAddress):
        raise BadAddress("memory: is gone when the command ends; use sqlite:log.db")
    return open_log(address, options=read_properties(options_file))


def existing_log(broker: str, options_file: str | None) -> Log:
    """Return a log that is there: looking at one must not make it."""
    log = opened_log(broker, options_file)
    if not log.broker.exists(topic=log.topic):
        raise BadInput(f"there is no log {broker}; check the address in --broker")
    return log


def client_options(questions: Sequence[str], options_file: str | None) -> Mapping[str, object]:
    """Return the broker's options for questions in a topic: it is in the same cluster, or alike."""
    if any(map(names_topic, questions)):
        return read_properties(options_file)
    return {}
