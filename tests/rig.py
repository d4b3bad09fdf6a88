"""What the tests of the bridge stand on: a log, a sink and dead letters in memory, behind taps."""

from collections.abc import Callable, Sequence

import attrs

from formbridge.adapters.memory.broker import MemoryBroker
from formbridge.bridge import Bridge, BridgeSettings
from formbridge.domain.dead_letters import DeadLetter
from formbridge.domain.errors import BrokerUnavailable
from formbridge.domain.flood import FloodLimit
from formbridge.domain.ports import Sink
from formbridge.domain.records import Offsets, Record
from formbridge.domain.sinks import Outcome, Part
from formbridge.testing.clock import FakeClock
from formbridge.testing.fakes import RecordingHook, ScriptedSink
from tests.taps import KeptLetters, Tap, TappedConsumer, TappedSink

GROUP = "sheet"
LENIENT = FloodLimit(failures=1000, window=1000)
SETTINGS = BridgeSettings(flood=LENIENT)


@attrs.define(eq=False, kw_only=True)
class Rig:
    """A log, a sink and dead letters that outlive the bridges which a test opens on them."""

    clock: FakeClock = attrs.field(factory=FakeClock)
    tap: Tap = attrs.field(factory=Tap)
    sink: Sink = attrs.field(factory=ScriptedSink)
    hook: RecordingHook = attrs.field(factory=RecordingHook)
    settings: BridgeSettings = SETTINGS
    partitions: int = 1
    max_poll_interval: float = 60.0
    on_commit: Callable[[Offsets], None] = lambda _: None
    broker: MemoryBroker = attrs.field(init=False)
    letters: KeptLetters = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Begin with an empty log."""
        self.letters = KeptLetters(self.tap)
        self.broker = MemoryBroker(
            clock=self.clock,
            partitions=self.partitions,
            max_poll_interval=self.max_poll_interval,
        )

    def bridge(self) -> Bridge:
        """Open a bridge; each is a new member of the group."""
        consumer = self.broker.consumer(group=GROUP)
        return Bridge(
            consumer=TappedConsumer(consumer, self.tap, self.on_commit),
            sink=TappedSink(self.sink, self.tap),
            dead_letters=self.letters,
            clock=self.clock,
            settings=self.settings,
            hook=self.hook,
            luck=lambda: 0.0,
        )

    def publish(self, *texts: str) -> None:
        """Publish records such as ``a1``: the first letter is the key, and so the table."""
        records = [Record(key=text[:1].encode(), value=text.encode()) for text in texts]
        self.broker.publisher().publish(records)

    @property
    def committed(self) -> dict[int, int]:
        """What the group has committed."""
        return self.broker.committed(group=GROUP)

    @property
    def written(self) -> list[str]:
        """What the scripted sink took, in order."""
        assert isinstance(self.sink, ScriptedSink)
        return [(delivery.value or b"").decode() for delivery in self.sink.written]

    @property
    def effects(self) -> list[str]:
        """The calls that change something, in their order; from the first poll on."""
        quiet = ("plan", "unresolved", "idle")
        return [call for call in self.tap.calls if call not in quiet]


def texts_of(letters: Sequence[DeadLetter]) -> list[str]:
    """Return the values of these dead letters as text."""
    return [(letter.delivery.value or b"").decode() for letter in letters]


def then(*outcomes: Outcome) -> list[Callable[[Part], Outcome]]:
    """Return the script of a sink that gives these answers, one for each part."""
    return [lambda _, outcome=outcome: outcome for outcome in outcomes]  # type: ignore[misc]  # mypy#14664


def unreachable() -> BrokerUnavailable:
    """Return the error of a broker that does not answer now."""
    return BrokerUnavailable("the broker does not answer")
