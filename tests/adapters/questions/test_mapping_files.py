"""What people write into mapping files, and what they are told when it is wrong."""

from pathlib import Path

import pytest

from formbridge.adapters.questions.mapping_file import read_mapping_file
from formbridge.domain.answers import Kind
from formbridge.domain.errors import BadMapping
from formbridge.domain.mapping_entries import join
from formbridge.domain.questions import Question

A1 = Question(id="A1", title="Love, children", order=2.0, kind=Kind.RATING, options={"unit": "cm"})
A2 = Question(id="A2", title="Age")

SAME_MAPPING = {
    "comma.csv": 'form_id,question_id,title,order,kind,unit\nbfi,A1,"Love, children",2,rating,cm\n'
    "bfi,A2,Age,,,\n",
    "semicolon.csv": "form_id;question_id;title;order;type;unit\n"
    "bfi;A1;Love, children;2;rating;cm\n"
    "bfi;A2;Age\n",
    "tab.tsv": "form_id\tquestion_id\ttitle\torder\tkind\tunit\n\n"
    "bfi\tA1\tLove, children\t2\tRating\tcm\n"
    "bfi\tA2\tAge\t\t\t\n",
    "bom.csv": "\ufeffForm ID, Question-ID, Title, Order, Kind, Unit\r\n"
    'bfi, A1, "Love, children", 2, rating, cm\r\nbfi, A2, Age\r\n',
    "list.json": '[{"form_id":"bfi","question_id":"A1","title":"Love, children","order":2,'
    '"kind":"rating","unit":"cm"},{"form_id":"bfi","question_id":"A2","title":"Age","kind":null}]',
    "object.json": '{"bfi": {"A1": {"title": "Love, children", "order": 2, "type": "rating",'
    '"unit": "cm"}, "A2": "Age"}}',
    "tables.toml": '[forms."bfi"]\nA1 = {title = "Love, children", order = 2, kind = "rating", '
    'unit = "cm"}\nA2 = "Age"\n',
}

MISTAKES = [
    ("a.csv", "form_id,question_id\nbfi,A1\n", ["line 1", "lacks title"]),
    ("a.csv", "", ["is empty", "form_id,question_id,title"]),
    ("a.csv", "form_id,question_id,title,title\n", ["line 1", "title stands twice"]),
    ("a.csv", "form_id,question_id,title\nbfi,A1,Yes, or no\n", ["line 2", "double quotes"]),
    ("a.csv", "form_id,question_id,title\nbfi,A1\n", ["line 2", "2 fields"]),
    ("a.csv", "form_id,question_id,title\n\n,A1,Age\n", ["line 3", "form_id is empty"]),
    ("a.csv", "form_id,question_id,title\nbfi,,Age\n", ["line 2", "question_id is empty"]),
    ("a.csv", 'form_id,question_id,title\nbfi,A1,"Age\n', ["line 2", "quotation mark"]),
    ("a.csv", "form_id,question_id,title,order\nbfi,A1,Age,first\n", ["line 2", "order"]),
    ("a.csv", "form_id,question_id,title,order\nbfi,A1,Age,nan\n", ["line 2", "order"]),
    ("a.csv", "form_id,question_id,title,kind\nbfi,A1,Age,txt\n", ["line 2", "'txt'", "text"]),
    ("a.csv", 'form_id,question_id,title\nx,y,"a\nb"\nbfi,A1\n', ["line 4"]),
    ("a.csv", "form_id,question_id,title\nx,y,a\0\n", ["NUL", "UTF-8"]),
    ("a.txt", "form_id,question_id,title\n", [".csv", ".toml"]),
    ("a.json", '{"bfi": ', ["line 1, column 9", "JSON"]),
    ("a.json", "3", ["neither a list nor an object"]),
    ("a.json", "[3]", ["[0]", "not an object"]),
    ("a.json", '[{"form_id": "bfi", "title": "Age"}]', ["[0]", "lacks question_id"]),
    ("a.json", '{"bfi": {"A1": "Age", "A1": "Old"}}', ["'A1' stands twice"]),
    ("a.json", '{"bfi": {"A1": {"order": 1}}}', ["bfi → A1", "no title"]),
    ("a.json", '{"bfi": ["A1"]}', ["bfi", "no questions"]),
    ("a.json", '{"bfi": {"A1": [1]}}', ["title is a list"]),
    ("a.json", '{"bfi": {"A1": 1.5}}', ["title is a decimal number"]),
    ("a.json", '{"bfi": {"A1": {"title": "Age", "order": true}}}', ["order"]),
    ("a.json", '{"bfi": {"A1": "\\ud800"}}', ["surrogate"]),
    ("a.json", "[" * 100_000, ["a.json"]),
    ("a.toml", "forms = )", ["TOML", "line 1"]),
    ("a.toml", '[bfi]\nA1 = "Age"\n', ["'bfi' is unknown", '[forms."FORM"]']),
    ("a.toml", "", ["no [forms"]),
    ("a.toml", '[forms.bfi]\nM.I = "Age"\n', ["bfi → M", "dot in quotes"]),
]


