"""What a search may ask of a file, for one caller."""

import re
from collections.abc import Callable, Mapping
from operator import eq, ge, gt, le, lt, ne

import attrs

from formbridge.testing.google.accounts.grants import Grant
from formbridge.testing.google.behaviour import ASSUMED, DOCUMENTED, SEEN, behaves
from formbridge.testing.google.drive.query import Predicate, Term, Thing
from formbridge.testing.google.drive.times import moment
from formbridge.testing.google.drive.words import NotUnderstood, Word
from formbridge.testing.google.errors import ApiError
from formbridge.testing.google.files.drive import Drive
from formbridge.testing.google.files.file import ROLES, File
from formbridge.testing.google.files.scopes import client_of

COMPARE: Mapping[str, Callable[[int, int], bool]] = {
    "=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge,
}  # fmt: skip
ALIASES: Mapping[str, str] = {"root": "drive", "appDataFolder": "appDataFolder"}
"""What folders may be called instead of by their id, and the space that they lie in."""

SIMPLE = re.compile(r"\w+")


@attrs.frozen(kw_only=True)
class Searcher:
    """Who searches, and in which files. ``now`` is in microseconds since 1970."""

    drive: Drive
    grant: Grant
    now: int = 0

    @property
    def email(self) -> str:
        """Who searches."""
        return self.grant.account.email

    def terms(self) -> Mapping[str, Term[File]]:
        """Return what each name means."""
        return {
            "name": self.name,
            "fullText": self.full_text,
            "mimeType": text_of(lambda file: file.mime_type),
            "modifiedTime": time_of(lambda file: file.modified),
            "createdTime": time_of(lambda file: file.created),
            "viewedByMeTime": time_of(lambda file: file.viewed.get(self.email, 0)),
            "modifiedByMeTime": time_of(lambda file: file.edited.get(self.email, 0)),
            "sharedWithMeTime": time_of(lambda file: file.shared.get(self.email, 0)),
            "trashed": flag_of(self.drive.is_trashed),
            "starred": flag_of(lambda file: self.email in file.starred),
            "sharedWithMe": flag_of(self.shared_with_me),
            "parents": self.parents,
            "owners": self.people(lambda file, email: file.owner.casefold() == email),
            "writers": self.people(lambda file, email: self._rank(file, email) >= ROLES["writer"]),
            "readers": self.people(lambda file, email: self._rank(file, email) > 0),
            "properties": pair_of(lambda file: file.properties),
            "appProperties": pair_of(self._private),
            "shortcutDetails.targetId": text_of(lambda file: file.target, contains=False),
            "visibility": self.visibility,
        }

    @behaves("name contains finds the beginnings of words", DOCUMENTED)
    @behaves("name = does not mind capitals", SEEN, "rclone's drive backend")
    def name(self, operator: str, value: Word) -> Predicate[File]:
        """Compare the name."""
        wanted = _text(value)
        if operator == "contains":
            beginnings = SIMPLE.findall(wanted.casefold()) or [wanted.casefold()]
            return lambda file: _begins(file.name, beginnings)
        if operator not in {"=", "!="}:
            raise NotUnderstood
        folded, same = wanted.casefold(), operator == "="
        return lambda file: (file.name.casefold() == folded) is same

    @behaves(
        "fullText finds whole words of name, description and text, phrases in quotes", DOCUMENTED
    )
    def full_text(self, operator: str, value: Word) -> Predicate[File]:
        """Look into what is written in and on a file. Cells of spreadsheets are not looked into."""
        if operator != "contains":
            raise NotUnderstood
        wanted = SIMPLE.findall(_text(value).casefold())
        phrase = value.text.startswith('"') and value.text.endswith('"')

        def matches(file: File) -> bool:
            written = SIMPLE.findall(_written(file).casefold())
            if phrase:
                return f" {' '.join(wanted)} " in f" {' '.join(written)} "
            return bool(wanted) and set(wanted) <= set(written)

        return matches

    @behaves("parents that the caller cannot see are a 404 that names no file", SEEN)
    def parents(self, operator: str, value: Word) -> Predicate[File]:
        """Ask which folder a file is in; ``root`` is the caller's My Drive."""
        if operator != "in":
            raise NotUnderstood
        parent = self.folder(_text(value))
        return lambda file: parent in file.parents

    def folder(self, named: str) -> str:
        """Return the id of a folder that the caller sees, by its id or its alias."""
        if named in ALIASES:
            account, space = self.grant.account, ALIASES[named]
            return self.drive.root(account, now=self.now, space=space).id
        if not self.drive.may(self.grant, named, write=False, sheets=False, now=self.now):
            raise ApiError(404, "File not found: .", reason="notFound", location="fileId")
        return named

    def people(self, has: Callable[[File, str], bool]) -> Term[File]:
        """Ask who owns, writes or reads a file; ``me`` is the caller."""

        def term(operator: str, value: Word) -> Predicate[File]:
            if operator != "in":
                raise NotUnderstood
            wanted = _text(value)
            email = (self.email if wanted == "me" else wanted).casefold()
            return lambda file: bool(email) and has(file, email)

        return term

    @behaves("visibility is the widest permission", ASSUMED)
    def visibility(self, operator: str, value: Word) -> Predicate[File]:
        """Ask who may find a file."""
        wanted = _text(value)
        if operator not in {"=", "!="} or wanted not in VISIBLE:
            raise NotUnderstood
        return lambda file: (self._visible(file) == wanted) is (operator == "=")

    def shared_with_me(self, file: File) -> bool:
        """Whether somebody gave the caller this very file."""
        return self.email in file.shared and file.owner != self.email

    def _rank(self, file: File, email: str) -> int:
        return ROLES.get(self.drive.role(email, file, now=self.now, linked=False), 0)

    def _private(self, file: File) -> Mapping[str, str]:
        return file.app_properties.get(client_of(self.grant), {})

    def _visible(self, file: File) -> str:
        found = {
            f"{permission.type}{'CanFind' if permission.discoverable else 'WithLink'}"
            for one in self.drive.chain(file)
            for permission in one.permissions
        }
        widest = ("anyoneCanFind", "anyoneWithLink", "domainCanFind", "domainWithLink")
        return next((name for name in widest if name in found), "limited")


