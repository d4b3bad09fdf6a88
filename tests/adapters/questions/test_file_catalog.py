"""A catalog over files follows the files, and never loses a mapping to a mistake."""

from collections.abc import Callable
from pathlib import Path

import attrs
import pytest

from formbridge.adapters.questions.catalog import FileCatalog
from formbridge.domain.errors import BadMapping
from formbridge.domain.identity import TableKey
from formbridge.testing.clock import FakeClock

BFI = TableKey(form_id="bfi")


@attrs.define(eq=False)
class Files:
    """Mapping files, a catalog over them, and the time that passes in between."""

    folder: Path
    clock: FakeClock = attrs.field(factory=FakeClock)
    warnings: list[str] = attrs.field(factory=list)

    def write(self, name: str, **titles: str) -> Path:
        """Write a mapping of the form bfi as CSV."""
        lines = [f"bfi,{question},{title}\n" for question, title in titles.items()]
        return self.spoil(name, "form_id,question_id,title\n" + "".join(lines))

    def spoil(self, name: str, text: str) -> Path:
        """Write anything; let a second pass."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        self.clock.advance(1)
        return path

    def catalog(self, *names: str) -> FileCatalog:
        """Return a catalog of these files that keeps its warnings here."""
        paths = [self.folder / name for name in names]
        return FileCatalog(paths=paths, clock=self.clock, warn=self.warnings.append)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """No file yet."""
    return Files(tmp_path)


def title(catalog: FileCatalog, question: str = "A1") -> str:
    """Return what the catalog calls a question of the form bfi."""
    mapping = catalog.mapping(BFI)
    assert mapping is not None
    return mapping.questions[question].title


def test_a_form_that_no_file_names_has_no_mapping(files: Files) -> None:
    """Its columns are headed by the payload's titles or by ids."""
    files.write("a.csv", A1="Age")
    assert files.catalog("a.csv").mapping(TableKey(form_id="other")) is None


def test_a_source_makes_no_difference(files: Files) -> None:
    """A mapping is by form, whichever system the form's responses come from."""
    files.write("a.csv", A1="Age")
    assert files.catalog("a.csv").mapping(TableKey(form_id="bfi", source="eu")) is not None


def test_the_constructor_reads_nothing(files: Files) -> None:
    """A file that is missing is an error of the first call."""
    catalog = files.catalog("absent.csv")
    with pytest.raises(BadMapping, match=r"absent\.csv"):
        catalog.version()


@pytest.mark.parametrize(
    "change",
    [
        lambda files: files.write("a.csv", A1="Years"),
        lambda files: files.write("b.csv", A1="Years").replace(files.folder / "a.csv"),
    ],
    ids=["in place", "by rename"],
)
def test_a_changed_file_is_read_again(files: Files, change: Callable[[Files], object]) -> None:
    """However the file was replaced, within a second its titles are in use, as later ones."""
    files.write("a.csv", A1="Age")
    catalog = files.catalog("a.csv")
    before, mapping = catalog.version(), catalog.mapping(BFI)
    change(files)
    files.clock.advance(1)
    after = catalog.mapping(BFI)
    assert title(catalog) == "Years"
    assert catalog.version() != before
    assert after is not None
    assert mapping is not None
    assert after.version > mapping.version


def test_files_are_looked_at_once_a_second(files: Files) -> None:
    """Between two looks the mapping stands still: a batch of 500 tables asks no disk."""
    files.write("a.csv", A1="Age")
    catalog = files.catalog("a.csv")
    catalog.version()
    (files.folder / "a.csv").unlink()
    assert title(catalog) == "Age"
    assert files.warnings == []


def test_a_rewrite_with_the_same_content_is_no_new_version(files: Files) -> None:
    """Nothing is relabelled because somebody saved a file."""
    files.write("a.csv", A1="Age")
    catalog = files.catalog("a.csv")
    before = catalog.version()
    files.write("a.csv", A1="Age")
    assert catalog.version() == before


@pytest.mark.parametrize("text", ["form_id\n", "", None], ids=["header", "empty", "gone"])
def test_a_file_that_became_wrong_keeps_its_last_good_mapping(
    files: Files, text: str | None
) -> None:
    """A half-saved file costs a warning, once, and no header."""
    path = files.write("a.csv", A1="Age")
    catalog = files.catalog("a.csv")
    catalog.version()
    if text is None:
        path.unlink()
        files.clock.advance(1)
    else:
        files.spoil("a.csv", text)
    for _ in range(3):
        assert title(catalog) == "Age"
        files.clock.advance(1)
    assert len(files.warnings) == 1
    assert "a.csv" in files.warnings[0]


def test_a_mended_file_is_used_again(files: Files) -> None:
    """And the next mistake is told again."""
    files.write("a.csv", A1="Age")
    catalog = files.catalog("a.csv")
    catalog.version()
    for round_ in ("one", "two"):
        files.spoil("a.csv", "broken")
        catalog.version()
        files.write("a.csv", A1=round_)
        assert title(catalog) == round_
    assert len(files.warnings) == 2


def test_two_files_describe_one_form_together(files: Files) -> None:
    """Each may bring other questions; the same line twice is no conflict."""
    files.write("a.csv", A1="Age", A2="Sex")
    files.write("b.csv", A2="Sex", A3="Name")
    catalog = files.catalog("a.csv", "b.csv")
    assert [title(catalog, each) for each in ("A1", "A2", "A3")] == ["Age", "Sex", "Name"]


def test_two_files_that_disagree_are_refused_at_the_start(files: Files) -> None:
    """Both places are named, whatever the order of the files, as often as one asks."""
    files.write("a.csv", A1="Age")
    files.write("b.csv", A1="Years")
    catalog = files.catalog("a.csv", "b.csv")
    for _ in range(2):
        with pytest.raises(BadMapping, match=r"b\.csv, line 2.*a\.csv, line 2"):
            catalog.mapping(BFI)


def test_files_that_begin_to_disagree_keep_the_last_good_mapping(files: Files) -> None:
    """The bridge goes on under the old titles until a person decides."""
    files.write("a.csv", A1="Age")
    files.write("b.csv", A2="Sex")
    catalog = files.catalog("a.csv", "b.csv")
    catalog.version()
    files.write("b.csv", A1="Years")
    assert (title(catalog), title(catalog, "A2")) == ("Age", "Sex")
    assert len(files.warnings) == 1
    files.write("a.csv", A1="Years")
    assert title(catalog) == "Years"
