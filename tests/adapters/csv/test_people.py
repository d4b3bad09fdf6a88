"""Files as people and their programs leave them: other dialects, other lines, nothing lost."""

import subprocess
import sys
from pathlib import Path

import pytest

from formbridge.adapters.csv import CsvTables
from formbridge.adapters.csv.disk import Disk
from formbridge.domain.arrivals import arrival_of
from formbridge.domain.errors import (
    NewerVersion,
    StoreBroken,
    StoreUnavailable,
    TableBusy,
    TableUnavailable,
)
from formbridge.domain.identity import TableKey
from formbridge.domain.plan_upsert import plan_upsert
from formbridge.domain.responses import Operation, Response
from formbridge.domain.tables import Applied, Refused, TableNotNow, WriteOutcome
from formbridge.testing.builders import a_delivery, a_response
from formbridge.testing.table_versions import at

FORM = TableKey(form_id="form")


class Place:
    """A folder with one table, and a store that writes to it."""

    def __init__(self, folder: Path, disk: Disk | None = None) -> None:
        self.folder = folder
        self.path = folder / "form.csv"
        self.side = folder / ".formbridge" / "form.side"
        self.store = CsvTables(folder, disk=disk, durable=False)
        self.offset = 0

    def write(self, *responses: Response) -> WriteOutcome:
        """Write responses, as a sink does."""
        arrivals = []
        for response in responses:
            arrivals.append(arrival_of(response, a_delivery(offset=self.offset)))
            self.offset += 1
        changes = plan_upsert(self.store.open(FORM), arrivals)
        return self.store.write({FORM: changes})[FORM]

    def lines(self) -> list[bytes]:
        """Return the table's lines when everything is quiet."""
        self.store.tidy()
        return self.path.read_bytes().split(b"\n")

    def restart(self) -> None:
        """Take another store."""
        self.store.close()
        self.store = CsvTables(self.folder, durable=False)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A table with two rows."""
    place = Place(tmp_path)
    place.write(a_response("r1", answers={"a": "1", "b": "x;y"}), a_response("r2"))
    return place


def _edit(place: Place) -> None:
    changed = a_response("r1", answers={"a": "9; 9", "b": "9\t9"}, updated_at=at(9))
    assert place.write(changed, a_response("r3", answers={"a": "3;3", "b": "3"})) == Applied()


@pytest.mark.parametrize("restart", [False, True])
@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_another_delimiter_is_kept(place: Place, delimiter: str, restart: bool) -> None:  # noqa: FBT001 - pytest's
    """A spreadsheet of another country saves with its own sign; we go on with it."""
    text = place.path.read_text().replace("x;y", "xy").replace(",", delimiter)
    place.path.write_text(text)
    if restart:
        place.restart()
    _edit(place)
    joined = delimiter.encode()
    assert place.lines()[0] == joined.join(
        [b"Response ID", b"Submitted at", b"Updated at", b"a", b"b", b"q1"]
    )
    quoted = b'"9; 9"' if delimiter == ";" else b"9; 9"
    assert quoted in place.lines()[1]
    assert all(line.count(joined) >= 5 for line in place.lines() if line)


def test_line_ends_and_mark_of_a_spreadsheet_are_kept(place: Place) -> None:
    """CRLF and a byte order mark survive an edit, a new row and a new column."""
    text = place.path.read_bytes().replace(b"\n", b"\r\n")
    place.path.write_bytes(b"\xef\xbb\xbf" + text)
    _edit(place)
    place.write(a_response("r4", answers={"new": "4"}))
    data = b"\n".join(place.lines())
    assert data.startswith(b"\xef\xbb\xbfResponse ID,")
    assert data.count(b"\n") == data.count(b"\r\n") == 5


def test_a_last_line_without_an_end_gets_one(place: Place) -> None:
    """An editor that leaves the last newline out does not join our row to theirs."""
    place.path.write_bytes(place.path.read_bytes() + b"theirs,,,mine")
    place.write(a_response("r3"))
    assert place.lines()[3:5] == [b"theirs,,,mine", b"r3,2026-03-02T08:00:00Z,,,,yes"]


def test_lines_of_theirs_keep_their_bytes(place: Place) -> None:
    """Quotes that are not needed, spaces, blank lines: what we need not touch we do not touch."""
    mine = b'"theirs", "quoted" ,,"",x\n\n,,,,only notes\n'
    place.path.write_bytes(place.path.read_bytes() + mine)
    _edit(place)
    assert mine in place.path.read_bytes() + b""
    place.lines()
    assert mine in place.path.read_bytes()


def test_notes_beyond_the_header_stay_beyond_ours(place: Place) -> None:
    """Who writes to the right of the last header keeps that place when a question is added."""
    text = place.path.read_bytes().replace(b"x;y,\n", b"x;y,,note one,note two\n")
    assert b"note two" in text
    place.path.write_bytes(text)
    place.write(a_response("r3", answers={"new": "answer"}))
    lines = place.lines()
    assert lines[0] == b"Response ID,Submitted at,Updated at,a,b,q1,,,new"
    assert lines[1].endswith(b"x;y,,note one,note two,")
    assert lines[3].endswith(b",,,,,,answer")


@pytest.mark.parametrize(
    ("old", "new", "remedy"),
    [
        (b"Response ID", b"Id", "Response ID"),
        (b"Response ID,", b"", "Response ID"),
        (b"r2,", b'"r2,', "quote"),
        (b"r2", "Zoë".encode("latin-1"), "UTF-8"),
    ],
)
def test_a_table_that_cannot_be_understood_is_left_alone(
    place: Place, old: bytes, new: bytes, remedy: str
) -> None:
    """One sentence says what to mend, nothing is written, and afterwards all is well."""
    before = place.path.read_bytes()
    place.path.write_bytes(before.replace(old, new))
    with pytest.raises(TableUnavailable, match=remedy):
        place.write(a_response("r3"))
    assert place.path.read_bytes() == before.replace(old, new)
    place.path.write_bytes(before)
    assert place.write(a_response("r3")) == Applied()


def test_a_file_of_somebody_else_is_not_touched(tmp_path: Path) -> None:
    """A CSV file that happens to have the form's name is not ours."""
    (tmp_path / "form.csv").write_text("Response ID,a\n1,2\n")
    with pytest.raises(TableUnavailable, match="not written by FormBridge"):
        Place(tmp_path).write(a_response("r1"))
    assert (tmp_path / "form.csv").read_text() == "Response ID,a\n1,2\n"


