"""What makes a table itself."""

from hypothesis import given
from hypothesis import strategies as st

from formbridge.domain.identity import Identity, TableKey

texts = st.text(alphabet="ab/%2F") | st.text()
keys = st.builds(TableKey, form_id=texts, source=texts)


@given(keys, keys)
def test_two_tables_never_share_a_name(one: TableKey, two: TableKey) -> None:
    """Whatever stands in a form's id or a source: the name is what a part goes by."""
    assert (one == two) == (str(one) == str(two))


def test_a_table_is_named_after_its_form() -> None:
    """Behind its source, if there is one."""
    assert str(TableKey(form_id="survey")) == "survey"
    assert str(TableKey(form_id="survey", source="shop")) == "shop/survey"


def test_a_response_belongs_to_the_table_of_its_form_and_source() -> None:
    """Its own id is not part of that."""
    identity = Identity(source="shop", form_id="survey", response_id="r1")
    assert identity.table == TableKey(form_id="survey", source="shop")
