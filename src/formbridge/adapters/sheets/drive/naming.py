r"""What spreadsheets are called, how they are marked as ours, how a search of Drive is written.

A title is for people, a mark for us. Titles of two tables may differ in nothing that people see;
marks never do. Sources: Drive's "Search query terms and operators" (``'`` and ``\`` are escaped),
"Custom file properties" (``appProperties`` are private to an app: 124 bytes each, 30 of a file).
"""

import re
import unicodedata
from collections.abc import Mapping
from hashlib import blake2b

from formbridge.domain.identity import TableKey

SPREADSHEET = "application/vnd.google-apps.spreadsheet"
FOLDER = "application/vnd.google-apps.folder"

TABLE_MARK = "formbridge_table"
NUMBER_MARK = "formbridge_number"
FOLDER_MARK = "formbridge_folder"
VERSION_MARK = "formbridge_version"
HOME_MARK = "formbridge_home"
"""The mark of a folder: the digest of the name that the setting gives it."""
VERSION = "1"

LONGEST = 200
"""Characters of a title. Drive takes longer ones, which nobody can read."""
UNTITLED = "Form"

_NUMBER = re.compile(r"[0-9]{1,6}")
_SPACES = re.compile(r"\s+")
_UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Controls, halves of surrogate pairs (which no request can carry), ends of lines."""
_ID = re.compile(r"[01](?=[\w-]*[0-9])(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{17,}", re.ASCII)
_URL = re.compile(r"https?://[^/]+/(?:.*/)?(?:folders|d)/([\w-]+)(?:[/?#].*)?", re.ASCII)
_QUERY_URL = re.compile(r"https?://[^/]+/[^?]*\?(?:.*&)?id=([\w-]+)(?:[&#].*)?", re.ASCII)


def digest_of(table: TableKey) -> str:
    """Return 32 hexadecimal digits that no other table has."""
    parts = (part.encode("utf-8", "surrogatepass") for part in (table.source, table.form_id))
    exact = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
    return blake2b(exact, digest_size=16).hexdigest()


def title_of(table: TableKey, *, number: int = 1) -> str:
    """Return what the table's spreadsheet of that number is called: ``Form``, then ``Form (2)``.

    It is the table's name, where that can be read; else what can be read of it, with 8 digits of
    its digest, so that two tables never share a title by being cut.
    """
    name = str(table)
    readable = tidied(name)
    if readable != name or not 0 < len(readable) <= LONGEST:
        readable = f"{readable[:LONGEST].rstrip() or UNTITLED} ~{digest_of(table)[:8]}"
    return readable if number == 1 else f"{readable} ({number})"


def tidied(name: str) -> str:
    """Return a name as people tell it from others: composed, in one line, without controls."""
    shown = "".join(
        " " if unicodedata.category(char) in _UNPRINTABLE else char
        for char in unicodedata.normalize("NFC", name)
    )
    return _SPACES.sub(" ", shown).strip()


def marks_of(table: TableKey, *, number: int, folder: str) -> dict[str, str]:
    """Return the ``appProperties`` of a table's spreadsheet that belongs to that folder."""
    return {
        TABLE_MARK: digest_of(table),
        NUMBER_MARK: str(number),
        FOLDER_MARK: folder,
        VERSION_MARK: VERSION,
    }


def no_marks() -> dict[str, None]:
    """Return the ``appProperties`` that take our marks away."""
    return dict.fromkeys((TABLE_MARK, NUMBER_MARK, FOLDER_MARK, VERSION_MARK, HOME_MARK))


def number_of(marks: Mapping[str, str]) -> int:
    """Return the number in the marks of a spreadsheet; 1 if it says none that we understand."""
    text = marks.get(NUMBER_MARK, "")
    return int(text) if _NUMBER.fullmatch(text) else 1


# --- searches -----------------------------------------------------------------------------------


def quoted(text: str) -> str:
    """Return a text as a search writes it."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def has_mark(key: str, value: str) -> str:
    """Return the term that finds files with this mark."""
    return f"appProperties has {{ key={quoted(key)} and value={quoted(value)} }}"


def both(*terms: str) -> str:
    """Return the search for what all terms find."""
    return " and ".join(terms)


# --- what people give ---------------------------------------------------------------------------


def folder_id(said: str) -> str | None:
    """Return the id in what somebody wrote: the id itself, or a URL; None: it is a name.

    Ids of Drive begin with 0 or 1, have 19 characters or more, and mix digits with large and small
    letters: hardly a name.
    """
    text = said.strip()
    found = _URL.fullmatch(text) or _QUERY_URL.fullmatch(text)
    if found is not None:
        return found.group(1)
    return text if _ID.fullmatch(text) else None
