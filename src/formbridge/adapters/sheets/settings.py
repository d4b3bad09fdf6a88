"""What may be said about Google: who calls, where the spreadsheets lie, and how much is allowed.

No SDK is needed to say it: this module loads with the package.

Source of the limits: Google's "Usage limits" of the Sheets API (60 reads and 60 writes a minute
for each account, 300 for a project, 2 MB as the size of a request) and "Files you can store in
Google Drive" (10 million cells).
"""

import re
from collections.abc import Iterable, Mapping
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

import attrs

from formbridge.adapters.sheets.sharees import Sharee
from formbridge.domain.errors import BadSetting

LOOPBACK = re.compile(r"localhost|127(\.\d{1,3}){3}|::1")
SPREADSHEET_ID = re.compile(r"[A-Za-z0-9_-]{5,200}")
SPREADSHEET_URL = re.compile(r"https?://[^/]+/(?:.*/)?d/([A-Za-z0-9_-]+)(?:[/?#].*)?")
LOCALE = re.compile(r"[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8})*")
MOST_CELLS = 10_000_000
"""Cells of a spreadsheet, empty ones too: Google's limit."""


class Fence(Enum):
    """What keeps two writers of one spreadsheet apart."""

    METADATA = "metadata"
    """A developer metadata entry whose id is in use: nobody sees it."""
    NAMED_RANGE = "named-range"
    """A named range: people see it under "Named ranges"."""
    WAIT = "wait"
    """None; after a time-out, wait until no late write can land. For a single writer only."""


def _paths(said: str | Path | Iterable[str | Path]) -> tuple[Path, ...]:
    return (Path(said),) if isinstance(said, (str, Path)) else tuple(Path(it) for it in said)


def _base(said: str) -> str:
    return said.rstrip("/")


def _texts(said: str | Iterable[str]) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said)


def spreadsheet_id(said: str) -> str:
    """Return the id of a spreadsheet of which the id or the URL was given; raises BadSetting."""
    text = said.strip()
    found = SPREADSHEET_URL.fullmatch(text)
    if found is not None:
        return found.group(1)
    if SPREADSHEET_ID.fullmatch(text) is None:
        remedy = "copy the address of the spreadsheet from the browser"
        raise BadSetting(f"spreadsheets: {text!r} is no id or URL of a spreadsheet; {remedy}")
    return text