@pytest.mark.parametrize("name", SAME_MAPPING)
def test_every_way_to_write_a_mapping_says_the_same(name: str, tmp_path: Path) -> None:
    """Delimiters, a byte order mark, header spellings and file kinds make no difference."""
    path = tmp_path / name
    path.write_text(SAME_MAPPING[name], encoding="utf-8")
    forms = join(read_mapping_file(path))
    assert forms == {"bfi": {"A1": A1, "A2": A2}}


@pytest.mark.parametrize(("name", "text", "says"), MISTAKES)
def test_a_mistake_is_named_with_its_place(
    name: str, text: str, says: list[str], tmp_path: Path
) -> None:
    """The message names the file, the line or key, and what to do."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadMapping) as caught:
        read_mapping_file(path)
    assert str(caught.value).startswith(str(path))
    assert [part for part in says if part not in str(caught.value)] == []
    assert "\n" not in str(caught.value).strip()


def test_a_file_in_another_encoding_is_refused_with_its_line(tmp_path: Path) -> None:
    """Guessing an encoding would put wrong words into headers."""
    path = tmp_path / "latin.csv"
    path.write_bytes(b"form_id,question_id,title\nbfi,A1,Stra\xdfe\n")
    with pytest.raises(BadMapping, match=r"latin\.csv, line 2: is not UTF-8; save"):
        read_mapping_file(path)


@pytest.mark.parametrize("name", ["absent.csv", "folder.csv"])
def test_a_file_that_cannot_be_read_is_named(name: str, tmp_path: Path) -> None:
    """A missing file and a folder in its place are mistakes that a person can mend."""
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(BadMapping, match=rf"{name}: cannot be read"):
        read_mapping_file(tmp_path / name)


def test_ids_may_be_integers(tmp_path: Path) -> None:
    """Many systems number their forms and questions."""
    path = tmp_path / "numbers.json"
    path.write_text('[{"form_id": 7, "question_id": 12, "title": "Age"}]', encoding="utf-8")
    assert list(join(read_mapping_file(path))["7"]) == ["12"]


def test_a_title_keeps_separators_of_lines_that_csv_does_not_know(tmp_path: Path) -> None:
    """Only a line feed ends a line; U+2028 and the like are text."""
    path = tmp_path / "odd.csv"
    path.write_text("form_id,question_id,title\nbfi,A1,one\u2028two\n", encoding="utf-8")
    assert join(read_mapping_file(path))["bfi"]["A1"].title == "one\u2028two"


def test_one_question_with_two_titles_is_refused(tmp_path: Path) -> None:
    """Which one is right is for a person to say; both places are named."""
    path = tmp_path / "twice.csv"
    path.write_text("form_id,question_id,title\nbfi,A1,One\nbfi,A1,Two\n", encoding="utf-8")
    with pytest.raises(BadMapping, match=r"line 3: question 'A1' .* second title, .* line 2"):
        join(read_mapping_file(path))
