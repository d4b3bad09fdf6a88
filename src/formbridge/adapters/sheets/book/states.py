"""What stands beside the answers: the state of a row, and the lines of the hidden tab of states.

A row's state is text in a hidden column, so it goes wherever people take the row::

    1.1772442000000000.1772442001000000.17 0123456789abcdef 5f2c9a71
    the revision                           the digest       which response it belongs to

The last part tells a row that was written over by mistake from one that is right. A row of a person
that was restored has a state that begins with ``theirs``, and says nothing else. The tab of states
is only ever appended to. Its lines are a kind, a name and a text, which goes on in further cells
where it is longer than one of them may be:

* ``column``, the number of a column, a JSON object: which question it is and how it is labelled;
* ``gone``, a response id, a state: the response was deleted at that revision;
* ``same``, a response id, a state: the response came again, unchanged, at that revision.
"""

import json
from collections.abc import Iterable, Sequence
from zlib import crc32

import attrs

from formbridge.domain.answers import Kind
from formbridge.domain.digests import DIGEST_SIZE
from formbridge.domain.errors import NewerVersion
from formbridge.domain.revision import Revision
from formbridge.domain.tables import Column, LabelSource, Mark

VERSION = 1
COLUMN, GONE, SAME, FORMAT = "column", "gone", "same", "version"
SOMEBODYS = "theirs"
"""What the state of a row of a person begins with, once the row was restored."""
NO_REVISION = Revision(complete=False, edited_at=0, logged_at=0, offset=0)
NO_DIGEST = bytes(DIGEST_SIZE)

WIDTH = 8
"""Columns of the tab: a kind, a name, and the cells of a text."""
PIECE = 45_000
"""Characters of a text in a cell."""

Line = tuple[str, ...]


def state_of(response_id: str, revision: Revision, digest: bytes) -> str:
    """Return the state of a row."""
    return f"{revision.encode()} {digest.hex()} {_owner(response_id)}"


def unsure_state(response_id: str) -> str:
    """Return the state of a row that is older than everything: it is written anew when it comes."""
    return f"? {NO_DIGEST.hex()} {_owner(response_id)}"


def owner_of(state: str) -> str:
    """Return which response a state belongs to, as eight digits."""
    return state.rpartition(" ")[2]


def read_state(response_id: str, text: str) -> tuple[Revision, bytes] | None:
    """Return what a state says; None if it is none, or that of another response."""
    revision, _, rest = text.partition(" ")
    digest, _, owner = rest.partition(" ")
    if owner != _owner(response_id) or len(digest) != 2 * DIGEST_SIZE:
        return None
    if revision == "?":
        return NO_REVISION, NO_DIGEST
    try:
        return Revision.decode(revision), bytes.fromhex(digest)
    except ValueError:
        return None


def _owner(response_id: str) -> str:
    return f"{crc32(response_id.encode('utf-8', 'surrogatepass')):08x}"


@attrs.define(eq=False)
class States:
    """What the tab of states says, the later lines over the earlier ones."""

    columns: dict[int, Column] = attrs.field(factory=dict)
    marks: dict[str, tuple[str, Revision, bytes]] = attrs.field(factory=dict, repr=False)
    lines: int = 0

    def take(self, lines: Iterable[Sequence[object]]) -> None:
        """Read lines in their order; one that a person spoiled says nothing."""
        for line in lines:
            self.lines += 1
            kind, name, *pieces = (str(each) for each in (*line, "", ""))
            text = "".join(pieces)
            if kind == COLUMN and name.isdecimal():
                column = _read_column(text)
                if column is not None:
                    self.columns[int(name)] = column
            elif kind in (GONE, SAME):
                self._mark(kind, name, text)
            elif kind == FORMAT and name.isdecimal() and int(name) > VERSION:
                raise NewerVersion(
                    f"the spreadsheet was written by a later FormBridge (layout {name}, this one "
                    f"knows {VERSION}); upgrade this one"
                )

    def gone(self) -> frozenset[str]:
        """Return the responses that were removed; some may have come back since."""
        return frozenset(name for name, (kind, _, _) in self.marks.items() if kind == GONE)

    def _mark(self, kind: str, name: str, text: str) -> None:
        read = read_state(name, text)
        known = self.marks.get(name)
        if read is not None and (known is None or read[0] >= known[1]):
            self.marks[name] = (kind, *read)


def version_line() -> Line:
    """Return the first line of the tab."""
    return (FORMAT, str(VERSION), "")


def column_line(number: int, column: Column) -> Line:
    """Return the line that says what a column is."""
    says: dict[str, object] = {
        "question": column.question_id,
        "title": column.title,
        "label": column.label,
        "source": int(column.source),
        "version": column.version,
        "kind": column.kind.value,
    }
    for short in ("label", "title"):  # mostly they are the same, and ids may be long
        if says[short] == column.question_id:
            del says[short]
    text = json.dumps(says, ensure_ascii=False)
    pieces = (text[start : start + PIECE] for start in range(0, len(text), PIECE))
    return (COLUMN, str(number), *pieces)


def mark_line(kind: str, mark: Mark) -> Line:
    """Return the line of a response that is gone, or the same as before."""
    return (kind, mark.response_id, state_of(mark.response_id, mark.revision, mark.digest))


def _read_column(text: str) -> Column | None:
    try:
        says = json.loads(text)
        question = str(says["question"])
        label = str(says.get("label", question))
        return Column(
            question_id=question,
            title=str(says.get("title", question)),
            label=label,
            header=label,
            source=LabelSource(says["source"]),
            version=int(says["version"]),
            kind=Kind.of(says["kind"]),
        )
    except (ValueError, KeyError, TypeError):
        return None
