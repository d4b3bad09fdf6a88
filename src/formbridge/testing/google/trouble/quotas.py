"""Quotas by the minute, for each user of a project and for the project: off at the start."""

from threading import Lock
from typing import Protocol
from zlib import crc32

import attrs

from formbridge.domain.ports import Clock
from formbridge.testing.google.accounts.grants import Grant
from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, SEEN, behaves
from formbridge.testing.google.errors import ApiError
from formbridge.testing.google.messages import Body
from formbridge.testing.google.routes import Use
from formbridge.testing.google.trouble.calls import current

WINDOW = 60_000_000
"""Microseconds of a window; windows begin with the minute."""

DRIVE_UNITS = {"list": 100, "get": 5, "create": 50, "update": 50, "copy": 50, "delete": 50}
DRIVE_UNITS |= {"insert": 50, "patch": 50, "generateIds": 5, "export": 200, "download": 200}


class Matched(Protocol):
    """What is asked of ``schema.methods.Match``: the API, and the id of the method."""

    @property
    def api(self) -> str:
        """``sheets``, ``drive`` or ``drive2``."""

    @property
    def method(self) -> str:
        """The method's id."""


@attrs.frozen(kw_only=True)
class Bucket:
    """What one quota counts: its names in Google's words, and what it is counted for."""

    service: str
    metric: str
    limit: str
    quota: str
    limit_id: str
    most: int
    whose: tuple[str, ...]


@attrs.define(eq=False, kw_only=True)
class Quotas:
    """How many calls are let through in a minute; the rest is refused with 429 (Drive: 403).

    Sheets counts calls, reads and writes apart; Drive counts units. Shared by threads.
    """

    clock: Clock
    on: bool = False
    user: int = 60
    project: int = 300
    drive_user: int = 325_000
    drive_project: int = 1_000_000
    _window: int = attrs.field(init=False, default=-1)
    _used: dict[tuple[str, ...], int] = attrs.field(init=False, factory=dict)
    _lock: Lock = attrs.field(init=False, factory=Lock)

    @behaves(
        "quotas: reads and writes apart, by user and by project, in windows of 60 s", DOCUMENTED
    )
    @behaves("quotas: windows begin with the minute, and what is refused is not counted", ASSUMED)
    def take(self, found: Matched, use: Use, grant: Grant) -> int:
        """Count a call; return its units. Raises Google's ``ApiError`` where it is too many."""
        units = units_of(found, use)
        _write_down(found, use, grant, units)
        if not self.on or not units:
            return units
        buckets = self._buckets(found, use, grant)
        with self._lock:
            self._turn()
            for bucket in buckets:
                if self._used.get(bucket.whose, 0) + units > bucket.most:
                    raise exceeded(bucket, grant.project, drive=is_drive(found))
            for bucket in buckets:
                self._used[bucket.whose] = self._used.get(bucket.whose, 0) + units
        return units

    def clear(self) -> None:
        """Forget what was counted."""
        with self._lock:
            self._used.clear()

    def used(self) -> dict[str, int]:
        """Return what was counted in this minute, by the quota and for whom."""
        with self._lock:
            self._turn()
            return {" ".join(whose): count for whose, count in self._used.items()}

    def _turn(self) -> None:
        window = self.clock.now() // WINDOW
        if window != self._window:
            self._window = window
            self._used.clear()

    def _buckets(self, found: Matched, use: Use, grant: Grant) -> list[Bucket]:
        service = "drive.googleapis.com" if is_drive(found) else "sheets.googleapis.com"
        drive = is_drive(found)
        word = "Queries" if drive else f"{use.value.capitalize()} requests"
        short = "defaultPer" if drive else f"{use.value.capitalize()}RequestsPer"
        metric = "default" if drive else f"{use.value}_requests"
        limits = (self.drive_user, self.drive_project) if drive else (self.user, self.project)
        who = (
            ("per minute per user", "MinutePerUser", (grant.project, grant.account.email)),
            ("per minute", "MinutePerProject", (grant.project,)),
        )
        return [
            Bucket(
                service=service,
                metric=f"{service}/{metric}",
                limit=f"{word} {text}",
                quota=word,
                limit_id=short + name,
                most=most,
                whose=(service, metric, *whose),
            )
            for (text, name, whose), most in zip(who, limits, strict=True)
        ]


def _write_down(found: Matched, use: Use, grant: Grant, units: int) -> None:
    """Add to the log of calls what is known only now."""
    note = current()
    if note is not None:
        note.method, note.use, note.units = found.method, use.value, units
        note.who = grant.account.email


def is_drive(found: Matched) -> bool:
    """Whether a call takes from Drive's quotas, whichever version it speaks."""
    return found.api.startswith("drive")


def units_of(found: Matched, use: Use) -> int:
    """Return what a call costs: 1 of Sheets' quotas, or so many units of Drive's."""
    if use is Use.FREE:
        return 0
    if not is_drive(found):
        return 1
    return DRIVE_UNITS.get(found.method.rpartition(".")[2], 50 if use is Use.WRITE else 5)


def project_number(project: str) -> str:
    """Return the number of a project, always the same one."""
    return project if project.isdigit() else str(100_000_000_000 + crc32(project.encode()))


@behaves("429 RESOURCE_EXHAUSTED names quota, limit and consumer", SEEN, "captured by others")
@behaves("Drive refuses with 403 userRateLimitExceeded", DOCUMENTED)
def exceeded(bucket: Bucket, project: str, *, drive: bool = False) -> ApiError:
    """Return the refusal of a call that is too many."""
    number = project_number(project)
    message = (
        f"Quota exceeded for quota metric '{bucket.quota}' and limit '{bucket.limit}' of service "
        f"'{bucket.service}' for consumer 'project_number:{number}'."
    )
    per_user = bucket.limit_id.endswith("User")
    return ApiError(
        403 if drive else 429,
        message,
        reason="userRateLimitExceeded" if per_user else "rateLimitExceeded",
        domain="usageLimits",
        details=_details(bucket, number),
    )


def _details(bucket: Bucket, number: str) -> list[Body]:
    info = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "RATE_LIMIT_EXCEEDED",
        "domain": "googleapis.com",
        "metadata": {
            "quota_location": "global",
            "service": bucket.service,
            "quota_limit_value": str(bucket.most),
            "quota_limit": bucket.limit_id,
            "consumer": f"projects/{number}",
            "quota_metric": bucket.metric,
        },
    }
    link = {
        "description": "Request a higher quota limit.",
        "url": "https://cloud.google.com/docs/quota#requesting_higher_quota",
    }
    return [info, {"@type": "type.googleapis.com/google.rpc.Help", "links": [link]}]


def quota_of(service: str, use: str, *, most: int = 60) -> Bucket:
    """Return the quota by user that a fault pretends to be used up."""
    drive = service.startswith("drive")
    word = "Queries" if drive else f"{use.capitalize()} requests"
    return Bucket(
        service=service,
        metric=f"{service}/default" if drive else f"{service}/{use}_requests",
        limit=f"{word} per minute per user",
        quota=word,
        limit_id="defaultPerMinutePerUser"
        if drive
        else f"{use.capitalize()}RequestsPerMinutePerUser",
        most=most,
        whose=(),
    )
