"""What people answer."""

import pytest

from formbridge.domain.answers import Kind


def test_a_kind_that_nobody_knows_is_unknown() -> None:
    """A new kind of a backend is no error."""
    assert (Kind.of("hologram"), Kind.of(None), Kind.of("email")) == ("unknown", "unknown", "email")


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_is_found_by_its_name(kind: Kind) -> None:
    """Its name is its value, in lower case."""
    assert Kind.of(kind.value) is kind
    assert kind.value == kind.name.lower()
