"""One catalog over another: the upper one corrects what the lower one says of a question."""

from formbridge.adapters.memory.catalog import MemoryCatalog
from formbridge.adapters.questions.layered import LayeredCatalog
from formbridge.domain.answers import Kind
from formbridge.domain.identity import TableKey
from formbridge.domain.questions import FormMapping, Question

CLUB = TableKey(form_id="club")


def mapped(catalog: LayeredCatalog) -> FormMapping:
    """Return the mapping of the form club, which is there."""
    mapping = catalog.mapping(CLUB)
    assert mapping is not None
    return mapping


def layers(
    upper: dict[str, str | Question], lower: dict[str, str | Question]
) -> tuple[LayeredCatalog, MemoryCatalog, MemoryCatalog]:
    """Return a catalog of two layers of versions 20 and 10, and both."""
    tab = MemoryCatalog({"club": upper}, version=20)
    file = MemoryCatalog({"club": lower}, version=10)
    return LayeredCatalog(tab, file), tab, file


def test_each_question_is_called_as_the_upper_layer_says() -> None:
    """And as the lower one does where the upper one says nothing, or has no title for it."""
    catalog, _, _ = layers(
        {"q2": "Age in years", "q3": "", "q4": "Town"}, {"q1": "Name", "q2": "Age", "q3": "Email"}
    )
    assert [(it.id, it.title) for it in mapped(catalog).questions.values()] == [
        ("q1", "Name"),
        ("q2", "Age in years"),
        ("q3", "Email"),
        ("q4", "Town"),
    ]
    assert mapped(catalog).version == 20


def test_order_kind_and_options_count_by_themselves() -> None:
    """Whoever corrects a title does not take back what else is known of the question."""
    lower = Question(
        id="q1", title="Age", order=3.0, kind=Kind.NUMBER, options={"width": "10", "hint": "years"}
    )
    upper = Question(id="q1", title="", order=0.0, options={"width": "20"})
    catalog, _, _ = layers({"q1": upper}, {"q1": lower})
    assert mapped(catalog).questions["q1"] == Question(
        id="q1", title="Age", order=0.0, kind=Kind.NUMBER, options={"width": "20", "hint": "years"}
    )


def test_a_form_of_which_one_layer_knows_nothing_is_as_the_other_says() -> None:
    """Most forms have no corrections."""
    catalog = LayeredCatalog(
        MemoryCatalog({}, version=20), MemoryCatalog({"club": {"q1": "Name"}}, version=10)
    )
    assert mapped(catalog).questions["q1"].title == "Name"
    assert mapped(catalog).version == 10
    assert catalog.mapping(TableKey(form_id="shop")) is None


def test_a_change_below_what_counts_has_a_greater_version_too() -> None:
    """The file was written before the tab was read, and read after it."""
    catalog, _, file = layers({"q1": "Full name"}, {"q1": "Name", "q2": "Age"})
    before, version = mapped(catalog), catalog.version()
    file.replace({"club": {"q1": "Name", "q2": "Years"}}, version=15)
    assert mapped(catalog).questions["q2"].title == "Years"
    assert mapped(catalog).version == before.version + 1
    assert catalog.version() != version


def test_a_change_that_is_corrected_anyway_changes_nothing() -> None:
    """So no column is looked at for it."""
    catalog, _, file = layers({"q1": "Full name"}, {"q1": "Name"})
    before = mapped(catalog)
    file.replace({"club": {"q1": "Other"}}, version=30)
    assert mapped(catalog) is before


def test_a_correction_that_is_taken_back_has_a_greater_version() -> None:
    """Or the file's title would not come back; nor after nothing was said for a while."""
    catalog, tab, file = layers({"q1": "Full name"}, {"q1": "Name"})
    before = mapped(catalog)
    tab.replace({}, version=21)
    after = mapped(catalog)
    assert (after.questions["q1"].title, after.version) == ("Name", before.version + 1)
    file.replace({}, version=11)
    assert catalog.mapping(CLUB) is None
    file.replace({"club": {"q1": "Name"}}, version=12)
    assert mapped(catalog).version > after.version
