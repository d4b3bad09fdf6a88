"""What earlier versions stored in spreadsheets is read, and gone on with, for ever."""

import json
from pathlib import Path

import attrs
import pytest

from formbridge.adapters.sheets.settings import SheetsSettings
from formbridge.domain.tables import MANAGED, RESPONSE_ID
from formbridge.testing.builders import a_response
from formbridge.testing.table_driver import Desk, Grid
from formbridge.testing.table_versions import at
from tests.adapters.sheets.planting import planted
from tests.adapters.sheets.seen import Tab
from tests.contracts.sheets_driver import SheetsDriver

SAMPLES = Path(__file__).parent / "samples"


@attrs.define(eq=False, kw_only=True)
class SampleDriver(SheetsDriver):
    """A Google that holds one spreadsheet of an earlier version, which the settings name."""

    sample: str
    book: str = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Put it there."""
        sample = json.loads((SAMPLES / self.sample).read_text("utf-8"))
        self.book = planted(self.google, sample)

    @property
    def settings(self) -> SheetsSettings:
        """No spreadsheet is made."""
        return attrs.evolve(super().settings, spreadsheets={"form": self.book})

    def read(self, table: object) -> Grid:  # noqa: ARG002 - there is one
        """Read its first tab."""
        return Tab.of(self.google, self.book).read()


def desk_over(folder: Path, sample: str) -> Desk:
    """Return a store over a Google that holds this sample."""
    return Desk.of(SampleDriver(folder=folder, sample=sample), form_id="form")


def test_what_version_1_stored_is_read(tmp_path: Path) -> None:
    """Its columns by number, wherever people took them; what is deleted, and what came again."""
    desk = desk_over(tmp_path, "version-1/spreadsheet.json")
    snapshot = desk.store.open(desk.table)
    assert [column.question_id for column in snapshot.columns] == ["q1", "q2", "q3"]
    assert [column.header for column in snapshot.columns] == ["Name", "q2", "q3"]
    assert list(snapshot.foreign_headers) == ["Notes"]
    assert snapshot.known({"r1", "r2", "r3", "r4", "r5"}) == {"r1", "r2", "r3", "r4"}
    removed, merged, again = (snapshot.find(each) for each in ("r2", "r3", "r4"))
    assert removed is not None
    assert merged is not None
    assert again is not None
    assert removed.place is None
    assert merged.place is not None
    assert snapshot.answered(merged.place) == {"q1", "q3"}
    assert again.revision.edited_at == at(10).timestamp() * 1_000_000


def test_what_version_1_stored_is_written_on(tmp_path: Path) -> None:
    """Old rows are found, new ones go below, and a person's column stays a person's."""
    desk = desk_over(tmp_path, "version-1/spreadsheet.json")
    desk.write(
        a_response("r1", answers={"q1": "edited again", "q2": 3}, updated_at=at(12)),
        a_response("r5", answers={"q1": "fifth", "q4": "new"}),
    )
    header, *rows = desk.read()
    assert header == [*MANAGED, "Notes", "Name", "q2", "q3", "q4"]
    assert [[row[0], *row[3:]] for row in rows] == [
        ["r3", None, "third", None, False, None],
        ["r1", "mine", "edited again", 3, None, None],
        ["r4", None, "fourth", None, True, None],
        ["r5", None, "fifth", None, None, "new"],
    ]


@pytest.mark.parametrize("comes", [(), ("r1",)], ids=["only read", "written on"])
def test_what_version_1_wrote_over_is_restored(tmp_path: Path, comes: tuple[str, ...]) -> None:
    """A process died after somebody sorted in its way: the copies in the tab of undo count."""
    desk = desk_over(tmp_path, "version-1/written-over.json")
    assert {row[0]: row[3] for row in desk.read()[1:]}["r3"] == "edited"
    desk.store.open(desk.table)
    desk.write(*(a_response(each, answers={"q1": "edited"}, updated_at=at(9)) for each in comes))
    place = desk.read()[0].index(RESPONSE_ID)
    rows = {row[place]: row[3] for row in desk.read()[1:]}
    first = "edited" if comes else "answer 1"
    assert rows == {"r1": first, "r2": "answer 2", "r3": "answer 3"}
