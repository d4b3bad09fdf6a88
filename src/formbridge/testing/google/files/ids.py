"""Ids as Google makes them: base 64 of random bytes, of a length that tells what they name."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from random import Random


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode("ascii").rstrip("=")


def document_id(ids: Random) -> str:
    """Return the id of a spreadsheet or another document: 44 characters."""
    return "1" + _text(ids.randbytes(32))


def file_id(ids: Random) -> str:
    """Return the id of a folder, a shortcut or a file with content: 33 characters."""
    return "1" + _text(ids.randbytes(24))


def root_id(ids: Random) -> str:
    """Return the id of a My Drive or a Shared Drive: 19 characters, the last encode ROOT."""
    return "0" + _text(b"\0" + ids.randbytes(8) + b"ROOT")


def short_id(ids: Random) -> str:
    """Return the id of a comment or a reply: ``AAAA`` and seven characters."""
    return "AAAA" + _text(ids.randbytes(5))


def permission_id(name: str) -> str:
    """Return the id of whoever has that address: 20 digits, always the same."""
    return str(int.from_bytes(sha256(name.casefold().encode()).digest()[:8], "big")).zfill(20)
