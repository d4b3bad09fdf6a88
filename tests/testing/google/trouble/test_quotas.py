"""Quotas count as documented, and refuse in Google's words."""

from contextlib import suppress

import attrs
import pytest

from formbridge.testing.clock import FakeClock
from formbridge.testing.google.accounts.grants import Account, Grant
from formbridge.testing.google.errors import ApiError
from formbridge.testing.google.routes import Use
from formbridge.testing.google.trouble.quotas import Quotas


@attrs.frozen
class Found:
    """A method that was found."""

    api: str = "sheets"
    method: str = "sheets.spreadsheets.batchUpdate"


@pytest.fixture
def clock() -> FakeClock:
    """A clock at the beginning of a minute."""
    return FakeClock(start=1_700_000_040_000_000)


@pytest.fixture
def quotas(clock: FakeClock) -> Quotas:
    """Quotas as Google's, turned on."""
    return Quotas(clock=clock, on=True)


def grant(email: str = "a@example.com", project: str = "675429720490") -> Grant:
    """Return what somebody's token allows."""
    return Grant(account=Account(email=email), project=project)


def taken(
    quotas: Quotas, use: Use = Use.WRITE, whose: Grant | None = None, calls: int = 400
) -> int:
    """Return how many of some calls are let through."""
    through = 0
    for _ in range(calls):
        with suppress(ApiError):
            quotas.take(Found(), use, whose or grant())
            through += 1
    return through


def test_off_at_the_start(clock: FakeClock) -> None:
    """Nobody is refused until quotas are turned on."""
    assert taken(Quotas(clock=clock)) == 400


def test_sixty_a_minute_for_each_user_reads_and_writes_apart(quotas: Quotas) -> None:
    """Reads are still let through where writes are used up, and so is another user."""
    assert taken(quotas) == 60
    assert taken(quotas, Use.READ) == 60
    assert taken(quotas, whose=grant("b@example.com")) == 60


def test_three_hundred_a_minute_for_a_project(quotas: Quotas) -> None:
    """The sixth user of a project is refused, one of another project is not."""
    through = [taken(quotas, whose=grant(f"{name}@example.com")) for name in "abcdef"]
    assert through == [60, 60, 60, 60, 60, 0]
    assert taken(quotas, whose=grant("a@example.com", project="other")) == 60


def test_quotas_come_back_with_the_minute(quotas: Quotas, clock: FakeClock) -> None:
    """Windows are fixed: what was used up at 0:59 is there again at 1:00."""
    clock.advance(59)
    assert taken(quotas) == 60
    clock.advance(1)
    assert taken(quotas) == 60


def test_what_is_free_is_not_counted(quotas: Quotas) -> None:
    """Tokens cost nothing."""
    assert quotas.take(Found(), Use.FREE, grant()) == 0


def test_the_refusal_is_googles(quotas: Quotas) -> None:
    """The message, the reason and the details are those that others captured."""
    taken(quotas, calls=60)
    with pytest.raises(ApiError) as refused:
        quotas.take(Found(), Use.WRITE, grant())
    error = refused.value
    assert error.message == (
        "Quota exceeded for quota metric 'Write requests' and limit 'Write requests per minute per "
        "user' of service 'sheets.googleapis.com' for consumer 'project_number:675429720490'."
    )
    assert error.status == "RESOURCE_EXHAUSTED"
    assert error.details[0] == {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "RATE_LIMIT_EXCEEDED",
        "domain": "googleapis.com",
        "metadata": {
            "quota_location": "global",
            "service": "sheets.googleapis.com",
            "quota_limit_value": "60",
            "quota_limit": "WriteRequestsPerMinutePerUser",
            "consumer": "projects/675429720490",
            "quota_metric": "sheets.googleapis.com/write_requests",
        },
    }


def test_drive_counts_units(quotas: Quotas) -> None:
    """A list costs 100 units of 325,000; then a Drive call is refused with its own 403."""
    listing = Found(api="drive", method="drive.files.list")
    for _ in range(3250):
        assert quotas.take(listing, Use.READ, grant()) == 100
    with pytest.raises(ApiError) as refused:
        quotas.take(listing, Use.READ, grant())
    assert (refused.value.code, refused.value.reason) == (403, "userRateLimitExceeded")
    assert taken(quotas) == 60


def test_quotas_can_be_set(quotas: Quotas) -> None:
    """A test that wants a quick refusal sets a small quota."""
    quotas.user = 2
    assert taken(quotas) == 2
