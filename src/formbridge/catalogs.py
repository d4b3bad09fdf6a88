"""What questions are called: opened for a bridge, and told to every process by a topic."""

from collections.abc import Iterable, Mapping, Sequence
from os import PathLike
from pathlib import Path

from formbridge.addresses import KafkaAddress, parse_broker
from formbridge.clusters import (
    NO_OPTIONS,
    Options,
    kafka_catalog,
    kafka_mappings,
    share_mappings,
)
from formbridge.domain.errors import BadAddress, BadMapping
from formbridge.domain.mapping_entries import join
from formbridge.domain.ports import Clock, QuestionCatalog
from formbridge.domain.questions import FormMapping, Question

FilePath = str | PathLike[str]
Questions = QuestionCatalog | Sequence[FilePath] | Mapping[str, Mapping[str, str | Question]]
KAFKA = "kafka:"


def catalog_of(
    questions: Questions, *, clock: Clock, options: Options = NO_OPTIONS
) -> QuestionCatalog | None:
    """Open mapping files, a topic by its address, a dict by form and question, or a catalog.

    Files and topics are read now, so that a mistake is told at the start, as ``BadMapping``.
    """
    if not isinstance(questions, Mapping | Sequence):
        return questions
    if isinstance(questions, Mapping):
        from formbridge.adapters.memory.catalog import MemoryCatalog

        return MemoryCatalog(questions, version=clock.now())
    named = [questions] if isinstance(questions, str) else list(questions)
    if not named:
        return None
    if any(str(each).startswith(KAFKA) for each in named):
        if len(named) > 1:
            raise BadMapping("a topic of questions stands alone; publish the files to it instead")
        return kafka_catalog(topic_address(str(named[0])), options, clock=clock)
    from formbridge.adapters.questions.catalog import FileCatalog

    catalog = FileCatalog(paths=[Path(path) for path in named], clock=clock)
    catalog.version()
    return catalog


def topic_address(text: str) -> KafkaAddress:
    """Return the address of a topic of questions."""
    address = parse_broker(text)
    if not isinstance(address, KafkaAddress):
        raise BadAddress(
            f"{text} is no topic of a cluster; example: kafka://localhost:9092/questions"
        )
    return address


def share(
    files: Iterable[FilePath], *, to: str, options: Options = NO_OPTIONS
) -> Mapping[str, Mapping[str, Question]]:
    """Publish what mapping files say to a topic, a record a form; return it.

    What the topic says of these forms is replaced as a whole, of others it stays.
    """
    from formbridge.adapters.questions.mapping_file import read_mapping_file

    address = topic_address(to)
    forms = join(entry for file in files for entry in read_mapping_file(Path(file)))
    share_mappings(address, options, forms)
    return forms


def withdraw(forms: Iterable[str], *, to: str, options: Options = NO_OPTIONS) -> None:
    """Let a topic say nothing of these forms any more; their tables keep their headers."""
    share_mappings(topic_address(to), options, dict.fromkeys(forms))


def shared(topic: str, *, clock: Clock, options: Options = NO_OPTIONS) -> Mapping[str, FormMapping]:
    """Return what a topic says, by form."""
    return kafka_mappings(topic_address(topic), options, clock=clock)
