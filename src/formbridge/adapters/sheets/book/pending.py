"""A call whose outcome is unknown."""

import attrs

from formbridge.adapters.sheets.book.batches import Batch
from formbridge.adapters.sheets.book.fence import SETTLED_SECONDS, TokenFence
from formbridge.domain.errors import TableBusy
from formbridge.domain.ports import Clock
from formbridge.domain.tables import Changes


@attrs.frozen(kw_only=True)
class Pending:
    """The token that a call would leave, when it was sent, and what it would have changed."""

    token: str
    sent: float
    batch: Batch | None
    changes: Changes | None

    def require_settled(self, fence: TokenFence, clock: Clock) -> None:
        """Without a fence raise ``TableBusy`` while the call may still be applied."""
        left = self.sent + SETTLED_SECONDS - clock.monotonic()
        if not fence.guards and left > 0:
            raise TableBusy("a write that was sent may land late", seconds=left)
