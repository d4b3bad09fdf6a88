"""The emulator ships whole: its code, Google's documents, and the page's files."""

import json
from urllib.request import Request, urlopen

from formbridge.testing.google import serve


def test_the_emulator_runs_from_the_wheel() -> None:
    """A spreadsheet is made by the API, and the page is there with its files."""
    with serve() as google:
        headers = {"Authorization": f"Bearer {google.token}", "Content-Type": "application/json"}
        call = Request(f"{google.url}/v4/spreadsheets", data=b"{}", headers=headers)  # noqa: S310 - our own address
        with urlopen(call) as answer:  # noqa: S310 - as above
            assert json.load(answer)["sheets"][0]["properties"]["title"] == "Sheet1"
        with urlopen(f"{google.url}/") as page:  # noqa: S310 - as above
            assert "<html" in page.read().decode().lower()
