"""Search that lags behind: a file was made, and ``files.list`` does not find it yet."""

import attrs

from formbridge.testing.google.behaviour import SEEN, behaves


@attrs.define(eq=False, kw_only=True)
class Lag:
    """For how many seconds a change is not seen by searches. Off at the start.

    With ``names_only``, only searches that ask for a name lag, as some have seen; those by parent
    or type do not.
    """

    seconds: float = 0.0
    names_only: bool = False

    @behaves("files.list finds a new file only after a while, where a lag is set", SEEN)
    def hides(self, changed: int, now: int, *, by_name: bool = True) -> bool:
        """Whether a search at ``now`` misses a file made (or renamed) at ``changed``.

        Both are in microseconds since 1970; ``by_name`` says whether the search asks for a name.
        """
        if not self.seconds or (self.names_only and not by_name):
            return False
        return now < changed + round(self.seconds * 1_000_000)
