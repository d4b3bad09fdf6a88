"""Compare-and-swap on a spreadsheet, made of requests that fail: a token that each write replaces.

Google has no conditional write. But an id of developer metadata that is in use is refused
([documented][1]), and a call is applied whole or not at all. So a write first deletes the entry
with the token that it believes in, and makes the entry anew, with the next token: if somebody else
wrote meanwhile, the entry has another value, is not deleted, and refuses the second request, and
with it everything. Which of two late requests comes first does not matter.

Should a real spreadsheet behave otherwise (``formbridge doctor sheets --probe`` tells), a setting
takes a named range instead, or no fence, which allows one writer only.

[1]: https://developers.google.com/workspace/sheets/api/reference/rest/v4/DeveloperMetadata
"""

from abc import abstractmethod
from typing import Any, Protocol
from uuid import uuid4

from formbridge.adapters.sheets.settings import Fence

Json = dict[str, Any]

TOKEN_ID = 777_001
TOKEN_KEY = "formbridge.token"  # noqa: S105 - a name, no secret
RANGE_NAME = "_formbridge_token"
RANGE_ID = "formbridge-"
NEVER = ""
"""The token of a spreadsheet that was never written."""
SETTLED_SECONDS = 190.0
"""After so long a request is applied or never will be: Google gives up after 180 s."""


class TokenFence(Protocol):
    """How a token is stored, and swapped. ``guards``: whether a late write can be refused."""

    guards: bool
    anchors: bool
    """Whether columns may be fenced by re-creating their anchors in the same call."""

    @abstractmethod
    def read(self, spreadsheet: Json) -> str:
        """Return the token that a spreadsheet has, ``NEVER`` if it has none."""

    @abstractmethod
    def swap(self, expected: str, new: str, sheet: int) -> list[Json]:
        """Return requests that put the new token where the expected one is, or fail."""


class MetadataFence(TokenFence):
    """The token is a value of developer metadata; nobody sees it."""

    guards = True
    anchors = True

    def read(self, spreadsheet: Json) -> str:
        """Look among the spreadsheet's metadata."""
        for entry in spreadsheet.get("developerMetadata", ()):
            if entry.get("metadataId") == TOKEN_ID:
                return str(entry.get("metadataValue", NEVER))
        return NEVER

    def swap(self, expected: str, new: str, sheet: int) -> list[Json]:
        """Delete by id and value, create by id."""
        del sheet
        entry = {
            "metadataId": TOKEN_ID,
            "metadataKey": TOKEN_KEY,
            "metadataValue": new,
            "visibility": "DOCUMENT",
            "location": {"spreadsheet": True},
        }
        create = {"createDeveloperMetadata": {"developerMetadata": entry}}
        if expected == NEVER:
            return [create]
        lookup = {"metadataId": TOKEN_ID, "metadataValue": expected}
        delete = {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": lookup}}}
        return [delete, create]


class NamedRangeFence(TokenFence):
    """The token is the id of a named range, which people see among theirs."""

    guards = True
    anchors = False

    def read(self, spreadsheet: Json) -> str:
        """Look among the named ranges."""
        for each in spreadsheet.get("namedRanges", ()):
            if each.get("name") == RANGE_NAME:
                return str(each["namedRangeId"]).removeprefix(RANGE_ID)
        return NEVER

    def swap(self, expected: str, new: str, sheet: int) -> list[Json]:
        """Delete by id, which must exist; add under a name, which must be free."""
        cell = {"sheetId": sheet, "startRowIndex": 0, "endRowIndex": 1}
        cell |= {"startColumnIndex": 0, "endColumnIndex": 1}
        named = {"namedRangeId": RANGE_ID + new, "name": RANGE_NAME, "range": cell}
        add = {"addNamedRange": {"namedRange": named}}
        if expected == NEVER:
            return [add]
        return [{"deleteNamedRange": {"namedRangeId": RANGE_ID + expected}}, add]


class NoFence(MetadataFence):
    """The token only tells whether a write landed: it is replaced whatever it was."""

    guards = False
    anchors = False

    def swap(self, expected: str, new: str, sheet: int) -> list[Json]:
        """Delete by id alone."""
        *_, create = super().swap(expected, new, sheet)
        lookup = {"metadataId": TOKEN_ID}
        delete = {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": lookup}}}
        return [create] if expected == NEVER else [delete, create]


def fence_of(setting: Fence) -> TokenFence:
    """Return the fence that a setting asks for."""
    fences: dict[Fence, type[TokenFence]] = {
        Fence.METADATA: MetadataFence,
        Fence.NAMED_RANGE: NamedRangeFence,
        Fence.WAIT: NoFence,
    }
    return fences[setting]()


def new_token(sheet: int) -> str:
    """Return a token that nobody else has; it begins with the tab that people see."""
    return f"{sheet}-{uuid4().hex[:16]}"
