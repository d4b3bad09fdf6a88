"""Rules: what is done with an answer of a type that the backend names."""

from collections.abc import Mapping

import attrs

from formbridge.domain.answers import Kind
from formbridge.formats.places import Table
from formbridge.formats.scope import Get
from formbridge.formats.sources import source
from formbridge.formats.steps import steps
from formbridge.formats.steptypes import Take

ANY = "*"


@attrs.frozen(kw_only=True, eq=False)
class Rule:
    """The kind of an answer, where its value stands (None: where the section says), its steps."""

    kind: Kind = Kind.UNKNOWN
    value: Get | None = None
    steps: Take | None = None


def rules_in(table: Table) -> Mapping[str, Rule]:
    """Return the rules of the table ``types`` by the backend's name; ``*`` is for all others."""
    return {name: rule_in(table.table(name)) for name in table.values}


def rule_in(table: Table) -> Rule:
    """Return the rule that a table says: ``{kind = "choice", value = SOURCE, steps = [...]}``."""
    value = table.get("value")
    rule = Rule(
        kind=Kind(table.choice("kind", [kind.value for kind in Kind], Kind.UNKNOWN.value)),
        value=None if value is None else source(value, table.at("value")),
        steps=steps(table.get("steps"), table.at("steps")),
    )
    table.done()
    return rule
