"""What an address of Kafka opens: a broker, or a topic that says what questions are called.

The adapter's modules that load the SDK are imported by the functions that need them.
"""

from collections.abc import Mapping
from contextlib import closing
from importlib.util import find_spec
from types import MappingProxyType

from formbridge.adapters.kafka.settings import KafkaSettings
from formbridge.addresses import KafkaAddress
from formbridge.domain.errors import BadInput, BadSetting
from formbridge.domain.ports import Clock, QuestionCatalog
from formbridge.domain.questions import FormMapping, Question
from formbridge.logs import Broker

Options = Mapping[str, object]
NO_OPTIONS: Options = MappingProxyType({})
MISSING = "confluent_kafka is not installed; pip install 'formbridge[kafka]' brings it"


def kafka_broker(address: KafkaAddress, options: Options) -> Broker:
    """Return the broker of an address."""
    settings = _settings(address, options)
    from formbridge.adapters.kafka.broker import KafkaBroker

    return KafkaBroker(settings=settings)


def kafka_catalog(address: KafkaAddress, options: Options, *, clock: Clock) -> QuestionCatalog:
    """Open what a topic says of questions, read to its end."""
    settings = _settings(address, options)
    from formbridge.adapters.kafka.catalog import open_kafka_catalog

    return open_kafka_catalog(settings, topic=address.topic, clock=clock)


def kafka_mappings(
    address: KafkaAddress, options: Options, *, clock: Clock
) -> Mapping[str, FormMapping]:
    """Return all that a topic says of questions now, by form; looking at one must not make it."""
    settings = _settings(address, options)
    from formbridge.adapters.kafka.catalog import open_kafka_catalog
    from formbridge.adapters.kafka.topics import KafkaTopics

    if not KafkaTopics(settings).partitions(address.topic):
        raise BadInput(
            f"there is no topic {address.topic!r} in {settings.name}; check the address, or "
            "publish to it first"
        )
    with closing(open_kafka_catalog(settings, topic=address.topic, clock=clock)) as catalog:
        return catalog.mappings()


def share_mappings(
    address: KafkaAddress, options: Options, forms: Mapping[str, Mapping[str, Question] | None]
) -> None:
    """Tell every process what the questions of these forms are called; None takes it back."""
    settings = _settings(address, options)
    from formbridge.adapters.kafka.broker import KafkaBroker
    from formbridge.adapters.kafka.catalog import ensure_compacted
    from formbridge.adapters.kafka.mapping_records import mapping_record

    ensure_compacted(settings, address.topic)
    broker = KafkaBroker(settings=settings.compacted())
    records = [mapping_record(form_id, questions) for form_id, questions in forms.items()]
    with closing(broker.publisher(topic=address.topic)) as publisher:
        publisher.publish(records)


def _settings(address: KafkaAddress, options: Options) -> KafkaSettings:
    if find_spec("confluent_kafka") is None:
        raise BadSetting(MISSING)
    return KafkaSettings.of(address.servers, options)
