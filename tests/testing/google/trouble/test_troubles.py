"""Faults befall the calls that they are for, and do what they say with the request."""

from typing import Any

import pytest

from formbridge.testing.clock import FakeClock
from formbridge.testing.google.messages import Answer, Request
from formbridge.testing.google.trouble.faults import Fault, Kind
from formbridge.testing.google.trouble.troubles import Cut, Troubles

BOOK = "/v4/spreadsheets/abc"


class Service:
    """A service that remembers what was applied, with trouble around it."""

    def __init__(self, *, seed: int = 0) -> None:
        self.clock = FakeClock()
        self.troubles = Troubles(self.clock, seed=seed)
        self.applied: list[str] = []

    def call(
        self,
        name: str = "one",
        *,
        path: str = BOOK + ":batchUpdate",
        verb: str = "POST",
        whose: str = "",
    ) -> Answer:
        """Make a call whose body is its name."""
        headers = {"authorization": f"Bearer {whose}"} if whose else {}
        request = Request.of(verb, path, headers=headers, body=name.encode())

        def answer() -> Answer:
            self.applied.append(name)
            return Answer.json({"name": name})

        return self.troubles.around(request, answer)

    def outcome(self, name: str = "one", *, whose: str = "") -> int | str:
        """Make a call; return its status, or that it was cut."""
        try:
            return self.call(name, whose=whose).status
        except Cut:
            return "cut"


@pytest.fixture
def service() -> Service:
    """A service without trouble."""
    return Service()


def test_without_faults_calls_are_answered(service: Service) -> None:
    """Nothing is in the way at the start, and no time passes."""
    assert service.call().content == {"name": "one"}
    assert service.clock.slept == []


@pytest.mark.parametrize(
    ("kind", "after", "refused"),
    [
        (Kind.REFUSE, False, True),
        (Kind.CUT_BEFORE, False, False),
        (Kind.CUT_AFTER, True, False),
    ],
)
def test_a_cut_says_whether_the_request_was_applied(
    service: Service, kind: Kind, *, after: bool, refused: bool
) -> None:
    """Each cut ends one call without an answer; only one kind has applied it."""
    service.troubles.add(Fault(kind=kind))
    with pytest.raises(Cut) as cut:
        service.call("one")
    assert (cut.value.after, cut.value.refused) == (after, refused)
    assert service.applied == (["one"] if after else [])
    assert service.outcome("two") == 200


def test_a_late_request_lands_after_the_retry(service: Service) -> None:
    """The client is cut off, tries again with success, and then the first request arrives."""
    service.troubles.add(Fault(kind=Kind.LATE))
    assert service.outcome("first") == "cut"
    assert service.applied == []
    assert service.outcome("retry") == 200
    assert service.applied == ["retry", "first"]
    notes = service.troubles.log.since()
    assert [(note.number, note.fault) for note in notes] == [
        (1, "late"),
        (2, ""),
        (3, "landed late"),
    ]


def test_a_late_request_lands_after_some_calls(service: Service) -> None:
    """It lands once as many other calls were answered as was said."""
    service.troubles.add(Fault(kind=Kind.LATE, after_calls=3))
    for name in ("late", "a", "b", "c", "d"):
        service.outcome(name)
    assert service.applied == ["a", "b", "c", "late", "d"]


def test_a_late_request_lands_after_some_time(service: Service) -> None:
    """It lands when its time has come, before the next call is answered."""
    service.troubles.add(Fault(kind=Kind.LATE, after_seconds=90))
    service.outcome("late")
    service.clock.advance(89)
    service.outcome("a")
    service.clock.advance(2)
    service.outcome("b")
    assert service.applied == ["a", "late", "b"]


def test_a_time_out_is_a_wait_before_the_cut(service: Service) -> None:
    """A late request holds its client for as long as was said; time comes from the clock."""
    service.troubles.add(Fault(kind=Kind.LATE, hold=200))
    service.outcome("late")
    assert service.clock.monotonic() == pytest.approx(200)


