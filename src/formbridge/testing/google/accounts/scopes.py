"""The scopes that a token may have, as far as Sheets and Drive ask for any."""

AUTH = "https://www.googleapis.com/auth/"

EVERY_SCOPE = frozenset(
    AUTH + name
    for name in (
        "docs",
        "drive",
        "drive.appdata",
        "drive.apps.readonly",
        "drive.file",
        "drive.meet.readonly",
        "drive.metadata",
        "drive.metadata.readonly",
        "drive.photos.readonly",
        "drive.readonly",
        "drive.scripts",
        "spreadsheets",
        "spreadsheets.readonly",
        "userinfo.email",
        "userinfo.profile",
    )
) | {"openid"}
"""What the token of the plain start has."""


def scopes_of(text: str) -> frozenset[str]:
    """Return the scopes of a text that names them with spaces or commas in between."""
    return frozenset(text.replace(",", " ").split())


def well_formed(scope: str) -> bool:
    """Whether a scope can be Google's: an address, or one of OpenID's words."""
    return scope.startswith("https://") or scope in {"openid", "email", "profile"}
