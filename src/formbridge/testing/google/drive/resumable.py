"""Uploads in parts: a session that begins with metadata and ends with the last byte."""

import re
import secrets
from collections.abc import Callable

from formbridge.testing.google.behaviour import DOCUMENTED, behaves
from formbridge.testing.google.drive.media import Upload, sent, type_alone, upload_of
from formbridge.testing.google.drive.refusals import bad_request
from formbridge.testing.google.errors import ApiError
from formbridge.testing.google.messages import Answer, Body
from formbridge.testing.google.routes import Call
from formbridge.testing.google.schema import uploads

RANGE = re.compile(r"bytes (?:(\d{1,18})-(\d{1,18})|\*)/(\d{1,18}|\*)")


def received(call: Call, act: Callable[[Call, Upload], Body]) -> Body | Answer:
    """Do something with an upload once it is complete; until then, answer for its parts."""
    found = sent(call.request)
    if found is None or found.kind != "resumable":
        return act(call, upload_of(call))
    if not found.session:
        return _begin(call, found)
    session = call.google.drive.sessions.get(found.session)
    if session is None or session["place"] != [call.method, *call.variables.values()]:
        raise ApiError(404, "Not Found", reason="notFound")
    more = _part(session, call.request.headers.get("content-range"), found)
    if more is not None:
        return more
    done = act(call, _complete(session))
    del call.google.drive.sessions[found.session]
    return done


@behaves("a resumable upload begins with a Location that the parts are sent to", DOCUMENTED)
def _begin(call: Call, found: uploads.Upload) -> Answer:
    request = call.request
    session_id = secrets.token_urlsafe(48)
    call.google.drive.sessions[session_id] = {
        "place": [call.method, *call.variables.values()],
        "metadata": call.body,
        "mime_type": found.content_type,
        "content": b"",
    }
    host = request.host or "www.googleapis.com"
    scheme = "https" if host.endswith("googleapis.com") else "http"
    query = "&".join(f"{key}={value}" for key, value in request.query if key != "access_token")
    place = f"{scheme}://{host}{request.path}?{query}&upload_id={session_id}"
    return Answer(headers={"location": place, "x-guploader-uploadid": session_id})


@behaves("parts are answered with 308 and the range that has come", DOCUMENTED)
def _part(session: Body, stated: str | None, found: uploads.Upload) -> Answer | None:
    """Take a part; return what to answer where more must come, None when all is here."""
    session["mime_type"] = session["mime_type"] or found.content_type
    if stated is None:
        session["content"] = found.content
        return None
    matched = RANGE.fullmatch(stated.strip())
    if matched is None:
        raise bad_request("Failed to parse Content-Range header.")
    start, _, total = matched.groups()
    if start is not None and int(start) <= len(session["content"]):
        session["content"] = session["content"][: int(start)] + found.content
    here = len(session["content"])
    if total != "*" and here >= int(total):
        return None
    return Answer(status=308, headers={"range": f"bytes=0-{here - 1}"} if here else {})


def _complete(session: Body) -> Upload:
    return Upload(
        metadata=session["metadata"],
        content=session["content"],
        mime_type=type_alone(session["mime_type"]),
    )
