"""Which method an address and a verb mean, and the parts of the address that vary."""

from collections.abc import Iterator, Mapping
from functools import cache
from urllib.parse import unquote

import attrs

from formbridge.testing.google.messages import Body
from formbridge.testing.google.schema.discovery import DOCUMENTS, document

ROOTS: Mapping[str, str] = {
    "v4": "sheets",
    "drive/v3": "drive",
    "drive/v2": "drive2",
    "upload/drive/v3": "drive",
    "upload/drive/v2": "drive2",
    "resumable/upload/drive/v3": "drive",
    "resumable/upload/drive/v2": "drive2",
}
"""The beginnings of addresses, and the API that each belongs to."""


@attrs.frozen(kw_only=True)
class Route:
    """One address of a method: the parts between slashes, as the documentation writes them."""

    api: str
    verb: str
    parts: tuple[str, ...]
    spec: Body
    upload: bool = False

    @property
    def certainty(self) -> int:
        """How many parts are fixed; a fixed part is meant before one that varies."""
        return sum(1 for part in self.parts if not part.startswith("{")) * 2 + sum(
            1 for part in self.parts if part.startswith("{") and not part.endswith("}")
        )

    def variables(self, parts: list[str]) -> dict[str, str] | None:
        """Return what varies, decoded; None if the address is another one."""
        if len(parts) != len(self.parts):
            return None
        found: dict[str, str] = {}
        for pattern, part in zip(self.parts, parts, strict=True):
            if not pattern.startswith("{"):
                if unquote(part) != pattern:
                    return None
                continue
            name, _, action = pattern[1:].partition("}")
            if not part.endswith(action) or len(part) == len(action):
                return None
            found[name] = unquote(part[: len(part) - len(action)])
        return found


def api_of(path: str) -> str:
    """Return the API whose address it is, or nothing."""
    parts = path.strip("/") + "/"
    return next((api for root, api in ROOTS.items() if parts.startswith(f"{root}/")), "")


@cache
def routes(api: str) -> tuple[Route, ...]:
    """Return every address of an API, the most certain first."""
    found = [route for spec in document(api)["methods"] for route in _routes(api, spec)]
    return tuple(sorted(found, key=lambda route: -route.certainty))


def _routes(api: str, spec: Body) -> Iterator[Route]:
    verb = spec["httpMethod"]
    address = document(api)["servicePath"] + spec.get("flatPath", spec["path"])
    yield Route(api=api, verb=verb, parts=_parts(address), spec=spec)
    for upload in spec.get("mediaUpload", {}).values():
        yield Route(api=api, verb=verb, parts=_parts(upload), spec=spec, upload=True)


def _parts(address: str) -> tuple[str, ...]:
    return tuple(address.strip("/").split("/"))


def found(verb: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """Return the method's address and what varies in it."""
    for route, variables in anyhow(path):
        if route.verb == verb:
            return route, variables
        if route.parts[-1].rpartition("}")[2] and route.parts[-1].startswith("{"):
            return None
    return None


def anyhow(path: str) -> Iterator[tuple[Route, dict[str, str]]]:
    """Yield every method with this address, whatever its verb, the most certain first."""
    api = api_of(path)
    parts = path.removeprefix("/").split("/")
    for route in routes(api) if api in DOCUMENTS else ():
        variables = route.variables(parts)
        if variables is not None:
            yield route, variables
