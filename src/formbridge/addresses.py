"""Addresses: one line of text that names a broker or a sink, read into settings.

========================  =====================================================
``memory:``               a log in this process, for tests
``sqlite:PATH``           a log in one file
``kafka://HOST:PORT,HOST:PORT/TOPIC``  a topic of a cluster
``csv:FOLDER``            a folder of tables
``sheets:NAME-OR-ID``     a folder of Google Drive, with a spreadsheet per form
========================  =====================================================

Nothing is opened here. What an address means stands in ``compose``.
"""

import os
import re
from collections.abc import Callable, Mapping
from hashlib import blake2b
from typing import TypeVar

import attrs

from formbridge.domain.errors import BadAddress

DEFAULT_TOPIC = "responses"
LONGEST_SLUG = 40
"""Characters of a group's name that are taken from the address."""

FOLDER_LINK = re.compile(r"https://drive\.google\.com/drive/(?:u/\d+/)?folders/([\w-]+)")

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class MemoryAddress:
    """``memory:``: nothing to say."""


@attrs.frozen(kw_only=True)
class SqliteAddress:
    """``sqlite:log.db``: the file is made when it is first opened."""

    path: str


@attrs.frozen(kw_only=True)
class KafkaAddress:
    """``kafka://one:9092,two:9092/responses``: servers to ask first, and the topic."""

    servers: tuple[str, ...]
    topic: str


@attrs.frozen(kw_only=True)
class CsvAddress:
    """``csv:out``: a folder, a file per form."""

    folder: str


@attrs.frozen(kw_only=True)
class SheetsAddress:
    """``sheets:Responses 2026``: a folder of Google Drive by its name or its id.

    It may be pasted from the browser: of a folder's link the id is taken.
    """

    name: str


BrokerAddress = MemoryAddress | SqliteAddress | KafkaAddress
SinkAddress = CsvAddress | SheetsAddress


def parse_broker(text: str) -> BrokerAddress:
    """Return what a broker's address says; raise ``BadAddress`` with an example of a right one."""
    return _parse(text, _BROKERS, what="broker", example="sqlite:log.db")


def names_topic(text: str) -> bool:
    """Whether a text is meant as the address of a topic, where a file could stand as well."""
    return text.lstrip().lower().startswith("kafka:")


def parse_topic(text: str) -> KafkaAddress:
    """Return what the address of a cluster's topic says; raise ``BadAddress`` with an example."""
    address = parse_broker(text)
    if not isinstance(address, KafkaAddress):
        raise BadAddress(
            f"{_shown(text)} is no topic of a cluster; example: kafka://localhost:9092/questions"
        )
    return address


def parse_sink(text: str) -> SinkAddress:
    """Return what a sink's address says; raise ``BadAddress`` with an example of a right one."""
    return _parse(text, _SINKS, what="sink", example="csv:out")


def parse_folder(text: str) -> SheetsAddress:
    """Return what the name, the id or the link of a folder of Google Drive says."""
    name = text.strip()
    if not name:
        raise BadAddress("sheets: names no folder; example: sheets:Responses 2026")
    if "/spreadsheets/d/" in name:
        raise BadAddress(
            "sheets: takes the folder, and this is the link of a spreadsheet; name the folder, and "
            "give the spreadsheet of a form with --spreadsheet FORM=ID"
        )
    link = FOLDER_LINK.match(name)
    return SheetsAddress(name=link[1] if link else name)


def default_group(address: SinkAddress) -> str:
    """Return the name of the consumer group that a sink has unless it is given another one.

    The same place gives the same name, however it is written: a folder counts by its absolute path
    (``csv:out``, ``csv:./out/``). A readable part and eight digits: ``csv-out-5f2c9a71``. A folder
    that moves gets another group, which reads the log from its beginning and changes nothing.
    """
    match address:
        case CsvAddress(folder=folder):
            path = os.path.abspath(folder)  # noqa: PTH100 - unlike Path.resolve it asks no disk
            return _group("csv", path, readable=os.path.basename(path))  # noqa: PTH119 - as above
        case SheetsAddress(name=name):
            return _group("sheets", name, readable=name)


def topic_of(address: BrokerAddress) -> str:
    """Return the topic that holds the responses."""
    return address.topic if isinstance(address, KafkaAddress) else DEFAULT_TOPIC


def _group(scheme: str, identity: str, *, readable: str) -> str:
    slug = re.sub(r"[^A-Za-z0-9]+", "-", readable).strip("-")[:LONGEST_SLUG]
    digest = blake2b(os.fsencode(identity), digest_size=4).hexdigest()
    return "-".join(part for part in (scheme, slug, digest) if part)


def _parse(text: str, parsers: Mapping[str, Callable[[str], T]], *, what: str, example: str) -> T:
    scheme, colon, rest = text.strip().partition(":")
    parse = parsers.get(scheme.lower())
    if not colon or parse is None:
        known = ", ".join(f"{name}:" for name in parsers)
        raise BadAddress(
            f"{_shown(text)} is not the address of a {what}: it begins with none of {known}; "
            f"example: {example}"
        )
    if "\0" in rest:
        raise BadAddress(f"the {what}'s address holds a NUL character; example: {example}")
    return parse(rest)


def _shown(text: str) -> str:
    """Return an address as it may be shown: without what may be a password."""
    return repr(re.sub(r"//[^/@]*@", "//…@", text))


def _memory(rest: str) -> BrokerAddress:
    if rest.strip("/"):
        raise BadAddress(f"memory: takes nothing behind it, not {rest!r}; write memory:")
    return MemoryAddress()


def _sqlite(rest: str) -> BrokerAddress:
    if rest == ":memory:":
        raise BadAddress("sqlite::memory: would keep nothing; write memory: or sqlite:log.db")
    return SqliteAddress(path=_path(rest, scheme="sqlite", kind="file", example="sqlite:log.db"))


def _csv(rest: str) -> SinkAddress:
    return CsvAddress(folder=_path(rest, scheme="csv", kind="folder", example="csv:out"))


def _path(rest: str, *, scheme: str, kind: str, example: str) -> str:
    if not rest.strip():
        raise BadAddress(f"{scheme}: names no {kind}; example: {example}")
    if rest.startswith("//"):
        raise BadAddress(
            f"{scheme}:{rest} looks like a URL; {scheme}: takes a path as it is, "
            f"examples: {example}, {scheme}:/var/lib/forms"
        )
    return rest


def _kafka(rest: str) -> BrokerAddress:
    example = "kafka://localhost:9092/responses"
    match = re.fullmatch(r"//([^/]*)/([^/]*)/?", rest)
    if match is None:
        raise BadAddress(f"kafka: needs servers and a topic; example: {example}")
    servers = tuple(server.strip() for server in match[1].split(","))
    for server in servers:
        if not re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):[0-9]{1,5}", server):
            problem = "holds a user name" if "@" in server else "is not HOST:PORT"
            shown = "a server" if "@" in server else f"the server {server!r}"
            raise BadAddress(f"kafka: {shown} {problem}; example: {example}")
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,200}", match[2]):
        raise BadAddress(
            f"kafka: the topic {match[2]!r} is not made of letters, digits, dots, dashes and "
            f"underscores; example: {example}"
        )
    return KafkaAddress(servers=servers, topic=match[2])


_BROKERS: Mapping[str, Callable[[str], BrokerAddress]] = {
    "memory": _memory,
    "sqlite": _sqlite,
    "kafka": _kafka,
}
_SINKS: Mapping[str, Callable[[str], SinkAddress]] = {"csv": _csv, "sheets": parse_folder}
