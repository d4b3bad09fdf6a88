"""Files as a search of Drive shows them, and the searches that find ours."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

import attrs

from formbridge.adapters.sheets.calls.client import SheetsClient
from formbridge.adapters.sheets.drive import naming

Json = dict[str, Any]

FIELDS = (
    "id,name,mimeType,createdTime,trashed,driveId,ownedByMe,owners(emailAddress),appProperties,"
    "capabilities(canEdit,canAddChildren)"
)


@attrs.frozen(kw_only=True)
class Found:
    """A file or a folder. ``created`` is RFC 3339 in UTC, to the millisecond.

    ``marks`` are ours (``appProperties``); ``drive`` is the id of its Shared Drive, ``owner`` an
    email address, both empty where there is none.
    """

    id: str
    name: str = ""
    kind: str = ""
    created: str = ""
    trashed: bool = False
    drive: str = ""
    mine: bool = False
    owner: str = ""
    marks: Mapping[str, str] = attrs.field(factory=dict)
    editable: bool = False
    takes_files: bool = False

    @classmethod
    def of(cls, file: Json) -> Self:
        """Read what ``FIELDS`` asks for."""
        capabilities = file.get("capabilities", {})
        owners = file.get("owners") or [{}]
        return cls(
            id=file["id"],
            name=file.get("name", ""),
            kind=file.get("mimeType", ""),
            created=file.get("createdTime", ""),
            trashed=file.get("trashed", False),
            drive=file.get("driveId", ""),
            mine=file.get("ownedByMe", False),
            owner=owners[0].get("emailAddress", ""),
            marks=file.get("appProperties", {}),
            editable=capabilities.get("canEdit", False),
            takes_files=capabilities.get("canAddChildren", False),
        )

    @property
    def age(self) -> tuple[str, str]:
        """What the oldest has the least of: everybody sorts by it, so all choose the same one."""
        return self.created, self.id


def oldest_first(files: Sequence[Found]) -> list[Found]:
    """Return files as everybody orders them: by their creation, then by their id."""
    return sorted(files, key=lambda file: file.age)


def searched(client: SheetsClient, query: str, *, drive: str = "") -> list[Found]:
    """Return all that a search finds, the oldest first; ``drive``: on that Shared Drive only."""
    return oldest_first([Found.of(it) for it in client.files(query, fields=FIELDS, drive=drive)])


def inside(client: SheetsClient, folder: str, *, kind: str, drive: str = "") -> list[Found]:
    """Return the files of a type that lie in a folder, also those in the trash.

    By their parent, not by their name: for that search was seen to lag for minutes (kopia #90).
    """
    terms = (f"{naming.quoted(folder)} in parents", f"mimeType={naming.quoted(kind)}")
    return searched(client, naming.both(*terms), drive=drive)


def cared_for(client: SheetsClient, folder: str) -> list[Found]:
    """Return the spreadsheets that a folder's marks are on, wherever people have moved them."""
    of_type = f"mimeType={naming.quoted(naming.SPREADSHEET)}"
    return searched(client, naming.both(of_type, naming.has_mark(naming.FOLDER_MARK, folder)))
