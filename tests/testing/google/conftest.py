"""Every successful answer, in every test of the emulator, is held against Google's documents."""

from collections.abc import Iterator, Mapping

import pytest

from formbridge.testing.google.errors import ApiError
from formbridge.testing.google.google import Google
from formbridge.testing.google.messages import Answer, Request
from formbridge.testing.google.schema.methods import routed
from tests.testing.google.oracle import methods, violations

APIS: Mapping[str, str] = {"sheets": "sheets.v4", "drive": "drive.v3", "drive2": "drive.v2"}
RESPONSES: Mapping[str, Mapping[str, str]] = {
    api: {it["id"]: it["response"]["$ref"] for it in methods(document) if "response" in it}
    for api, document in APIS.items()
}


def judged(request: Request, answer: Answer) -> list[str]:
    """Return what Google's document does not allow in an answer of 200 with JSON."""
    is_json = "json" in answer.headers.get("content-type", "")
    if answer.status != 200 or not answer.body or not is_json or request.value("alt") == "media":
        return []
    try:
        method = routed(request).method
    except ApiError:  # none of the API's: a token, a batch
        return []
    api, _, name = method.partition(".")
    schema = RESPONSES[api].get(f"{'drive' if api == 'drive2' else api}.{name}")
    found = answer.content
    return [] if schema is None else violations(found, schema, api=APIS[api])


@pytest.fixture(autouse=True)
def _valid_answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    wrong: list[str] = []
    answered = Google.answer

    def answer(google: Google, request: Request) -> Answer:
        result = answered(google, request)
        wrong.extend(f"{request.method} {request.path}: {it}" for it in judged(request, result))
        return result

    monkeypatch.setattr(Google, "answer", answer)
    yield
    assert wrong == []
