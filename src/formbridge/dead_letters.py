"""Dead letters on a topic of any broker: the original record, and beside it why it is here.

A letter is the original's key, value and headers, and behind these headers our own, named
``formbridge-dead-…``, and those that Kafka Connect gives its dead letters. A resolution is a record
of the same key without a value. ``docs/reference/stored.md`` lists the headers.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from formbridge.domain.dead_letters import DeadLetter, Resolution
from formbridge.domain.ports import DeadLetters, Publisher, Reader
from formbridge.domain.records import Delivery, Headers, Record

PREFIX = "formbridge-dead-"
ORIGINALS = PREFIX + "headers"
"""How many headers before this one are the original's."""

Letter = tuple[str, str, str]
"""Group, id and part: what makes two letters the same one."""


def dead_letter_topic(topic: str) -> str:
    """Return the topic in which the dead letters of ``topic`` are kept."""
    return f"{topic}.dead-letters"


class TopicDeadLetters(DeadLetters):
    """Appends through ``publisher``; reads the same topic with a new reader each time.

    What is still unresolved is found by reading the topic twice: first for what became of each
    letter, then for the letters themselves; so only their places are held in memory. A letter that
    is buried again after its resolution is unresolved again.
    """

    def __init__(self, publisher: Publisher, *, reader: Callable[[], Reader]) -> None:
        """Use a publisher of the dead-letter topic, closed with this, and what opens a reader."""
        self._publisher = publisher
        self._reader = reader

    def bury(self, letters: Sequence[DeadLetter], /) -> None:
        """Append the letters; one that is there already is skipped when they are read."""
        self._publisher.publish([record_of(letter) for letter in letters])

    def unresolved(self, *, group: str | None = None) -> Iterator[DeadLetter]:
        """Yield each letter that waits where it was first buried: in the log's order per key."""
        waiting = set(self._waiting(group).values())
        for delivery in self._read():
            if (delivery.partition, delivery.offset) in waiting:
                yield letter_of(delivery)

    def resolve(self, letters: Sequence[DeadLetter], resolution: Resolution, /) -> None:
        """Append what became of the letters, each beside its letter."""
        self._publisher.publish([_resolved(letter, resolution) for letter in letters])

    def close(self) -> None:
        """Close the publisher."""
        self._publisher.close()

    def _waiting(self, group: str | None) -> Mapping[Letter, tuple[int, int]]:
        """Return where each unresolved letter stands: partition and offset."""
        waiting: dict[Letter, tuple[int, int]] = {}
        for delivery in self._read():
            own = _own(delivery)
            if group is not None and own.get("group") != group.encode():
                continue
            letter = _identity(own)
            if "resolution" in own:
                waiting.pop(letter, None)
            else:
                waiting.setdefault(letter, (delivery.partition, delivery.offset))
        return waiting

    def _read(self) -> Iterator[Delivery]:
        """Yield what is ours on the topic; anything else there is not a dead letter."""
        reader = self._reader()
        try:
            yield from (delivery for delivery in reader.read() if "offset" in _own(delivery))
        finally:
            reader.close()


def record_of(letter: DeadLetter) -> Record:
    """Return the letter as a record of its topic."""
    original = letter.delivery
    own: list[tuple[str, bytes]] = [
        (ORIGINALS, b"%d" % len(original.headers)),
        *_names(letter),
        (PREFIX + "time", b"%d" % original.time),
        (PREFIX + "reason", _text(letter.reason)),
        (PREFIX + "error", _text(letter.error)),
        (PREFIX + "buried-at", b"%d" % letter.buried_at),
    ]
    if original.key is not None:
        own.append((PREFIX + "key", original.key))
    return Record(
        key=_key(letter),
        value=original.value,
        headers=(*original.headers, *own, *_connect(letter)),
    )


def letter_of(delivery: Delivery) -> DeadLetter:
    """Return the letter that a record of the topic holds; its delivery is the original one."""
    own = _own(delivery)
    original = Delivery(
        topic=_read_text(own["topic"]),
        partition=int(own["partition"]),
        offset=int(own["offset"]),
        key=own.get("key"),
        value=delivery.value,
        headers=delivery.headers[: int(own["headers"])],
        time=int(own["time"]),
    )
    return DeadLetter(
        group=_read_text(own["group"]),
        delivery=original,
        reason=_read_text(own["reason"]),
        error=_read_text(own["error"]),
        buried_at=int(own["buried-at"]),
        part=_read_text(own["part"]),
    )


def _resolved(letter: DeadLetter, resolution: Resolution) -> Record:
    own = [(ORIGINALS, b"0"), *_names(letter), (PREFIX + "resolution", resolution.value.encode())]
    return Record(key=_key(letter), value=None, headers=tuple(own))


def _key(letter: DeadLetter) -> bytes:
    """Return the original key, so that a form's letters keep their order; without one, the id."""
    key = letter.delivery.key
    return _text(letter.id) if key is None else key


def _names(letter: DeadLetter) -> list[tuple[str, bytes]]:
    """Return the headers that say which letter it is."""
    original = letter.delivery
    return [
        (PREFIX + "group", _text(letter.group)),
        (PREFIX + "topic", _text(original.topic)),
        (PREFIX + "partition", b"%d" % original.partition),
        (PREFIX + "offset", b"%d" % original.offset),
        (PREFIX + "part", _text(letter.part)),
    ]


def _connect(letter: DeadLetter) -> Headers:
    """Return what Kafka Connect names the same things (KIP-298), for the tools that show it."""
    original = letter.delivery
    return (
        ("__connect.errors.topic", _text(original.topic)),
        ("__connect.errors.partition", b"%d" % original.partition),
        ("__connect.errors.offset", b"%d" % original.offset),
        ("__connect.errors.exception.class.name", _text(letter.error)),
        ("__connect.errors.exception.message", _text(letter.reason)),
    )


def _own(delivery: Delivery) -> dict[str, bytes]:
    """Return our headers without their prefix.

    They begin at the last count of originals: the original may itself have been a dead letter.
    """
    names = [name for name, _ in delivery.headers]
    if ORIGINALS not in names:
        return {}
    start = len(names) - 1 - names[::-1].index(ORIGINALS)
    return {
        name.removeprefix(PREFIX): value
        for name, value in delivery.headers[start:]
        if name.startswith(PREFIX)
    }


def _identity(own: Mapping[str, bytes]) -> Letter:
    place = "/".join(_read_text(own[name]) for name in ("topic", "partition", "offset"))
    return _read_text(own["group"]), place, _read_text(own["part"])


def _text(text: str) -> bytes:
    """Encode any text, also one with half a surrogate pair in it."""
    return text.encode("utf-8", "surrogatepass")


def _read_text(content: bytes) -> str:
    return content.decode("utf-8", "surrogatepass")
