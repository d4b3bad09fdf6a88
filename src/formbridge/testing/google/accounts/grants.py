"""Who calls, and what the token allows."""

import attrs

LASTS = 3599
"""Seconds that an issued token is good for."""


@attrs.frozen(kw_only=True)
class Account:
    """An identity: a person, or a service account, which owns no storage.

    ``project`` is the project of its credentials, which quotas and private metadata go by.
    """

    email: str
    kind: str = "user"
    name: str = ""
    project: str = "project"
    storage: bool = True

    @property
    def is_service(self) -> bool:
        """Whether it is a service account."""
        return self.kind == "service"


@attrs.frozen(kw_only=True)
class Grant:
    """What one token says: who calls, by which client, with which scopes, and until when.

    ``account`` is who is acted for (a person, where a service account impersonates one). ``until``
    is in microseconds since 1970; None never ends.
    """

    account: Account
    scopes: frozenset[str] = frozenset()
    client: str = ""
    project: str = "project"
    until: int | None = None
