"""What a store knows of the responses of one table: a dict from id to ordinal, and versions.

41 bytes per response and the dict with its keys; no object per response is kept.
"""

from array import array
from collections.abc import Iterable, Sequence

import attrs

from formbridge.domain.tables import Stored
from formbridge.domain.versions import (
    VERSION_SIZE,
    digest_in,
    edited_at_in,
    latest_edit,
    revision_in,
)

NO_ROW = -1


@attrs.define(eq=False)
class Index:
    """Responses by their id.

    ``versions`` stand side by side, in the order of the ordinals. ``at`` is where a row stands in
    the store's own terms (a byte of a file, a line), or ``NO_ROW``.
    """

    by_id: dict[str, int] = attrs.field(factory=dict, repr=False)
    versions: bytearray = attrs.field(factory=bytearray, repr=False)
    at: "array[int]" = attrs.field(factory=lambda: array("q"), repr=False)
    _newest: int = 0
    _seen: int = attrs.field(init=False, default=0)

    def __len__(self) -> int:
        return len(self.at)

    @property
    def newest(self) -> int:
        """The latest ``edited_at`` of all versions that came. Few ask, so it is looked for then."""
        self._look()
        return self._newest

    def note(self, edited_at: int) -> None:
        """Let an edit count whose version is not appended here."""
        self._newest = max(self._newest, edited_at)

    def _look(self) -> None:
        """Count the edits of what was appended since the last look."""
        if self._seen < len(self.versions):
            self.note(latest_edit(self.versions[self._seen :]))
            self._seen = len(self.versions)

    def extend(self, ids: Sequence[str], versions: bytes, at: Iterable[int]) -> None:
        """Take many responses at once; one that is known already gets a new ordinal."""
        begin = len(self.at)
        self.versions += versions
        self.at.extend(at)
        self.by_id.update(zip(ids, range(begin, begin + len(ids)), strict=True))

    def find(self, response_id: str) -> Stored | None:
        """Return what is known of a response; its place is its ordinal."""
        ordinal = self.by_id.get(response_id)
        if ordinal is None:
            return None
        return Stored(
            revision=revision_in(self.versions, ordinal),
            digest=digest_in(self.versions, ordinal),
            place=None if self.at[ordinal] == NO_ROW else ordinal,
        )

    def put(self, response_id: str, version: bytes) -> int:
        """Note the version of one response; return its ordinal. A new one has no row yet."""
        ordinal = self.by_id.get(response_id)
        if ordinal is None:
            self.extend([response_id], version, [NO_ROW])
            return len(self.at) - 1
        begin = ordinal * VERSION_SIZE
        if begin >= self._seen:
            self._look()
        self.note(edited_at_in(version))
        self.versions[begin : begin + VERSION_SIZE] = version
        return ordinal

    def part(self, ordinals: Iterable[int]) -> bytes:
        """Return the versions of these responses, side by side."""
        size, versions = VERSION_SIZE, self.versions
        return b"".join([versions[each * size : (each + 1) * size] for each in ordinals])
