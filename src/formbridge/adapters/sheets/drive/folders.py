"""The folder in which spreadsheets are made: found by its id, its mark or its name, or made.

Whoever knows our address can share a folder of any name with it, so a name means our own folders
first, and of those of others only what cannot be mistaken.
"""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

import attrs

from formbridge.adapters.sheets.calls.client import SheetsClient
from formbridge.adapters.sheets.calls.failures import Denied, Forbidden, Missing, Trashed
from formbridge.adapters.sheets.calls.reasons import STORAGE
from formbridge.adapters.sheets.drive import found, naming
from formbridge.adapters.sheets.drive.found import Found
from formbridge.adapters.sheets.drive.making import Maker
from formbridge.adapters.sheets.drive.registry import Registry
from formbridge.adapters.sheets.drive.sharing import Sharing
from formbridge.adapters.sheets.settings import SheetsSettings
from formbridge.domain.errors import TableBusy, TableUnavailable
from formbridge.domain.ports import Clock

Json = dict[str, Any]

MY_DRIVE = "root"
SERVICE = ".gserviceaccount.com"


def ensure_folder(client: SheetsClient, settings: SheetsSettings, *, clock: Clock) -> str:
    """Return the id of the folder that the settings mean, having made and shared it if need be.

    It waits where Google does not say whether the folder was made. Raises ``CallFailed``,
    ``TableUnavailable`` and what the registry raises.
    """
    folders = Folders(
        client=client,
        settings=settings,
        registry=Registry(settings.registry, clock=clock),
        sharing=Sharing(client=client, sharees=settings.sharees),
        clock=clock,
    )
    while True:
        try:
            return folders.ensured().id
        except TableBusy as busy:
            clock.sleep(busy.seconds)


