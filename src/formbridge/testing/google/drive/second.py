"""The little of Drive's version 2 that clients still use: a file, and its new content."""

from collections.abc import Mapping

import attrs

from formbridge.testing.google.behaviour import ASSUMED, RECORDED, behaves
from formbridge.testing.google.drive.access import readable, searcher
from formbridge.testing.google.drive.changing import changed
from formbridge.testing.google.drive.creating import made
from formbridge.testing.google.drive.imports import DELIMITERS
from formbridge.testing.google.drive.media import Upload
from formbridge.testing.google.drive.reading import download
from formbridge.testing.google.drive.resumable import received
from formbridge.testing.google.drive.second_bodies import second_body
from formbridge.testing.google.files.file import SPREADSHEET
from formbridge.testing.google.messages import Answer, Body
from formbridge.testing.google.routes import Call, Use, method

SAME: Mapping[str, str] = {
    "title": "name",
    "mimeType": "mimeType",
    "description": "description",
    "createdDate": "createdTime",
    "originalFilename": "originalFilename",
    "writersCanShare": "writersCanShare",
}
"""What version 2 calls otherwise."""


@method("drive2.files.get", Use.READ)
def get(call: Call) -> Body | Answer:
    """Answer version 2's ``files.get``."""
    file = readable(call)
    if call.params.get("alt") == "media":
        return download(file)
    return second_body(searcher(call), file)


@method("drive2.files.insert", Use.WRITE)
@behaves("with convert, CSV and TSV become spreadsheets", ASSUMED)
def insert(call: Call) -> Body | Answer:
    """Answer version 2's ``files.insert``."""
    return received(call, _inserted)


@method("drive2.files.update", Use.WRITE)
@behaves("content that is sent to a spreadsheet replaces it", RECORDED)
def update(call: Call) -> Body | Answer:
    """Answer version 2's ``files.update``."""
    return received(call, _updated)


def _inserted(call: Call, upload: Upload) -> Body:
    metadata = as_third(upload.metadata)
    if call.params.get("convert") and upload.mime_type in DELIMITERS:
        metadata["mimeType"] = SPREADSHEET
    return second_body(searcher(call), made(call, attrs.evolve(upload, metadata=metadata)))


def _updated(call: Call, upload: Upload) -> Body:
    metadata = as_third(upload.metadata)
    for name in ("parents", "createdTime"):
        metadata.pop(name, None)
    return second_body(searcher(call), changed(call, attrs.evolve(upload, metadata=metadata)))


def as_third(body: Body) -> Body:
    """Return what a body of version 2 says, as version 3 says it; the rest is left out."""
    found = {there: body[here] for here, there in SAME.items() if here in body}
    labels = body.get("labels") or {}
    found |= {name: labels[name] for name in ("starred", "trashed") if name in labels}
    parents = [parent["id"] for parent in body.get("parents") or [] if parent.get("id")]
    return found | ({"parents": parents} if parents else {})
