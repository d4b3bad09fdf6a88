"""Google's words for what went wrong, each with what they mean for us and what a person can do.

Sources: ``google.api.ErrorReason`` (newer APIs, Sheets among them), "Resolve errors" of the Drive
API (``storageQuotaExceeded`` and the like), RFC 6749 and Google's OAuth 2.0 pages (tokens).
"""

from collections.abc import Mapping
from types import MappingProxyType

from formbridge.adapters.sheets.calls.failures import (
    CallFailed,
    Denied,
    Forbidden,
    Invalid,
    Missing,
    Throttled,
    Unknown,
)

Meaning = tuple[type[CallFailed], str]
"""What a word means: the class, and the sentence (cause; remedy)."""

STORAGE = (
    "the account has no storage in Drive left, and a service account never has any; either (1) "
    "keep the folder on a Shared Drive where the account is Content manager, or (2) use the "
    "credentials of a user (OAuth), or (3) let it act for a user (subject, domain-wide "
    "delegation), or (4) make the spreadsheet yourself, share it and name it in spreadsheets"
)
API_OFF = "the API is not enabled in the Google Cloud project of these credentials; enable it"
SCOPE = (
    "the credentials lack a scope; they need "
    "https://www.googleapis.com/auth/spreadsheets and https://www.googleapis.com/auth/drive"
)
TOO_MANY = "Google's quota of calls is used up for the moment; it goes on by itself"
FULL = "Google's quota of calls is used up for today; ask for more in the Cloud console"
NOT_SHARED = "this account may not do that with it; share it as Editor"
FAILING = "Google's servers fail for the moment"
NO_FILE = "there is no such file, or not for this account; bring it back, or share it again"
REVOKED = "Google does not accept the credentials; they were revoked or are not meant for this"
PROJECT = "the Google Cloud project of the credentials is suspended or unknown; look at it there"
POLICY = "a policy of the organization forbids it; ask its administrator"
FOLDER_FULL = "the folder holds as much as Drive allows; name another folder"
API_KEY = "an API key is no way in; name credentials of an account"
CLOCK = (
    "the clock of this machine is wrong, so that what it signs is not of Google's time; set the "
    "clock (NTP)"
)
DELEGATION = (
    "the service account may not act for this user; allow its client id the scopes "
    "https://www.googleapis.com/auth/spreadsheets and https://www.googleapis.com/auth/drive in "
    "the Admin console (Security, API controls, Domain-wide delegation)"
)


def _all(kind: type[CallFailed], sentence: str, words: str) -> dict[str, Meaning]:
    return dict.fromkeys(words.split(), (kind, sentence))


