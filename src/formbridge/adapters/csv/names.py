"""From a table's key to the name of its file: safe on every file system, and never shared.

A form id of lower-case letters, digits, ``-``, ``_`` and single spaces is its own name. Any other
is made readable and gets a digest behind ``~``, a character that no plain name holds, so that two
keys never meet: not ``a/b`` and ``a_b``, nor ``Form`` and ``form`` where a disk ignores case.
"""

import re
import unicodedata
from hashlib import blake2b

from formbridge.domain.identity import TableKey

_PLAIN = re.compile(r"[a-z0-9](?:[ ]?[a-z0-9_-])*")
_LONGEST = 80  # bytes, without the digest and the suffix
_RESERVED = frozenset(
    ["con", "prn", "aux", "nul"] + [f"{port}{n}" for port in ("com", "lpt") for n in range(10)]
)


def stem_of(table: TableKey) -> str:
    """Return the name of the table's files without their suffix: at most 120 bytes of UTF-8."""
    form = table.form_id
    plain = _PLAIN.fullmatch(form) and len(form) <= _LONGEST and form not in _RESERVED
    if plain and not table.source:
        return form
    readable = _readable(f"{table.source} {form}" if table.source else form)
    return f"{readable}~{_digest(table)}"


def _digest(table: TableKey) -> str:
    parts = (part.encode("utf-8", "surrogatepass") for part in (table.source, table.form_id))
    exact = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
    return blake2b(exact, digest_size=8).hexdigest()


def _readable(text: str) -> str:
    """Keep letters and digits of any script; a run of anything else becomes one ``_``."""
    text = unicodedata.normalize("NFC", text[: 4 * _LONGEST])
    kept = "".join(char if char.isalnum() or char in " -_" else "_" for char in text)
    kept = (
        re.sub(r"_{2,}", "_", kept).encode("utf-8", "ignore")[:_LONGEST].decode("utf-8", "ignore")
    )
    return kept.strip(" _") or "form"