def test_a_table_whose_file_was_deleted_begins_again(place: Place) -> None:
    """Its columns are remembered; its rows come back when they are delivered."""
    place.path.unlink()
    place.write(a_response("r3", answers={"b": "3"}))
    assert place.lines() == [
        b"Response ID,Submitted at,Updated at,a,b,q1",
        b"r3,2026-03-02T08:00:00Z,,,3,",
        b"",
    ]


def test_a_damaged_side_file_is_said_to_be(place: Place) -> None:
    """Whole lines behind a damaged one: not a crash, and nothing that we could mend."""
    place.write(a_response("r3"))
    place.store.close()
    data = place.side.read_bytes().splitlines(keepends=True)
    place.side.write_bytes(b"".join([data[0], b"0" + data[1][1:], *data[2:]]))
    place.restart()
    with pytest.raises(StoreBroken, match="damaged"):
        place.store.open(FORM)


def test_a_later_version_is_refused(place: Place) -> None:
    """What a later FormBridge stored is not guessed at."""
    from formbridge.adapters.csv.side import line_of  # noqa: PLC0415 - only here

    place.store.close()
    place.side.write_bytes(line_of('{"formbridge": "csv", "version": 3}'))
    with pytest.raises(NewerVersion, match="upgrade"):
        CsvTables(place.folder).open(FORM)
    assert list(CsvTables(place.folder).known()) == []


