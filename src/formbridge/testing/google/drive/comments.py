"""What people say about files: ``drive.comments`` and ``drive.replies``."""

from typing import Any

from formbridge.testing.google.behaviour import DOCUMENTED, RECORDED, SEEN, behaves
from formbridge.testing.google.drive.access import readable, searcher, writable
from formbridge.testing.google.drive.pages import page
from formbridge.testing.google.drive.people import user_body
from formbridge.testing.google.drive.refusals import not_allowed, required
from formbridge.testing.google.drive.times import moment, timestamp
from formbridge.testing.google.errors import ApiError
from formbridge.testing.google.files.file import File
from formbridge.testing.google.files.ids import short_id
from formbridge.testing.google.messages import Answer, Body
from formbridge.testing.google.routes import Call, Use, method


@method("drive.comments.list", Use.READ)
@behaves("comments.list shows an empty list where nobody has said anything", RECORDED)
def list_comments(call: Call) -> Body:
    """Answer ``comments.list``."""
    needs_fields(call)
    file = readable(call, shared=True)
    since = moment(call.params.get("startModifiedTime") or "")
    said = [
        one
        for one in reversed(_remarks(call, file))
        if since is None or (moment(one["modifiedTime"]) or 0) >= since
    ]
    return _listed(call, "drive#commentList", "comments", said)


@method("drive.comments.create", Use.WRITE)
def create(call: Call) -> Body:
    """Answer ``comments.create``."""
    needs_fields(call)
    file = writable(call, role="commenter", shared=True)
    comment = _said(call, "drive#comment") | {"resolved": False, "replies": []}
    comment |= {
        name: call.body[name] for name in ("anchor", "quotedFileContent") if name in call.body
    }
    call.google.drive.remarks.setdefault(file.id, []).append(comment)
    return comment


@method("drive.comments.get", Use.READ)
def get(call: Call) -> Body:
    """Answer ``comments.get``."""
    needs_fields(call)
    return _comment(call, readable(call, shared=True))


@method("drive.comments.update", Use.WRITE)
def update(call: Call) -> Body:
    """Answer ``comments.update``."""
    needs_fields(call)
    return _changed(call, _comment(call, readable(call, shared=True)))


@method("drive.comments.delete", Use.WRITE)
def delete(call: Call) -> Answer:
    """Answer ``comments.delete``."""
    return _deleted(call, _comment(call, readable(call, shared=True)))


@method("drive.replies.list", Use.READ)
def list_replies(call: Call) -> Body:
    """Answer ``replies.list``."""
    needs_fields(call)
    comment = _comment(call, readable(call, shared=True))
    return _listed(call, "drive#replyList", "replies", comment["replies"])


@method("drive.replies.create", Use.WRITE)
@behaves("a reply may resolve a comment, or open it again", DOCUMENTED)
def create_reply(call: Call) -> Body:
    """Answer ``replies.create``."""
    needs_fields(call)
    comment = _comment(call, writable(call, role="commenter", shared=True))
    action = call.body.get("action") or ""
    reply = _said(call, "drive#reply", optional=bool(action))
    if action in {"resolve", "reopen"}:
        reply["action"] = action
        comment["resolved"] = action == "resolve"
    comment["replies"].append(reply)
    comment["modifiedTime"] = reply["modifiedTime"]
    return reply


@method("drive.replies.get", Use.READ)
def get_reply(call: Call) -> Body:
    """Answer ``replies.get``."""
    needs_fields(call)
    return _reply(call)


@method("drive.replies.update", Use.WRITE)
def update_reply(call: Call) -> Body:
    """Answer ``replies.update``."""
    needs_fields(call)
    return _changed(call, _reply(call))


@method("drive.replies.delete", Use.WRITE)
def delete_reply(call: Call) -> Answer:
    """Answer ``replies.delete``."""
    return _deleted(call, _reply(call))


@behaves("calls about comments must say which fields they want", SEEN)
def needs_fields(call: Call) -> None:
    """Raise the 400 unless the caller says which fields it wants."""
    if not call.params.get("fields"):
        raise required("fields", "The 'fields' parameter is required for this method.")


# --- one remark ---------------------------------------------------------------------------------


def _said(call: Call, kind: str, *, optional: bool = False) -> Body:
    content = call.body.get("content") or ""
    if not content and not optional:
        raise required("content", "The content field is required.")
    author = user_body(searcher(call), call.grant.account.email)
    time = timestamp(call.now)
    return {
        "kind": kind,
        "id": short_id(call.google.drive.ids),
        "createdTime": time,
        "modifiedTime": time,
        "author": author,
        "content": content,
        "htmlContent": _html(content),
        "deleted": False,
    }


def _html(text: str) -> str:
    return (
        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br>")
    )


def _remarks(call: Call, file: File) -> list[Body]:
    asked = call.params.get("includeDeleted")
    said = call.google.drive.remarks.get(file.id, [])
    return [one for one in said if asked or not one["deleted"]]


def _comment(call: Call, file: File) -> Body:
    return _named(_remarks(call, file), call.variables["commentId"], "Comment", "commentId")


def _reply(call: Call) -> Body:
    comment = _comment(call, readable(call, shared=True))
    wanted = call.variables["replyId"]
    said = [one for one in comment["replies"] if not one["deleted"]]
    return _named(said, wanted, "Reply", "replyId")


def _named(said: list[Body], wanted: str, what: str, location: str) -> Body:
    for one in said:
        if one["id"] == wanted:
            return one
    message = f"{what} not found: {wanted}."
    raise ApiError(404, message, reason="notFound", location=location)


def _own(call: Call, remark: Body) -> None:
    if remark["author"]["emailAddress"] != call.grant.account.email:
        raise not_allowed()


def _changed(call: Call, remark: Body) -> Body:
    _own(call, remark)
    content = call.body.get("content") or ""
    if not content:
        raise required("content", "The content field is required.")
    time = timestamp(call.now)
    remark |= {"content": content, "htmlContent": _html(content), "modifiedTime": time}
    return remark


@behaves("what is deleted leaves a mark without words", DOCUMENTED)
def _deleted(call: Call, remark: Body) -> Answer:
    _own(call, remark)
    for name in ("content", "htmlContent"):
        remark.pop(name, None)
    remark |= {"deleted": True, "modifiedTime": timestamp(call.now)}
    return Answer(status=204)


def _listed(call: Call, kind: str, name: str, said: list[Any]) -> Body:
    chosen, token = page(call, said, usual=20, most=100)
    more = {"nextPageToken": token} if token else {}
    return {"kind": kind, **more, name: list(chosen)}
