"""Check answers against business rules; what breaks one becomes a dead letter with its reason.

Run it: `python examples/check_rules.py`. It publishes some made-up responses first.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from formbridge.compose import open_bridge, open_dead_letters, open_intake
from formbridge.domain.errors import Reject
from formbridge.domain.responses import Response

DATA = Path(__file__).parent / "data" / "workshop.jsonl"


def broken_rule(response: Response) -> str:
    """Return which rule a response breaks, if any; the reason names the rule, never the answer."""
    answers = {answer.question_id: answer.value for answer in response.answers}
    if "years" not in answers:
        return "years: must be answered"
    if answers.get("lunch") and answers["years"] == 0:
        return "lunch: is for those who have written a program"
    return ""


def check(responses: Sequence[Response]) -> None:
    """Reject what breaks a rule; all others count as handled."""
    reasons = {it.idempotency_key: reason for it in responses if (reason := broken_rule(it))}
    if reasons:
        raise Reject(reasons)


def main(folder: Path) -> None:
    """Publish, check, and list what was rejected."""
    broker = f"sqlite:{folder}/log.db"
    intake = open_intake(broker)
    for line in DATA.read_bytes().splitlines()[:40]:
        intake.accept(line)
    intake.publisher.close()
    with open_bridge(broker=broker, sink=check, group="rules") as bridge:
        bridge.run_until_idle()
    letters = open_dead_letters(broker)
    for letter in letters.unresolved(group="rules"):
        print(f"{letter.id}: {letter.reason}")
    letters.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        main(Path(name))
