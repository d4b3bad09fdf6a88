"""Gives what was made to the people and groups that the settings name.

Sharing twice is sharing once, so a call whose outcome is unknown is simply made again. Nobody gets
an email: a form that begins at night need not wake its team.
"""

from collections.abc import Iterable

from formbridge.adapters.sheets.client import SheetsClient
from formbridge.adapters.sheets.failures import Forbidden, Invalid
from formbridge.adapters.sheets.sharees import Sharee
from formbridge.domain.errors import TableUnavailable


def share(
    client: SheetsClient, file_id: str, sharees: Iterable[Sharee], *, what: str, in_drive: bool
) -> None:
    """Give everybody access to a file; ``what`` says which it is. One call for each of them.

    Who makes the file is left out: a second permission would take the first one's place. In a
    Shared Drive (``in_drive``) folders can be shared by managers only, and members have access
    anyway. Raises ``CallFailed``, and ``TableUnavailable`` for somebody whom Google refuses.
    """
    ourselves = {who.casefold() for who in client.who}
    for sharee in sharees:
        if sharee.address.casefold() in ourselves:
            continue
        try:
            client.share(file_id, sharee.permission)
        except (Forbidden, Invalid) as failed:
            raise _refused(sharee, what, in_drive=in_drive) from failed


def _refused(sharee: Sharee, what: str, *, in_drive: bool) -> TableUnavailable:
    drive = ", the Shared Drive keeps others out" if in_drive else ""
    return TableUnavailable(
        f"{what} was made, but Google does not let it be shared with {sharee.address!r} as "
        f"{sharee.role}: there is no such Google account, or the organization keeps others out"
        f"{drive}; correct share_with, or ask the administrator"
    )
