"""Files in folders: how they lie in each other, come, move and go."""

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

import attrs

from formbridge.testing.google.accounts.grants import Account
from formbridge.testing.google.behaviour import DOCUMENTED, behaves
from formbridge.testing.google.files.file import (
    FOLDER,
    NATIVE,
    SHORTCUT,
    File,
    SharedDrive,
    owner_permission,
)
from formbridge.testing.google.files.ids import document_id, file_id, root_id
from formbridge.testing.google.messages import Body

DEPTH = 100
"""How deep folders lie at most (documented)."""


class Tree:
    """Files by id, Shared Drives, and the log of changes. Pure: time and chance are given.

    ``remarks`` holds the comments of files, ``sessions`` the uploads that are not complete.

    Whatever changes a file puts a new ``File`` in its place, so a reader's value never changes.
    Methods that change take it that the caller has asked whether it may be done.
    """

    def __init__(self, ids: Random) -> None:
        """Begin with nothing."""
        self.ids = ids
        self.all: dict[str, File] = {}
        self.roots: dict[tuple[str, str], str] = {}
        self.drives: dict[str, SharedDrive] = {}
        self.people: dict[str, Account] = {}
        self.changes: list[tuple[int, str]] = []
        self.remarks: dict[str, list[Body]] = {}
        self.sessions: dict[str, Body] = {}

    # --- reading --------------------------------------------------------------------------------

    def get(self, file_id: str) -> File | None:
        """Return a file, whoever may see it."""
        return self.all.get(file_id)

    def root(self, account: Account, *, now: int = 0, space: str = "drive") -> File:
        """Return somebody's My Drive (or app data folder), which is there from the first call."""
        self.people.setdefault(account.email, account)
        key = (account.email, space)
        if key not in self.roots:
            root = File(
                id=root_id(self.ids),
                name="My Drive" if space == "drive" else "appDataFolder",
                mime_type=FOLDER,
                owner=account.email,
                space=space,
                created=now,
                modified=now,
                modified_by=account.email,
                permissions=(owner_permission(account.email),),
            )
            self.all[root.id] = root
            self.roots[key] = root.id
        return self.all[self.roots[key]]

    def chain(self, file: File) -> Iterator[File]:
        """Yield the file, its folder, and so on up to a root."""
        current: File | None = file
        for _ in range(DEPTH + 2):
            if current is None:
                return
            yield current
            current = self.all.get(current.parents[0]) if current.parents else None

    def children(self, folder_id: str) -> list[File]:
        """Return the files in a folder."""
        return [file for file in self.all.values() if folder_id in file.parents]

    def below(self, file: File) -> list[File]:
        """Return everything in a folder and in its folders."""
        found: list[File] = []
        waiting = [file.id] if file.is_folder else []
        while waiting:
            inside = self.children(waiting.pop())
            found += inside
            waiting += [child.id for child in inside if child.is_folder]
        return found

    @behaves("what is in a trashed folder is trashed", DOCUMENTED)
    def is_trashed(self, file: File) -> bool:
        """Whether a file or one of its folders is in the trash."""
        return any(one.trashed for one in self.chain(file))

    # --- changing -------------------------------------------------------------------------------

    def put(self, file: File, *, now: int) -> File:
        """Keep a new state of a file, and log the change."""
        before = self.all.get(file.id)
        if before is not None:
            file = attrs.evolve(file, version=before.version + 1)
        self.all[file.id] = file
        self.changes.append((now, file.id))
        return file

    def fresh_id(self, mime_type: str) -> str:
        """Return a new id of the length that files of that type have."""
        native = mime_type.startswith(NATIVE) and mime_type not in {FOLDER, SHORTCUT}
        return document_id(self.ids) if native else file_id(self.ids)

    def touch(
        self,
        file_id: str,
        by: Account,
        now: int,
        **changes: Any,
    ) -> File:
        """Note that somebody has changed a file's content, and what of the file they changed."""
        file = self.all[file_id]
        self.people.setdefault(by.email, by)
        usual: dict[str, Any] = {
            "modified": now,
            "modified_by": by.email,
            "viewed": {**file.viewed, by.email: now},
            "edited": {**file.edited, by.email: changes.get("modified", now)},
        }
        return self.put(attrs.evolve(file, **(usual | changes)), now=now)

    def rename(self, file_id: str, name: str, *, by: Account, now: int) -> File:
        """Give a file another name; search may know it later. The same name changes nothing."""
        file = self.all[file_id]
        if file.name == name:
            return file
        return self.touch(file_id, by, now, name=name, named=now, earlier_name=file.name)

    def trash(self, file_id: str, *, by: Account, now: int) -> File:
        """Put a file into the trash, and all that is in it."""
        file = self.all[file_id]
        return self.put(
            attrs.evolve(file, trashed=True, trashed_at=now, trashed_by=by.email), now=now
        )

    def restore(self, file_id: str, *, now: int) -> File:
        """Take a file out of the trash."""
        file = self.all[file_id]
        return self.put(attrs.evolve(file, trashed=False, trashed_at=0, trashed_by=""), now=now)

    @behaves("what is moved out of a Shared Drive belongs to whoever moved it", DOCUMENTED)
    def move(self, file_id: str, parent: str, *, by: Account, now: int) -> File:
        """Put a file into another folder; what is in it comes along into that folder's drive."""
        folder = self.all[parent]
        moved = attrs.evolve(self.all[file_id], parents=(folder.id,))
        for child in self.below(moved):
            self.all[child.id] = _settled(child, folder.drive_id, by)
        return self.put(_settled(moved, folder.drive_id, by), now=now)

    @behaves("deleting a folder deletes what its owner has in it, not what others have", DOCUMENTED)
    def delete(self, file_id: str, *, now: int) -> Sequence[str]:
        """Remove a file for good, and what is in it; return the ids of all that is gone.

        What somebody else owns stays, without a folder.
        """
        file = self.all[file_id]
        inside = self.below(file)
        gone = [file_id, *(child.id for child in inside if child.owner == file.owner)]
        for child in inside:
            if child.owner != file.owner and child.parents[0] in gone:
                self.put(attrs.evolve(child, parents=()), now=now)
        for one in gone:
            del self.all[one]
            self.changes.append((now, one))
        return gone


def _settled(file: File, drive_id: str, by: Account) -> File:
    """Return a file as a drive has it: in a Shared Drive nobody owns it."""
    if file.drive_id == drive_id:
        return file
    direct = tuple(one for one in file.permissions if one.role != "owner")
    if drive_id:
        return attrs.evolve(file, drive_id=drive_id, owner="", permissions=direct)
    owner = owner_permission(by.email)
    others = tuple(one for one in direct if one.id != owner.id)
    return attrs.evolve(file, drive_id="", owner=by.email, permissions=(owner, *others))