def test_another_process_holds_the_table(place: Place) -> None:
    """Then it is not now: at a write, and at an opening."""
    hold = "import fcntl,sys; f=open(sys.argv[1]); fcntl.flock(f, fcntl.LOCK_EX); print(1,flush=1);"
    command = [sys.executable, "-c", hold + "sys.stdin.read()", str(place.side)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        outcome = place.write(a_response("r3"))
        assert isinstance(outcome, TableNotNow)
        assert outcome.seconds > 0
        with pytest.raises(TableBusy):
            CsvTables(place.folder).open(FORM)
        process.communicate()
    assert place.write(a_response("r3")) == Applied()


def test_a_folder_that_cannot_be_made_is_the_whole_store(tmp_path: Path) -> None:
    """A file stands in the way: the sentence names the folder."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable, match="file/tables"):
        Place(tmp_path / "file" / "tables").write(a_response("r1"))


def test_more_tables_than_open_files(tmp_path: Path) -> None:
    """Handles are bounded, whatever the number of tables in one write."""
    disk = Disk(handles=8)
    store = CsvTables(tmp_path, disk=disk, durable=False)
    keys = [TableKey(form_id=f"form{number}") for number in range(50)]
    for turn in range(3):
        arrivals = [arrival_of(a_response(f"r{turn}"), a_delivery(offset=turn))]
        changes = {key: plan_upsert(store.open(key), arrivals) for key in keys}
        assert store.write(changes) == dict.fromkeys(keys, Applied())
        assert len(disk._open) <= 8  # noqa: SLF001 - there is no other way to count
    store.close()
    assert all((tmp_path / f"form{n}.csv").read_bytes().count(b"\n") == 4 for n in range(50))


def test_a_refused_row_names_its_question(place: Place) -> None:
    """Half of a surrogate pair is no text: the reason says where, not what."""
    outcome = place.write(a_response("r3", answers={"a": "fine", "b": "secret\ud800"}))
    assert isinstance(outcome, Refused)
    assert outcome.reasons.keys() == {"r3"}
    assert "'b'" in outcome.reasons["r3"]
    assert "secret" not in outcome.reasons["r3"]


def test_formulas_may_be_left_alone(tmp_path: Path) -> None:
    """By a setting, which a table keeps for as long as it lives."""
    store = CsvTables(tmp_path, formula_safe=False, durable=False)
    place = Place(tmp_path)
    place.store = store
    place.write(a_response("=r1", answers={"q": "=1", "'=q": "'=2"}))
    place.restart()
    place.write(a_response("=r1", answers={"q": "=3", "'=q": "'=4"}, updated_at=at(9)))
    assert place.lines()[1] == b"=r1,2026-03-02T08:00:00Z,2026-03-02T09:00:00Z,=3,'=4"


def test_a_journal_is_folded_when_it_is_a_fraction_of_the_table(place: Place) -> None:
    """Edits do not pile up: the table is written anew by itself, and the side file stays small."""
    long = "x" * 4000
    for turn in range(600):
        place.write(
            a_response(
                "r1",
                answers={"a": f"{long}{turn}"},
                updated_at=at(9).replace(minute=turn % 60, second=turn // 60),
            )
        )
    assert long.encode() in place.path.read_bytes()
    assert place.side.stat().st_size < 2_500_000


def test_a_left_journal_is_folded_by_the_next_process(place: Place) -> None:
    """Edits of a process that died are in the table when the next one is idle."""
    place.write(a_response("r1", answers={"a": "edited"}, updated_at=at(9)))
    place.write(a_response("r2", operation=Operation.DELETE, updated_at=at(9)))
    next_one = CsvTables(place.folder, durable=False)
    next_one.tidy()
    data = place.path.read_bytes()
    assert b"edited" in data
    assert b"r2" not in data


@pytest.mark.parametrize("version", [1, 2])
def test_what_a_version_stored_is_read(tmp_path: Path, version: int) -> None:
    """A sample of every version that there ever was is kept, and read for ever."""
    sample = Path(__file__).parent / "samples" / f"version-{version}"
    (tmp_path / ".formbridge").mkdir()
    (tmp_path / "form.csv").write_bytes((sample / "form.csv").read_bytes())
    (tmp_path / ".formbridge" / "form.side").write_bytes((sample / "form.side").read_bytes())
    place = Place(tmp_path)
    snapshot = place.store.open(FORM)
    assert [column.question_id for column in snapshot.columns] == ["q1", "q2", "q3"]
    assert snapshot.known({"r1", "r2", "r3", "r4", "r5"}) == {"r1", "r2", "r3", "r4"}
    removed, merged = snapshot.find("r2"), snapshot.find("r3")
    assert removed is not None
    assert merged is not None
    assert removed.place is None
    assert merged.place is not None
    assert snapshot.answered(merged.place) == {"q2", "q3"}
    assert place.lines() == [
        b"Response ID,Submitted at,Updated at,q1,q2,q3",
        b"r1,2026-03-02T08:00:00Z,2026-03-02T09:00:00Z,edited,,",
        b"r3,2026-03-02T08:00:00Z,2026-03-02T11:00:00Z,,merged,true",
        b"r4,2026-03-02T08:00:00Z,,late,,",
        b"",
    ]
