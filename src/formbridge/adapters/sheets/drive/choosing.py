"""Which of the spreadsheets that a search shows belong to a table. Pure.

Files come the oldest first, so everybody who sees the same ones chooses the same ones.
"""

from collections.abc import Sequence

from formbridge.adapters.sheets.calls.failures import Trashed
from formbridge.adapters.sheets.drive import naming
from formbridge.adapters.sheets.drive.found import Found
from formbridge.domain.identity import TableKey


def is_marked(file: Found, table: TableKey) -> bool:
    """Whether a file has the mark of a table."""
    return file.marks.get(naming.TABLE_MARK) == naming.digest_of(table)


def marked(table: TableKey, files: Sequence[Found]) -> list[Found]:
    """Return a table's spreadsheets by their marks, one of each number: the oldest.

    Raises ``Trashed`` where the only one of a number is in the trash: its rows are there, too.
    """
    ours = [it for it in files if is_marked(it, table)]
    live = {naming.number_of(it.marks): it for it in reversed(ours) if not it.trashed}
    for it in ours:
        if naming.number_of(it.marks) not in live:
            raise Trashed(
                f"the spreadsheet {it.name!r} ({it.id}) is in the trash; restore it, or delete it "
                "for good, and a new one is made"
            )
    return [live[number] for number in sorted(live)]


def titled(table: TableKey, files: Sequence[Found]) -> list[Found]:
    """Return what people made under a table's title and is nobody's yet; nothing from the trash."""
    title = naming.title_of(table)
    return [
        it
        for it in files
        if naming.tidied(it.name) == title and not it.trashed and naming.TABLE_MARK not in it.marks
    ]


def candidates(
    table: TableKey, files: Sequence[Found], *, number: int, known: Sequence[str]
) -> list[Found]:
    """Return what may be the spreadsheet of that number: what is in use already comes first.

    ``known`` are the ids of the table's spreadsheets that are remembered, in their order.
    """
    used = [Found(id=book) for book in known[number - 1 :]]
    others = [
        it
        for it in files
        if is_marked(it, table)
        and not it.trashed
        and it.id not in known
        and naming.number_of(it.marks) >= number
    ]
    return used + others


def free_number(table: TableKey, files: Sequence[Found]) -> int:
    """Return the first number after those that the table's spreadsheets have."""
    numbers = [naming.number_of(it.marks) for it in files if is_marked(it, table)]
    return max(numbers, default=0) + 1
