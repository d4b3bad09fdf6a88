"""What a caller is told whose token, key or scope does not do, in Google's words."""

from collections.abc import Collection

from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, SEEN, behaves
from formbridge.testing.google.errors import ApiError
from formbridge.testing.google.messages import Body, Request

REALM = 'Bearer realm="https://accounts.google.com/"'
EXPECTED = (
    "Expected OAuth 2 access token, login cookie or other valid authentication credential. See "
    "https://developers.google.com/identity/sign-in/web/devconsole-project."
)


def service_of(request: Request) -> str:
    """Return the service that a request is for, by its name among Google's."""
    is_sheets = request.path.startswith("/v4/") or request.host.startswith("sheets.")
    return "sheets.googleapis.com" if is_sheets else "drive.googleapis.com"


@behaves("a request without credentials is refused with 401", SEEN)
def missing(request: Request) -> ApiError:
    """Return the 401 of a request that brings no credential."""
    return ApiError(
        401,
        f"Request is missing required authentication credential. {EXPECTED}",
        short="Login Required.",
        reason="required",
        location="Authorization",
        details=[_info("CREDENTIALS_MISSING", request)],
        headers={"www-authenticate": REALM},
    )


@behaves("a token that is unknown, has ended or was revoked is refused with 401", SEEN)
def unusable(request: Request, *, ended: bool = False) -> ApiError:
    """Return the 401 of a token that nobody has issued, or that was good once."""
    return ApiError(
        401,
        f"Request had invalid authentication credentials. {EXPECTED}",
        short="Invalid Credentials",
        reason="authError",
        location="Authorization",
        details=[_info("ACCESS_TOKEN_EXPIRED", request)] if ended else [],
        headers={"www-authenticate": f'{REALM}, error="invalid_token"'},
    )


@behaves("a token without a scope that the method asks for is refused with 403", SEEN)
def insufficient(request: Request, scopes: Collection[str]) -> ApiError:
    """Return the 403 of a token that has none of the scopes."""
    wanted = " ".join(sorted(scopes))
    return ApiError(
        403,
        "Request had insufficient authentication scopes.",
        short="Insufficient Permission",
        reason="insufficientPermissions",
        details=[_info("ACCESS_TOKEN_SCOPE_INSUFFICIENT", request)],
        headers={
            "www-authenticate": f'{REALM}, error="insufficient_scope", scope="{wanted}"',
        },
    )


@behaves("an unknown API key is refused with 400", SEEN)
def bad_key(request: Request) -> ApiError:
    """Return the 400 of an API key that nobody has made."""
    message = "API key not valid. Please pass a valid API key."
    localized = {
        "@type": "type.googleapis.com/google.rpc.LocalizedMessage",
        "locale": "en-US",
        "message": message,
    }
    return ApiError(
        400, message, reason="badRequest", details=[_info("API_KEY_INVALID", request), localized]
    )


@behaves("an API key alone changes nothing, and is nobody who has files: 401", DOCUMENTED)
@behaves("which methods take an API key: those that read one file", ASSUMED)
def key_is_nobody(request: Request) -> ApiError:
    """Return the 401 of an API key where only a person or a service account will do."""
    return ApiError(
        401,
        "API keys are not supported by this API. Expected OAuth2 access token or other "
        "authentication credentials that assert a principal. See "
        "https://cloud.google.com/docs/authentication",
        short="Login Required.",
        reason="required",
        location="Authorization",
        details=[_info("CREDENTIALS_MISSING", request)],
        headers={"www-authenticate": REALM},
    )


@behaves("an API that is not enabled is refused with 403 SERVICE_DISABLED and its address", SEEN)
def api_off(request: Request, number: str) -> ApiError:
    """Return the 403 of an API that the caller's project (by its ``number``) has not enabled."""
    service = service_of(request)
    name = "Google Sheets API" if service.startswith("sheets") else "Google Drive API"
    where = f"https://console.developers.google.com/apis/api/{service}/overview?project={number}"
    info = _info("SERVICE_DISABLED", request)
    info["metadata"] |= {"consumer": f"projects/{number}", "activationUrl": where}
    return ApiError(
        403,
        f"{name} has not been used in project {number} before or it is disabled. Enable it by "
        f"visiting {where} then retry. If you enabled this API recently, wait a few minutes for "
        "the action to propagate to our systems and retry.",
        reason="accessNotConfigured",
        domain="usageLimits",
        details=[info],
    )


def _info(reason: str, request: Request) -> Body:
    return {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": reason,
        "domain": "googleapis.com",
        "metadata": {"service": service_of(request)},
    }
