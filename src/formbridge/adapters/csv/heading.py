"""The first line of a table: who reads it learns how the file is written."""

import attrs

from formbridge.adapters.csv.reading import DELIMITERS, MARK, line_end, split, text_in
from formbridge.domain.tables import RESPONSE_ID


@attrs.frozen
class FirstLine:
    """The first line: its texts, and how the file is written."""

    texts: tuple[str, ...]
    delimiter: str
    newline: str
    marked: bool

    @classmethod
    def of(cls, record: bytes, *, guarded: bool) -> "FirstLine":
        """Read a first line; the delimiter is the one under which the id's column is found."""
        marked = record.startswith(MARK)
        record = record.removeprefix(MARK)
        newline = line_end(record).decode() or "\n"
        for delimiter in DELIMITERS:
            fields = split(record, delimiter.encode())
            texts = tuple(text_in(field, guarded=guarded) or "" for field in fields)
            if RESPONSE_ID in texts:
                return cls(texts, delimiter, newline, marked)
        return cls((), ",", newline, marked)
