"""A mapping as TOML: a table per form, and in it a title per question, or more."""

import tomllib

from formbridge.adapters.questions.json_file import nested
from formbridge.domain.errors import BadMapping
from formbridge.domain.mapping_entries import Entry

FORMS = "forms"
SHAPE = '[forms."FORM"] and below it QUESTION = "title" or QUESTION = {title = "…", order = 1}'


def read_toml(text: str, *, name: str) -> list[Entry]:
    """Return the entries of a TOML text; raise ``BadMapping`` with the line or the key."""
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadMapping(f"{name}: is not TOML: {error}; write {SHAPE}") from error
    other = [key for key in content if key != FORMS]
    if other or not isinstance(content.get(FORMS), dict):
        problem = f"the key {other[0]!r} is unknown" if other else "has no [forms.…]"
        raise BadMapping(f"{name}: {problem}; write {SHAPE}")
    return list(nested(content[FORMS], name=name))
