"""Reading payloads with a description, in one line."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from formbridge.domain.envelope import NO_HEADERS, Envelope
from formbridge.domain.responses import Response
from formbridge.formats import Format, load_format

DESCRIPTIONS = Path(__file__).with_name("descriptions")
Read = Callable[..., Response]


@pytest.fixture
def described(tmp_path: Path) -> Callable[[str], Format]:
    """Compile a description that a test wrote."""

    def compiled(text: str) -> Format:
        path = tmp_path / "test.toml"
        path.write_text(text, encoding="utf-8")
        return load_format(path)

    return compiled


@pytest.fixture
def read() -> Read:
    """Read the one response in a payload, with a shipped format or one that only tests have."""

    def read_one(  # noqa: PLR0913 - what an envelope holds
        name: str,
        payload: object,
        *,
        content_type: str = "application/json",
        headers: Mapping[str, str] = NO_HEADERS,
        route: str = "",
        received_at: int = 0,
    ) -> Response:
        own = DESCRIPTIONS / f"{name}.toml"
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        envelope = Envelope(body, content_type, headers, route, received_at)
        (response,) = load_format(own if own.exists() else name).read(envelope)
        return response

    return read_one