def test_slow_calls_are_applied_after_the_wait(service: Service) -> None:
    """A slow call is answered like any other, later."""
    service.troubles.add(Fault(kind=Kind.SLOW, seconds=75))
    assert service.outcome() == 200
    assert service.clock.slept == [75]
    assert service.troubles.log.since()[0].seconds == pytest.approx(75)


@pytest.mark.parametrize(
    ("status", "name", "message"),
    [
        (429, "RESOURCE_EXHAUSTED", "Quota exceeded for quota metric 'Write requests' and limit"),
        (500, "INTERNAL", "Internal error encountered."),
        (503, "UNAVAILABLE", "The service is currently unavailable."),
        (401, "UNAUTHENTICATED", "Request had invalid authentication credentials."),
    ],
)
def test_errors_are_googles(service: Service, status: int, name: str, message: str) -> None:
    """An error has Google's status and sentence, and nothing was applied."""
    service.troubles.add(Fault(kind=Kind.ERROR, status=status))
    error = service.call().content["error"]
    assert (error["code"], error["status"]) == (status, name)
    assert error["message"].startswith(message)
    assert service.applied == []


def test_an_error_may_hide_that_the_request_was_applied(service: Service) -> None:
    """The dangerous 503: applied, and answered as if not."""
    service.troubles.add(Fault(kind=Kind.ERROR, applied=True))
    assert service.outcome() == 503
    assert service.applied == ["one"]


def test_drive_prints_errors_its_own_way(service: Service) -> None:
    """A fault of a Drive call comes in Drive's shape, with a list of errors."""
    service.troubles.add(Fault(kind=Kind.ERROR, status=429))
    error = service.call(path="/drive/v3/files", verb="GET").content["error"]
    assert error["errors"][0]["domain"] == "usageLimits"


def test_a_502_is_a_page(service: Service) -> None:
    """The front end's error is HTML, which no client can read as JSON."""
    service.troubles.add(Fault(kind=Kind.HTML))
    answer = service.call()
    assert answer.status == 502
    assert answer.headers["content-type"].startswith("text/html")
    assert b"Error 502 (Server Error)!!1" in answer.body


def test_the_token_endpoint_has_faults_too(service: Service) -> None:
    """A fault for ``oauth2.token`` leaves all other calls alone."""
    service.troubles.add(Fault(kind=Kind.ERROR, status=503, method="oauth2.token"))
    assert service.outcome() == 200
    answer = service.call(path="/token")
    assert answer.status == 503
    assert answer.content["error"] == "internal_failure"


def test_a_revoked_token_stays_revoked(service: Service) -> None:
    """All calls with that token get 401, others do not, until faults are cleared."""
    service.troubles.add(Fault(kind=Kind.REVOKE))
    assert [service.outcome(whose="mine") for _ in range(3)] == [401, 401, 401]
    assert service.outcome(whose="other") == 200
    service.troubles.clear()
    assert service.outcome(whose="mine") == 200


@pytest.mark.parametrize(
    ("fault", "struck"),
    [
        ({"nth": 3}, "..x..."),
        ({"nth": 2, "times": 2}, ".xx..."),
        ({"times": None}, "xxxxxx"),
        ({"use": "read"}, "......"),
        ({"use": "write"}, "x....."),
        ({"method": "sheets.spreadsheets.batchUpdate"}, "x....."),
        ({"method": "sheets.*.values.*"}, "......"),
        ({"path": "spreadsheets/abc"}, "x....."),
        ({"path": "xyz$"}, "......"),
        ({"file": "abc"}, "x....."),
        ({"file": "other"}, "......"),
    ],
)
def test_a_fault_is_for_certain_calls(service: Service, fault: dict[str, Any], struck: str) -> None:
    """The n-th call, so many times, a method, reads or writes, a path, a spreadsheet."""
    service.troubles.add(Fault(kind=Kind.ERROR, **fault))
    seen = "".join("x" if service.outcome() == 503 else "." for _ in range(6))
    assert seen == struck


