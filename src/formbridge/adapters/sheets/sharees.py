"""Who gets access to the spreadsheets that are made: people, groups, a whole domain."""

import re
from typing import Any, Self

import attrs

from formbridge.domain.errors import BadSetting

ROLES = ("writer", "commenter", "reader")
KINDS = ("user", "group", "domain")
EMAIL = re.compile(r"[^@\s:]+@[^@\s:]+\.[^@\s:]+")
DOMAIN = re.compile(r"[^@\s:]+\.[^@\s:]+")


@attrs.frozen(kw_only=True)
class Sharee:
    """One of them: an email address (of a domain, its name), what it is, and what it may do.

    Written as ``[role:][kind:]address``: ``ada@example.com`` may write,
    ``group:team@example.com`` too, ``reader:bob@example.com`` and
    ``commenter:domain:example.com`` may read and comment. "Anyone with the link" is no choice:
    answers are personal data.
    """

    address: str
    kind: str = "user"
    role: str = "writer"

    @classmethod
    def of(cls, text: str) -> Self:
        """Understand one entry of ``share_with``; raises BadSetting."""
        *words, address = (word.strip() for word in text.split(":"))
        role = words.pop(0) if words and words[0] in ROLES else "writer"
        kind = words.pop(0) if words and words[0] in KINDS else "user"
        shape = DOMAIN if kind == "domain" else EMAIL
        if words or shape.fullmatch(address) is None:
            remedy = "write ada@example.com, group:team@example.com or reader:bob@example.com"
            raise BadSetting(f"share_with: {text!r} is nobody; {remedy}")
        return cls(address=address, kind=kind, role=role)

    @property
    def permission(self) -> dict[str, Any]:
        """The body of Drive's ``permissions.create``."""
        address = "domain" if self.kind == "domain" else "emailAddress"
        return {"type": self.kind, "role": self.role, address: self.address}