REASONS: Mapping[str, Meaning] = MappingProxyType(
    _all(
        Throttled,
        TOO_MANY,
        """
        RATE_LIMIT_EXCEEDED RESOURCE_QUOTA_EXCEEDED EMULATOR_QUOTA_EXCEEDED rateLimitExceeded
        userRateLimitExceeded sharingRateLimitExceeded quotaExceeded
    """,
    )
    | _all(Throttled, FULL, "dailyLimitExceeded dailyLimitExceededUnreg")
    | _all(Denied, STORAGE, "storageQuotaExceeded")
    | _all(Denied, API_OFF, "SERVICE_DISABLED accessNotConfigured")
    | _all(Denied, SCOPE, "ACCESS_TOKEN_SCOPE_INSUFFICIENT insufficientPermissions")
    | _all(
        Denied,
        REVOKED,
        """
        ACCESS_TOKEN_EXPIRED ACCESS_TOKEN_TYPE_UNSUPPORTED ACCOUNT_STATE_INVALID
        ACCOUNT_TYPE_UNSUPPORTED CREDENTIALS_MISSING CREDENTIAL_ANDROID_APP_INVALID
        CREDENTIAL_TYPE_UNSUPPORTED JWT_TOKEN_INVALID OVERLOADED_CREDENTIALS
        SESSION_COOKIE_INVALID USER_BLOCKED_BY_ADMIN authError required expired
    """,
    )
    | _all(
        Denied,
        PROJECT,
        """
        BILLING_DISABLED CONSUMER_INVALID CONSUMER_SUSPENDED GCP_SUSPENDED IAM_PERMISSION_DENIED
        RESOURCE_PROJECT_INVALID SERVICE_NOT_VISIBLE USER_PROJECT_DENIED
    """,
    )
    | _all(
        Denied,
        POLICY,
        """
        ENDPOINT_USAGE_RESTRICTION_VIOLATED LOCATION_ORG_POLICY_VIOLATED
        LOCATION_POLICY_VIOLATED LOCATION_TAX_POLICY_VIOLATED MCP_SERVER_DISABLED MISSING_ORIGIN
        ORG_RESTRICTION_HEADER_INVALID ORG_RESTRICTION_VIOLATION
        RESOURCE_USAGE_RESTRICTION_VIOLATED SECURITY_POLICY_VIOLATED
        TLS_CIPHER_RESTRICTION_VIOLATED TLS_ORG_POLICY_VIOLATED domainPolicy
    """,
    )
    | _all(
        Denied,
        API_KEY,
        """
        API_KEY_ANDROID_APP_BLOCKED API_KEY_HTTP_REFERRER_BLOCKED API_KEY_INVALID
        API_KEY_IOS_APP_BLOCKED API_KEY_IP_ADDRESS_BLOCKED API_KEY_SERVICE_BLOCKED keyInvalid
    """,
    )
    | _all(
        Denied,
        FOLDER_FULL,
        """
        activeItemCreationLimitExceeded numChildrenInNonRootLimitExceeded
        teamDriveFileLimitExceeded teamDriveHierarchyTooDeep
    """,
    )
    | _all(
        Forbidden,
        NOT_SHARED,
        """
        appNotAuthorizedToFile cannotShareTeamDriveWithNonGoogleAccounts
        cannotModifyViewersCanCopyContent fileNeverWritable forbidden
        insufficientFilePermissions insufficientParentPermissions invalidSharingRequest
        teamDriveMembershipRequired teamDrivesFolderMoveInNotSupported
        teamDrivesSharingRestrictionNotAllowed
    """,
    )
    | _all(Missing, NO_FILE, "notFound")
    | _all(
        Unknown,
        FAILING,
        """
        backendError internalError transientError
    """,
    )
    | _all(Invalid, "Google refuses the request", "SYSTEM_PARAMETER_UNSUPPORTED")
)
"""What ``details[].reason`` and ``errors[].reason`` of an answer mean, whatever its status.

``badRequest``, ``invalid`` and other words of a 400 say no more than the status does.
"""

GRANTS: Mapping[str, str] = MappingProxyType(
    {
        "access_denied": "access was denied; sign in again, or ask the administrator",
        "admin_policy_enforced": POLICY,
        "deleted_client": "the OAuth client was deleted; make another one and sign in again",
        "disabled_client": "the OAuth client is disabled; enable it in the Cloud console",
        "invalid_client": "the OAuth client or its secret is wrong; take the file anew",
        "invalid_grant": "the key or the sign-in is no longer valid; make another one",
        "invalid_rapt": "the organization wants a new sign-in; sign in again",
        "invalid_scope": SCOPE,
        "org_internal": POLICY,
        "rate_limit_exceeded": TOO_MANY,
        "unauthorized_client": DELEGATION,
    }
)
"""OAuth's words for a token that is not given; all but ``rate_limit_exceeded`` are for good."""

GRANT_TEXTS: tuple[tuple[str, str], ...] = (
    ("reasonable timeframe", CLOCK),
    ("signature", "the key was deleted or replaced; make a new key and name its file"),
    ("account not found", "the service account was deleted; make another one and share anew"),
    ("expired or revoked", "the user's sign-in has ended or was revoked; sign in again"),
    ("email or user id", "the subject is no user of this organization; correct it"),
    ("audience", "the key file names a wrong token_uri; take the file anew"),
)
"""What the descriptions of an ``invalid_grant`` mean, by a part of Google's text."""
