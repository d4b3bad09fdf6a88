"""Somebody who calls an emulated Drive, without a socket."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

import attrs

from formbridge.testing.clock import FakeClock
from formbridge.testing.google.google import Google
from formbridge.testing.google.messages import Answer, Body, Request

SPREADSHEET = "application/vnd.google-apps.spreadsheet"
FOLDER = "application/vnd.google-apps.folder"


@attrs.frozen(kw_only=True)
class Talk:
    """Somebody who calls Drive with a token; time passes a second with each call."""

    google: Google
    clock: FakeClock
    token: str

    def send(
        self,
        verb: str,
        path: str,
        body: bytes = b"",
        *,
        kind: str = "application/json",
        stated: str = "",
        **params: object,
    ) -> Answer:
        """Send a request as it is."""
        self.clock.advance(1)
        target = path if path.startswith("/") else f"/drive/v3/{path}"
        said = {k: str(v).lower() if isinstance(v, bool) else v for k, v in params.items()}
        headers = {"authorization": f"Bearer {self.token}", "content-type": kind}
        headers |= {"content-range": stated} if stated else {}
        url = f"https://www.googleapis.com{target}?{urlencode(said)}"
        return self.google.handle(Request.of(verb, url, headers=headers, body=body))

    def call(self, verb: str, path: str, body: object = None, **params: object) -> Body:
        """Call a method that is done; return what it answers."""
        answer = self.send(
            verb, path, json.dumps(body).encode() if body is not None else b"", **params
        )
        assert answer.status in {200, 204}, answer.body
        return answer.content if answer.body else {}

    def refused(
        self, verb: str, path: str, body: object = None, **params: object
    ) -> tuple[int, str]:
        """Call a method that is refused; return the code and Drive's reason."""
        answer = self.send(
            verb, path, json.dumps(body).encode() if body is not None else b"", **params
        )
        assert answer.status >= 400, answer.body
        error = answer.content["error"]
        assert error["code"] == answer.status
        return answer.status, error["errors"][0]["reason"]

    def create(self, name: str, mime_type: str = SPREADSHEET, *parents: str, **more: object) -> str:
        """Make a file; return its id."""
        body: dict[str, Any] = {"name": name, "mimeType": mime_type, **more}
        if parents:
            body["parents"] = list(parents)
        return str(self.call("POST", "files", body, supportsAllDrives=True)["id"])

    def folder(self, name: str, *parents: str) -> str:
        """Make a folder; return its id."""
        return self.create(name, FOLDER, *parents)

    def file(self, file_id: str, fields: str = "*", **params: object) -> Body:
        """Return what is shown of a file."""
        params = {"fields": fields, "supportsAllDrives": True, **params}
        return self.call("GET", f"files/{quote(file_id)}", **params)

    def found(self, query: str, **params: object) -> list[str]:
        """Return the names that a search finds, sorted."""
        params = {"supportsAllDrives": True, "includeItemsFromAllDrives": True, **params}
        return sorted(one["name"] for one in self.call("GET", "files", q=query, **params)["files"])

    def share(self, file_id: str, email: str, role: str = "writer") -> str:
        """Give somebody a role; return the permission's id."""
        body = {"type": "user", "role": role, "emailAddress": email}
        path = f"files/{file_id}/permissions"
        return str(self.call("POST", path, body, supportsAllDrives=True)["id"])


Person = Callable[..., Talk]
"""Return somebody by address; scopes by their last part, clients by name."""
