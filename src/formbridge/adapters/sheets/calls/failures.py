"""What may become of a call, as six classes. None of them leaves the adapter.

Their texts are sentences for people, and hold no answer: neither do they quote Google's own text
of a 400, which repeats what was sent.
"""

UNKNOWN_SECONDS = 5.0
"""Unless Google says another time, what failed so is tried again after that many seconds."""


class CallFailed(Exception):
    """A call that did not do what it was to do.

    ``reason`` is a sentence for people. ``code`` is Google's own word for it where there is one
    (``storageQuotaExceeded``, ``SERVICE_DISABLED``, ``invalid_grant``).
    """

    def __init__(self, reason: str, *, code: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code


class Throttled(CallFailed):
    """Too many calls: this one was not applied. The next one may go out after ``seconds``."""

    def __init__(self, reason: str, *, seconds: float, code: str = "") -> None:
        super().__init__(reason, code=code)
        self.seconds = seconds


class Unknown(CallFailed):
    """Nobody knows whether it was applied: a time-out, a lost connection, an error of the server.

    Where ``sent`` is false, the call itself never went out (no connection, no token), so it was
    not applied. It may be made again after ``seconds``.
    """

    def __init__(
        self, reason: str, *, sent: bool = True, seconds: float = UNKNOWN_SECONDS, code: str = ""
    ) -> None:
        super().__init__(reason, code=code)
        self.sent = sent
        self.seconds = seconds


class Invalid(CallFailed):
    """Google refuses the request itself (400): this attempt was not applied.

    ``detail`` is Google's text, to match against; it may quote answers, so it is never shown.
    """

    def __init__(self, reason: str, *, detail: str = "", code: str = "") -> None:
        super().__init__(reason, code=code)
        self.detail = detail


class Missing(CallFailed):
    """One file is not there, or not for this account (404)."""


class Trashed(Missing):
    """One file is in the trash: it can still be read, and people no longer see it."""


class Forbidden(CallFailed):
    """One file is there, and this account may not do that with it (403)."""


class Denied(CallFailed):
    """Nothing works until a person mends it: a key, an API, a scope, storage, a clock."""
