"""The modules in which Drive's methods are registered; importing this one imports them all."""

from types import ModuleType

from formbridge.testing.google.drive import (
    about,
    changing,
    comments,
    creating,
    exports,
    history,
    permissions,
    reading,
    second,
    shared,
)

MODULES: tuple[ModuleType, ...] = (
    reading,
    creating,
    changing,
    exports,
    permissions,
    shared,
    comments,
    history,
    about,
    second,
)
