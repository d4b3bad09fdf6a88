"""How it is put together: plain functions that open what an address names.

A service needs two of them: ``open_intake`` where payloads come in, ``open_bridge`` where they go.
Each adapter is imported by the function that needs it, so that its SDK may be absent.

A log that is given as an address is opened anew by each function, in the thread that will use it.
``open_log`` opens one to be handed to several: the only way to share a log in memory.
"""

import os
from collections.abc import Callable, Sequence
from functools import partial
from os import fspath
from pathlib import Path

from formbridge.adapters.sheets.settings import SheetsSettings
from formbridge.addresses import (
    BrokerAddress,
    CsvAddress,
    KafkaAddress,
    MemoryAddress,
    SheetsAddress,
    SinkAddress,
    SqliteAddress,
    default_group,
    parse_broker,
    parse_sink,
    topic_of,
)
from formbridge.bridge import Bridge, BridgeSettings, ignore
from formbridge.catalogs import FilePath, Questions, catalog_of
from formbridge.clusters import NO_OPTIONS, Options, kafka_broker
from formbridge.dead_letters import TopicDeadLetters
from formbridge.decoding import Decoding
from formbridge.domain.errors import BadAddress, BadSetting
from formbridge.domain.events import Event
from formbridge.domain.plan_batch import Read
from formbridge.domain.ports import (
    Clock,
    Consumer,
    DeadLetters,
    Groups,
    Hook,
    Ledger,
    Publisher,
    QuestionCatalog,
    Reader,
    Sink,
    TableStore,
)
from formbridge.formats import Format, load_format
from formbridge.function_sink import FunctionSink, Handle
from formbridge.intake import Intake
from formbridge.logs import Broker, Log
from formbridge.spreadsheets import (
    sheets_group,
    sheets_settings,
    sheets_tables,
    sheets_tables_with_questions,
)
from formbridge.table_sink import TableSink

FormatName = Format | FilePath
TablesName = str | SinkAddress | SheetsSettings
SinkName = TablesName | Sink | Handle

LogName = str | BrokerAddress | Log


def open_log(
    address: str | BrokerAddress, *, options: Options = NO_OPTIONS, clock: Clock | None = None
) -> Log:
    """Return the log of that address. Nothing is read or written before it is used.

    ``options`` are for Kafka: librdkafka's by their own names (TLS, SASL, tuning), and
    ``formbridge.topic.…`` for how a missing topic is made; see ``adapters.kafka.settings``.
    """
    parsed = parse_broker(address) if isinstance(address, str) else address
    return Log(broker=_broker(parsed, options, clock or system_clock()), topic=topic_of(parsed))


def open_publisher(log: LogName, *, clock: Clock | None = None) -> Publisher:
    """Open a publisher, which may be shared by threads."""
    it = _log(log, clock)
    return it.broker.publisher(topic=it.topic)


def open_consumer(log: LogName, *, group: str, clock: Clock | None = None) -> Consumer:
    """Open a new member of the group."""
    it = _log(log, clock)
    return it.broker.consumer(topic=it.topic, group=group)


def open_reader(log: LogName, *, clock: Clock | None = None) -> Reader:
    """Open a reader of everything that the log holds."""
    it = _log(log, clock)
    return it.broker.reader(topic=it.topic)


def open_groups(log: LogName, *, clock: Clock | None = None) -> Groups:
    """Open the places of the log's groups."""
    it = _log(log, clock)
    return it.broker.groups(topic=it.topic)


def open_dead_letters(log: LogName, *, clock: Clock | None = None) -> DeadLetters:
    """Open the dead letters of a log, which stand in a topic beside it."""
    it = _log(log, clock).dead_letters
    return TopicDeadLetters(open_publisher(it), reader=partial(open_reader, it))


def open_intake(
    log: LogName,
    *,
    format: FormatName = "native",  # noqa: A002 - what users call it everywhere
    source: str = "",
    clock: Clock | None = None,
) -> Intake:
    """Open an intake, which may be shared by threads; close its ``publisher`` in the end."""
    time = clock or system_clock()
    opened = open_format(format)  # first: a mistake in it leaves nothing open
    return Intake(
        publisher=open_publisher(log, clock=time),
        format=opened,
        clock=time,
        source=source,
    )


def open_bridge(  # noqa: PLR0913 - each is a choice of its own, and all but two have defaults
    *,
    broker: LogName,
    sink: SinkName,
    group: str = "",
    questions: Questions = (),
    format: FormatName = "native",  # noqa: A002 - what users call it everywhere
    formats: Sequence[FormatName] = (),
    ledger: FilePath | None = None,
    settings: BridgeSettings | None = None,
    hook: Hook | Callable[[Event], None] = ignore,
    clock: Clock | None = None,
) -> Bridge:
    """Open a bridge from a log to tables, to a function, or to any ``Sink``.

    Tables are named by an address, or for Google Sheets by ``SheetsSettings``, which say more.
    ``group`` names the bridge's place in the log; tables have a name by their address, a function
    needs one. ``format`` reads records that name none, and corrects a shipped one of its name;
    ``formats`` are others that records may name. ``ledger`` is a file in which a function's calls
    are remembered. Where a topic says what questions are called, and its client needs options, give
    what ``open_catalog`` returns. Call it in the thread that runs the bridge, and close the bridge
    in the end.
    """
    time = clock or system_clock()
    name = group_of(sink, group)
    log = _log(broker, time)
    read = open_decoding(format, *formats)
    catalog = open_catalog(questions, clock=time)
    remembered = None if ledger is None else open_ledger(ledger, clock=time)
    opened = open_sink(sink, read=read, catalog=catalog, ledger=remembered, clock=time)
    try:
        return Bridge(
            sink=opened,
            consumer=open_consumer(log, group=name),
            dead_letters=open_dead_letters(log),
            clock=time,
            settings=settings or BridgeSettings(),
            hook=hook,
        )
    except BaseException:
        opened.close()
        raise


