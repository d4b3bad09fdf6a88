"""What people answer: values, kinds, and the ``Answer`` that a function sink or a test looks at."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum

import attrs

Value = None | bool | int | float | Decimal | str | Sequence["Value"] | Mapping[str, "Value"]
"""A JSON value. ``Decimal`` stands for a number that a float would round."""


class Kind(StrEnum):
    """What an answer is. A store may show a kind its own way; none loses the value."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    CHOICE = "choice"
    CHOICES = "choices"
    RANKING = "ranking"
    RATING = "rating"
    FILE = "file"
    MATRIX = "matrix"
    TABLE = "table"
    ADDRESS = "address"
    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    URL = "url"
    PAYMENT = "payment"
    GEO = "geo"
    UNKNOWN = "unknown"

    @classmethod
    def of(cls, name: str | None) -> "Kind":
        """Return the kind of that name; a name that nobody knows is ``UNKNOWN``, never an error."""
        return _BY_NAME.get(name or "", cls.UNKNOWN)


_BY_NAME: dict[str, Kind] = {kind.value: kind for kind in Kind}


@attrs.frozen(kw_only=True)
class Answer:
    """One answer: to which question, of what kind, and what was said."""

    question_id: str
    kind: Kind
    value: Value = attrs.field(repr=False)
    title: str | None = None
