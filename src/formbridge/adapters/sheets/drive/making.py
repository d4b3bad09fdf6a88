"""Makes one file in Drive, exactly one.

Also when the call times out, when processes race, and when search lags behind. Drive gives no way
to say "unless it is there" (ids from ``generateIds`` are refused for spreadsheets), so of twins the
oldest stays, for everybody the same one. Nobody uses a file before search shows it: where it shows
ours, it shows those that are older, too.
"""

import logging
from collections.abc import Callable, Sequence
from typing import Any

import attrs

from formbridge.adapters.sheets.calls.client import SheetsClient
from formbridge.adapters.sheets.calls.failures import CallFailed, Missing, Unknown
from formbridge.adapters.sheets.drive import naming
from formbridge.adapters.sheets.drive.found import Found
from formbridge.adapters.sheets.drive.registry import Registry
from formbridge.adapters.sheets.drive.registry_file import Attempt
from formbridge.domain.errors import TableBusy
from formbridge.domain.ports import Clock

Json = dict[str, Any]

BETWEEN_LOOKS = 30.0
"""Seconds between two searches for what may have been made, before it is made again."""
LONGEST_LAG = 300.0
"""Seconds after which search is no longer waited for: it was seen to lag for five minutes."""
SHORTEST_WAIT, LONGEST_WAIT = 1.0, 15.0

log = logging.getLogger("formbridge.sheets")


@attrs.define(eq=False, kw_only=True)
class Maker:
    """Makes files. What goes on is in the registry: others continue it, also after a crash."""

    client: SheetsClient
    registry: Registry
    clock: Clock

    def make(
        self,
        key: str,
        body: Callable[[], Json],
        *,
        candidates: Callable[[], Sequence[Found]],
        is_empty: Callable[[str], bool],
    ) -> str:
        """Return the id of the file; ``key`` tells it from all others that are being made.

        ``candidates`` searches for it and returns what may be it, the oldest first. The caller
        ends the attempt (``Registry.end``) once it has kept the id. Raises ``TableBusy`` while it
        cannot be known what there is, and ``CallFailed``; the next call goes on from there.
        """
        if self.registry.attempt(key) is None:
            request = body()
            if self.registry.begin(key):
                self._post(key, request)
        attempt = self.registry.attempt(key) or Attempt(at=self.clock.now())
        found = candidates()
        attempt = self._seen(key, attempt, found)
        if not attempt.ids and not found:
            self._check_lost(key, attempt)
            self.registry.end(key)
            return self.make(key, body, candidates=candidates, is_empty=is_empty)
        chosen = found[0].id if found else attempt.ids[0]
        for twin in attempt.ids:
            if twin != chosen:
                self._discard(key, twin, is_empty)
        return chosen

    def _post(self, key: str, body: Json) -> None:
        try:
            made = self.client.create_file(body, fields="id")
        except CallFailed as failed:
            if not isinstance(failed, Unknown) or not failed.sent:
                self.registry.end(key)  # it was not applied
                raise
            self.registry.lost(key)
        else:
            self.registry.made(key, made["id"])

    def _check_lost(self, key: str, attempt: Attempt) -> None:
        """Return if a file was looked for twice, with time between; raise ``TableBusy`` before."""
        since = self._seconds_since(attempt.looked) if attempt.looked else 0.0
        if not attempt.looked:
            self.registry.looked(key)
        if since < BETWEEN_LOOKS:
            raise TableBusy(
                "Google Drive did not say whether the file was made; it is looked for again",
                seconds=BETWEEN_LOOKS - since,
            )

    def _seen(self, key: str, attempt: Attempt, found: Sequence[Found]) -> Attempt:
        """Return the attempt once search shows what came out of it; raise ``TableBusy`` before.

        What search does not show after all that time, people have deleted meanwhile, or it lags
        longer than ever seen.
        """
        unseen = set(attempt.ids) - {file.id for file in found}
        age = self._seconds_since(attempt.at)
        if unseen and age < LONGEST_LAG:
            raise TableBusy(
                "Google Drive does not list yet what was made in it",
                seconds=min(max(age, SHORTEST_WAIT), LONGEST_WAIT),
            )
        gone = {file_id for file_id in unseen if self._is_gone(file_id)}
        for file_id in gone:
            self.registry.discarded(key, file_id)
        return attrs.evolve(attempt, ids=tuple(it for it in attempt.ids if it not in gone))

    def _is_gone(self, file_id: str) -> bool:
        try:
            return bool(self.client.file(file_id, fields="trashed").get("trashed"))
        except Missing:
            return True

    def _discard(self, key: str, twin: str, is_empty: Callable[[str], bool]) -> None:
        """Put a twin into the trash that we made and nobody wrote into; else leave it."""
        try:
            if is_empty(twin):
                self.client.change_file(twin, {"trashed": True, "appProperties": naming.no_marks()})
        except CallFailed as failed:
            log.warning("a second, empty file %s was left in Drive: %s", twin, failed.reason)
        self.registry.discarded(key, twin)

    def _seconds_since(self, moment: int) -> float:
        return (self.clock.now() - moment) / 1_000_000