def open_sink(
    sink: SinkName,
    *,
    read: Read,
    catalog: QuestionCatalog | None = None,
    ledger: Ledger | None = None,
    clock: Clock | None = None,
) -> Sink:
    """Open the sink of an address, or make a sink of a function."""
    if isinstance(sink, SheetsSettings) and sink.questions_tab:
        store, tab = sheets_tables_with_questions(sink, catalog, clock=clock or system_clock())
        return TableSink(store=store, read=read, catalog=tab)
    if isinstance(sink, str | CsvAddress | SheetsAddress | SheetsSettings):
        store = open_table_store(sink, clock=clock)
        return TableSink(store=store, read=read, catalog=catalog)
    if callable(sink):
        return FunctionSink(handle=sink, read=read, ledger=ledger)
    return sink


def open_table_store(name: TablesName, *, clock: Clock | None = None) -> TableStore:
    """Open the tables of an address or of settings, in the thread that will use them.

    A place that can never be written is refused now, with what to do.
    """
    named = parse_sink(name) if isinstance(name, str) else name
    if isinstance(named, CsvAddress):
        from formbridge.adapters.csv.tables import CsvTables

        return CsvTables(_writable(named.folder))
    settings = sheets_settings(named, {}) if isinstance(named, SheetsAddress) else named
    return sheets_tables(settings, clock=clock or system_clock())


def open_catalog(
    questions: Questions, *, options: Options = NO_OPTIONS, clock: Clock | None = None
) -> QuestionCatalog | None:
    """Open what questions are called: mapping files, a dict by form and question, or a catalog.

    ``kafka://HOST:PORT/TOPIC`` in place of the files is a topic that ``catalogs.share`` fills; it
    has ``options`` as a broker has, and is all that they are for. Both are read now, so that a
    mistake is told at the start, as ``BadMapping``.
    """
    return catalog_of(questions, options=options, clock=clock or system_clock())


def open_decoding(default: FormatName = "native", *others: FormatName) -> Decoding:
    """Return the stage that reads deliveries; see ``Decoding`` for what each format is for."""
    opened = [open_format(each) for each in others]
    return Decoding(open_format(default), {each.name: each for each in opened})


def open_format(name: FormatName) -> Format:
    """Return a format as it is, by its shipped name, or from a description file."""
    return name if isinstance(name, Format) else load_format(fspath(name))


def group_of(sink: SinkName, group: str = "") -> str:
    """Return the group that was given, else that of the sink's address."""
    if group:
        return group
    if isinstance(sink, SheetsSettings):
        return sheets_group(sink)
    address = parse_sink(sink) if isinstance(sink, str) else sink
    if isinstance(address, CsvAddress | SheetsAddress):
        return default_group(address)
    raise BadSetting("group is empty; a sink without an address needs one, such as receipts")


def system_clock() -> Clock:
    """Return the real time."""
    from formbridge.adapters.system.clock import SystemClock

    return SystemClock()


def _writable(folder: str) -> Path:
    """Return the folder; refuse one that can never be written, before anything starts."""
    path = Path(folder).absolute()
    nearest = next(each for each in (path, *path.parents) if each.exists())
    if not nearest.is_dir():
        raise BadAddress(f"csv: {nearest} is a file, not a folder; name another place")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise BadAddress(f"csv: {nearest} may not be written; change its rights, or name another")
    return path


def _log(log: LogName, clock: Clock | None) -> Log:
    if isinstance(log, Log):
        return log
    address = parse_broker(log) if isinstance(log, str) else log
    if isinstance(address, MemoryAddress):
        raise BadAddress(
            "memory: is a log of its own each time it is opened; open it once with "
            "open_log('memory:') and hand that on, or use sqlite:log.db"
        )
    return open_log(address, clock=clock)


def _broker(address: BrokerAddress, options: Options, clock: Clock) -> Broker:
    if options and not isinstance(address, KafkaAddress):
        raise BadSetting(f"the option {next(iter(options))!r} is for kafka: brokers; leave it out")
    match address:
        case MemoryAddress():
            from formbridge.adapters.memory.broker import MemoryBroker

            return MemoryBroker(clock=clock)
        case SqliteAddress(path=path):
            from formbridge.adapters.sqlite.broker import SqliteBroker

            return SqliteBroker(Path(path), clock=clock)
        case KafkaAddress():
            return kafka_broker(address, options)


def open_ledger(path: FilePath, *, clock: Clock | None = None) -> Ledger:
    """Open the file in which calls of a function are remembered; it is made if there is none."""
    from formbridge.adapters.sqlite.database import File
    from formbridge.adapters.sqlite.ledger import LEDGER, SqliteLedger

    file = File(path=Path(path), schema=LEDGER, clock=clock or system_clock())
    return SqliteLedger(file.open())
