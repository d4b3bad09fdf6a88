"""What Drive refuses, in its own words."""

from formbridge.testing.google.errors import ApiError


def no_file(file_id: str) -> ApiError:
    """Return the 404 for a file that is not there, or not for this caller."""
    return ApiError(404, f"File not found: {file_id}.", reason="notFound", location="fileId")


def no_drive(drive_id: str) -> ApiError:
    """Return the 404 for a Shared Drive."""
    message = f"Shared drive not found: {drive_id}"
    return ApiError(404, message, reason="notFound", location="driveId")


def no_permission(permission_id: str) -> ApiError:
    """Return the 404 for a permission."""
    message = f"Permission not found: {permission_id}."
    return ApiError(404, message, reason="notFound", location="permissionId")


def not_allowed() -> ApiError:
    """Return the 403 for what the caller's role does not include."""
    message = "The user does not have sufficient permissions for this file."
    return ApiError(403, message, reason="insufficientFilePermissions")


def not_written(client: str, file_id: str) -> ApiError:
    """Return the 403 for a file that the app may read but was not given to write."""
    message = f"The user has not granted the app {client} write access to the file {file_id}."
    return ApiError(403, message, reason="appNotAuthorizedToFile")


def no_storage(*, service: bool) -> ApiError:
    """Return the 403 for a file that needs storage which its owner would not have."""
    guide = "https://developers.google.com/workspace/drive/api/guides/about-shareddrives"
    sentence = (
        f"Service Accounts do not have storage quota. Leverage shared drives ({guide}), "
        "or use OAuth delegation (http://support.google.com/a/answer/7281227) instead."
    )
    message = sentence if service else "The user's Drive storage quota has been exceeded."
    return ApiError(403, message, reason="storageQuotaExceeded", domain="usageLimits")


def invalid_value(location: str, message: str = "Invalid Value") -> ApiError:
    """Return the 400 for a parameter or a field that says nothing."""
    return ApiError(400, message, reason="invalid", location=location)


def required(location: str, message: str) -> ApiError:
    """Return the 400 for what is missing."""
    return ApiError(400, message, reason="required", location=location)


def forbidden(reason: str, message: str, *, location: str = "") -> ApiError:
    """Return a 403 with Drive's own reason."""
    return ApiError(403, message, reason=reason, location=location)


def bad_request(message: str = "Bad Request", *, location: str = "") -> ApiError:
    """Return a plain 400."""
    return ApiError(400, message, reason="badRequest", location=location)
