"""Who calls: keys of service accounts, users who signed in, or what the machine itself has.

Source of the kinds of files: google-auth's ``from_service_account_info`` and
``from_authorized_user_info``; of the scopes: the Sheets and Drive API guides. ``drive`` is needed,
not ``drive.file``: people make the folder, and sheets that are adopted.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs
import google.auth
from google.auth.credentials import Credentials
from google.auth.exceptions import GoogleAuthError
from google.oauth2 import credentials as users
from google.oauth2 import service_account

from formbridge.adapters.sheets.settings import SheetsSettings
from formbridge.domain.errors import BadSetting

SCOPES = (
    "https://www.googleapis.com/auth/spreadsheets",
    "https://www.googleapis.com/auth/drive",
)
TEST_TOKEN = "test-token"  # noqa: S105 - the emulator's plain user: known to everybody


class LocalServiceAccount(service_account.Credentials):
    """A service account at an endpoint that is not Google's.

    google-auth asks iamcredentials.googleapis.com in a thread of its own, after each token, in
    which regions the account may be used. Elsewhere there is nobody to ask.
    """

    def _is_regional_access_boundary_lookup_required(self) -> bool:
        return False


@attrs.frozen(kw_only=True)
class Account:
    """Credentials, and whose they are: an email address, or what else is known of them."""

    credentials: Credentials
    who: str


def accounts_of(settings: SheetsSettings) -> tuple[Account, ...]:
    """Open the credentials that the settings name. Calls nobody. Raises BadSetting."""
    if settings.credentials:
        return tuple(_of_file(path, settings) for path in settings.credentials)
    if settings.local:
        if settings.subject:
            raise BadSetting("subject needs the key of a service account; name it in credentials")
        return (Account(credentials=users.Credentials(TEST_TOKEN), who=""),)
    return (_of_machine(settings),)


def _of_file(path: Path, settings: SheetsSettings) -> Account:
    info = _read(path)
    kind = info.get("type")
    if kind == "service_account":
        return _service_account(path, info, settings)
    if settings.subject:
        raise BadSetting(f"subject needs the key of a service account; {path} is of a user")
    if kind == "authorized_user":
        return _user(path, info)
    raise BadSetting(f"credentials: {path} {_unusable(info)}")


def _read(path: Path) -> Mapping[str, Any]:
    try:
        info = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise BadSetting(f"credentials: {path} cannot be read: {error.strerror}") from error
    except ValueError:  # its text would show a part of the key
        raise BadSetting(f"credentials: {path} is no JSON; download the key anew") from None
    if not isinstance(info, dict):
        raise BadSetting(f"credentials: {path} is no key file; download the key anew")
    return info


def _unusable(info: Mapping[str, Any]) -> str:
    if "installed" in info or "web" in info:
        remedy = "sign in with it (gcloud auth application-default login --client-id-file=FILE)"
        return f"is of an OAuth client, with which users sign in; {remedy} and name what that gives"
    if isinstance(info.get("type"), str):
        remedy = "name it in GOOGLE_APPLICATION_CREDENTIALS, and leave credentials out"
        return f"is of the kind {info['type']!r}; {remedy}"
    return 'is no key file: it has no "type"; download the key of a service account as JSON'


def _service_account(path: Path, info: Mapping[str, Any], settings: SheetsSettings) -> Account:
    kind = LocalServiceAccount if settings.endpoint else service_account.Credentials
    try:
        made = kind.from_service_account_info(info, scopes=SCOPES, subject=settings.subject or None)
    except (ValueError, GoogleAuthError, TypeError):
        reason = "is no complete key of a service account"
        raise BadSetting(f"credentials: {path} {reason}; download the key anew") from None
    return Account(credentials=made, who=settings.subject or made.service_account_email)


def _user(path: Path, info: Mapping[str, Any]) -> Account:
    try:
        made = users.Credentials.from_authorized_user_info(info)
    except (ValueError, GoogleAuthError, TypeError):
        reason = "lacks refresh_token, client_id or client_secret"
        raise BadSetting(f"credentials: {path} {reason}; sign in anew") from None
    return Account(credentials=made, who=str(info.get("account", "")))


def _of_machine(settings: SheetsSettings) -> Account:
    """Return Application Default Credentials."""
    try:
        made, _ = google.auth.default(scopes=SCOPES)
    except GoogleAuthError:
        raise BadSetting(
            "no credentials: name the key file of a service account in credentials, or set "
            "GOOGLE_APPLICATION_CREDENTIALS, or run gcloud auth application-default login"
        ) from None
    if settings.subject:
        made = _acting(made, settings.subject)
    who = settings.subject or getattr(made, "service_account_email", "") or ""
    return Account(credentials=made, who="" if who == "default" else who)


def _acting(made: Credentials, subject: str) -> Credentials:
    if not isinstance(made, service_account.Credentials):
        raise BadSetting(
            "subject needs the key of a service account, and the machine's own credentials are "
            "none; name the key file in credentials"
        )
    acting: Credentials = made.with_subject(subject)
    return acting
