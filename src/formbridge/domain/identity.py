"""What makes a response itself, and a table itself."""

import attrs


@attrs.frozen(kw_only=True, order=True, cache_hash=True)
class TableKey:
    """A table belongs to one form of one source. The source is a stable setting, "" by default."""

    form_id: str
    source: str = ""

    def __str__(self) -> str:
        """Name the table for people: the form, behind its source if it has one.

        Two tables never share a name: the first slash ends the source, which may be empty.
        """
        if not self.source and "/" not in self.form_id:
            return self.form_id
        return f"{self.source.replace('%', '%25').replace('/', '%2F')}/{self.form_id}"


@attrs.frozen(kw_only=True, order=True)
class Identity:
    """A response id is unique within its form only, so all three name a response."""

    source: str
    form_id: str
    response_id: str

    @property
    def table(self) -> TableKey:
        """The table that the response belongs to."""
        return TableKey(form_id=self.form_id, source=self.source)
