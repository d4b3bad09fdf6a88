"""File names: readable where they can be, safe everywhere, never shared."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formbridge.adapters.csv.names import stem_of
from formbridge.domain.identity import TableKey

KEYS = st.builds(TableKey, form_id=st.text(max_size=40), source=st.sampled_from(["", "eu", "a b"]))
SIMILAR = st.text(alphabet="aAbB /_.~-é", max_size=4)


@pytest.mark.parametrize("form_id", ["bfi", "student-survey", "a b", "0", "form_1"])
def test_a_plain_id_is_its_own_name(form_id: str) -> None:
    """People find the table by the form's name."""
    assert stem_of(TableKey(form_id=form_id)) == form_id


@pytest.mark.parametrize("form_id", ["", "..", "../x", "con", "a" * 81, "Form", "a.b", "a ", " a"])
def test_any_other_id_gets_a_digest(form_id: str) -> None:
    """So that it cannot be mistaken for a plain one."""
    assert "~" in stem_of(TableKey(form_id=form_id))


def test_an_id_stays_readable() -> None:
    """What is safe of it stands in front."""
    assert stem_of(TableKey(form_id="Kundenumfrage 2026/März")).startswith(
        "Kundenumfrage 2026_März~"
    )
    assert stem_of(TableKey(form_id="bfi", source="eu")).startswith("eu bfi~")


@given(KEYS)
def test_a_name_is_safe_on_every_file_system(table: TableKey) -> None:
    """Bounded, one path segment, nothing reserved, hidden or trimmed."""
    name = f"{stem_of(table)}.csv"
    assert len(name.encode()) <= 150
    assert not set(name) & set('/\\:*?"<>|' + string.whitespace.replace(" ", "") + "\0")
    assert name[0] not in ". "
    assert name.partition(".")[0] not in {"con", "nul", "aux", "prn", "com1", "lpt1"}


@given(SIMILAR, SIMILAR, st.sampled_from(["", "a"]))
def test_two_tables_never_share_a_name(one: str, other: str, source: str) -> None:
    """Also where the disk ignores case."""
    keys = {TableKey(form_id=one), TableKey(form_id=other, source=source)}
    assert len({stem_of(key).casefold() for key in keys}) == len(keys)