@attrs.define(eq=False, kw_only=True)
class Folders:
    """The folder of one setting. Without ``marking``, one that is found is left as it is."""

    client: SheetsClient
    settings: SheetsSettings
    registry: Registry
    sharing: Sharing
    clock: Clock
    marking: bool = True

    @property
    def known(self) -> str | None:
        """The folder's id as far as it is known without a call."""
        return naming.folder_id(self.settings.folder) or self.registry.folder(self._place)

    def look(self) -> Found | None:
        """Return the folder as it stands, or None if there is none yet.

        Raises ``Missing``, ``Trashed``, ``TableUnavailable`` where a person must decide.
        """
        if self.settings.create and self.registry.attempt(self._place) is not None:
            return None
        known = self.known
        if known is not None:
            try:
                return self._by_id(known)
            except Missing as failed:
                if isinstance(failed, Trashed) or known == naming.folder_id(self.settings.folder):
                    raise
                self.registry.forget_folder(self._place)
        return self._by_name()

    def ensured(self) -> Found:
        """Return the folder, having made and shared it where there is none.

        Raises ``Denied`` for an account that could keep nothing in it, and as ``look``.
        """
        folder = self.look()
        if folder is None:
            if not self.settings.create:
                raise _none(self._name)
            folder = self._made()
        if not folder.takes_files:
            raise Forbidden(
                f"the folder {folder.name!r} ({folder.id}) may only be read{self._by_us}; share it "
                "as Editor (on a Shared Drive: as Content manager)"
            )
        return folder

    # --- by its id ------------------------------------------------------------------------------

    def _by_id(self, folder_id: str) -> Found:
        try:
            folder = Found.of(self.client.file(folder_id, fields=found.FIELDS))
        except Missing as failed:
            raise self._missing(folder_id) from failed
        if folder.kind != naming.FOLDER:
            raise TableUnavailable(
                f"the setting folder names {folder.name!r} ({folder_id}), which is no folder; open "
                "the folder in the browser and copy its address"
            )
        if folder.trashed:
            raise _trashed(folder)
        return folder

    def _missing(self, folder_id: str) -> Missing:
        whom = f" with {self.client.who[0]}" if self.client.who else ""
        return Missing(
            f"the folder {folder_id} is not there, or not shared{whom}; share it as Editor, or "
            "correct the setting folder"
        )

    # --- by its name ----------------------------------------------------------------------------

    @property
    def _name(self) -> str:
        return self.settings.folder.strip()

    @property
    def _place(self) -> str:
        """What the registry knows the folder by: its name, at the service that has it."""
        return f"{self.settings.endpoint or 'google'} {self._name}"

    @property
    def _mark(self) -> str:
        return blake2b(self._name.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

    @property
    def _by_us(self) -> str:
        return f" by {self.client.who[0]}" if self.client.who else ""

    def _by_name(self) -> Found | None:
        of_type = f"mimeType={naming.quoted(naming.FOLDER)}"
        name = naming.quoted(naming.tidied(self._name))
        mark = naming.has_mark(naming.HOME_MARK, self._mark)
        query = naming.both(of_type, f"(name={name} or {mark})")
        folders = [it for it in found.searched(self.client, query) if self._is_it(it)]
        chosen = self._chosen([it for it in folders if not it.trashed])
        if chosen is None:
            gone = [it for it in folders if it.trashed and (self._is_marked(it) or it.mine)]
            if gone:
                raise _trashed(gone[0])
            return None
        if self.marking and not self._is_marked(chosen) and chosen.editable:
            self.client.change_file(chosen.id, {"appProperties": {naming.HOME_MARK: self._mark}})
        self.registry.keep_folder(self._place, chosen.id)
        return chosen

    def _is_it(self, folder: Found) -> bool:
        return self._is_marked(folder) or naming.tidied(folder.name) == naming.tidied(self._name)

    def _is_marked(self, folder: Found) -> bool:
        return folder.marks.get(naming.HOME_MARK) == self._mark

    def _chosen(self, folders: Sequence[Found]) -> Found | None:
        """Return the folder that is meant, the same one for everybody: they come oldest first."""
        marked = [it for it in folders if self._is_marked(it)]
        ours = [it for it in folders if it.mine or it.drive]
        if marked or ours:
            return (marked or ours)[0]
        owners = sorted({it.owner for it in folders})
        if len(owners) > 1:
            raise TableUnavailable(
                f"several people share a folder called {self._name!r} with this account "
                f"({', '.join(owners)}); name the right one by its id in the setting folder"
            )
        return folders[0] if folders else None

    # --- made -----------------------------------------------------------------------------------

    def _made(self) -> Found:
        maker = Maker(client=self.client, registry=self.registry, clock=self.clock)
        folder_id = maker.make(
            self._place, self._body, candidates=self._candidates, is_empty=self._is_empty
        )
        self.sharing.share(folder_id, what=f"the folder {self._name!r}")
        self.registry.keep_folder(self._place, folder_id)
        self.registry.end(self._place)
        return self._by_id(folder_id)

    def _body(self) -> Json:
        self._check_storage()
        return {
            "name": naming.tidied(self._name),
            "mimeType": naming.FOLDER,
            "appProperties": {naming.HOME_MARK: self._mark, naming.VERSION_MARK: naming.VERSION},
        }

    def _candidates(self) -> list[Found]:
        listed = found.inside(self.client, MY_DRIVE, kind=naming.FOLDER)
        return [it for it in listed if self._is_marked(it) and not it.trashed]

    def _is_empty(self, folder_id: str) -> bool:
        return not self.client.files(f"{naming.quoted(folder_id)} in parents", fields="id")

    def _check_storage(self) -> None:
        """Refuse to make a folder that could hold nothing: service accounts own no files."""
        about = self.client.about("user(emailAddress),storageQuota(limit)")
        who = about.get("user", {}).get("emailAddress", "")
        if who.endswith(SERVICE) and about.get("storageQuota", {}).get("limit") == "0":
            raise Denied(
                f"there is no folder called {self._name!r} that {who} sees, and what it made by "
                f"itself could hold nothing: {STORAGE} (storageQuotaExceeded)",
                code="storageQuotaExceeded",
            )


def _none(name: str) -> TableUnavailable:
    return TableUnavailable(
        f"there is no folder called {name!r}, and create is off, so none is made; make it, or "
        "switch create on"
    )


def _trashed(folder: Found) -> Trashed:
    return Trashed(
        f"the folder {folder.name!r} ({folder.id}) is in the trash; restore it, or delete it for "
        "good and name another one in the setting folder"
    )
