"""The discovery documents in the package: they are whole, and read only when they are needed."""

import subprocess
import sys

import pytest

from formbridge.testing.google.schema.discovery import DOCUMENTS, Field, document, fields_of, snake
from formbridge.testing.google.schema.types import GROUPS, WRAPPED


def all_fields(api: str) -> list[Field]:
    """Return each field of each schema."""
    return [field for name in document(api)["schemas"] for field in fields_of(api, name).values()]


def test_importing_reads_no_document() -> None:
    """The start of a server does not pay for what it may not need."""
    code = (
        "from formbridge.testing.google.schema import methods, discovery\n"
        "assert discovery.document.cache_info().currsize == 0"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("api", DOCUMENTS)
def test_every_reference_leads_somewhere(api: str) -> None:
    """Methods and fields name schemas that are there."""
    schemas = document(api)["schemas"]
    named = {field.shape.schema for field in all_fields(api)} - {""}
    named |= {
        spec[key]
        for spec in document(api)["methods"]
        for key in ("request", "response")
        if key in spec
    }
    assert named <= set(schemas)


def test_the_tables_name_fields_that_are_there() -> None:
    """What the documents do not say is said of their own fields."""
    for schema, groups in GROUPS.items():
        for names in groups.values():
            assert set(names) <= set(fields_of("sheets", schema)), schema
    for schema, wrapped in WRAPPED.items():
        assert wrapped <= set(fields_of("sheets", schema)), schema


@pytest.mark.parametrize(
    ("name", "proto"), [("rowIndex", "row_index"), ("a1Range", "a1_range"), ("title", "title")]
)
def test_paths_have_underscores(name: str, proto: str) -> None:
    """So do names in Google's messages."""
    assert snake(name) == proto