VISIBLE = frozenset(
    {"anyoneCanFind", "anyoneWithLink", "domainCanFind", "domainWithLink", "limited"}
)


def text_of(get: Callable[[Thing], str], *, contains: bool = True) -> Term[Thing]:
    """Return the term that compares a text."""

    def term(operator: str, value: Word) -> Predicate[Thing]:
        wanted = _text(value)
        if operator == "contains" and contains:
            return lambda thing: wanted.casefold() in get(thing).casefold()
        if operator not in {"=", "!="}:
            raise NotUnderstood
        return lambda thing: (get(thing) == wanted) is (operator == "=")

    return term


def time_of(get: Callable[[Thing], int]) -> Term[Thing]:
    """Return the term that compares a time, to the millisecond that answers show."""

    def term(operator: str, value: Word) -> Predicate[Thing]:
        wanted = moment(_text(value))
        if wanted is None or operator not in COMPARE:
            raise NotUnderstood
        compare, bound = COMPARE[operator], wanted // 1000
        return lambda thing: compare(get(thing) // 1000, bound)

    return term


def flag_of(get: Callable[[Thing], bool]) -> Term[Thing]:
    """Return the term that asks yes or no."""

    def term(operator: str, value: Word) -> Predicate[Thing]:
        said = value.text.lower()
        if value.kind == "number" or said not in {"true", "false"} or operator not in {"=", "!="}:
            raise NotUnderstood
        wanted = (said == "true") is (operator == "=")
        return lambda thing: get(thing) is wanted

    return term


def pair_of(get: Callable[[File], Mapping[str, str]]) -> Term[File]:
    """Return the term that looks for a key with a value."""

    def term(operator: str, value: Word) -> Predicate[File]:
        if operator != "has" or value.kind != "pair":
            raise NotUnderstood
        key, _, wanted = value.text.partition("\0")
        return lambda file: get(file).get(key) == wanted

    return term


def _text(value: Word) -> str:
    if value.kind != "text":
        raise NotUnderstood
    return value.text


def _begins(name: str, beginnings: list[str]) -> bool:
    folded = name.casefold()
    found = SIMPLE.findall(folded)
    return all(
        folded.startswith(beginning) or any(word.startswith(beginning) for word in found)
        for beginning in beginnings
    )


def _written(file: File) -> str:
    text = file.content.decode("utf-8", "replace") if file.content else ""
    hints = file.settings.get("contentHints") or {}
    return f"{file.name}\n{file.description}\n{hints.get('indexableText') or ''}\n{text}"