def _ids(said: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType({name: spreadsheet_id(value) for name, value in said.items()})


@attrs.frozen(kw_only=True)
class SheetsSettings:
    """How FormBridge uses Google Sheets and Drive. Times are in seconds, payloads in bytes.

    * ``folder``: the name or the id of the Drive folder in which spreadsheets are made.
    * ``endpoint``: the base URL that takes the place of all of Google's hosts, such as
      ``http://127.0.0.1:8085``; ``https`` anywhere, plain ``http`` on this machine only.
    * ``credentials``: files of service accounts (keys) or of users (``authorized_user``). Several
      share the work. None: Application Default Credentials, or, at an endpoint on this machine,
      the emulator's plain user.
    * ``subject``: the user for whom a service account acts (domain-wide delegation).
    * ``share_with``: who gets access to what is made; see ``sharees.Sharee``.
    * ``spreadsheets``: for a table's name (or its form id), the spreadsheet to use, by id or URL;
      for these nothing is ever made. With ``create`` off, nothing is made for any form.
    * ``time_zone``, ``locale``: of the spreadsheets that are made.
    * ``reads_per_minute``, ``writes_per_minute``: what Google allows each of the credentials;
      ``processes`` that use the same ones get equal parts.
    * ``connect_timeout``, ``timeout``: how long to wait for a connection, and for bytes.
    * ``largest_payload``: how large a request may become before it is split.
    * ``most_cells``: when a table goes on in a new spreadsheet.
    * ``registry``: the file in which the ids of spreadsheets are remembered; None: in memory.
    * ``fence``: what keeps two writers apart.
    * ``questions_tab``: whether a tab "Questions" in each spreadsheet says what questions are
      called; new ones get a row there.
    """

    folder: str = "FormBridge"
    endpoint: str = attrs.field(default="", converter=_base)
    credentials: tuple[Path, ...] = attrs.field(default=(), converter=_paths)
    subject: str = ""
    share_with: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    spreadsheets: Mapping[str, str] = attrs.field(factory=dict, converter=_ids)
    create: bool = True
    time_zone: str = "Etc/UTC"
    locale: str = "en_US"
    reads_per_minute: int = 60
    writes_per_minute: int = 60
    processes: int = 1
    connect_timeout: float = 10.0
    timeout: float = 60.0
    largest_payload: int = 1_800_000
    most_cells: int = 9_000_000
    registry: Path | None = attrs.field(default=None, converter=attrs.converters.optional(Path))
    fence: Fence = Fence.METADATA
    questions_tab: bool = False

    def __attrs_post_init__(self) -> None:
        """Refuse what cannot work, by its name."""
        _check_bounds(self)
        _check_endpoint(self.endpoint)
        _check_words(self)
        _ = self.sharees

    @property
    def local(self) -> bool:
        """Whether the endpoint is on this machine."""
        return LOOPBACK.fullmatch(urlsplit(self.endpoint).hostname or "") is not None

    @property
    def sharees(self) -> tuple[Sharee, ...]:
        """Who gets access to what is made."""
        return tuple(Sharee.of(text) for text in self.share_with)


def _check_bounds(settings: SheetsSettings) -> None:
    for name in ("reads_per_minute", "writes_per_minute", "processes"):
        if getattr(settings, name) < 1:
            raise BadSetting(f"{name} must be 1 or more, not {getattr(settings, name)}")
    for name in ("connect_timeout", "timeout"):
        if not 0 < getattr(settings, name) < float("inf"):
            raise BadSetting(f"{name} must be greater than 0, not {getattr(settings, name)}")
    for name, least, most in (
        ("largest_payload", 10_000, 50_000_000),
        ("most_cells", 1_000, MOST_CELLS),
    ):
        if not least <= getattr(settings, name) <= most:
            said = getattr(settings, name)
            raise BadSetting(f"{name} must be from {least} to {most}, not {said}")


def _check_endpoint(endpoint: str) -> None:
    if not endpoint:
        return
    try:
        parts = urlsplit(endpoint)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise BadSetting(f"endpoint: {endpoint!r} is no URL") from error
    example = "write it like http://127.0.0.1:8085"
    if parts.scheme not in {"http", "https"} or not host or parts.query or parts.fragment:
        raise BadSetting(f"endpoint: {endpoint!r} is no base URL; {example}")
    if parts.username or parts.password:
        raise BadSetting("endpoint must hold no user and no password; name a file in credentials")
    if parts.scheme == "http" and LOOPBACK.fullmatch(host) is None:
        reason = "answers would cross the network in the clear"
        raise BadSetting(f"endpoint: http is for this machine only, {reason}; use https")


def _check_words(settings: SheetsSettings) -> None:
    if not settings.folder.strip():
        raise BadSetting("folder must not be empty; name a folder, or give its id")
    if settings.subject and "@" not in settings.subject:
        raise BadSetting("subject must be the email address of the user to act for")
    if LOCALE.fullmatch(settings.locale) is None:
        raise BadSetting(f"locale: {settings.locale!r} is none; write it like en_US or de_DE")
    if not _is_zone(settings.time_zone):
        remedy = "write it like Europe/Berlin"
        raise BadSetting(f"time_zone: {settings.time_zone!r} is unknown here; {remedy}")


def _is_zone(name: str) -> bool:
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - slow, and settings load with the package

    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # ZoneInfoNotFoundError is a KeyError
        return False
    return True
