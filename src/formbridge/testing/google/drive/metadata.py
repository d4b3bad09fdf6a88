"""What a caller says about a file, checked, as changes of the file."""

from collections.abc import Mapping
from typing import Any

from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, SEEN, behaves
from formbridge.testing.google.drive.refusals import forbidden, invalid_value
from formbridge.testing.google.drive.times import moment
from formbridge.testing.google.files.file import File
from formbridge.testing.google.files.scopes import client_of
from formbridge.testing.google.messages import Body
from formbridge.testing.google.routes import Call

KEPT = frozenset(
    {
        "contentHints",
        "contentRestrictions",
        "copyRequiresWriterPermission",
        "downloadRestrictions",
        "folderColorRgb",
        "inheritedPermissionsDisabled",
        "originalFilename",
        "viewersCanCopyContent",
        "writersCanShare",
    }
)
"""Fields that are only kept and shown."""

COMMON = KEPT | {
    "appProperties",
    "description",
    "kind",
    "mimeType",
    "modifiedTime",
    "name",
    "properties",
    "starred",
    "viewedByMeTime",
}
ON_CREATE = COMMON | {"createdTime", "id", "parents", "shortcutDetails"}
ON_UPDATE = COMMON | {"trashed"}

PERSONAL = frozenset({"starred", "viewedByMeTime", "kind"})
"""What readers may say too, because it is about themselves."""

PAIR_BYTES, PAIRS_PUBLIC, PAIRS_PRIVATE = 124, 30, 30


@behaves("fields that only Drive writes are refused with fieldNotWritable", SEEN)
def check_fields(body: Body, allowed: frozenset[str]) -> None:
    """Raise the 403 where a body speaks of what the caller cannot say."""
    said = {name for name, value in body.items() if value is not None}
    if "parents" in said - allowed:
        message = (
            "The parents field is not directly writable in update requests. "
            "Use the addParents and removeParents parameters instead."
        )
        raise forbidden("fieldNotWritable", message)
    if said - allowed:
        message = "The resource body includes fields which are not directly writable."
        raise forbidden("fieldNotWritable", message)


def changes(call: Call, file: File | None, body: Body) -> dict[str, Any]:
    """Return the fields of ``File`` that a body sets, other than name, type, folder and trash."""
    email = call.grant.account.email
    found: dict[str, Any] = {}
    if body.get("description") is not None:
        found["description"] = body["description"]
    if body.get("starred") is not None:
        others = (file.starred if file else frozenset()) - {email}
        found["starred"] = others | {email} if body["starred"] else others
    found |= _pairs(call, file, body) | _times(email, file, body)
    kept = {name: body[name] for name in KEPT if body.get(name) is not None}
    if kept:
        found["settings"] = {**(file.settings if file else {}), **kept}
    return found


def _times(email: str, file: File | None, body: Body) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, field in (("createdTime", "created"), ("modifiedTime", "modified")):
        if body.get(name) is not None:
            found[field] = _moment(name, body[name])
    if "modified" in found:
        found["edited"] = {**(file.edited if file else {}), email: found["modified"]}
    if body.get("viewedByMeTime") is not None:
        viewed = _moment("viewedByMeTime", body["viewedByMeTime"])
        found["viewed"] = {**(file.viewed if file else {}), email: viewed}
    return found


def _moment(name: str, text: str) -> int:
    read = moment(text)
    if read is None:
        raise invalid_value(f"file.{name}", f'Invalid value for: Invalid format: "{text}"')
    return read


def _pairs(call: Call, file: File | None, body: Body) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if body.get("properties") is not None:
        before = file.properties if file else {}
        found["properties"] = merged(before, body["properties"], PAIRS_PUBLIC)
    if body.get("appProperties") is not None:
        client = client_of(call.grant)
        before = file.app_properties.get(client, {}) if file else {}
        private = merged(before, body["appProperties"], PAIRS_PRIVATE)
        found["app_properties"] = {**(file.app_properties if file else {}), client: private}
    return found


@behaves("a property with a null value is removed", DOCUMENTED)
@behaves("a property has 124 bytes of UTF-8 at most, key and value together", SEEN)
@behaves("a file has 30 properties of each kind at most", DOCUMENTED)
def merged(
    before: Mapping[str, str], said: Mapping[str, str | None], most: int
) -> Mapping[str, str]:
    """Return properties with those that a body says."""
    after = {key: value for key, value in before.items() if said.get(key, "") is not None}
    after |= {key: value for key, value in said.items() if value is not None}
    for key, value in after.items():
        if len(f"{key}{value}".encode("utf-8", "surrogatepass")) > PAIR_BYTES:
            message = (
                "Properties and app properties are limited to 124 bytes in UTF-8 encoding, "
                "counting both the key and the value."
            )
            raise forbidden("propertyLengthLimitExceeded", message)
    if len(after) > most:
        raise _too_many()
    return after


@behaves("the words for too many properties", ASSUMED)
def _too_many() -> Exception:
    message = "The maximum number of properties has been exceeded for this file."
    return forbidden("propertyCountLimitExceeded", message)
