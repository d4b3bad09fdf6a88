"""Settings from a mapping: texts become what they say, and a mistake is told by its name."""

from pathlib import Path

import attrs
import pytest

from formbridge.adapters.sheets.options import FIELDS, settings_of
from formbridge.adapters.sheets.settings import Fence, SheetsSettings
from formbridge.domain.errors import BadSetting


def test_every_setting_can_be_said() -> None:
    """A field that is added is read here too."""
    assert list(FIELDS) == [field.name for field in attrs.fields(SheetsSettings)]


def test_texts_become_what_they_say() -> None:
    """A command line knows nothing else."""
    said = {
        "credentials": ["a.json", Path("b.json")],
        "endpoint": "http://127.0.0.1:8085/",
        "create": "no",
        "reads_per_minute": "300",
        "timeout": "7.5",
        "spreadsheets": {"club": "https://docs.google.com/spreadsheets/d/1aBcDe/edit"},
        "fence": "named-range",
        "registry": "ids.json",
    }
    assert settings_of(said, folder="Forms") == SheetsSettings(
        folder="Forms",
        credentials=(Path("a.json"), Path("b.json")),
        endpoint="http://127.0.0.1:8085",
        create=False,
        reads_per_minute=300,
        timeout=7.5,
        spreadsheets={"club": "1aBcDe"},
        fence=Fence.NAMED_RANGE,
        registry=Path("ids.json"),
    )


def test_values_of_their_own_type_are_taken_as_they_are() -> None:
    """As a configuration file has them."""
    said = {"create": True, "processes": 2, "fence": Fence.WAIT, "registry": None, "timeout": 9}
    assert settings_of(said, folder="Forms") == SheetsSettings(
        folder="Forms", processes=2, fence=Fence.WAIT, timeout=9
    )


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("folder", "Forms", "stands in the address of the sink"),
        ("colour", "red", "unknown setting 'colour'; the settings are endpoint, credentials"),
        ("endpoint", 7, "endpoint must be text, not int"),
        ("credentials", {"a": 1}, "credentials must be a list, not dict"),
        ("credentials", [""], "each of credentials must be a path, not ''"),
        ("share_with", [7], "each of share_with must be text, not int"),
        ("spreadsheets", "club", "spreadsheets must be a table of FORM = ID, not 'club'"),
        ("create", "perhaps", "create must be true or false, not 'perhaps'"),
        ("processes", "1.5", "processes must be a whole number, not '1.5'"),
        ("processes", True, "processes must be a number, not bool"),
        ("processes", "two", "processes must be a number, not 'two'"),
        ("processes", "inf", "processes must be a whole number, not 'inf'"),
        ("timeout", "nan", "timeout must be greater than 0"),
        ("fence", "wall", "fence must be one of metadata, named-range, wait, not 'wall'"),
        ("registry", 7, "registry must be a path, not int"),
    ],
)
def test_a_mistake_is_told_by_its_name(name: str, value: object, says: str) -> None:
    """And with what would be right."""
    with pytest.raises(BadSetting) as caught:
        settings_of({name: value}, folder="Forms")
    assert says in str(caught.value)
