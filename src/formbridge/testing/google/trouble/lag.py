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
    def seen_until(self, now: int, *, by_name: bool = True) -> int | None:
        """Return up to which change a search at ``now`` knows the files; None where it knows all.

        In microseconds since 1970; ``by_name`` says whether the search asks for a name.
        """
        if not self.seconds or (self.names_only and not by_name):
            return None
        return now - round(self.seconds * 1_000_000)
