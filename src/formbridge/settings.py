"""What a service says about its intake and its bridge, checked at once.

Every mistake is a ``BadInput`` that names the setting, so that a bad value dies at the start.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import attrs

from formbridge.adapters.sheets.settings import SheetsSettings
from formbridge.addresses import (
    BrokerAddress,
    KafkaAddress,
    SheetsAddress,
    SinkAddress,
    SqliteAddress,
    names_topic,
    parse_broker,
    parse_sink,
    parse_topic,
)
from formbridge.domain.errors import BadSetting
from formbridge.spreadsheets import sheets_settings

NATIVE = "native"


def _broker(value: object) -> BrokerAddress:
    return parse_broker(_text(value, "broker"))


def _sink(value: object) -> SinkAddress | None:
    return parse_sink(_text(value, "sink")) if value else None


def _group(value: object) -> str:
    return _text(value, "group")


def _source(value: object) -> str:
    return _text(value, "source")


def _ledger(value: object) -> Path | None:
    return _path(value, "ledger")


def _state(value: object) -> Path | None:
    return _path(value, "state")


def _text(value: object, name: str) -> str:
    if isinstance(value, str):
        return value
    raise BadSetting(f"{name} must be text, not {type(value).__name__}")


def _path(value: object, name: str) -> Path | None:
    if value is None or value == "":
        return None
    if isinstance(value, str | Path):
        return Path(value)
    raise BadSetting(f"{name} must be a path, not {type(value).__name__}")


def _options(value: object) -> Mapping[str, object]:
    return _table(value, "broker_options")


def _sheets(value: object) -> Mapping[str, object]:
    return _table(value, "sheets")


def _table(value: object, name: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise BadSetting(f"{name} must be a table of names, not {type(value).__name__}")
    return {_text(key, f"each name of {name}"): it for key, it in value.items()}


def _format(value: object) -> str | Path:
    if isinstance(value, str | Path) and str(value):
        return value
    raise BadSetting("format must be a format's name or a description file, such as native")


def _questions(value: object) -> tuple[Path, ...] | KafkaAddress:
    topic = _topic(value)
    if topic is not None:
        return topic
    if isinstance(value, str | Path) or not isinstance(value, Iterable):
        kind = type(value).__name__
        raise BadSetting(f"questions must be a list of paths, or kafka://HOST:PORT/TOPIC: {kind}")
    paths = tuple(_path(each, "each of questions") for each in value)
    return tuple(path for path in paths if path is not None)


def _topic(value: object) -> KafkaAddress | None:
    """Return the topic that is named in place of files, if one is."""
    if isinstance(value, KafkaAddress):
        return value
    named = value if isinstance(value, list | tuple) else [value]
    topics = [each for each in named if isinstance(each, str) and names_topic(each)]
    if topics and len(named) > 1:
        raise BadSetting("questions: a topic stands alone; publish the files to it instead")
    return parse_topic(topics[0]) if topics else None


@attrs.frozen(kw_only=True)
class ServiceSettings:
    """One service: where its responses are published, and where its bridge takes them.

    ``sink`` is the address of tables; without one the sink is the service's own function, which
    needs a ``group`` (tables have one by their address) and may have a ``ledger``. ``format`` reads
    what comes in, and records that name no format. ``broker_options`` are those of a Kafka client
    by librdkafka's names, also of that which reads ``questions`` from a topic; no repr shows them,
    as they may hold secrets. ``sheets`` is for a sink in Google Sheets: the fields of
    ``SheetsSettings`` but the folder, which the address names. ``state`` is a folder for what can
    be rebuilt; without one it is that of a log in a file.
    """

    broker: BrokerAddress = attrs.field(converter=_broker)
    broker_options: Mapping[str, object] = attrs.field(factory=dict, converter=_options, repr=False)
    sink: SinkAddress | None = attrs.field(default=None, converter=_sink)
    group: str = attrs.field(default="", converter=_group)
    format: str | Path = attrs.field(default=NATIVE, converter=_format)
    source: str = attrs.field(default="", converter=_source)
    questions: tuple[Path, ...] | KafkaAddress = attrs.field(default=(), converter=_questions)
    ledger: Path | None = attrs.field(default=None, converter=_ledger)
    state: Path | None = attrs.field(default=None, converter=_state)
    sheets: Mapping[str, object] = attrs.field(factory=dict, converter=_sheets)

    def __attrs_post_init__(self) -> None:
        """Refuse a function without a group: nothing else could name its place in the log."""
        if self.sink is None and not self.group:
            raise BadSetting("group is empty; a function as a sink needs one, such as receipts")
        _ = self.tables

    @property
    def tables(self) -> SinkAddress | SheetsSettings | None:
        """The sink with all that is said of it; None for a function."""
        if isinstance(self.sink, SheetsAddress):
            return sheets_settings(self.sink, self.sheets, state=self.state or self._beside_log)
        if self.sheets:
            raise BadSetting("sheets is for a sink sheets:NAME-OR-ID; leave it out")
        return self.sink

    @property
    def _beside_log(self) -> Path | None:
        return Path(self.broker.path).parent if isinstance(self.broker, SqliteAddress) else None

    @property
    def kind(self) -> str:
        """``tables`` or ``function``: which of the two the sink is."""
        return "function" if self.sink is None else "tables"


def settings_of(options: Mapping[str, object]) -> ServiceSettings:
    """Return the settings that a mapping says, such as a part of a configuration file."""
    known = [field.name for field in attrs.fields(ServiceSettings)]
    unknown = sorted(set(options) - set(known))
    if unknown:
        raise BadSetting(f"unknown setting {unknown[0]!r}; the settings are {', '.join(known)}")
    if "broker" not in options:
        raise BadSetting("broker is missing; example: sqlite:log.db")
    return ServiceSettings(**options)
