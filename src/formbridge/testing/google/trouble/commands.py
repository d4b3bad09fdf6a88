"""What the control API does to faults, limits, time and the log of calls."""

from typing import Protocol

import attrs

from formbridge.testing.google.errors import ApiError
from formbridge.testing.google.files.drive import Drive
from formbridge.testing.google.messages import Body
from formbridge.testing.google.person.hand import Shared
from formbridge.testing.google.trouble.faults import Fault
from formbridge.testing.google.trouble.said import change, checked, value_of
from formbridge.testing.google.trouble.troubles import Troubles

QUOTAS = frozenset({"on", "user", "project", "drive_user", "drive_project"})
LATENCY = frozenset({"on", "median", "p95", "per_megabyte", "create"})
LAG = frozenset({"seconds", "names_only"})
APIS = ("drive", "sheets")
LAST = 221_845_392_000_000_000
"""The last microsecond since 1970 that the clock may show."""


class Controlled(Shared, Protocol):
    """What is controlled: ``google.Google``."""

    troubles: Troubles
    hostile_appends: bool
    apis_off: set[str]


def overview(google: Controlled, said: Body) -> Body:
    """Return everything that is set."""
    return {
        "faults": faults(google, said)["faults"],
        "quotas": quotas(google, said),
        "latency": latency(google, said),
        "lag": lag(google, said),
        "clock": clock(google, said),
        "appends": appends(google, said),
        "apis": apis(google, said),
        "calls": google.troubles.log.last,
    }


def faults(google: Controlled, said: Body) -> Body:  # noqa: ARG001 - as all commands
    """Return the faults that may still strike."""
    return {"faults": [armed.body() for armed in google.troubles.faults]}


def add_fault(google: Controlled, said: Body) -> Body:
    """Arm a fault; return its id."""
    return {"id": google.troubles.add(value_of(Fault, said))}


def clear_faults(google: Controlled, said: Body) -> Body:  # noqa: ARG001 - as all commands
    """Disarm all faults."""
    google.troubles.clear()
    return {}


def clear_fault(google: Controlled, number: int) -> Body:
    """Disarm one fault."""
    if number not in {armed.id for armed in google.troubles.faults}:
        raise ApiError(404, f"There is no fault {number}.")
    google.troubles.clear(number)
    return {}


def quotas(google: Controlled, said: Body) -> Body:  # noqa: ARG001 - as all commands
    """Return the quotas and what is used of them."""
    found = google.troubles.quotas
    return {**_of(found, QUOTAS), "used": found.used()}


def set_quotas(google: Controlled, said: Body) -> Body:
    """Change quotas, or turn them on and off."""
    change(google.troubles.quotas, said, QUOTAS)
    return quotas(google, {})


def latency(google: Controlled, said: Body) -> Body:  # noqa: ARG001 - as all commands
    """Return how long calls take."""
    return _of(google.troubles.latency, LATENCY)


def set_latency(google: Controlled, said: Body) -> Body:
    """Change how long calls take, or turn it on and off."""
    change(google.troubles.latency, said, LATENCY)
    return latency(google, {})


def lag(google: Controlled, said: Body) -> Body:  # noqa: ARG001 - as all commands
    """Return how far search lags behind."""
    return _of(google.troubles.lag, LAG)


def set_lag(google: Controlled, said: Body) -> Body:
    """Change how far search lags behind."""
    change(google.troubles.lag, said, LAG)
    return lag(google, {})


def appends(google: Controlled, said: Body) -> Body:  # noqa: ARG001 - as all commands
    """Return whether ``values.append`` overlooks hidden rows."""
    return {"hostile": google.hostile_appends}


def set_appends(google: Controlled, said: Body) -> Body:
    """Let ``values.append`` overlook hidden rows, or not."""
    for name, value in said.items():
        if name != "hostile":
            raise ApiError(400, f"{name} is nothing that can be set here; hostile is.")
        google.hostile_appends = checked(name, bool, value)
    return appends(google, {})


def apis(google: Controlled, said: Body) -> Body:  # noqa: ARG001 - as all commands
    """Return which APIs are enabled."""
    return {name: name not in google.apis_off for name in APIS}


def set_apis(google: Controlled, said: Body) -> Body:
    """Enable APIs, or disable them for every project."""
    for name, value in said.items():
        if name not in APIS:
            raise ApiError(400, f"There is no API {name}; there is {', '.join(APIS)}.")
        if checked(name, bool, value):
            google.apis_off.discard(name)
        else:
            google.apis_off.add(name)
    return apis(google, {})


def clock(google: Controlled, said: Body) -> Body:  # noqa: ARG001 - as all commands
    """Return the service's time."""
    return {"now": google.troubles.clock.now(), "skew": google.troubles.clock.skew}


def set_clock(google: Controlled, said: Body) -> Body:
    """Let time pass, set it, or let the service's clock be wrong; what is late by then arrives."""
    time = google.troubles.clock
    for name, value in said.items():
        if name == "advance":
            _moment(time.now() + int(checked(name, float, value) * 1_000_000))
            time.advance(value)
        elif name == "now":
            time.set(_moment(checked(name, int, value)))
        elif name == "skew":
            _moment(time.now() + int(checked(name, float, value) * 1_000_000))
            time.skew = value
        else:
            raise ApiError(400, f"A clock has no {name}.")
    google.troubles.settle()
    return clock(google, {})


def _moment(now: int) -> int:
    if not 0 <= now <= LAST:
        raise ApiError(400, "That is before 1970, or after the year 9000.")
    return now


def calls(google: Controlled, said: Body) -> Body:
    """Return the log of calls."""
    since = str(said.get("since", "0"))
    if not (since.isascii() and since.isdigit()):
        raise ApiError(400, f"since is no number: {since}")
    log = google.troubles.log
    return {"last": log.last, "calls": [note.body() for note in log.since(int(since))]}


def counters(google: Controlled, said: Body) -> Body:  # noqa: ARG001 - as all commands
    """Return how many calls there were."""
    return dict(google.troubles.log.counters())


def set_calls(google: Controlled, said: Body) -> Body:
    """Change what is kept of calls."""
    change(google.troubles.log, said, frozenset({"keep_requests"}))
    return {"keep_requests": google.troubles.log.keep_requests}


def clear_calls(google: Controlled, said: Body) -> Body:  # noqa: ARG001 - as all commands
    """Forget all calls."""
    google.troubles.log.clear()
    return {}


def reset(google: Controlled, said: Body) -> Body:
    """End all trouble; with ``data``, take all files away too. Accounts and tokens stay."""
    with google.lock:
        google.troubles.reset()
        if said.get("data"):
            google.books.clear()
            google.drive = Drive(ids=google.ids)
        google.hostile_appends = False
        google.apis_off.clear()
    return {}


def _of(thing: attrs.AttrsInstance, names: frozenset[str]) -> Body:
    return {name: getattr(thing, name) for name in sorted(names)}
