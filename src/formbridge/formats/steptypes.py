"""What a step is: a function of a value, the item that it was found in, and the scope."""

from collections.abc import Callable

from formbridge.formats.places import Table
from formbridge.formats.scope import Scope

Take = Callable[[object, object, Scope], object]
"""Returns the new value; ``ABSENT`` says that this is no answer."""

StepBuilder = Callable[[Table], Take]
