"""What the emulator does as Google does, and how sure each of it is: a table."""

import pkgutil
from collections import Counter
from collections.abc import Sequence
from importlib import import_module

import formbridge.testing.google as package
from formbridge.testing.google.behaviour import BEHAVIOURS, Basis, Behaviour

APART = ("__main__", "plugin")
"""Modules that are no rooms: a command, and fixtures that need pytest."""


def known() -> Sequence[Behaviour]:
    """Return every behaviour of every room, by its place."""
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if module.name.rpartition(".")[2] not in APART:
            import_module(module.name)
    return sorted(set(BEHAVIOURS))


def table(behaviours: Sequence[Behaviour]) -> str:
    """Return them as text: a line for each, and how many there are of each basis."""
    if not behaviours:
        return "0 behaviours\n"
    place = max(len(one.place) for one in behaviours)
    basis = max(len(one.basis.value) for one in behaviours)
    lines = [
        f"{one.basis.value:{basis}}  {one.place:{place}}  {one.what}"
        + (f" ({one.source})" if one.source else "")
        for one in behaviours
    ]
    counts = Counter(one.basis for one in behaviours)
    total = ", ".join(f"{counts[kind]} {kind.value}" for kind in Basis)
    return "\n".join([*lines, "", f"{len(behaviours)} behaviours: {total}", ""])
