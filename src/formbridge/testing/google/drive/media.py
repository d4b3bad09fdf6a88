"""What a request brings: what it says of a file, and the file's content."""

import attrs

from formbridge.testing.google.drive.refusals import bad_request
from formbridge.testing.google.messages import Body, Request
from formbridge.testing.google.routes import Call
from formbridge.testing.google.schema import uploads

OCTETS = "application/octet-stream"
"""The type of content that has none."""


@attrs.frozen(kw_only=True)
class Upload:
    """What a request says of a file, and its content; None where it brings none."""

    metadata: Body
    content: bytes | None = None
    mime_type: str = ""


def sent(request: Request) -> uploads.Upload | None:
    """Return what came to an address for uploads; None for other addresses."""
    if not request.path.startswith(("/upload/", "/resumable/upload/")):
        return None
    return uploads.uploaded(request)


def upload_of(call: Call) -> Upload:
    """Return what a request brings that is complete in itself."""
    found = sent(call.request)
    if found is None:
        return Upload(metadata=call.body)
    if found.kind not in {"media", "multipart"}:
        raise bad_request("Upload protocol not supported.", location="uploadType")
    return Upload(
        metadata=call.body, content=found.content, mime_type=type_alone(found.content_type)
    )


def type_alone(content_type: str) -> str:
    """Return a type without its parameters."""
    return content_type.partition(";")[0].strip().lower() or OCTETS
