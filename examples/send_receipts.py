"""Send each respondent a receipt: a plain function as a sink, with a ledger against repetition.

Run it: `python examples/send_receipts.py`. It publishes some made-up responses first.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from formbridge.compose import open_bridge, open_intake
from formbridge.domain.responses import Response

DATA = Path(__file__).parent / "data" / "workshop.jsonl"


def send_mail(address: str, text: str, *, key: str) -> None:
    """Stand in for a mail service; a real one takes the key, and sends no mail twice for it."""
    print(f"to {address}: {text} [{key[:8]}]")


def send_receipts(responses: Sequence[Response]) -> None:
    """Thank for each response. After an OSError (no mail service) the bridge comes again."""
    for response in responses:
        answers = {answer.question_id: answer.value for answer in response.answers}
        if email := answers.get("email"):
            send_mail(f"{email}", "Thank you, we have it.", key=response.idempotency_key)


def main(folder: Path) -> None:
    """Publish five responses, and send receipts; start again, and send none."""
    broker = f"sqlite:{folder}/log.db"
    intake = open_intake(broker)
    for line in DATA.read_bytes().splitlines()[:5]:
        intake.accept(line)
    intake.publisher.close()
    for group in ("receipts", "receipts-after-the-log-was-rebuilt"):
        with open_bridge(
            broker=broker, sink=send_receipts, group=group, ledger=folder / "receipts.db"
        ) as bridge:
            bridge.run_until_idle()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        main(Path(name))
