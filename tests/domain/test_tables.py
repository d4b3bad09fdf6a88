"""What must change in a table."""

import attrs
import pytest

from formbridge.domain.revision import Revision
from formbridge.domain.tables import Changes, Column, Mark, Rows

REVISION = Revision(complete=True, edited_at=1, logged_at=1, offset=1)
MARK = Mark(response_id="r1", revision=REVISION, digest=b"\0" * 8, place=None)
NOTHING = Changes(token=7, columns=())


def row() -> Rows:
    """Return one row."""
    return Rows(response_ids=["r1"], versions=[MARK.version], cells=[["my secret"]])


@pytest.mark.parametrize(
    "change",
    [
        {"new_columns": 1},
        {"relabelled": ("q1",)},
        {"added": row()},
        {"updated": row()},
        {"removed": (MARK,)},
        {"touched": (MARK,)},
    ],
)
def test_changes_are_empty_only_without_any(change: dict[str, object]) -> None:
    """Each kind of change alone must be written."""
    assert NOTHING.empty
    assert not attrs.evolve(NOTHING, **change).empty


def test_rows_are_counted_by_their_responses() -> None:
    """However wide."""
    assert (len(Rows()), len(row())) == (0, 1)


def test_changes_do_not_show_what_was_answered() -> None:
    """They may be logged by accident."""
    assert "my secret" not in repr(attrs.evolve(NOTHING, added=row()))


def test_a_column_is_renamed_when_its_header_is_not_what_was_written() -> None:
    """Its title may differ from both: a label is the title made unique."""
    plain = Column(question_id="q", title="Name", label="Name (2)", header="Name (2)")
    assert not plain.renamed
    assert attrs.evolve(plain, header="Mine").renamed
