"""Gives what was made to the people and groups that the settings name.

Sharing twice is sharing once, so a call whose outcome is unknown is simply made again. Nobody gets
an email: a form that begins at night need not wake its team.
"""

import attrs

from formbridge.adapters.sheets.calls.client import SheetsClient
from formbridge.adapters.sheets.calls.failures import Forbidden, Invalid
from formbridge.adapters.sheets.sharees import Sharee
from formbridge.domain.errors import TableUnavailable


@attrs.define(eq=False, kw_only=True)
class Sharing:
    """Shares files with everybody whom the settings name, but for the account itself."""

    client: SheetsClient
    sharees: tuple[Sharee, ...]
    _ourselves: str | None = attrs.field(init=False, default=None)

    def share(self, file_id: str, *, what: str) -> None:
        """Give everybody access; ``what`` says to what. One call for each of them.

        Raises ``CallFailed``, and ``TableUnavailable`` for somebody whom Google refuses.
        """
        for sharee in self.sharees:
            if sharee.address.casefold() == self._us():
                continue  # a second permission would take the first one's place
            try:
                self.client.share(file_id, sharee.permission)
            except (Forbidden, Invalid) as failed:
                raise _refused(sharee, what) from failed

    def _us(self) -> str:
        """Return our own address: the credentials of a user do not tell it."""
        if self._ourselves is None:
            user = self.client.about("user(emailAddress)").get("user", {})
            self._ourselves = str(user.get("emailAddress", "")).casefold()
        return self._ourselves


def _refused(sharee: Sharee, what: str) -> TableUnavailable:
    return TableUnavailable(
        f"{what} was made, but Google does not let it be shared with {sharee.address} as "
        f"{sharee.role}: there is no such Google account, or the organization or the Shared Drive "
        "keeps others out; correct share_with, or ask the administrator"
    )
