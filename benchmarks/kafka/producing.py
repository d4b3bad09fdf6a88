"""The SDK's producer as one uses it by hand."""

from collections.abc import Iterable

from confluent_kafka import KafkaError, KafkaException, Message, Producer

SERVE = 100
"""Records from poll to poll: a call for each costs more than it serves."""
PATIENCE = 60.0

Fields = tuple[bytes, bytes, list[tuple[str, bytes]]]
"""Key, value and headers."""


def send(producer: Producer, topic: str, records: Iterable[Fields]) -> None:
    """Produce the records, each with a delivery callback; return when all are acknowledged."""
    failed: list[KafkaError] = []

    def told(error: KafkaError | None, _: Message) -> None:
        if error is not None:
            failed.append(error)

    for number, (key, value, headers) in enumerate(records, 1):
        while True:
            try:
                producer.produce(topic, value, key, headers=headers, on_delivery=told)
            except BufferError:
                producer.poll(0.01)
            else:
                break
        if number % SERVE == 0:
            producer.poll(0)
    if producer.flush(PATIENCE) or failed:
        raise KafkaException(*failed)
