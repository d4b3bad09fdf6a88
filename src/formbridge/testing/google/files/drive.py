"""All files of everybody, and who may do what with them."""

from collections.abc import Callable, Sequence
from typing import Any

import attrs

from formbridge.testing.google.accounts.grants import Account, Grant
from formbridge.testing.google.behaviour import DOCUMENTED, SEEN, behaves
from formbridge.testing.google.files.file import (
    FOLDER,
    ROLES,
    SHORTCUT,
    SPREADSHEET,
    File,
    Permission,
    SharedDrive,
    higher,
    owner_permission,
)
from formbridge.testing.google.files.ids import root_id
from formbridge.testing.google.files.scopes import reaches
from formbridge.testing.google.files.tree import Tree


class Drive(Tree):
    """Files with their people: what is made, found and shared, and by whom."""

    def list(
        self, matches: Callable[[File], bool], *, seen_until: int | None = None
    ) -> Sequence[File]:
        """Return the files that a predicate finds, the newest first; roots are never among them.

        Search that lags (``seen_until``) does not know yet what was made after that time, and
        knows by its former name what was renamed.
        """
        found = []
        for file in self.all.values():
            known: File | None = file
            if seen_until is not None and file.named > seen_until:
                known = attrs.evolve(file, name=file.earlier_name) if file.earlier_name else None
            if known is not None and not file.is_root and matches(known):
                found.append(file)
        return sorted(found, key=lambda file: (-file.modified, file.id))

    # --- rights ---------------------------------------------------------------------------------

    @behaves("permissions of folders and Shared Drives hold for all that is in them", DOCUMENTED)
    @behaves("who owns a folder may change what others have in it", DOCUMENTED)
    def role(self, email: str, file: File, *, now: int = 0, linked: bool = True) -> str:
        """Return the highest role that somebody has, or nothing.

        Without ``linked``, what anybody may open who knows the link does not count.
        """
        best = ""
        for one in self.chain(file):
            for given in one.permissions:
                known = linked or given.discoverable or given.type in {"user", "group"}
                if known and given.covers(email) and given.lasts(now):
                    inherited = given.role == "owner" and one is not file
                    best = higher(best, "writer" if inherited else given.role)
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

    @behaves("a service account has no storage: only Shared Drives take its files", SEEN)
    def has_room(self, account: Account, mime_type: str, parent: File) -> bool:
        """Whether somebody may put a new file of that type there."""
        needs = mime_type not in {FOLDER, SHORTCUT}
        return bool(parent.drive_id) or not needs or account.storage

    # --- making ---------------------------------------------------------------------------------

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
        **more: Any,
    ) -> File:
        """Make a file in a folder, or in its owner's My Drive; in a Shared Drive nobody owns it."""
        self.people.setdefault(owner.email, owner)
        folder = self.all[parent] if parent else self.root(owner, now=now)
        own = not folder.drive_id
        usual: dict[str, Any] = {
            "created": now,
            "modified": now,
            "viewed": {owner.email: now},
            "edited": {owner.email: now},
        }
        file = File(
            id=file_id or self.fresh_id(mime_type),
            name=name,
            mime_type=mime_type,
            parents=(folder.id,),
            owner=owner.email if own else "",
            drive_id=folder.drive_id,
            modified_by=owner.email,
            named=now,
            permissions=(owner_permission(owner.email),) if own else (),
            clients=frozenset({client} if client else ()),
            space=folder.space,
            **(usual | more),
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
            name=name,
            mime_type=SPREADSHEET,
            owner=owner,
            now=now,
            parent=parent,
            client=client,
            file_id=file_id,
        )

    def add_folder(
        self, name: str, *, owner: Account, now: int, parent: str = "", client: str = ""
    ) -> File:
        """Make a folder."""
        return self.add(
            name=name, mime_type=FOLDER, owner=owner, now=now, parent=parent, client=client
        )

    def add_drive(
        self,
        name: str,
        *,
        by: Account,
        now: int,
        **settings: Any,
    ) -> SharedDrive:
        """Make a Shared Drive, whose maker is its organizer."""
        self.people.setdefault(by.email, by)
        drive = SharedDrive(id=root_id(self.ids), name=name, created=now, settings=settings)
        organizer = attrs.evolve(owner_permission(by.email), role="organizer")
        self.all[drive.id] = File(
            id=drive.id,
            name="Drive",
            mime_type=FOLDER,
            drive_id=drive.id,
            created=now,
            modified=now,
            modified_by=by.email,
            permissions=(organizer,),
        )
        self.drives[drive.id] = drive
        return drive

    # --- permissions ----------------------------------------------------------------------------

    def effective(self, file: File, *, now: int = 0) -> Sequence[tuple[Permission, str]]:
        """Return what holds for a file: each permission with the folder that it comes from, if any.

        Of several for the same people the highest holds.
        """
        held: dict[str, tuple[Permission, str]] = {}
        for one in self.chain(file):
            origin = "" if one is file else one.id
            for given in one.permissions:
                role = "writer" if origin and given.role == "owner" else given.role
                known = held.get(given.id)
                better = known is None or ROLES.get(role, 0) > ROLES.get(known[0].role, 0)
                if given.lasts(now) and better:
                    held[given.id] = (attrs.evolve(given, role=role), origin)
        return list(held.values())

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
        gone = [one.name for one in file.permissions if one.id == permission_id]
        kept = tuple(one for one in file.permissions if one.id != permission_id)
        shared = {name: time for name, time in file.shared.items() if name not in gone}
        return self.put(attrs.evolve(file, permissions=kept, shared=shared), now=now)

    def give_to(self, file_id: str, email: str, *, now: int) -> File:
        """Make somebody else the owner; who owned it becomes a writer."""
        file = self.all[file_id]
        others = tuple(
            attrs.evolve(one, role="writer") if one.role == "owner" else one
            for one in file.permissions
            if one.name.casefold() != email.casefold()
        )
        changed = attrs.evolve(file, owner=email, permissions=(owner_permission(email), *others))
        return self.put(changed, now=now)
