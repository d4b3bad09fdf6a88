"""The command: it says where it is, and ends when it is told to."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from formbridge.testing.google.behaviour import DOCUMENTED, RECORDED, Behaviour
from formbridge.testing.google.catalogue import table

COMMAND = (sys.executable, "-m", "formbridge.testing.google")


@contextmanager
def running(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the command on a free port; yield it and the first line that it prints."""
    with subprocess.Popen(
        [*COMMAND, "--port", "0", *arguments], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


def get(url: str, token: str = "test-token") -> object:  # noqa: S107 - known to everybody
    """Return what an address says to a token."""
    request = Request(url, headers={"Authorization": f"Bearer {token}"})  # noqa: S310 - ours
    with urlopen(request, timeout=10) as response:  # noqa: S310 - ours
        return json.loads(response.read())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_is_and_ends_on_a_signal(number: signal.Signals) -> None:
    """Without a complaint at the end; how soon it listens is a figure of the benchmark."""
    with running() as (process, url):
        assert url.startswith("http://127.0.0.1:")
        with pytest.raises(HTTPError) as caught:
            get(f"{url}/v4/spreadsheets/none", token="unknown")  # noqa: S106 - nobody's
        assert caught.value.code == 401
        caught.value.close()
        process.send_signal(number)
        assert process.wait(10) == 0


def test_it_listens_on_this_machine_only() -> None:
    """Another address of the machine has nobody there."""
    with running() as (_, url):
        port = int(url.rpartition(":")[2])
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.2", port), timeout=1)


def test_it_prints_what_clients_of_the_proxy_need() -> None:
    """The two variables, and the file is there."""
    with running("--proxy") as (process, _):
        assert process.stdout is not None
        said = dict(word.split("=", 1) for word in process.stdout.readline().split())
        assert said["HTTPS_PROXY"].startswith("http://127.0.0.1:")
        assert "BEGIN CERTIFICATE" in Path(said["REQUESTS_CA_BUNDLE"]).read_text("ascii")
        process.terminate()
        assert process.wait(10) == 0
        assert not Path(said["REQUESTS_CA_BUNDLE"]).exists()


def test_a_state_outlives_the_process_and_a_seed_is_planted_once(tmp_path: Path) -> None:
    """The second start finds what the first one left, tokens that it issued among it."""
    seed, state = tmp_path / "seed.toml", tmp_path / "state.json"
    seed.write_text('[[spreadsheets]]\nname = "Seeded"\nid = "seeded"\n', "utf-8")
    options = ("--seed", str(seed), "--state", str(state), "--rng-seed", "7")
    form = b"grant_type=authorization_code&code="
    with running(*options) as (process, url):
        request = Request(f"{url}/o/oauth2/auth?redirect_uri={url}/tokeninfo")  # noqa: S310 - ours
        with pytest.raises(HTTPError) as caught:
            urlopen(request, timeout=10)  # noqa: S310 - ours: it follows to tokeninfo, with a code
        code = caught.value.url.rpartition("code=")[2]
        caught.value.close()
        with urlopen(f"{url}/token", data=form + code.encode(), timeout=10) as response:  # noqa: S310 - ours
            token = json.loads(response.read())["access_token"]
        process.terminate()
        assert process.wait(10) == 0
    with running(*options) as (_, url):
        told = get(f"{url}/tokeninfo?access_token={token}")
        assert isinstance(told, dict)
        assert told["email"] == "tester@example.com"
    books = json.loads(state.read_text("utf-8"))["books"]
    assert [book["title"] for book in books.values()] == ["Seeded"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--seed", "absent.json"),
        ("--state", "{wrong}"),
        ("--port", "{taken}"),
        ("--port", "70000"),
        ("--quota", "many"),
        ("--latency", "0"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(tmp_path: Path, arguments: tuple[str, str]) -> None:
    """No traceback, and a status that is not 0."""
    wrong = tmp_path / "wrong.json"
    wrong.write_text("{}", "utf-8")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        told = [one.format(wrong=wrong, taken=port) for one in arguments]
        done = subprocess.run(
            [*COMMAND, *told], capture_output=True, text=True, timeout=30, check=False
        )
    assert done.returncode in {1, 2}
    assert done.stderr
    assert "Traceback" not in done.stderr


def test_quota_and_latency_are_options() -> None:
    """The control API shows what they set."""
    with running("--quota", "2", "--latency", "0.01,0.02") as (_, url):
        told = get(f"{url}/_emulator")
        assert isinstance(told, dict)
        assert (told["quotas"]["on"], told["quotas"]["user"]) == (True, 2)
        assert (told["latency"]["on"], told["latency"]["median"]) == (True, 0.01)


def test_behaviours_are_listed_with_how_sure_they_are() -> None:
    """Every mark of every room, a line each, and the sum at the end."""
    done = subprocess.run(
        [*COMMAND, "--behaviours"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    lines = done.stdout.splitlines()
    assert len(lines) > 100
    assert lines[-1].startswith(f"{len(lines) - 2} behaviours: ")
    assert "accounts.assertions.grant_for" in done.stdout


def test_the_table_counts_by_basis() -> None:
    """Sources stand behind what is done."""
    behaviours = [
        Behaviour(place="a.b", what="does", basis=RECORDED),
        Behaviour(place="a", what="says", basis=DOCUMENTED, source="there"),
    ]
    assert table(behaviours).splitlines() == [
        "recorded    a.b  does",
        "documented  a    says (there)",
        "",
        "2 behaviours: 1 recorded, 1 documented, 0 seen by others, 0 assumed",
    ]
    assert table([]) == "0 behaviours\n"
