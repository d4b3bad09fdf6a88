"""All files of everybody, and who may do what with them."""

from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any

import attrs

from formbridge.testing.google.accounts.grants import Account, Grant
from formbridge.testing.google.behaviour import DOCUMENTED, SEEN, behaves
from formbridge.testing.google.drive.file import (
    FOLDER,
    NATIVE,
    ROLES,
    SHORTCUT,
    SPREADSHEET,
    File,
    Permission,
    SharedDrive,
)
from formbridge.testing.google.drive.ids import document_id, file_id, permission_id, root_id
from formbridge.testing.google.drive.scopes import reaches

DEPTH = 100
"""How deep folders lie at most (documented)."""


class Drive:
    """Files by id, Shared Drives, and the log of changes. Pure: time and chance are given.

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

    # --- reading --------------------------------------------------------------------------------

    def get(self, file_id: str) -> File | None:
        """Return a file, whoever may see it."""
        return self.all.get(file_id)

    def root(self, account: Account, *, now: int = 0, space: str = "drive") -> File:
        """Return somebody's My Drive (or app data folder), which is there from the first call on."""
        self.people.setdefault(account.email, account)
        key = (account.email, space)
        if key not in self.roots:
            name = "My Drive" if space == "drive" else "appDataFolder"
            owner = _owner(account.email)
            root = File(
                id=root_id(self.ids), name=name, mime_type=FOLDER, owner=account.email,
                space=space, created=now, modified=now, permissions=(owner,),
                modified_by=account.email,
            )  # fmt: skip
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

    def list(
        self,
        matches: Callable[[File], bool],
        *,
        seen_until: int | None = None,
        by_name: bool = False,
    ) -> Sequence[File]:
        """Return the files that a predicate finds, the newest first; roots are never among them.

        Searches by name (``by_name``) do not yet know what was named after ``seen_until``.
        """
        found = []
        for file in self.all.values():
            known: File | None = file
            if by_name and seen_until is not None and file.named > seen_until:
                known = attrs.evolve(file, name=file.earlier_name) if file.earlier_name else None
            if known is not None and not file.is_root and matches(known):
                found.append(file)
        return sorted(found, key=lambda file: (-file.modified, file.id))

    # --- rights ---------------------------------------------------------------------------------

    @behaves("permissions of folders and Shared Drives hold for all that is in them", DOCUMENTED)
    def role(self, email: str, file: File, *, now: int = 0, linked: bool = True) -> str:
        """Return the highest role that somebody has, or nothing.

        The owner of a folder is a writer of what others put into it. Without ``linked``, what
        everybody may open who knows the link does not count.
        """
        best = "owner" if file.owner and file.owner.casefold() == email.casefold() else ""
        for one in self.chain(file):
            for permission in one.permissions:
                live = permission.expires is None or permission.expires > now
                known = linked or permission.discoverable or permission.type in {"user", "group"}
                if live and known and permission.covers(email):
                    inherited = permission.role == "owner" and one is not file
                    role = "writer" if inherited else permission.role
                    best = max(best, role, key=lambda name: ROLES.get(name, 0))
        return best

    def may(
        self, grant: Grant, file_id: str, *, write: bool, sheets: bool = True, now: int = 0
    ) -> bool:
        """Whether a token may read or write a file: its account's role and its scopes.

        ``sheets`` counts the scopes of the Sheets API too.
        """
        file = self.all.get(file_id)
        if file is None:
            return False
        role = self.role(grant.account.email, file, now=now)
        enough = ROLES.get(role, 0) >= ROLES["writer" if write else "reader"]
        return enough and reaches(grant, file, write=write, sheets=sheets)

    @behaves(
        "a service account has no storage, so only Shared Drives take its files",
        SEEN,
        "sheets.md 2.3",
    )
    def has_room(self, account: Account, mime_type: str, parent: File) -> bool:
        """Whether somebody may put a new file of that type there."""
        needs = mime_type not in {FOLDER, SHORTCUT}
        return bool(parent.drive_id) or not needs or account.storage

    # --- changing -------------------------------------------------------------------------------

    def put(self, file: File, *, now: int) -> File:
        """Keep a new state of a file, and log the change."""
        before = self.all.get(file.id)
        if before is not None:
            file = attrs.evolve(file, version=before.version + 1)
        self.all[file.id] = file
        self.changes.append((now, file.id))
        return file

    def add(
        self,
        *,
        name: str,
        mime_type: str,
        owner: Account,
        now: int,
        parent: str = "",
        client: str = "",
        file_id: str = "",
        **more: Any,  # noqa: ANN401 - fields of File
    ) -> File:
        """Make a file in a folder, or in its owner's My Drive; in a Shared Drive nobody owns it."""
        self.people.setdefault(owner.email, owner)
        folder = self.all[parent] if parent else self.root(owner, now=now)
        own = not folder.drive_id
        file = File(
            id=file_id or self.fresh_id(mime_type),
            name=name,
            mime_type=mime_type,
            parents=(folder.id,),
            owner=owner.email if own else "",
            drive_id=folder.drive_id,
            created=now,
            modified=now,
            modified_by=owner.email,
            named=now,
            permissions=(_owner(owner.email),) if own else (),
            clients=frozenset({client} if client else ()),
            viewed={owner.email: now},
            edited={owner.email: now},
            space=folder.space,
            **more,
        )
        return self.put(file, now=now)

    def add_spreadsheet(
        self,
        name: str,
        *,
        owner: Account,
        now: int,
        parent: str = "",
        client: str = "",
        file_id: str = "",
    ) -> File:
        """Make the file of a spreadsheet; the caller keeps the spreadsheet itself under its id."""
        return self.add(
            name=name, mime_type=SPREADSHEET, owner=owner, now=now, parent=parent,
            client=client, file_id=file_id,
        )  # fmt: skip

    def add_folder(
        self, name: str, *, owner: Account, now: int, parent: str = "", client: str = ""
    ) -> File:
        """Make a folder."""
        return self.add(
            name=name, mime_type=FOLDER, owner=owner, now=now, parent=parent, client=client
        )

    def add_drive(self, name: str, *, by: Account, now: int, **settings: Any) -> SharedDrive:  # noqa: ANN401 - JSON
        """Make a Shared Drive, whose maker is its organizer."""
        self.people.setdefault(by.email, by)
        drive = SharedDrive(id=root_id(self.ids), name=name, created=now, settings=settings)
        root = File(
            id=drive.id, name="Drive", mime_type=FOLDER, drive_id=drive.id, created=now,
            modified=now, permissions=(attrs.evolve(_owner(by.email), role="organizer"),), modified_by=by.email,
        )  # fmt: skip
        self.all[drive.id] = root
        self.drives[drive.id] = drive
        return drive

    def fresh_id(self, mime_type: str) -> str:
        """Return a new id of the length that files of that type have."""
        native = mime_type.startswith(NATIVE) and mime_type not in {FOLDER, SHORTCUT}
        return document_id(self.ids) if native else file_id(self.ids)

    def touch(self, file_id: str, by: Account, now: int, **changes: Any) -> File:  # noqa: ANN401 - fields of File
        """Note that somebody has changed a file's content, and how."""
        file = self.all[file_id]
        self.people.setdefault(by.email, by)
        seen = {"viewed": {**file.viewed, by.email: now}, "edited": {**file.edited, by.email: now}}
        changed = attrs.evolve(
            file, **{"modified": now, "modified_by": by.email, **seen, **changes}
        )
        return self.put(changed, now=now)

    def rename(self, file_id: str, name: str, *, by: Account, now: int) -> File:
        """Give a file another name; search may know it later. The same name changes nothing."""
        file = self.all[file_id]
        if file.name == name:
            return file
        return self.touch(file_id, by, now, name=name, named=now, earlier_name=file.name)

    def trash(self, file_id: str, *, by: Account, now: int) -> File:
        """Put a file into the trash, and all that is in it."""
        trashed = attrs.evolve(self.all[file_id], trashed=True, trashed_at=now, trashed_by=by.email)
        return self.put(trashed, now=now)

    def restore(self, file_id: str, *, now: int) -> File:
        """Take a file out of the trash."""
        return self.put(
            attrs.evolve(self.all[file_id], trashed=False, trashed_at=0, trashed_by=""), now=now
        )

    def move(self, file_id: str, parent: str, *, now: int) -> File:
        """Put a file into another folder; what is in it comes along into that folder's drive."""
        folder = self.all[parent]
        moved = attrs.evolve(self.all[file_id], parents=(folder.id,))
        for child in self.below(moved):
            self.all[child.id] = self._settled(child, folder.drive_id)
        return self.put(self._settled(moved, folder.drive_id), now=now)

    def _settled(self, file: File, drive_id: str) -> File:
        """Return a file as a drive has it: in a Shared Drive nobody owns it."""
        if file.drive_id == drive_id:
            return file
        direct = tuple(permission for permission in file.permissions if permission.role != "owner")
        return attrs.evolve(
            file, drive_id=drive_id, owner="" if drive_id else file.owner, permissions=direct
        )

    @behaves(
        "deleting a folder deletes its owner's files in it; those of others stay without a folder",
        DOCUMENTED,
    )
    def delete(self, file_id: str, *, now: int) -> Sequence[str]:
        """Remove a file for good, and what is in it; return the ids of all that is gone."""
        file = self.all[file_id]
        gone = [file_id]
        for child in self.below(file):
            if child.owner == file.owner:
                gone.append(child.id)
            else:
                self.put(attrs.evolve(child, parents=()), now=now)
        for one in gone:
            del self.all[one]
            self.changes.append((now, one))
        return gone

    # --- permissions ----------------------------------------------------------------------------

    def permit(self, file_id: str, permission: Permission, *, now: int) -> File:
        """Give a permission; it replaces one of the same id."""
        file = self.all[file_id]
        others = tuple(one for one in file.permissions if one.id != permission.id)
        shared = dict(file.shared)
        if permission.type in {"user", "group"}:
            shared.setdefault(permission.name, now)
        changed = attrs.evolve(file, permissions=(*others, permission), shared=shared)
        return self.put(changed, now=now)

    def forbid(self, file_id: str, permission_id: str, *, now: int) -> File:
        """Take a permission away."""
        file = self.all[file_id]
        kept = tuple(one for one in file.permissions if one.id != permission_id)
        return self.put(attrs.evolve(file, permissions=kept), now=now)

    def give_to(self, file_id: str, email: str, *, now: int) -> File:
        """Make somebody else the owner; who owned it becomes a writer."""
        file = self.all[file_id]
        others = tuple(
            attrs.evolve(one, role="writer") if one.role == "owner" else one
            for one in file.permissions
            if one.name.casefold() != email.casefold()
        )
        changed = attrs.evolve(file, owner=email, permissions=(_owner(email), *others))
        return self.put(changed, now=now)


def _owner(email: str) -> Permission:
    return Permission(id=permission_id(email), type="user", role="owner", name=email)