def test_the_older_of_two_faults_strikes_first(service: Service) -> None:
    """Two faults for the next call strike two calls."""
    service.troubles.add(Fault(kind=Kind.ERROR, status=500))
    service.troubles.add(Fault(kind=Kind.ERROR, status=503))
    assert [service.outcome() for _ in range(3)] == [500, 503, 200]
    assert service.troubles.faults == []


def test_chance_comes_from_a_seed() -> None:
    """The same seed strikes the same calls, another one others."""

    def struck(seed: int) -> str:
        service = Service(seed=seed)
        service.troubles.add(Fault(kind=Kind.ERROR, chance=0.3, times=None))
        return "".join("x" if service.outcome() == 503 else "." for _ in range(60))

    assert struck(1) == struck(1) != struck(2)
    assert 5 < struck(1).count("x") < 35


def test_bursts_come_back(service: Service) -> None:
    """For the first two minutes of every ten, the service is unavailable."""
    service.troubles.add(Fault(kind=Kind.ERROR, times=None, every=600, lasts=120))
    seen = ""
    for _ in range(20):
        seen += "x" if service.outcome() == 503 else "."
        service.clock.advance(60)
    assert seen == "xx........xx........"


def test_a_fault_ends_with_its_time(service: Service) -> None:
    """What lasts a minute is gone from the list after it."""
    service.troubles.add(Fault(kind=Kind.ERROR, times=None, lasts=60))
    assert service.outcome() == 503
    service.clock.advance(61)
    assert service.outcome() == 200
    assert service.troubles.faults == []


def test_one_fault_is_cleared_by_its_id(service: Service) -> None:
    """Another one stays."""
    first = service.troubles.add(Fault(kind=Kind.ERROR, status=500))
    service.troubles.add(Fault(kind=Kind.ERROR, status=503))
    service.troubles.clear(first)
    assert service.outcome() == 503


def test_somebody_acts_between_calls(service: Service) -> None:
    """What is hooked in acts before each call, and its own calls do not call it again."""

    def act() -> None:
        service.call("theirs")

    service.troubles.between = act
    service.call("mine")
    assert service.applied == ["theirs", "mine"]


def test_a_defect_does_not_stop_the_log(service: Service) -> None:
    """Whatever the work raises goes through, and the call is in the log."""

    def broken() -> Answer:
        raise RuntimeError("a defect")

    with pytest.raises(RuntimeError):
        service.troubles.around(Request.of("GET", BOOK), broken)
    assert service.troubles.log.last == 1


def test_skew_is_the_services_own(service: Service) -> None:
    """The service's clock is wrong by what was said; the world's is not."""
    service.troubles.clock.skew = 300.0
    assert service.troubles.clock.now() - service.clock.now() == 300_000_000
    assert service.troubles.clock.monotonic() == service.clock.monotonic()


def test_time_is_advanced_for_the_world_too(service: Service) -> None:
    """A year passes at once, for tests that share the clock."""
    before = service.clock.now()
    service.troubles.clock.advance(365 * 86_400)
    assert service.clock.now() - before == 365 * 86_400 * 1_000_000
    service.troubles.clock.set(before)
    assert service.troubles.clock.now() == before


def test_reset_ends_everything(service: Service) -> None:
    """After a reset, a service is as it was made."""
    service.troubles.add(Fault(kind=Kind.LATE))
    service.outcome("late")
    service.troubles.lag.seconds = 60
    service.troubles.latency.on = True
    service.troubles.quotas.on = True
    service.troubles.reset()
    service.clock.advance(1000)
    assert service.outcome("after") == 200
    assert service.applied == ["after"]
    assert service.troubles.lag.seconds == 0
    assert len(service.troubles.log.since()) == 1


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ({"kind": "nonsense"}, "nonsense"),
        ({"kind": "slow", "seconds": -1}, "seconds"),
        ({"kind": "error", "nth": 0}, "nth"),
        ({"kind": "error", "path": "("}, "no regular expression"),
        ({"kind": "error", "status": 200}, "status"),
    ],
)
def test_impossible_faults_cannot_be_made(fault: dict[str, Any], why: str) -> None:
    """A fault that could do nothing is refused where it is made."""
    with pytest.raises(ValueError, match=why):
        Fault(**fault)
