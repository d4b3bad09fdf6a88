"""Finding formats, and what that costs a program that needs none."""

import subprocess
import sys
from pathlib import Path

import pytest

from formbridge.domain.errors import BadDescription
from formbridge.formats import description_text, load_format, shipped_formats


def test_the_shipped_formats_load_by_name_and_by_path(tmp_path: Path) -> None:
    """Their text is a description like any other, to start one's own from."""
    assert shipped_formats() == ("native", "typeform")
    for name in shipped_formats():
        assert load_format(name).name == name
        copy = tmp_path / f"my-{name}.toml"
        copy.write_text(description_text(name), encoding="utf-8")
        assert load_format(str(copy)).name == name


def test_only_shipped_descriptions_have_a_text() -> None:
    """Others are files that the caller has."""
    with pytest.raises(BadDescription):
        description_text("../secrets")


def test_msgspec_is_loaded_with_the_first_format() -> None:
    """Not by importing the formats."""
    program = (
        "import sys, formbridge.formats as formats\n"
        "assert 'msgspec' not in sys.modules\n"
        "formats.load_format('native')\n"
        "assert 'msgspec' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_headers_are_those_that_the_description_reads(tmp_path: Path) -> None:
    """In lower case, each once, wherever they are asked for."""
    path = tmp_path / "x.toml"
    path.write_text(
        """
name = "x"
[response]
form_id = [{ header = "X-Form" }, { header = "X-FORM" }]
response_id = { hash = ["a", { header = "X-Id" }] }
[[answers]]
each = "a.*"
title = { header = "X-Title", regex = "(.)" }
""",
        encoding="utf-8",
    )
    assert load_format(path).headers == ("x-form", "x-id", "x-title")
