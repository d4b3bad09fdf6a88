"""What all contract suites have in common: none of their tests can get lost."""

import pytest


class Contract:
    """A suite of tests that a port's docstring asks for; subclass one of its subclasses.

    What an adapter cannot do yet is a strict, reasoned xfail on an override that calls ``super()``;
    any other way to drop a test fails ``test_the_suite_is_whole``.
    """

    def test_the_suite_is_whole(self) -> None:
        """Every test is run as it was written, or is expected to fail and says why."""
        assert dropped_tests(type(self)) == []


def dropped_tests(suite: type) -> list[str]:
    """Return the names of the contract's tests that ``suite`` replaced without a strict xfail."""
    contracts = [base for base in suite.__mro__ if base.__module__.startswith(__package__)]
    return sorted(
        name
        for contract in contracts
        for name, test in vars(contract).items()
        if name.startswith("test_") and not _kept(getattr(suite, name), test)
    )


def _kept(found: object, test: object) -> bool:
    return found is test or any(map(_excused, getattr(found, "pytestmark", ())))


def _excused(mark: pytest.Mark) -> bool:
    return mark.name == "xfail" and mark.kwargs.get("strict") is True and "reason" in mark.kwargs
