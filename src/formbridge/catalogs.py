"""What questions are called: opened for a bridge, and told to every process by a topic."""

from collections.abc import Iterable, Mapping, Sequence
from os import PathLike
from pathlib import Path

from formbridge.addresses import KafkaAddress, names_topic, parse_topic
from formbridge.clusters import (
    NO_OPTIONS,
    Options,
    kafka_catalog,
    kafka_mappings,
    share_mappings,
)
from formbridge.domain.errors import BadMapping
from formbridge.domain.mapping_entries import join
from formbridge.domain.ports import Clock, QuestionCatalog
from formbridge.domain.questions import FormMapping, Question

FilePath = str | PathLike[str]
Questions = (
    QuestionCatalog
    | KafkaAddress
    | Sequence[FilePath]
    | Mapping[str, Mapping[str, str | Question]]
    | None
)


def catalog_of(
    questions: Questions, *, clock: Clock, options: Options = NO_OPTIONS
) -> QuestionCatalog | None:
    """Open mapping files, a topic by its address, a dict by form and question, or a catalog.

    Files and topics are read now, so that a mistake is told at the start, as ``BadMapping``.
    """
    if isinstance(questions, KafkaAddress):
        return kafka_catalog(questions, options, clock=clock)
    if isinstance(questions, Mapping):
        from formbridge.adapters.memory.catalog import MemoryCatalog

        return MemoryCatalog(questions, version=clock.now())
    if isinstance(questions, Sequence):
        return _named([questions] if isinstance(questions, str) else questions, options, clock)
    return questions


def _named(questions: Sequence[FilePath], options: Options, clock: Clock) -> QuestionCatalog | None:
    if not questions:
        return None
    if any(names_topic(str(each)) for each in questions):
        if len(questions) > 1:
            raise BadMapping("a topic of questions stands alone; publish the files to it instead")
        return kafka_catalog(parse_topic(str(questions[0])), options, clock=clock)
    from formbridge.adapters.questions.catalog import FileCatalog

    catalog = FileCatalog(paths=[Path(path) for path in questions], clock=clock)
    catalog.version()
    return catalog


def share(
    files: Iterable[FilePath], *, to: str, options: Options = NO_OPTIONS
) -> Mapping[str, Mapping[str, Question]]:
    """Publish what mapping files say to a topic, a record a form; return it.

    What the topic says of these forms is replaced as a whole, of others it stays.
    """
    from formbridge.adapters.questions.mapping_file import read_mapping_file

    address = parse_topic(to)
    forms = join(entry for file in files for entry in read_mapping_file(Path(file)))
    share_mappings(address, options, forms)
    return forms


def withdraw(forms: Iterable[str], *, to: str, options: Options = NO_OPTIONS) -> None:
    """Let a topic say nothing of these forms any more; their tables keep their headers."""
    share_mappings(parse_topic(to), options, dict.fromkeys(forms))


def shared(topic: str, *, clock: Clock, options: Options = NO_OPTIONS) -> Mapping[str, FormMapping]:
    """Return what a topic says, by form; raise ``BadInput`` if it is not there."""
    return kafka_mappings(parse_topic(topic), options, clock=clock)
