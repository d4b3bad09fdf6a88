"""Latency, lag, and which call a request is."""

from statistics import median, quantiles

import pytest

from formbridge.testing.google.messages import Request
from formbridge.testing.google.trouble.lag import Lag
from formbridge.testing.google.trouble.latency import Latency
from formbridge.testing.google.trouble.naming import is_own, named

GET = "sheets.spreadsheets.values.get"


def test_latency_is_off_at_the_start() -> None:
    """No call takes time unless somebody wants it."""
    assert Latency().seconds(GET, 10_000_000) == 0


def test_latency_is_as_measured() -> None:
    """Half of the calls take 0.33 s, one of twenty more than 0.6 s, always alike from a seed."""
    latency = Latency(on=True, seed=7)
    times = [latency.seconds(GET, 0) for _ in range(4000)]
    assert median(times) == pytest.approx(0.33, rel=0.05)
    assert quantiles(times, n=20)[-1] == pytest.approx(0.6, rel=0.07)
    again = Latency(on=True, seed=7)
    assert times[:50] == [again.seconds(GET, 0) for _ in range(50)]


def test_latency_grows_with_size_and_with_new_files() -> None:
    """A megabyte costs 0.15 s more; to make a file takes 2.4 s."""
    latency = Latency(on=True, p95=0.33)
    assert latency.seconds(GET, 2_000_000) == pytest.approx(0.33 + 0.3)
    assert latency.seconds("drive.files.create", 0) == pytest.approx(2.4)


def test_lag_says_how_far_search_sees() -> None:
    """Off, search sees everything; else up to so many seconds ago, or only where names count."""
    assert Lag().seen_until(1_000_000) is None
    assert Lag(seconds=2).seen_until(5_000_000) == 3_000_000
    assert Lag(seconds=2, names_only=True).seen_until(5_000_000, by_name=False) is None


@pytest.mark.parametrize(
    ("verb", "path", "method", "use", "file"),
    [
        ("POST", "/v4/spreadsheets", "sheets.spreadsheets.create", "write", ""),
        ("GET", "/v4/spreadsheets/a", "sheets.spreadsheets.get", "read", "a"),
        ("POST", "/v4/spreadsheets/a:batchUpdate", "sheets.spreadsheets.batchUpdate", "write", "a"),
        ("GET", "/v4/spreadsheets/a/values/A1%3AB2", GET, "read", "a"),
        (
            "POST",
            "/v4/spreadsheets/a/values/Sheet1!A1:append",
            "sheets.spreadsheets.values.append",
            "write",
            "a",
        ),
        (
            "POST",
            "/v4/spreadsheets/a/developerMetadata:search",
            "sheets.spreadsheets.developerMetadata.search",
            "read",
            "a",
        ),
        ("GET", "/drive/v3/files", "drive.files.list", "read", ""),
        ("POST", "/drive/v3/files", "drive.files.create", "write", ""),
        ("POST", "/drive/v3/files/a/permissions", "drive.permissions.create", "write", "a"),
        ("POST", "/token", "oauth2.token", "free", ""),
        ("GET", "/nonsense", "GET /nonsense", "read", ""),
    ],
)
def test_calls_have_names(verb: str, path: str, method: str, use: str, file: str) -> None:
    """A request is known by its path alone, before anybody looks into it."""
    name = named(Request.of(verb, path))
    assert (name.method, name.use, name.file) == (method, use, file)


def test_no_trouble_befalls_the_emulators_own_pages() -> None:
    """The page and the control API are not Google's."""
    own = [is_own(Request.of("GET", path)) for path in ("/", "/_emulator", "/_emulator/faults")]
    assert own == [True, True, True]
    assert not is_own(Request.of("GET", "/v4/spreadsheets/_emulator"))
