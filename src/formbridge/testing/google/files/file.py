"""What Drive knows of one file. Folders, shortcuts and the roots of drives are files too."""

from collections.abc import Mapping
from typing import Any

import attrs

from formbridge.testing.google.files.ids import permission_id

FOLDER = "application/vnd.google-apps.folder"
SHORTCUT = "application/vnd.google-apps.shortcut"
SPREADSHEET = "application/vnd.google-apps.spreadsheet"
NATIVE = "application/vnd.google-apps."
"""What the types of files begin with that Google's own editors keep."""

ROLES: Mapping[str, int] = {
    "reader": 1,
    "commenter": 2,
    "writer": 3,
    "fileOrganizer": 4,
    "organizer": 5,
    "owner": 6,
}
"""Roles, and which includes which."""


@attrs.frozen(kw_only=True)
class Permission:
    """Who may do what with a file and with all that is in it.

    ``type`` is ``user``, ``group``, ``domain`` or ``anyone``; ``name`` the address or the domain.
    ``expires`` is in microseconds since 1970; None never ends.
    """

    id: str
    type: str
    role: str
    name: str = ""
    discoverable: bool = False
    expires: int | None = None

    def covers(self, email: str) -> bool:
        """Whether it speaks of that person. A group has one member: whoever has its address."""
        if self.type == "anyone":
            return True
        if self.type == "domain":
            return email.casefold().endswith(f"@{self.name.casefold()}")
        return self.name.casefold() == email.casefold()

    def lasts(self, now: int) -> bool:
        """Whether it has not expired."""
        return self.expires is None or self.expires > now


def owner_permission(email: str) -> Permission:
    """Return the permission of a file's owner."""
    return Permission(id=permission_id(email), type="user", role="owner", name=email)


def higher(one: str, other: str) -> str:
    """Return the role that includes the other; an empty one is none."""
    return max(one, other, key=lambda role: ROLES.get(role, 0))


@attrs.frozen(kw_only=True)
class File:
    """A file. Times are in microseconds since 1970, people are their addresses.

    ``parents`` has one folder at most (none where only others see the folder). ``owner`` is empty
    in a Shared Drive, whose id is ``drive_id``. ``trashed`` says whether it was trashed itself, not
    with a folder. ``app_properties`` are by the client that they are private to; ``clients`` are
    those that made or opened it. ``starred``, ``viewed`` and ``edited`` are by person. ``content``
    is None of what Google's editors keep. ``named`` is when the name was given, ``earlier_name``
    what search finds until then (nothing where it is empty). ``settings`` holds what only has to be
    kept, by its name in the API.
    """

    id: str
    name: str
    mime_type: str
    parents: tuple[str, ...] = ()
    owner: str = ""
    drive_id: str = ""
    created: int = 0
    modified: int = 0
    modified_by: str = ""
    named: int = 0
    earlier_name: str = ""
    trashed: bool = False
    trashed_at: int = 0
    trashed_by: str = ""
    properties: Mapping[str, str] = attrs.field(factory=dict)
    app_properties: Mapping[str, Mapping[str, str]] = attrs.field(factory=dict)
    clients: frozenset[str] = frozenset()
    description: str = ""
    starred: frozenset[str] = frozenset()
    viewed: Mapping[str, int] = attrs.field(factory=dict)
    edited: Mapping[str, int] = attrs.field(factory=dict)
    shared: Mapping[str, int] = attrs.field(factory=dict)
    permissions: tuple[Permission, ...] = ()
    target: str = ""
    content: bytes | None = None
    settings: Mapping[str, Any] = attrs.field(factory=dict)
    space: str = "drive"
    version: int = 1

    @property
    def is_folder(self) -> bool:
        """Whether it holds other files."""
        return self.mime_type == FOLDER

    @property
    def is_root(self) -> bool:
        """Whether it is a My Drive, a Shared Drive or a space of an app."""
        return self.is_folder and not self.parents and self.id.startswith("0A")

    @property
    def needs_storage(self) -> bool:
        """Whether it counts against somebody's storage: all but folders and shortcuts."""
        return self.mime_type not in {FOLDER, SHORTCUT}


@attrs.frozen(kw_only=True)
class SharedDrive:
    """A Shared Drive. Its members are the permissions of its root folder, which has the same id."""

    id: str
    name: str
    created: int = 0
    hidden: frozenset[str] = frozenset()
    settings: Mapping[str, Any] = attrs.field(factory=dict)
